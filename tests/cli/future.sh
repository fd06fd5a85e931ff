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
    second=$(echo "$line" | sed -n 's/.*{"host":"mx2.lab.test","port":25,"address":"\([^"]*\)","to_port":\([0-9]*\)}.*/\1:\2/p')
    [ -z "$second" ] || reach="$reach --connect-to mx2.lab.test:25:$second"
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

echo "$line" | grep -q '"simulated":"renewal/lifetime-47; mx1.lab.test:25 (RSA): .*, mx1.lab.test:25 (ECDSA): .*, mx2.lab.test:25: .*","at":"2029-03-15T00:00:00Z"' ||
    fail "$now: $line"

# every host and kind of key is served, each with the chain of its own
now="all of them"
serve --scenario renewal/new-key
echo "$line" | grep -q '{"host":"mx2.lab.test","port":25,' || fail "$now: $line"
client -sigalgs RSA-PSS+SHA256 -tls1_3
[ -z "$openssl" ] || grep -q 'Peer signature type: RSA-PSS' out || fail "$now, RSA: $(grep -i peer out)"
client -sigalgs ECDSA+SHA256 -tls1_3
[ -z "$openssl" ] || grep -q 'Peer signature type: ECDSA' out || fail "$now, ECDSA: $(grep -i peer out)"
check 1 'mx2.lab.test'
stop

# one of them, and one way of several
now="a subject and a branch"
serve --scenario 'renewal/unknown-key#new key' --subject '(rsa)'
echo "$line" | grep -q '"simulated":"renewal/unknown-key; mx1.lab.test:25 (RSA): .*, new key (#2 of 2 ways)"' ||
    fail "$now: $line"
echo "$line" | grep -q mx2.lab.test && fail "$now: mx2 is served too"
stop
refused "--scenario: renewal/unknown-key has no way '3'; there are: #1 key kept, #2 new key" \
    lab --session session.ndjson --scenario 'renewal/unknown-key#3'
refused "--subject: none is 'mx9'; there are: 1 mx1.lab.test:25 (RSA), 2 mx1.lab.test:25 (ECDSA), 3 mx2.lab.test:25" \
    lab --session session.ndjson --subject mx9

# what the session's own client showed, as it will be
now="a client certificate"
if [ -n "$openssl" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=me.example \
        -addext extendedKeyUsage=serverAuth,clientAuth -keyout own.key -out own.crt 2>/dev/null
    cp session.ndjson both.ndjson
    "$mxscope" check --lab --client-cert own.crt --client-key own.key --record session.ndjson >out 2>err </dev/null
    serve --scenario eku/any-ca --subject 'our client certificate'
    cert=$(field future_cert)
    openssl x509 -in "$cert" -noout -ext extendedKeyUsage >out 2>&1
    grep -q 'TLS Web Server Authentication$' out || fail "$now: $(cat out) $line"
    [ "$(openssl x509 -in "$cert" -noout -pubkey)" = "$(openssl pkey -in "$(field future_key)" -pubout)" ] ||
        fail "$now: the key is another one"
    stop
    cp both.ndjson session.ndjson
fi

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
