#!/bin/sh
# The recipe of the certificates in this folder: several roots of one name, and leaves below them. They are
# fixed; run it in an empty folder to make all anew. Needs openssl(1) 3. Keys are thrown away.
#
#   mkdir new && cd new && ../make.sh
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
echo 1000 >"$work/serial"

# issue NAME KEY CN EXTENSION-LINES FROM UNTIL [ISSUER ISSUER-KEY]
issue() {
    [ -e "$work/$2.key" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$2.key"
    {
        printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/index.txt\nserial=%s/serial\nnew_certs_dir=%s\n' "$work" "$work" "$work"
        printf 'default_md=sha256\npolicy=p\nunique_subject=no\n[p]\nCN=supplied\n'
        printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=%s\n[ext]\n%b\n' "$3" "$4"
    } >"$work/cnf"
    openssl req -new -key "$work/$2.key" -config "$work/cnf" -out "$work/csr"
    if [ $# = 6 ]; then
        set -- "$1" "$5" "$6" -selfsign -keyfile "$work/$2.key"
    else
        set -- "$1" "$5" "$6" -cert "$7.crt" -keyfile "$work/$8.key"
    fi
    name=$1 from=$2 until=$3
    shift 3
    openssl ca -batch -notext -config "$work/cnf" -extensions ext -in "$work/csr" -out "$name.crt" -startdate "$from" -enddate "$until" "$@" 2>/dev/null
}

ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
ee='basicConstraints=critical,CA:FALSE\nsubjectAltName=DNS:mx.example.org\nextendedKeyUsage=serverAuth,clientAuth'
from=20240101000000Z until=20400101000000Z
for k in a b c; do
    issue $k $k 'One Root' "$ca\nsubjectKeyIdentifier=hash" $from $until
    issue leaf-$k leaf mx.example.org "$ee\nauthorityKeyIdentifier=keyid:always" $from $until $k $k
    issue bare-$k leaf mx.example.org "$ee\nauthorityKeyIdentifier=none" $from $until $k $k
    issue plain-$k $k 'One Root' "$ca\nsubjectKeyIdentifier=none" $from $until
done
for k in a b; do
    issue same-$k same-$k 'One Root' "$ca\nsubjectKeyIdentifier=0102030405" $from $until
    issue leaf-same-$k leaf mx.example.org "$ee\nauthorityKeyIdentifier=keyid:always" $from $until same-$k same-$k
done
issue a-lapsed a 'One Root' "$ca\nsubjectKeyIdentifier=hash" 20200101000000Z 20210101000000Z
issue plain-lapsed d 'One Root' "$ca\nsubjectKeyIdentifier=none" 20200101000000Z 20210101000000Z
issue plain-to-come e 'One Root' "$ca\nsubjectKeyIdentifier=none" 20390101000000Z $until
