#!/bin/sh
# mxscope check over the built-in lab: report, JSON, files, several targets, streams that break.
. "${srcdir:-.}/tests/cli/lib.sh"
shape=$build/tests/cli/json_shape

"$mxscope" check --lab >out 2>err
status=$?
[ $status -eq 0 ] || fail "clean lab: status $status: $(cat err)"
head -n 1 out | grep -q '^OK lab.test: ' || fail "headline: $(head -n 1 out)"
grep -q ' mx1.lab.test, address secure, TLSA secure' out || fail "no row of mx1.lab.test"
[ -z "$(LC_ALL=C awk 'length > 80' out)" ] || fail "wider than 80 columns"
"$mxscope" check --lab -q >out || fail "-q: status $?"
[ "$(wc -l <out)" -eq 1 ] || fail "-q says more than a headline"
"$mxscope" check --lab -v >out || fail "-v: status $?"
grep -q '\[matched\]  <- [0-9]*: 3 1 1' out || fail "-v shows no TLSA match"
[ -z "$(LC_ALL=C awk 'length > 80' out)" ] || fail "-v is wider than 80 columns"
"$mxscope" --lab >out || fail "the workbench form without a terminal: status $?"
head -n 1 out | grep -q '^OK lab.test: ' || fail "the workbench form without a terminal"

"$mxscope" check --lab --json >out || fail "--json: status $?"
"$shape" "$top/tests/cli/report.shape" <out || fail "--json differs from its contract"
"$mxscope" check --lab=tlsa-stale-key --json >out
"$shape" "$top/tests/cli/report.shape" <out || fail "--json of a fault differs from its contract"

# a fault decides the status; --verifier narrows what is asked
"$mxscope" check --lab=tlsa-stale-key -q >out
[ $? -eq 2 ] || fail "stale TLSA is not CRITICAL"
# one kind of certificate, and no word to who asks for the other: nothing to mend, whichever comes first
for kind in ecdsa rsa; do
    "$mxscope" check "--lab=$kind-only" >out || fail "$kind-only: status $?: $(head -n 1 out)"
    grep -q 'server-hello: no [A-Z]* certificate here (the peer closed the connection)' out ||
        fail "$kind-only: no word of the kind that is not there"
done
"$mxscope" check --lab --json --verifier rfc/dane >out || fail "--verifier: status $?"
grep -q '"verifier":"rfc/dane"' out || fail "--verifier rfc/dane is not asked"
grep -q '"verifier":"rfc/webpki"' out && fail "--verifier rfc/dane asks rfc/webpki too"

# errors name the thing and the reason
refused "no target (see mxscope check --help)" check
refused "--lab brings its own target" check --lab example.org
refused "--record takes one target" check --record f a.test b.test
refused "nowhere: No such file or directory" check --from nowhere
refused "--verifier: no verifier is named 'rfc/dain' (mxscope verify --list)" \
    check --lab --verifier rfc/dain
refused "nowhere.pem: No such file or directory" check --lab --trust-store nowhere.pem
refused "nowhere.key: No such file or directory" check --trust-anchor nowhere.key example.org
refused "nowhere.crt: No such file or directory" check --lab --client-cert nowhere.crt
refused "--client-key needs --client-cert" check --lab --client-key nowhere.key
echo hello >text
refused "text: no PEM certificate in it" check --lab --client-cert text
"$mxscope" check --lab=no-such-fault >out 2>err
[ $? -eq 3 ] && grep -q '^mxscope: .*no-such-fault' err || fail "unknown fault: $(cat err)"
"$mxscope" check 'a..b' >out 2>err
[ $? -eq 3 ] && [ "$(wc -l <err)" -eq 1 ] || fail "wrong target: $(cat err)"

# nothing is learned behind a resolver that answers nobody: no verdict on the domain; a bogus one is one
for target in example.org '[mx.example.org]'; do
    "$mxscope" check --resolver 127.0.0.1:1 --trust-store none --timeout 1 "$target" >out 2>err
    [ $? -eq 3 ] || fail "silent resolver: $(head -n 2 out)"
    grep -q '^UNKNOWN .*The resolver does not answer' out || fail "silent resolver: $(head -n 2 out)"
done
"$mxscope" check --lab=resolver-cut-off -q >out # it answers, but has nobody to ask: neither
[ $? -eq 3 ] && grep -q '^UNKNOWN .*not even for the root zone.*: SERVFAIL' out ||
    fail "a resolver without a network: $(cat out)"
for fault in mx-dropped mx-servfail mx-bogus; do
    "$mxscope" check --lab=$fault --timeout 2 -q >out 2>err
    [ $? -eq 2 ] || fail "$fault is not CRITICAL: $(cat out)"
done

# with and without our certificate: which receivers do what was seen
if command -v openssl >/dev/null; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
        -subj /CN=client.test -keyout own.pem -out own.crt 2>/dev/null && cat own.crt >>own.pem
    "$mxscope" check --lab=client-cert-requested --client-cert own.pem --client-cert-trial >out
    grep -q ': asked, not needed$' out || fail "trial: $(cat out)"
    grep -q 'postfix/smtpd/ask (measured)' out || fail "trial names no Postfix: $(cat out)"
    grep -q 'openssl/server/require' out && fail "trial: a receiver that demands a certificate"
    "$mxscope" check --lab=client-cert-421 --offer any --client-cert own.pem --client-cert-trial >out
    grep -q 'Receivers that do so: postfix/smtpd/req' out || fail "trial: a 421 ended it: $(cat out)"
    "$mxscope" check --lab=client-cert-late-alert --client-cert own.pem --client-cert-trial --json >out
    "$shape" "$top/tests/cli/report.shape" <out || fail "--json of a trial differs from its contract"
    grep -q '"state":"needed","without":"refused by alert certificate_required (116)"' out ||
        fail "trial: not needed"
    grep -q '"verifier":"openssl/server/require","grade":"measured"' out || fail "trial: no OpenSSL"
fi

# an output that cannot be written
if [ -e /dev/full ]; then
    "$mxscope" check --lab >/dev/full 2>err
    [ $? -eq 3 ] && grep -q '^mxscope: standard output: ' err || fail "/dev/full: $(cat err)"
fi
{ "$mxscope" check --lab --json 2>err; echo $? >status; } | true
[ "$(cat status)" -eq 3 ] || [ "$(cat status)" -eq 0 ] || fail "closed pipe: $(cat status)"
[ -n "$(said)" ] && fail "closed pipe: $(said)"
"$mxscope" check --lab --record nowhere/x -q >out 2>err
[ $? -eq 3 ] && grep -q '^mxscope: nowhere/x: No such file or directory' err || fail "--record: $(cat err)"
done_testing
