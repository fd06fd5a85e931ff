#!/bin/sh
# The recipe of the certificates in this folder. They are fixed: run it only to add one (existing files
# are kept), or in an empty folder to make all anew. Needs openssl(1) 3.
#
#   cd tests/certs/judge && ./make.sh
#
# Names: mx.example.org is the mail host, example.org its domain. Keys are thrown away except for
# those that sign further fixtures in the same run, so a CA and what it signed are made together.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/new"
: >"$work/index.txt"
echo 'unique_subject = no' >"$work/index.txt.attr"
echo 1000 >"$work/serial"

key() { # NAME [RSA-BITS]
    [ -e "$work/$1.key" ] && return
    if [ -n "${2:-}" ]; then
        openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:$2" -out "$work/$1.key" 2>/dev/null
    else
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key"
    fi
}

# issue FILE ISSUER|- SUBJECT-DN-LINES EXTENSION-LINES [START END [KEY [DIGEST [ISSUER-KEY]]]]
issue() {
    file=$1 issuer=$2 dn=$3 ext=$4 start=${5:-20240101000000Z} end=${6:-20400101000000Z}
    key=${7:-$1} digest=${8:-sha256} ikey=${9:-$issuer}
    key "$key"
    {
        printf '[ca]\ndefault_ca=c\n[c]\ndatabase=%s/index.txt\nserial=%s/serial\nnew_certs_dir=%s/new\n' "$work" "$work" "$work"
        printf 'default_md=%s\npolicy=p\nunique_subject=no\nemail_in_dn=no\n[p]\nO=optional\nCN=optional\n' "$digest"
        printf '[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=utf8only\n[dn]\n%b\n[ext]\n%b\n' "$dn" "$ext"
    } >"$work/cnf"
    openssl req -new -key "$work/$key.key" -config "$work/cnf" -out "$work/csr"
    set -- -batch -notext -config "$work/cnf" -extensions ext -in "$work/csr" -out "$work/$file.crt" -startdate "$start" -enddate "$end"
    if [ "$issuer" = - ]; then
        openssl ca "$@" -selfsign -keyfile "$work/$key.key" 2>/dev/null
    else
        openssl ca "$@" -cert "$work/$issuer.crt" -keyfile "$work/$ikey.key" 2>/dev/null
    fi
    [ -e "$file.crt" ] || cp "$work/$file.crt" "$file.crt"
}

o='O=mxscope tests'
ids='subjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid:always'
ca="basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n$ids"
ca0="basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign,digitalSignature\n$ids"
ee="basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n$ids"
server='extendedKeyUsage=serverAuth'
san='subjectAltName=DNS:mx.example.org'
mx="$o\nCN=mx.example.org"

# --- authorities
issue root - "$o\nCN=Test Root" "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash"
issue root2 - "$o\nCN=Other Root" "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash"
issue root-expired - "$o\nCN=Old Root" "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash" 20200101000000Z 20250101000000Z
issue root-server - "$o\nCN=Server Root" "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n$server"
issue int root "$o\nCN=Test R10" "$ca0"
issue int-old root "$o\nCN=Test R3" "$ca0"
issue int-server root "$o\nCN=Test R10 server" "$ca0\n$server"
issue int-client root "$o\nCN=Test R10 client" "$ca0\nextendedKeyUsage=clientAuth"
issue int-both root "$o\nCN=Test R10 both" "$ca0\nextendedKeyUsage=serverAuth,clientAuth"
issue int-any root "$o\nCN=Test R10 any" "$ca0\nextendedKeyUsage=anyExtendedKeyUsage"
issue int-untrusted root2 "$o\nCN=Test Untrusted" "$ca0"
issue int-oldroot root-expired "$o\nCN=Test Under Old Root" "$ca0"
issue int-serverroot root-server "$o\nCN=Test Under Server Root" "$ca0"
# the key and name of int, by another root; expired; and its name with another key
issue int-cross root2 "$o\nCN=Test R10" "$ca0" '' '' int
issue int-lapsed root "$o\nCN=Test R10" "$ca0" 20200101000000Z 20250101000000Z int
issue int-imposter root "$o\nCN=Test R10" "$ca0"
# the root, cross-signed by the other root (which the store of some lacks)
issue root-cross root2 "$o\nCN=Test Root" "$ca" '' '' root
# no CA; a CA that may not sign; constrained ones
issue int-notca root "$o\nCN=Test No CA" "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyCertSign\n$ids"
issue int-nosign root "$o\nCN=Test No Sign" "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,cRLSign,digitalSignature\n$ids"
issue int-permit root "$o\nCN=Test Permit" "$ca0\nnameConstraints=critical,permitted;DNS:example.org"
issue int-permit-other root "$o\nCN=Test Permit Other" "$ca0\nnameConstraints=critical,permitted;DNS:example.net"
issue int-exclude root "$o\nCN=Test Exclude" "$ca0\nnameConstraints=critical,excluded;DNS:mx.example.org"
issue int-permit-dot root "$o\nCN=Test Permit Dot" "$ca0\nnameConstraints=critical,permitted;DNS:.example.org"
# two levels: first may have one CA below it, the second none; and one that sits too deep
issue int-first root "$o\nCN=Test First" "basicConstraints=critical,CA:TRUE,pathlen:1\nkeyUsage=critical,keyCertSign\n$ids"
issue int-second int-first "$o\nCN=Test Second" "$ca0"
issue int-toodeep int "$o\nCN=Test Too Deep" "$ca0"
issue int-sha1 root "$o\nCN=Test SHA-1" "$ca0" '' '' int-sha1 sha1

# --- leaves under int unless the name says otherwise
issue good int "$mx" "$ee\n$server\n$san"
for eku in both:serverAuth,clientAuth client:clientAuth any:anyExtendedKeyUsage email:emailProtection; do
    issue "eku-${eku%%:*}" int "$mx" "$ee\nextendedKeyUsage=${eku#*:}\n$san"
done
issue eku-none int "$mx" "$ee\n$san"
for i in server client both any; do
    issue "under-$i-server" "int-$i" "$mx" "$ee\n$server\n$san"
    issue "under-$i-both" "int-$i" "$mx" "$ee\nextendedKeyUsage=serverAuth,clientAuth\n$san"
    issue "under-$i-client" "int-$i" "$mx" "$ee\nextendedKeyUsage=clientAuth\n$san"
    issue "under-$i-none" "int-$i" "$mx" "$ee\n$san"
    issue "under-$i-any" "int-$i" "$mx" "$ee\nextendedKeyUsage=anyExtendedKeyUsage\n$san"
done
issue expired int "$mx" "$ee\n$server\n$san" 20240101000000Z 20240401000000Z
issue expired-both int "$mx" "$ee\nextendedKeyUsage=serverAuth,clientAuth\n$san" 20240101000000Z 20240401000000Z
issue expiring int "$mx" "$ee\n$server\n$san" 20260901000000Z 20261208000000Z
issue notyet int "$mx" "$ee\n$server\n$san" 20390101000000Z
issue wrongname int "$o\nCN=other.example" "$ee\n$server\nsubjectAltName=DNS:other.example"
issue wrongname-both int "$o\nCN=other.example" "$ee\nextendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:other.example"
issue domainname int "$o\nCN=example.org" "$ee\n$server\nsubjectAltName=DNS:example.org"
issue cn-only int "$mx" "$ee\n$server"
issue cn-beside-san int "$mx" "$ee\n$server\nsubjectAltName=DNS:other.example"
issue wildcard int "$o\nCN=wild" "$ee\n$server\nsubjectAltName=DNS:*.example.org"
issue wildcard-part int "$o\nCN=wild" "$ee\n$server\nsubjectAltName=DNS:m*.example.org"
issue webhost int "$mx" "$ee\n$server\nsubjectAltName=DNS:mx.example.org,DNS:www.example.org,DNS:example.org"
issue address int "$o\nCN=address" "$ee\n$server\nsubjectAltName=IP:192.0.2.25"
issue ku-none int "$mx" "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,nonRepudiation\n$ids\n$server\n$san"
issue ku-encipher int "$mx" "basicConstraints=critical,CA:FALSE\nkeyUsage=critical,keyEncipherment\n$ids\n$server\n$san"
issue critical int "$mx" "$ee\n$server\n$san\n1.2.3.4.5=critical,ASN1:NULL"
issue staple int "$mx" "$ee\n$server\n$san\ntlsfeature=status_request"
issue selfsigned - "$mx" "basicConstraints=critical,CA:FALSE\nsubjectKeyIdentifier=hash\n$server\n$san"
issue untrusted int-untrusted "$mx" "$ee\n$server\n$san"
issue untrusted-both int-untrusted "$mx" "$ee\nextendedKeyUsage=serverAuth,clientAuth\n$san"
issue under-oldroot int-oldroot "$mx" "$ee\n$server\n$san"
issue under-serverroot int-serverroot "$mx" "$ee\nextendedKeyUsage=serverAuth,clientAuth\n$san"
issue under-notca int-notca "$mx" "$ee\n$server\n$san"
issue under-nosign int-nosign "$mx" "$ee\n$server\n$san"
issue under-permit int-permit "$mx" "$ee\n$server\n$san"
issue under-permit-other int-permit-other "$mx" "$ee\n$server\n$san"
issue under-exclude int-exclude "$mx" "$ee\n$server\n$san"
issue under-permit-dot int-permit-dot "$mx" "$ee\n$server\n$san"
issue under-second int-second "$mx" "$ee\n$server\n$san"
issue under-toodeep int-toodeep "$mx" "$ee\n$server\n$san"
issue under-sha1 int-sha1 "$mx" "$ee\n$server\n$san"
issue under-root root "$mx" "$ee\n$server\n$san"
issue sha1 int "$mx" "$ee\n$server\n$san" '' '' sha1 sha1
issue int-le root "O=Let\\'s Encrypt\nCN=Test LE" "$ca0"
issue le int-le "$mx" "$ee\n$server\n$san"
key rsa1024 1024
issue rsa1024 int "$mx" "$ee\n$server\n$san"
key rsa2048 2048
issue rsa2048 int "$mx" "$ee\n$server\n$san"

# --- OCSP answers about good and staple, by int itself. Their thisUpdate is when this ran: the tests
# judge at 2026-12-01, which has to lie after it.
answer() { # FILE CERT STATUS(V|R) THIS NEXT-DAYS
    serial=$(openssl x509 -in "$work/$2.crt" -noout -serial | cut -d= -f2)
    revoked=; [ "$3" = R ] && revoked=250101000000Z
    printf '%s\t400101000000Z\t%s\t%s\tunknown\t/CN=x\n' "$3" "$revoked" "$serial" >"$work/ocsp.txt"
    openssl ocsp -index "$work/ocsp.txt" -rsigner "$work/int.crt" -rkey "$work/int.key" -CA "$work/int.crt" \
        -issuer "$work/int.crt" -cert "$work/$2.crt" -no_nonce -reqout "$work/req" >/dev/null 2>&1 || :
    openssl ocsp -index "$work/ocsp.txt" -rsigner "$work/int.crt" -rkey "$work/int.key" -CA "$work/int.crt" \
        -reqin "$work/req" -ndays "$4" -respout "$work/resp" >/dev/null 2>&1
    [ -e "$1.ocsp" ] || cp "$work/resp" "$1.ocsp"
}
answer good-valid good V 3650
answer good-revoked good R 3650
answer good-short good V 1
answer staple-valid staple V 3650
