#!/bin/sh
# mxscope whatif as its user would: exit status, what changes and why, what to do, JSON, the wrong word.
. "${srcdir:-.}/tests/cli/lib.sh"
certs=$top/tests/certs/judge
cat "$certs/eku-both.crt" "$certs/int.crt" >both.pem
cat "$certs/good.crt" "$certs/int.crt" >good.pem
cat "$certs/le.crt" "$certs/int-le.crt" >le.pem
common="--at 2026-12-01 --trust-store $certs/root.crt"

# expect STATUS PATTERN ARGUMENTS...: the pattern in standard output, lines joined
expect()
{
    want=$1 pattern=$2
    shift 2
    # shellcheck disable=SC2086
    "$mxscope" whatif $common "$@" >out 2>err
    got=$?
    [ "$got" = "$want" ] || fail "whatif $*: status $got, not $want: $(head -3 out err)"
    tr '\n' ' ' <out | sed 's/  */ /g' >joined
    grep -q -- "$pattern" joined || fail "whatif $*: no '$pattern' in: $(cat out)"
}
has() { grep -q -- "$1" joined || fail "no '$1' in: $(cat out)"; }
has_not() { grep -q -- "$1" joined && fail "'$1' in: $(cat out)"; }

# --- the debate: a client certificate loses clientAuth ---
expect 2 'CRITICAL client certificate of mx.example.org:25: mail breaks' --role client --chain both.pem --scenario eku/any-ca
has 'An ordinary receiving mail server is not affected'
has 'receivers then turn it away: .*OpenSSL verify, require[,;]'
has 'CLEARTEXT: where the receiver ends the TLS session, .* At once: Exim (GnuTLS) default'
has 'never knew who it was'
has 'accept → handshake-failure at client-verdict, alert 43 OpenSMTPD tls-require-verify; stunnel'
has 'why: the certificate mx.example.org is for serverAuth; clientAuth is needed, certificate 0 (RFC 5280'
has 'then CLEARTEXT at a later attempt: Postfix may, dane'
has 'accept, "Trusted" → accept, "Untrusted" Postfix ask'
has '~Exim (OpenSSL)'
has_not 'Postfix none'
# what to do, judged again: each with its lines
has 'Show a certificate of a private authority'
has 'partner.example encrypt'
has 'reject_unauth_destination # /etc/postfix/relay_clientcerts.* 2F:35:29:23'
awk 'length($0) > 80 && !/:[0-9A-F][0-9A-F]:/ { print; bad = 1 } END { exit bad }' out ||
    fail "wider than 80 columns"
expect 2 'accept -> handshake-failure' --role client --chain both.pem --scenario eku/any-ca --ascii
LC_ALL=C grep -q '[^ -~]' out && fail "--ascii: $(LC_ALL=C grep '[^ -~]' out)"
expect 2 'CRITICAL client certificate' --role client --chain both.pem --scenario eku/any-ca -q
[ "$(wc -l <out)" = 1 ] || fail "-q is one line"

# --- log lines of senders: with the cells, and not again with each remedy ---
expect 2 '"channel":"cleartext","log":\["' --role client --chain both.pem --scenario eku/any-ca --json
sed 's/"remedies".*//' out | grep -q '"log":null' && fail "cells without the lines of senders"
sed 's/.*"remedies"//' out | grep -q '"log":null' || fail "remedies say the lines of senders again"

# --- no certificate is sent: the operator's own name where it is known ---
printf 'myhostname = out7.example.net\n' >own.cf
expect 2 '^CRITICAL a sending server without a client certificate: ' --role client --chain none
expect 2 '^CRITICAL out7.example.net:25 without a client certificate: ' --role client --chain none \
    --like postfix:own.cf
expect 2 '^CRITICAL out8.example.net:25 without a client certificate: ' --role client --chain none \
    --like postfix:own.cf --host out8.example.net

# --- the same removal, seen by who sends to it ---
expect 0 'Receiving mail is not affected by the removal of clientAuth' --chain both.pem --scenario 'eku/*'
has 'clientAuth is the use of a client: .* Receiving mail'
has 'Nothing changes for anybody eku/any-ca'

# --- status by who is asked ---
expect 1 'Trusted' --role client --chain both.pem --scenario eku/any-ca --verifier postfix/smtpd/ask
expect 0 'Nothing changes' --role client --chain both.pem --scenario eku/any-ca --verifier exim/smtpd/verify
expect 0 'Does not apply eku/sectigo: it is about certificates of Sectigo' --chain good.pem --scenario eku/sectigo
expect 2 'Already happened to you' --role client --chain le.pem --scenario eku/le-classic

# --- no scenario named: what has a date in full, the rest in a few lines ---
expect 2 'Without a date: what may happen' --role client --chain both.pem
has 'CRITICAL eku/any-ca: Any CA drops .* Of [0-9]* receivers: .* handshake-failure, .* go on in CLEARTEXT. why: '
has 'What to do: private-ca, .*fingerprint'
has_not 'CRITICAL renewal/new-key, any time'
[ "$(wc -l <out)" -lt 400 ] || fail "$(wc -l <out) lines"
expect 2 'smtpd_tls_ask_ccert' --role client --chain both.pem --all
has_not 'Without a date'
expect 2 'CRITICAL eku/any-ca, any time' --role client --chain both.pem -v

# --- branches that come to the same are told once; each has its own record to publish ---
issuer=$(openssl x509 -in "$certs/int-le.crt" -noout -pubkey | openssl pkey -pubin -outform DER | sha256sum | cut -c1-64)
expect 2 'As it may come out: signed by YE1, key kept.' --chain le.pem --at 2026-05-01 --tlsa "2 1 1 $issuer" \
    --scenario rollover/generation-y
has 'Whom it hits, and why: as in rollover/generation-y (signed by YE1, key kept). What to do'
has 'tlsa-issuer: .*IN TLSA 2 1 1 6ebcefb4210b.*tlsa-issuer: .*, as above, with .*IN TLSA 2 1 1 b3fb5d00e994'
printf '[scenario]\ntitle = Mine\n[changes]\nchange = renew leaf\nchange = names leaf wrong\n' >wrong.ini
expect 2 'As it may come out, all alike: key kept; new key.' --chain good.pem --scenario wrong.ini --verifier rfc/webpki
[ "$(grep -c '^CRITICAL wrong' out)" = 1 ] || fail "told twice: $(cat out)"

# --- DANE: the record to publish has true data ---
key=$("$mxscope" verify --json --chain good.pem --trust-store none |
    sed 's/.*"depth":0[^}]*"spki_sha256":"\([0-9a-f]*\)".*"depth":1.*/\1/')
old="3 1 1 $(printf %064d 0)"
expect 2 'deliver, verified → defer' --chain good.pem --tlsa "3 1 1 $key" --scenario failure/tlsa-stale
has "_25._tcp.mx.example.org. IN TLSA 3 1 1 $key"
expect 2 'defer' --chain good.pem --tlsa "3 1 1 $key" --scenario failure/tlsa-bogus
has_not 'IN TLSA'
expect 2 'defer' --chain good.pem --tlsa "3 1 1 $key" --scenario failure/misissued
has_not 'IN TLSA'
expect 2 'digest of the new key' --chain good.pem --tlsa "3 1 1 $key" --scenario renewal/new-key
expect 2 'deliver in CLEARTEXT' --chain good.pem --scenario failure/starttls-stripped --verifier 'postfix/smtp/*'
has '\[mx.example.org\] encrypt'
expect 2 'deliver in CLEARTEXT' --chain good.pem --domain example.org --scenario failure/starttls-stripped
has '[^.]example.org encrypt .*hosts_require_tls = mx.example.org '

# --- what else to do, in the operator's own names ---
expect 2 'Trust the root that the certificate leads to' --role client --chain both.pem --domain big.example \
    --client-cert both.pem --scenario trust/ca-distrusted
has ' big.example encrypt'
has '{big.example}. {}{both.pem}}'
has_not 'partner.example\|# for big'
expect 2 'Send the whole chain (mends' --chain good.pem --scenario failure/missing-intermediate
has '/live/mx.example.org/fullchain.pem # for .*/privkey.pem # put the file of the server.s key'
has 'preferred-chain "Test Root"'
expect 2 'As a sender, trust the root' --chain good.pem --scenario trust/ca-distrusted
has "smtp_tls_CAfile = $certs/root.crt"
expect 2 'Sign the zone again' --chain good.pem --domain example.org --scenario failure/dnssec-expired
has 'rndc sign example.org'
printf 'version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 86400\n' >sts.txt
expect 2 'Name the host in the MTA-STS policy' --chain good.pem --domain example.org --sts sts.txt --scenario failure/policy-stale
has 'mx: mx.example.org DNS: _mta-sts.example.org. IN TXT "v=STSv1; id=20261201000000;"'
expect 0 'Nothing changes' --chain good.pem --tlsa "$old" --scenario renewal/same-key --verifier rfc/dane

# --- a file of the operator's, and what is wrong with another ---
printf '[scenario]\ntitle = Mine\n[changes]\nchange = eku leaf -clientAuth\n' >mine.ini
expect 2 'Mine What changes: leaf: extended key usage serverAuth' --role client --chain both.pem --scenario mine.ini
refused "--scenario: none is named 'eku/nobody' (mxscope whatif --list; a file ends in .ini)" \
    whatif --chain good.pem --scenario eku/nobody
refused "--scenario: none is named 'ueu/*' (mxscope whatif --list; a file ends in .ini)" \
    whatif --chain good.pem --scenario 'ueu/*'
mkdir data && cp -r "$top"/share/* data && rm -r data/scenarios/*
MXSCOPE_DATA=data refused "data/scenarios: no scenario is in it" whatif --chain good.pem
printf '[scenario]\ntitle = Bad\n[changes]\nchange = eat leaf\n' >bad.ini
"$mxscope" whatif --chain good.pem --scenario bad.ini >out 2>err
[ $? = 3 ] && grep -q '^mxscope: bad.ini:4: .*one of eku, key,' err && [ "$(wc -l <err)" = 1 ] || fail "bad.ini: $(cat err)"
refused "--from and other evidence exclude each other" whatif --from x --chain good.pem
"$mxscope" whatif >out 2>err
[ $? = 3 ] && grep -q '^mxscope: no evidence: a TARGET' err || fail "no evidence: $(cat err)"
refused "[127.0.0.1]:1: no mail server was reached that shows what it does: 127.0.0.1:1: Connection refused" \
    whatif '[127.0.0.1]:1'
# shellcheck disable=SC2086
refused "none.d: nothing was written: none of the scenarios applies (whatif without --export says why)" \
    whatif $common --chain good.pem --scenario eku/sectigo --export none.d
[ -e none.d ] && fail "--export made an empty folder"
refused "--export keeps the true bytes: not with --anonymise" \
    whatif --chain good.pem --scenario eku/any-ca --export none.d --anonymise
refused "lab.test: no mail server was reached that shows what it does: it takes no mail (null MX, RFC 7505)" \
    whatif --session "$top/tests/replay/null-mx.session"
"$mxscope" whatif --chain good.pem --scenario eku/any-ca >/dev/full 2>err
[ $? = 3 ] && [ "$(said)" = "mxscope: standard output: No space left on device" ] || fail "a full disk: $(said)"
expect 2 'generation-y' --chain le.pem --at 2026-05-01 --scenario rollover/generation-y --verifier rfc/webpki \
    --export futures
grep -q 'after-3, signed by YE2, key kept$' futures/rollover-generation-y/after-3/README ||
    fail "README of a branch: $(head -1 futures/rollover-generation-y/after-3/README)"

# --- JSON ---
shape="$build/tests/cli/json_shape $top/tests/cli/whatif.shape"
expect 2 '^{"schema":"mxscope.whatif/1","version":"[^"]*","at":"2026-12-01T00:00:00Z","subject":' --json --role client \
    --chain both.pem --all --timeline
[ "$(wc -l <out)" = 1 ] || fail "whatif/1 is one line"
$shape <out >bad || fail "shape: $(head -3 bad)"
has '"applies":"it is about certificates of Sectigo'
has '"applies":true,"direction":"forward","changes":\["leaf: issued again"'
has '"then":\[{"sender":"exim/smtp/default","first":"deliver","later":"deliver","channel":"cleartext","log":\['
has '"id":"raise-level","side":"yours","do":\["Postfix: smtp_tls_policy_maps = hash'
expect 2 '"applies":true' --json --role client --chain both.pem
has_not '"applies":"'

# --- the timeline ---
expect 2 'over time 2.* ● .*Chrome.s root programme: no clientAuth in server certificates (sources disagree): CRITICAL' \
    --timeline --role client --chain both.pem --scenario 'eku/*'
has '2026-12-01 ○ today'
expect 2 'the leaf has expired, if nobody renews it' --timeline --chain good.pem --scenario failure/expired

# --- a walk, a recording, many targets ---
"$mxscope" check --lab --record s >out 2>err
"$mxscope" whatif --session s --scenario 'failure/tlsa*' >out 2>err
[ $? = 2 ] && grep -q '^CRITICAL mx1.lab.test:25 (RSA)' out && grep -q '^CRITICAL mx2.lab.test:25: ' out ||
    fail "a recording: $(cat err; head -5 out)"
tr '\n' ' ' <out | sed 's/  */ /g' >joined
has 'CRITICAL mx1.lab.test:25 (ECDSA): .* As for mx1.lab.test:25 (RSA), what to do too, .*: every scenario.'
"$mxscope" whatif --session s --scenario 'failure/tlsa*' -v >out 2>err
grep -q 'As for mx1' out && fail "-v refers to another host"
"$mxscope" whatif --session s --role client --scenario trust/ca-distrusted -q >out 2>err
grep -q '^CRITICAL client certificate of mx1.lab.test:25 (RSA)' out || fail "a recording as client: $(cat err out)"
"$mxscope" whatif --lab --scenario failure/starttls-stripped --json >out 2>err
[ $? = 2 ] && [ "$(wc -l <out)" = 3 ] || fail "the lab: $(said; head -c 300 out)"
$shape <out >bad || fail "shape: $(head -3 bad)"

printf '[127.0.0.1]:1\n[127.0.0.1]:2\n' >targets
"$mxscope" whatif --from targets --timeout 2 >out 2>err
[ $? = 3 ] && [ "$(grep -c '"scenarios":\[\],"status":"UNKNOWN"' out)" = 2 ] && [ -z "$(said)" ] ||
    fail "--from: $(cat err out)"
$shape <out >bad || fail "shape: $(head -3 bad)"
"$mxscope" whatif --from targets --timeout 2 -q >out 2>err
[ $? = 3 ] && [ "$(grep -c '^UNKNOWN \[127.0.0.1\]:[12]: no mail server was reached' out)" = 2 ] &&
    [ "$(wc -l <out)" = 2 ] && [ -z "$(said)" ] || fail "--from -q: $(cat err out)"

"$mxscope" whatif --list >out 2>err
grep -q '^eku/le-tlsclient-end  *2026-07-08 ' out || fail "--list: $(head -5 out)"
grep -q '^rollover/x3-to-r3' out && fail "--list without --history"
"$mxscope" whatif --list --history >out 2>err
grep -q '^rollover/x3-to-r3  *2020-12-02 ' out || fail "--list --history"
done_testing
