#!/bin/sh
# The recipe of the certificates and CRLs in this folder. They are fixed; run it in an empty folder to make
# all anew. Needs openssl(1) 3. Keys are thrown away.
#
#   mkdir new && cd new && ../make.sh
set -eu
. "$(dirname "$0")/../ca.sh"

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

ca="subjectKeyIdentifier=hash\n$ca"
ee='subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid:always\nsubjectAltName=DNS:mx.example.org\nextendedKeyUsage=serverAuth,clientAuth'
life='20240101000000Z 20400101000000Z'
issue root root 'Test Root' "$ca" $life
issue int int 'Test Intermediate' "$ca\nauthorityKeyIdentifier=keyid:always" $life root root
issue forger forger 'Test Intermediate' "$ca" $life
issue leaf leaf mx.example.org "$ee" $life int int
issue leaf-point leaf-point mx.example.org "$ee\ncrlDistributionPoints=URI:http://crl.example.org/1.crl" $life int int
from=20250101000000Z until=20300101000000Z
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
