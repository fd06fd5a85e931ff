# Sourced by the recipes in the folders beside it: a CA of openssl(1) 3 that signs for any dates. Keys and
# its books stand in $work, a folder that goes at the end.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
echo 1000 >"$work/serial"

# issue NAME KEY CN EXTENSION-LINES FROM UNTIL [ISSUER ISSUER-KEY]: NAME.crt here; self-signed without ISSUER
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
    name=$1 start=$2 end=$3
    shift 3
    openssl ca -batch -notext -config "$work/cnf" -extensions ext -in "$work/csr" -out "$name.crt" -startdate "$start" -enddate "$end" "$@" 2>/dev/null
}

ca='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign'
