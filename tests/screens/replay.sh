#!/bin/sh
# Recorded sessions in the real workbench: screens and their styles against what they were.
. "${srcdir:-.}/tests/screens/lib.sh"

# screens KEYS COLSxROWS utf8|ascii [SESSION OPTIONS..]: of the session of that name unless said
screens()
{
    sed "s/^keep \(.*\)/:save-screen \1.screen\n:save-styles \1.styles/" \
        "$top/tests/screens/$1.keys" >script
    echo :quit >>script
    names=$(sed -n 's/^keep //p' "$top/tests/screens/$1.keys")
    rm -f ./*.screen ./*.styles
    ascii=
    [ "$3" = ascii ] && ascii=--ascii
    rm -f own.ini
    in_terminal "$2" "'$mxscope' replay '$top/tests/screens/sessions/${4:-$1}.mxs' $ascii ${5:-} --script script"
    for kind in screen styles; do
        for name in $names; do
            echo "=== $name"
            cat "$name.$kind"
        done >"all.$kind"
        golden "$1.$2.$3.$kind" "all.$kind"
    done
    [ "$3" = utf8 ] || ! LC_ALL=C grep -q '[^ -~]' all.screen || fail "$1: not only ASCII"
    awk -v w="${2%x*}" 'length($0) > w && !/^=== / { exit 1 }' all.styles || fail "$1: too wide"
}

for session in clean refused stripped; do
    screens $session 80x24 utf8
done
screens clean 132x43 utf8
screens clean 80x24 ascii
for size in 80x24 132x43; do
    screens plan $size utf8 clean "--next-key '$top/tests/screens/sessions/next.pub'"
done
screens plan 80x24 ascii clean "--next-key '$top/tests/screens/sessions/next.pub'"

# A few scenarios and verifiers, so that new ones change no screen.
few="--scenario eku/any-ca --scenario eku/chrome-leaf --scenario eku/digicert --scenario eku/google \
--scenario 'eku/i*' --scenario 'eku/le-*' --scenario eku/sectigo --scenario failure/expired --scenario failure/tlsa-stale \
--scenario renewal/unknown-key --verifier 'rfc/*' --verifier 'postfix/*' --verifier 'openssl/*' \
--verifier 'exim/smtpd/*' --verifier gnutls/server/require-verify"
screens whatif 80x24 utf8 whatif "$few"
screens whatif 132x43 utf8 whatif "$few"
screens whatif 80x24 ascii whatif "$few"
cat >own.want <<'END'
change = eku leaf =emailProtection
END
grep '^change' own.ini | diff own.want - || fail "the scenario file that was written: $(cat own.ini)"
"$mxscope" whatif --session "$top/tests/screens/sessions/whatif.mxs" --scenario own.ini \
    --verifier 'postfix/smtpd/req*' >out 2>errors
[ $? -eq 2 ] || fail "whatif on that file: $(cat out errors)"
done_testing
