#!/bin/sh
# mxscope lab --session FILE --scenario S: the simulated future, met by openssl s_client and by mxscope.
. "${srcdir:-.}/tests/cli/lib.sh"
command -v openssl >/dev/null && openssl=yes || openssl=

"$mxscope" check --lab --record session.ndjson >out 2>err </dev/null
[ -s session.ndjson ] || fail "nothing was recorded: $(cat err)"
mkfifo up

# serve SCENARIO..: starts the lab; $address, $port, $ca, $reach say how to reach it
serve()
{
    "$mxscope" lab --json --session session.ndjson "$@" >up 2>err &
    pid=$!
    line=
    read -r line <up
    [ -n "$line" ] || fail "lab $*: $(said)"
    field() { echo "$line" | sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }
    ca=$(field ca_file)
    row=$(echo "$line" | sed -n 's/.*{"host":"mx1.lab.test","port":25,\([^}]*\)}.*/\1/p')
    address=$(echo "$row" | sed -n 's/.*"address":"\([^"]*\)".*/\1/p')
    port=$(echo "$row" | sed -n 's/.*"to_port":\([0-9]*\).*/\1/p')
    reach="--resolver $(field resolver) --trust-anchor $(field trust_anchor) --trust-store $ca
        --connect-to mx1.lab.test:25:$address:$port"
    policy=$(echo "$line" | sed -n 's/.*{"host":"mta-sts.lab.test","port":443,"address":"\([^"]*\)","to_port":\([0-9]*\)}.*/\1:\2/p')
    [ -z "$policy" ] || reach="$reach --connect-to mta-sts.lab.test:443:$policy"
}

stop()
{
    kill "$pid"
    wait "$pid" 2>/dev/null
    [ -e "$ca" ] && fail "the lab left its files"
}

# client WORDS..: what s_client says of it
client()
{
    [ -n "$openssl" ] || return
    echo QUIT | openssl s_client -starttls smtp -connect "$address:$port" -servername mx1.lab.test \
        -CAfile "$ca" -verify_hostname mx1.lab.test "$@" >out 2>&1
}

# check STATUS PATTERN: what mxscope says of it
check()
{
    # shellcheck disable=SC2086
    "$mxscope" check -v $reach lab.test >out 2>err </dev/null
    got=$?
    [ $got = "$1" ] || fail "$now: status $got, not $1: $(head -5 out) $(said)"
    grep -q -- "$2" out || fail "$now: no '$2' in: $(head -20 out)"
}

# as it was: the same chain under other keys, which the same records name
now="as it was"
serve
client
[ -z "$openssl" ] || grep -q 'Verify return code: 0 (ok)' out || fail "$now: $(grep -i verif out)"
check 0 'DANE and MTA-STS'
stop

now=renewal/lifetime-47
serve --scenario renewal/lifetime-47
client -showcerts -attime 1899936000 # 2030-03-17, within these 47 days only if judged at 2029-03-15
[ -z "$openssl" ] || grep -q 'certificate has expired' out || fail "$now: $(grep -i verif out)"
client -showcerts -attime 1870300800 # 2029-04-08
[ -z "$openssl" ] || grep -q 'Verify return code: 0 (ok)' out || fail "$now: $(grep -i verif out)"
stop

echo "$line" | grep -q '"simulated":"mx1.lab.test:25 (RSA) (the first of several), renewal/lifetime-47: .*","at":"2029-03-15T00:00:00Z"' ||
    fail "$now: $line"

now=failure/wrong-name
serve --scenario failure/wrong-name
client
[ -z "$openssl" ] || grep -q 'hostname mismatch' out || fail "$now: $(grep -i verif out)"
[ -z "$openssl" ] || [ "$(openssl x509 -in out -noout -ext subjectAltName | tail -1 | tr -d ' ')" = \
    DNS:another-host.invalid ] || fail "$now: $(openssl x509 -in out -noout -text)"
check 2 'another-host.invalid'
stop

now=failure/missing-intermediate
serve --scenario failure/missing-intermediate
client
[ -z "$openssl" ] || grep -q 'unable to verify the first certificate' out || fail "$now: $(grep -i verif out)"
stop

now=failure/misissued
serve --scenario failure/misissued
client
[ -z "$openssl" ] || grep -q 'Verify return code: 0 (ok)' out || fail "$now: $(grep -i verif out)"
check 1 'No 3 1 1 record' # and yet the pin of the issuer, 2 1 1, is content: DANE delivers
stop

now=failure/starttls-stripped
serve --scenario failure/starttls-stripped
check 2 'starttls'
stop

now=failure/tlsa-bogus
serve --scenario failure/tlsa-bogus
check 2 'bogus'
stop

now=failure/dnssec-expired
serve --scenario failure/dnssec-expired
check 2 'bogus'
stop

now=failure/policy-stale
serve --scenario failure/policy-stale
check 2 'old-mx1.lab.test'
stop

refused '--scenario needs --session FILE: of what is it the future?' lab --scenario failure/expired
refused '--session and faults exclude each other' lab --session session.ndjson starttls-stripped
refused '--scenario: one is served at a time, and 2 are named' lab --session session.ndjson \
    --scenario failure/expired --scenario failure/wrong-name
refused "eku/le-classic does not apply: it is about certificates of Let's Encrypt (ISRG), and this one is issued by O=mxscope lab,CN=mxscope Lab Issuer Y1" \
    lab --session session.ndjson --scenario eku/le-classic
refused "reaction/receiver-asks does not apply: it is about the certificate that a sending server presents (--role client)" \
    lab --session session.ndjson --scenario reaction/receiver-asks
done_testing
