#!/bin/sh
# The recipe of the certificates in this folder: several roots of one name, and leaves below them. They are
# fixed; run it in an empty folder to make all anew. Needs openssl(1) 3. Keys are thrown away.
#
#   mkdir new && cd new && ../make.sh
set -eu
. "$(dirname "$0")/../ca.sh"

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
