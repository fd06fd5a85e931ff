#!/bin/sh
# `mxscope verify` of one chain and eight TLSA records against `openssl verify` of the same chain, each
# with the same file of one root. Prints numbers, the ratio and the budget; nothing fails by time.
#   usage: verify.sh BUILD [RUNS]      BUILD has mxscope and tests/bench/measure
set -u
build=$(cd "${1:?build folder}" && pwd) runs=${2:-40}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
command -v openssl >/dev/null || skip "no openssl"
cd "$work" || exit 99

ec() { echo "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90"; }
openssl req -x509 $(ec) -subj "/CN=Bench Root" -keyout root.key -out root.pem 2>/dev/null
sign() { # NAME ISSUER EXTENSIONS
    openssl req $(ec) -subj "/CN=$1" -keyout "$1.key" -out "$1.csr" 2>/dev/null
    printf '%s\n' "$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 60 \
        -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
sign int root 'basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign'
sign mx.bench.test int 'subjectAltName=DNS:mx.bench.test
extendedKeyUsage=serverAuth'
cat mx.bench.test.pem int.pem >chain.pem
key=$(openssl pkey -in mx.bench.test.key -pubout -outform DER | sha256sum | cut -d' ' -f1)
other=$(echo other | sha256sum | cut -d' ' -f1)
set -- --chain chain.pem --host mx.bench.test --domain bench.test --trust-store root.pem
for i in 1 2 3 4 5 6 7; do
    set -- "$@" --tlsa "3 1 1 $(echo "$other" | sed "s/^./$i/")"
done
set -- "$@" --tlsa "3 1 1 $key"
openssl verify -CAfile root.pem -untrusted int.pem mx.bench.test.pem >/dev/null || exit 1
"$build/mxscope" verify "$@" -q || exit 1
o=$(measure "$runs" openssl verify -CAfile root.pem -untrusted int.pem mx.bench.test.pem)
m=$(measure "$runs" "$build/mxscope" verify "$@" --verifier rfc/dane --verifier rfc/webpki)
a=$(measure "$runs" "$build/mxscope" verify "$@")
set -- $o $m $a
printf '%-32s %9s %9s %9s\n' '' 'wall ms' 'CPU ms' 'peak KiB' 'openssl verify' "$1" "$2" "$3" \
    'mxscope verify, DANE and WebPKI' "$5" "$6" "$7" 'mxscope verify, everybody' "$9" "${10}" "${11}"
echo "ratio of CPU: $(ratio "$6" "$2"), of everybody $(ratio "${10}" "$2") (budget: 1.5)"
