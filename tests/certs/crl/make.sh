#!/bin/sh
# The recipe of the certificates and CRLs in this folder. They are fixed; run it in an empty folder to make
# all anew. Needs openssl(1) 3. Keys are thrown away.
#
#   mkdir new && cd new && ../make.sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
echo 1000 >"$work/serial"

# issue NAME ISSUER|- CN EXTENSION-LINES
issue() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key"
    {
        printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/index.txt\nserial=%s/serial\nnew_certs_dir=%s\n' "$work" "$work" "$work"
        printf 'default_md=sha256\npolicy=p\nunique_subject=no\n[p]\nCN=supplied\n'
        printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=%s\n[ext]\nsubjectKeyIdentifier=hash\n%b\n' "$3" "$4"
    } >"$work/cnf"
    openssl req -new -key "$work/$1.key" -config "$work/cnf" -out "$work/csr"
    if [ "$2" = - ]; then
        set -- "$1" -selfsign -keyfile "$work/$1.key"
    else
        set -- "$1" -cert "$2.crt" -keyfile "$work/$2.key"
    fi
    name=$1
    shift
    openssl ca -batch -notext -config "$work/cnf" -extensions ext -in "$work/csr" -out "$name.crt" \
        -startdate 20240101000000Z -enddate 20400101000000Z "$@" 2>/dev/null
}

# crl NAME ISSUER REVOKED.. -- FROM UNTIL [EXTENSION-LINES]
crl() {
    name=$1 issuer=$2
    shift 2
    : >"$work/revoked.txt"
    while [ "$1" != -- ]; do
        serial=$(openssl x509 -in "$1.crt" -noout -serial)
        printf 'R\t400101000000Z\t240601000000Z,keyCompromise\t%s\tunknown\t/CN=x\n' "${serial#serial=}" >>"$work/revoked.txt"
        shift
    done
    printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/revoked.txt\ndefault_md=sha256\ncrl_extensions=x\n[x]\nauthorityKeyIdentifier=keyid:always\n%b\n' \
        "$work" "${4:-}" >"$work/crl.cnf"
    [ "${4:-}" != plain ] || sed -i '/^crl_extensions/d;/^\[x\]/,$d' "$work/crl.cnf"
    openssl ca -gencrl -config "$work/crl.cnf" -cert "$issuer.crt" -keyfile "$work/$issuer.key" -crl_lastupdate "$2" -crl_nextupdate "$3" -out "$name.crl"
}

ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
ee='basicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid:always\nsubjectAltName=DNS:mx.example.org\nextendedKeyUsage=serverAuth,clientAuth'
from=20250101000000Z until=20300101000000Z
issue root - 'Test Root' "$ca"
issue int root 'Test Intermediate' "$ca\nauthorityKeyIdentifier=keyid:always"
issue forger - 'Test Intermediate' "$ca"
issue leaf int mx.example.org "$ee"
issue leaf-point int mx.example.org "$ee\ncrlDistributionPoints=URI:http://crl.example.org/1.crl"
crl root-ok root -- $from $until
crl root-int root int -- $from $until
crl int-ok int -- $from $until
crl int-leaf int leaf leaf-point -- $from $until
crl int-newer int -- 20250601000000Z $until
crl int-old int -- 20240101000000Z 20240401000000Z
crl int-to-come int -- 20290101000000Z $until
crl int-forged forger leaf -- $from $until
crl int-forged-plain forger leaf -- $from $until plain
crl int-point int leaf-point -- $from $until 'issuingDistributionPoint=critical,@i\n[i]\nfullname=URI:http://crl.example.org/1.crl\nonlyuser=TRUE'
crl int-cas int leaf -- $from $until 'issuingDistributionPoint=critical,@i\n[i]\nonlyCA=TRUE'
crl int-delta int leaf -- $from $until '2.5.29.27=critical,DER:02:01:01'
