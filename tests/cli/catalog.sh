#!/bin/sh
# mxscope catalog: list, show, import; a private CA is then known everywhere.
. "${srcdir:-.}/tests/cli/lib.sh"
XDG_DATA_HOME=$tmp/data
export XDG_DATA_HOME
certs=$top/tests/certs/facts

has() { grep -qF -- "$1" out || fail "$2: no \"$1\""; }
lacks() { ! grep -qF -- "$1" out || fail "$2: \"$1\""; }

# every certificate from X1 to YE3, with its state of the day
"$mxscope" catalog list letsencrypt --at 2026-11-21 >out 2>err || fail "list: $(said)"
for ca in 'ISRG Root X1' 'Root YR' 'Root YE' R10 R14 E5 E9 YR1 YR2 YR3 YE1 YE2 YE3; do has "  $ca " list; done
grep -q '^  YR1 .* issuing$' out || fail "YR1 issues on 2026-11-21"
grep -q '^  YR3 .* backup$' out || fail "YR3 stands by on 2026-11-21"
lacks '  R3 ' 'list at 2026'
"$mxscope" catalog list --at 2024-01-01 >out || fail "list of 2024"
grep -q '^  R3 .* issuing$' out || fail "R3 issued on 2024-01-01"
lacks '  YR1 ' 'list at 2024'
"$mxscope" catalog list >out
for family in letsencrypt digicert sectigo google ssl-com godaddy globalsign certum actalis harica \
    entrust chrome mozilla; do grep -q "^$family: " out || fail "no family $family"; done
grep -q 'DigiCert Global Root CA .* distrusted$' out || fail "DigiCert G1 is distrusted"
"$mxscope" catalog list --json >out
[ "$(wc -l <out)" -gt 75 ] || fail "json: $(wc -l <out) CAs"
python3 - out <<'P' || fail "json of the list"
import base64, hashlib, json, sys
certs = 0
for line in open(sys.argv[1]):
    o = json.loads(line)
    assert o["schema"] == "mxscope.ca/1", o
    spki = base64.b64decode(o["spki"])
    assert hashlib.sha256(spki).hexdigest() == o["spki_sha256"], o["id"]
    assert hashlib.sha512(spki).hexdigest() == o["spki_sha512"], o["id"]
    assert o["certificates"], o["id"]
    for c in o["certificates"]:
        certs += o["family"] == "letsencrypt"
        assert c["source"] and c["tlsa"] == ["2 1 1 " + o["spki_sha256"], "2 1 2 " + o["spki_sha512"],
                                             "2 0 1 " + c["sha256"], "2 0 2 " + c["sha512"]], c
    for row in o["issuing"] + o["chains"]:
        assert row["source"] and row["certainty"], row
assert certs == 49, certs
P

# one CA: data to copy
"$mxscope" catalog show YR1 --at 2026-11-21 >out || fail "show YR1"
has 'TLSA      2 1 1 2e8307068b6db620e4a39d068b5dee5d6ef5788cbb2c0b6d23ead84fcc17178c' YR1
has 'TLSA      2 0 1 13949634d99cd6fd6aa80bc034fefacceb1969feef986586713ecdbb05758d3f' YR1
has 'EKU serverAuth; key usage digitalSignature, keyCertSign, cRLSign;' YR1
"$mxscope" catalog show 'ISRG Root OCSP X1' >out || fail "show the OCSP signer"
has 'EKU OCSPSigning; key usage digitalSignature; no CA' 'ISRG Root OCSP X1'
"$mxscope" catalog show 'ISRG Root OCSP X1' --json | grep -q '"eku":\["OCSPSigning"\]' || fail "its EKU as JSON"
"$mxscope" catalog show 'ISRG Root X1' >out || fail "show ISRG Root X1"
has 'any use (no EKU extension); key usage keyCertSign' 'ISRG Root X1'
"$mxscope" catalog show YR1 --at 2026-11-21 >out || fail "show YR1"
has 'State     issuing on 2026-11-21, as known on 2026-08-21' YR1
has 'since 2026-05-28, profile classic, RSA leaves (about;' YR1
has 'letsencrypt/YR1 by Root YR' YR1
"$mxscope" catalog show root yr >out || fail "words of a name need no quotes"
has 'in no root store' 'Root YR'
has 'Revoked   2026-05-1' 'Root YR'
"$mxscope" catalog show 2e8307068b6db620e4a39d068b5dee5d6ef5788cbb2c0b6d23ead84fcc17178c >out ||
    fail "by the digest of a TLSA record"
has 'letsencrypt/YR1' digest
"$mxscope" catalog show digicert >out
has '2026-04-15 trust: The G1 root is distrusted' digicert
"$mxscope" catalog show --json chrome | python3 -c '
import json, sys; o = json.loads(sys.stdin.readline())
assert o["schema"] == "mxscope.ca-family/1" and o["kind"] == "programme" and o["events"], o' || fail "json of a family"

refused 'no CA, certificate or family "YR9"; near: letsencrypt/YR1, letsencrypt/YR2, letsencrypt/YR3' \
    catalog show YR9
refused 'no CA, certificate or family "letsencript"; near: letsencrypt, letsencrypt/E1, letsencrypt/E2' \
    catalog list letsencript
refused 'catalog list, show or import?' catalog
refused 'catalog list, show or import?' catalog delete YR1
refused '--output is no option of mxscope check, but of mxscope catalog' check --output=x example.org

# a private CA
cat "$certs/leaf.pem" "$certs/int.pem" "$certs/root.pem" >Acme.pem
refused 'nothing.pem: No such file or directory' catalog import nothing.pem
refused "$certs/leaf.pem: no CA certificate in it" catalog import "$certs/leaf.pem"
refused "--name: 'A b' is not up to 40 of a-z, 0-9, - and _" catalog import Acme.pem --name 'A b'
refused "the catalog has a family 'letsencrypt' (another --name)" catalog import Acme.pem --name letsencrypt
head -c 700 Acme.pem >cut.pem
refused 'cut.pem:1: not a certificate (no END line)' catalog import cut.pem
[ -e data ] && fail "a refused import made a folder"
"$mxscope" catalog import Acme.pem >out 2>err || fail "import: $(said)"
has "$XDG_DATA_HOME/mxscope/catalog/acme.json: acme" import
has '  Example Intermediate ' import
"$mxscope" catalog show 'Example Root' >out || fail "the private CA is not in the catalog"
has 'acme/Example Root' 'show of the private CA'
refused 'Acme.pem: its CA certificates are all in the catalog' catalog import Acme.pem --name again
"$mxscope" verify --chain Acme.pem --json >out 2>err
has '"catalog":"acme/Example Intermediate"' 'verify with a private CA'
"$mxscope" catalog import "$certs/root.pem" --name other -o - >out 2>err && fail "a duplicate to standard output"
XDG_DATA_HOME=$tmp/elsewhere "$mxscope" catalog import "$certs/root.pem" --name other -o - >out 2>err ||
    fail "import to standard output: $(said)"
has '"id": "other"' 'import -o -'
touch taken
XDG_DATA_HOME=$tmp/elsewhere refused 'taken: exists already (another --name, or -o FILE)' \
    catalog import "$certs/root.pem" -o taken
[ -s taken ] && fail "it wrote over a file"

# a broken file of the user's is named, and takes nothing else away
echo '{"schema": "mxscope.catalog/2", "families": []}' >"$XDG_DATA_HOME/mxscope/catalog/zz.json"
refused "$XDG_DATA_HOME/mxscope/catalog/zz.json:1: \"schema\" is \"mxscope.catalog/2\", not one of: mxscope.catalog/1" \
    catalog list
"$mxscope" verify --chain Acme.pem --json >out 2>err
has '"verdicts":[{' 'verify beside a broken catalog file'
done_testing
