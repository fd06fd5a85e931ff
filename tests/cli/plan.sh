#!/bin/sh
# mxscope plan on files and words: the runbook's forms, plan/1, the exit status, one line for each wrong word, and
# the watch over a lab's name server.
. "${srcdir:-.}/tests/cli/lib.sh"
certs=$top/tests/certs/judge
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
command -v openssl >/dev/null || { echo "no openssl"; exit 77; }
cat "$certs/good.crt" "$certs/int.crt" >chain.pem
key_of() { openssl x509 -in "$1" -noout -pubkey | openssl pkey -pubin -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1; }
now=$(key_of "$certs/good.crt") ta=$(key_of "$certs/int.crt")
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out next.key 2>/dev/null
next=$(openssl pkey -in next.key -pubout -outform DER | openssl dgst -sha256 -r | cut -d' ' -f1)
openssl req -new -key next.key -subj /CN=mx.example.org -addext subjectAltName=DNS:mx.example.org -out next.csr
openssl req -new -key next.key -subj / -addext subjectAltName=DNS:www.example.net -out other.csr
openssl pkey -in next.key -aes128 -passout pass:x -out locked.key
openssl x509 -in "$certs/good.crt" -noout -pubkey >same.pub
common="--at 2026-12-01 --trust-store $certs/root.crt --chain chain.pem --host mx.example.org --domain example.org --ttl 3600"

# expect STATUS PATTERN ARGUMENTS...: the pattern in standard output
expect()
{
    want=$1 pattern=$2
    shift 2
    # shellcheck disable=SC2086
    "$mxscope" plan $common "$@" >out 2>err
    got=$?
    [ "$got" = "$want" ] || fail "plan $*: status $got, not $want: $(head -3 out err)"
    grep -q -- "$pattern" out || fail "plan $*: no '$pattern' in: $(cat out)"
}
# refuse PATTERN ARGUMENTS...: one line on standard error, status 3
refuse()
{
    pattern=$1
    shift
    "$mxscope" plan "$@" >out 2>err
    [ $? = 3 ] || fail "plan $*: not status 3"
    [ "$(wc -l <err)" = 1 ] || fail "plan $*: not one line: $(cat err)"
    grep -q -- "$pattern" err || fail "plan $*: $(cat err)"
}

record="_25._tcp.mx.example.org. 3600 IN TLSA"
expect 0 '^OK Plan 3-1-1 for mx.example.org: proved' --tlsa "3 1 1 $now" --next-key next.key
grep -q "^    add     $record 3 1 1 $next\$" out || fail "no line to add: $(cat out)"
grep -q "^    remove  $record 3 1 1 $now\$" out || fail "no line to remove: $(cat out)"
grep -q '^ 3. 2026-12-01T02:00:00Z  Deploy' out || fail "the deployment is not two TTLs later: $(cat out)"
# the public half alone, a request and a certificate do as well
openssl pkey -in next.key -pubout -out next.pub
for file in --next-key=next.pub --next-csr=next.csr; do
    expect 0 "$record 3 1 1 $next" --tlsa "3 1 1 $now" "$file"
done
cat "$certs/wrongname.crt" "$certs/int.crt" >web.pem
refuse 'web.pem: it is for other.example, not for mx.example.org' --chain chain.pem --ttl 60 --next-cert web.pem --tlsa "3 1 1 $now"
expect 0 '3-1-1+2-1-1 for' --tlsa "3 1 1 $now" --next-key next.key --scheme 3-1-1+2-1-1
expect 0 "$record 2 1 1 6ebcefb4210b088654a38b03fea3d7d1c711b4fb1ddc363a45f9b1a4e53da01e" --tlsa "2 1 1 $ta" \
    --next-issuer YE1 --scheme 2-1-1-issuers

# one that fails: the state, its date, its cause, and the nearest that passes
expect 2 'deployed before its records had been out for two TTLs' --tlsa "3 1 1 $now" --next-key next.key \
    --window 2026-12-01T01:00:00Z
grep -q 'fails 2026-12-01T01:00:00Z to 2026-12-01T01:59:59Z' out || fail "no date: $(cat out)"
grep -q '^The nearest plan that passes' out || fail "no nearest plan: $(cat out)"
expect 2 'the issuer changes from Test R10 to YE1' --tlsa "2 1 1 $ta" --next-issuer YE1 --scheme 3-1-1

# plan/1: the contract's members in their order
expect 0 '^{"schema":"mxscope.plan/1","version":"[^"]*","scheme":"3-1-1","steps":\[{"n":1,"not_before":"2026-12-01T00:00:00Z","title":"[^"]*","do":\["[^]]*\],"records":\["_25._tcp[^]]*\],"check":"' \
    --json --tlsa "3 1 1 $now" --next-key next.key
grep -q '"proof":{"states":[0-9]*,"kinds":\["[^]]*\],"failing":\[\]' out || fail "no proof: $(cat out)"
[ "$(wc -l <out)" = 1 ] || fail "more than one line of JSON"
expect 2 '"failing":\[{"cause":"deploy-before-publish","from":"2026-12-01T01:00:00Z","until":"2026-12-01T01:59:59Z"' \
    --json --tlsa "3 1 1 $now" --next-key next.key --window 2026-12-01T01:00:00Z

# for nsupdate: what is not due is a comment
expect 0 "^update add _25._tcp.mx.example.org. 3600 IN TLSA 3 1 1 $next\$" --nsupdate --tlsa "3 1 1 $now" --next-key next.key
[ "$(grep -c '^send$' out)" = 1 ] || fail "not one step is due: $(cat out)"
grep -q "^; update delete _25._tcp.mx.example.org. IN TLSA 3 1 1 $now\$" out || fail "no removal: $(cat out)"
expect 0 '^## 3. Deploy the next certificate' --markdown=- --tlsa "3 1 1 $now" --next-key next.key

# the ACME client's own words
printf 'privkey = /x\n[renewalparams]\nkey_type = ecdsa\nreuse_key = True\n' >certbot.conf
expect 0 'certbot renews mx.example.org (ECDSA) by itself' --tlsa "3 1 1 $now" --acme certbot:certbot.conf
printf 'privkey = /x\n[renewalparams]\nkey_type = ecdsa\n' >certbot.conf
expect 2 'the next key is not known, since a new one is made at each' --scheme 3-1-1 \
    --tlsa "3 1 1 $now" --acme certbot:certbot.conf

refuse 'what comes next?' --chain chain.pem
refuse 'give --ttl SECONDS' --chain chain.pem --tlsa "3 1 1 $now" --next-key next.key
refuse 'same.pub: that is the current key of mx.example.org' --chain chain.pem --ttl 60 --next-key same.pub
refuse 'other.csr: it is for www.example.net, not for mx.example.org' --chain chain.pem --ttl 60 --next-csr other.csr
refuse "no CA of the catalog is called 'R99'" --chain chain.pem --ttl 60 --next-issuer R99
refuse 'is not in the catalog' --chain chain.pem --ttl 60 --next-issuer any
refuse 'none.key: ' --chain chain.pem --ttl 60 --next-key none.key
refuse 'chain.pem: not a PEM private key' --chain chain.pem --ttl 60 --next-key chain.pem
refuse 'locked.key: the private key is encrypted' --chain chain.pem --ttl 60 --next-key locked.key
refuse 'next.key: not a PEM certificate request' --chain chain.pem --ttl 60 --next-csr next.key
refuse 'next.key: ' --chain chain.pem --ttl 60 --next-cert next.key
refuse 'certbot:FILE, acme.sh:FILE or dehydrated:FILE' --chain chain.pem --ttl 60 --acme lego:chain.pem
refuse 'chain.pem: not a configuration of certbot' --chain chain.pem --ttl 60 --acme certbot:chain.pem
refuse 'exclude each other' --chain chain.pem --ttl 60 --next-key next.key --next-csr next.csr
refuse -- '--may-deploy needs --watch' --chain chain.pem --ttl 60 --next-key next.key --may-deploy
refuse -- "--scheme: '3-0-1' is not auto" --chain chain.pem --scheme 3-0-1
refuse -- "--window: 'soon' is not DATE" --chain chain.pem --window soon
refuse 'sign the zone first' --chain chain.pem --ttl 60 --next-key next.key --address-security insecure
refuse 'the TLSA lookup is bogus' --chain chain.pem --ttl 60 --next-key next.key --tlsa-security bogus

# live, on the lab: TTLs as observed, both key types, several hosts
"$mxscope" plan --lab --next-key next.key >out 2>err || fail "on the lab: $(cat out err)"
grep -q "add     _25._tcp.mx1.lab.test. 300 IN TLSA 3 1 1 $next" out || fail "on the lab: $(cat out)"
grep -q 'keeps its RSA certificate' out || fail "the RSA certificate: $(cat out)"

# TLSA records that stand in another zone: its names and its servers are meant (RFC 7671 7, RFC 1034 3.6.2)
mkfifo up
"$mxscope" lab --json tlsa-alias >up &
lab=$!
trap 'kill $lab 2>/dev/null; rm -rf "$tmp"' EXIT
read -r line <up || { echo "the lab does not start"; exit 1; }
value() { echo "$line" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
set -- --resolver "$(value resolver)" --trust-anchor "$(value trust_anchor)" --trust-store "$(value ca_file)"
for to in $(echo "$line" | grep -o '{"host":[^}]*}' |
    sed 's/{"host":"\(.*\)","port":\(.*\),"address":"\(.*\)","to_port":\(.*\)}/\1:\2:[\3]:\4/'); do
    set -- "$@" --connect-to "$to"
done
at_lab() { "$mxscope" plan "$@" --connect-to "ns.lab.test:53:$(value resolver)" '[mx1.lab.test]' >out 2>err; }
at_lab "$@" --next-key next.key || fail "behind an alias: $(cat out err)"
grep -q "add     dane.mx1.zoo.test. 300 IN TLSA 3 1 1 $next" out || fail "behind an alias: $(cat out)"
grep -q '_25._tcp.mx1.lab.test. .* TLSA' out && fail "a record beside an alias: $(cat out)"
at_lab "$@" --next-key next.key --watch -v
[ $? = 2 ] && grep -q "^  ns.lab.test .* lacks 3 1 1 $next" out || fail "the watch behind an alias: $(cat out err)"
"$mxscope" plan "$@" --connect-to "ns.lab.test:53:$(value resolver)" --next-key next.key --server 127.0.0.1:9 \
    --watch '[mx1.lab.test]' >out 2>err
[ $? = 3 ] || fail "a server that does not answer: $(cat out err)"
done_testing
