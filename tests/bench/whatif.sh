#!/bin/sh
# What-if within its budget: 12 scenarios x 40 verifiers on a P-256 chain and on an RSA-2048 one under
# RSA-4096, and many recorded sessions through one scenario.
#   usage: whatif.sh BUILD SRC [SESSIONS]     BUILD has mxscope and tests/bench/whatif
set -u
build=$(cd "${1:?build folder}" && pwd) src=$(cd "${2:?source folder}" && pwd) n=${3:-10000}
command -v openssl >/dev/null || { echo "SKIP: no openssl"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 99

# make NAME ROOT-KEY INTERMEDIATE-KEY LEAF-KEY: NAME.pem, leaf first, and NAME-root.pem
key() { openssl genpkey -quiet -algorithm "$1" -pkeyopt "$2" -out "$3" 2>/dev/null ||
    openssl genpkey -algorithm "$1" -pkeyopt "$2" -out "$3" 2>/dev/null; }
sign() { # NAME SUBJECT EXTENSIONS ISSUER
    printf '%s\n' "$3" >"$1.ext"
    openssl req -new -key "$1.key" -subj "$2" -out "$1.csr" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA "$4.crt" -CAkey "$4.key" -CAcreateserial -days 90 \
        -extfile "$1.ext" -out "$1.crt" 2>/dev/null
}
make_chain() {
    key $2 r.key && key $3 i.key && key $4 l.key || exit 99
    openssl req -x509 -new -key r.key -subj "/O=Bench/CN=Bench Root" -days 3650 \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=keyCertSign,cRLSign -out r.crt 2>/dev/null
    sign i "/O=Let's Encrypt/CN=Bench Issuer" "basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=keyCertSign,cRLSign
extendedKeyUsage=serverAuth,clientAuth" r
    sign l "/CN=mx.bench.example" "subjectAltName=DNS:mx.bench.example
keyUsage=digitalSignature
extendedKeyUsage=serverAuth,clientAuth" i
    cat l.crt i.crt >"$1.pem"
    cp r.crt "$1-root.pem"
}
ec="EC ec_paramgen_curve:P-256"
make_chain p256 "$ec" "$ec" "$ec"
make_chain rsa "RSA rsa_keygen_bits:4096" "RSA rsa_keygen_bits:2048" "RSA rsa_keygen_bits:2048"
bad=0
bench=$build/tests/bench/whatif
"$bench" matrix p256.pem p256-root.pem "$src/share" 150 150 || bad=1
"$bench" matrix rsa.pem rsa-root.pem "$src/share" 400 150 || bad=1
[ $bad = 0 ] || echo "over the budget"
if "$build/mxscope" check --lab --offer any --record session >/dev/null 2>&1; [ -s session ]; then
    "$bench" sessions session "$src/share" "$n" || bad=1
else
    echo "SKIP: the lab records no session"
fi
exit $bad
