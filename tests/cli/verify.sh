#!/bin/sh
# mxscope verify on files and words: status, verdicts/1, the list, one line for each wrong word.
. "${srcdir:-.}/tests/cli/lib.sh"
certs=$top/tests/certs/judge
dir=$tmp
cat "$certs/good.crt" "$certs/int.crt" >"$dir/good.pem"
cat "$certs/eku-both.crt" "$certs/int.crt" >"$dir/client.pem"
printf 'version: STSv1\nmode: enforce\nmx: mx.example.org\nmax_age: 604800\n' >"$dir/sts"
printf 'version: STSv1\nmode: enforce\nmx: old.example.org\nmax_age: 604800\n' >"$dir/cached"
key=$("$mxscope" verify --json --chain "$dir/good.pem" --trust-store none |
    sed 's/.*"depth":0[^}]*"spki_sha256":"\([0-9a-f]*\)".*"depth":1.*/\1/')
[ ${#key} = 64 ] || fail "no key in the chain: $key"
common="--at 2026-12-01 --trust-store $certs/root.crt --host mx.example.org"

# expect STATUS PATTERN ARGUMENTS...: the pattern in standard output
expect()
{
    want=$1 pattern=$2
    shift 2
    # shellcheck disable=SC2086
    "$mxscope" verify $common "$@" >"$dir/out" 2>"$dir/err"
    got=$?
    [ "$got" = "$want" ] || fail "verify $*: status $got, not $want: $(head -3 "$dir/out" "$dir/err")"
    grep -q -- "$pattern" "$dir/out" || fail "verify $*: no '$pattern' in: $(cat "$dir/out")"
}
# refuse PATTERN ARGUMENTS...: one line on standard error, status 3
refuse()
{
    pattern=$1
    shift
    "$mxscope" verify "$@" >"$dir/out" 2>"$dir/err"
    [ $? = 3 ] || fail "verify $*: not status 3"
    [ "$(wc -l <"$dir/err")" = 1 ] || fail "verify $*: not one line: $(cat "$dir/err")"
    grep -q -- "$pattern" "$dir/err" || fail "verify $*: $(cat "$dir/err")"
}

expect 0 'rfc/dane  *deliver, verified' --chain "$dir/good.pem" --tlsa "3 1 1 $key"
expect 2 'defer \[tlsa-invalid\]' --chain "$dir/good.pem" --tlsa "3 1 1 $(printf %064d 0)"
expect 0 'rfc/dane  *deliver, encrypted' --chain "$dir/good.pem" --tlsa "3 1 1 $key" --tlsa-security insecure
expect 2 'defer \[dnssec-invalid\]' --chain "$dir/good.pem" --tlsa-security bogus
expect 1 'deliver, cleartext' --chain none --starttls absent --verifier rfc/opportunistic
expect 2 'starttls-not-supported' --chain none --starttls absent --verifier 'rfc/web*'
expect 2 'defer \[starttls-not-supported\]' --chain none --starttls refused --tlsa "3 1 1 $key"
expect 0 'rfc/mta-sts  *deliver, verified' --chain "$dir/good.pem" --domain example.org --sts "$dir/sts"
expect 2 'validation-failure' --chain "$dir/good.pem" --domain example.org --sts "$dir/cached"
expect 1 'asked for before giving up' --chain "$dir/good.pem" --domain example.org --sts "$dir/sts" \
    --sts-cached "$dir/cached" --sts-fetched 2026-11-30
expect 2 'certificate-expired' --chain "$dir/good.pem" --at 2041-01-01 --verifier rfc/webpki
expect 0 'The client certificate may be used as such' --role client --chain "$dir/client.pem"
expect 0 'No client certificate is sent; each receiver' --role client --chain none
expect 1 'may not be used by a TLS client' --role client --chain "$dir/good.pem"

# and then: what senders do about a receiver that refuses
expect 2 'then CLEARTEXT at once: .*Exim' --role client --chain "$dir/good.pem" --verifier openssl/server/require
expect 2 'then queued until it expires, never in cleartext: every sender' --role client \
    --chain "$dir/good.pem" --verifier postfix/smtpd/req
expect 2 '"then":\[{"sender":"[^"]*","first":"[a-z]*","later":"[a-z]*","channel":' --json --role client \
    --chain "$dir/good.pem" --verifier openssl/server/require
expect 1 '"then":null}\]' --json --role client --chain "$dir/good.pem" --verifier postfix/smtpd/ask

expect 0 '^{"schema":"mxscope.verdicts/1","version":"[^"]*","at":"2026-12-01T00:00:00Z","role":"server","chain":\[' \
    --json --chain "$dir/good.pem" --tlsa "3 1 1 $key"
[ "$(wc -l <"$dir/out")" = 1 ] || fail "verdicts/1 is one line"
grep -q '"tlsa_matches":\[{"record":0,"depth":0}\],"verdicts":\[{"verifier":"rfc/opportunistic"' "$dir/out" ||
    fail "verdicts/1: $(cat "$dir/out")"
expect 0 '^rfc/dane-mandatory ' --list
expect 0 '^rfc/webpki ' --list --verifier 'rfc/*'
"$mxscope" verify --list rfc/dane 'postfix/smtp/dane*' | awk '{ print $1 }' >names
printf '%s\n' rfc/dane postfix/smtp/dane postfix/smtp/dane-only | cmp -s - names ||
    fail "--list NAME: $(cat names)"

# A peer may show 10000 names and uses: each is listed, and that takes no time that grows with their square.
{
    printf '%s\n' '[req]' distinguished_name=dn prompt=no x509_extensions=v3 '[dn]' CN=mx.example.org '[v3]'
    awk 'BEGIN {
        for (n = 0; n < 10000; n++) {
            use = use ",1.2." n % 100 + 3
            name = name ",DNS:n" n ".example.org"
        }
        print "extendedKeyUsage=" substr(use, 2) "\nsubjectAltName=" substr(name, 2)
        print "[names]\nsubjectAltName=DNS:mx.example.org" name
    }'
} >many.cnf
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout many.key -out many.pem \
    -days 30 -config many.cnf 2>err || fail "openssl: $(cat err)"
timeout 60 "$mxscope" verify --chain many.pem --host mx.example.org --html many.html >out 2>err
[ $? = 1 ] || fail "10000 uses: $(head -c 300 err)"
# The same with a CA that excludes 10000: nobody compares each with each.
awk 'BEGIN {
    print "[ca]\nbasicConstraints=critical,CA:TRUE"
    for (n = 0; n < 10000; n++)
        out = out ",excluded;DNS:c" n ".example.net"
    print "nameConstraints=" substr(out, 2)
}' >>many.cnf
openssl req -x509 -key many.key -out ca.pem -days 30 -config many.cnf -extensions ca -subj /CN=CA 2>err &&
    openssl req -new -key many.key -out many.csr -subj /CN=mx.example.org -config many.cnf 2>err &&
    openssl x509 -req -in many.csr -CA ca.pem -CAkey many.key -set_serial 2 -days 20 -extfile many.cnf \
        -extensions names -out under.pem 2>err || fail "openssl: $(cat err)"
timeout 60 "$mxscope" verify --chain under.pem --trust-store ca.pem --host mx.example.org -v \
    --verifier exim/smtp/default >out 2>err || fail "10000 constraints: $(head -c 300 out err)"
tr -s ' \n' '  ' <out | grep -q 'mx.example.org has more names than can be compared with the name constraints of CA' ||
    fail "10000 constraints: $(tail -c 600 out)"
grep -q 'n0.example.org.* n9999.example.org' many.html || fail "10000 names: not in the page"

refuse 'no evidence: a TARGET'
refuse '--chain and a TARGET exclude each other' --chain "$dir/good.pem" example.org
refuse 'No such file' --chain "$dir/none.pem"
refuse "$dir/sts: no certificate in it" --chain "$dir/sts"
refuse '--tlsa: TLSA "3 1 x": ' --chain "$dir/good.pem" --tlsa '3 1 x'
refuse '--tlsa: ' --chain "$dir/good.pem" --tlsa '3 1 1 abc'
refuse '--sts-cached and --sts-fetched go together' --chain "$dir/good.pem" --sts-cached "$dir/sts"
refuse "no verifier is named 'rfc/none'" --chain "$dir/good.pem" --verifier rfc/none
refuse "$dir/sts: no certificate in it" --chain "$dir/good.pem" --trust-store "$dir/sts"
crl=$top/tests/certs/crl
refuse "$dir/sts: no CRL in it" --chain "$dir/good.pem" --crl "$dir/sts"
refuse 'none.crl: No such file' --chain "$dir/good.pem" --crl none.crl
refuse "'perhaps' is not secure" --chain "$dir/good.pem" --mx-security perhaps
done_testing
