#!/bin/sh
# Sessions recorded from the real Postfix, Exim and sendmail (tests/interop/record_mta.py): the same
# views, text and JSON in a namespace without any interface, and nothing is asked of the network.
. "${srcdir:-.}/tests/screens/lib.sh"
alone='unshare -n'
$alone true 2>/dev/null || alone='unshare -r -n'
$alone true 2>/dev/null || { echo "no namespace without a network here"; exit 77; }
[ "$($alone sed 1,2d /proc/net/dev | wc -l)" -le 1 ] || fail "the namespace has interfaces beside a loopback that is down"

for mta in postfix exim sendmail; do
    session=$top/tests/screens/sessions/$mta.mxs
    sed "s/^keep \(.*\)/:save-screen \1.screen/" "$top/tests/screens/mta.keys" >script
    echo :quit >>script
    names=$(sed -n 's/^keep //p' "$top/tests/screens/mta.keys")
    in_terminal 100x30 "$alone '$mxscope' replay '$session' --script script"
    for name in $names; do
        echo "=== $name"
        cat "$name.screen"
    done >"$mta.all"
    golden "$mta.100x30.screen" "$mta.all"
    for form in "" --json; do
        $alone "$mxscope" replay "$session" $form </dev/null >alone.out 2>alone.err
        there=$?
        "$mxscope" replay "$session" $form </dev/null >out 2>err
        [ $? -eq $there ] && cmp -s out alone.out && cmp -s err alone.err || fail "$mta $form: not the same without a network"
    done
    if command -v strace >/dev/null; then
        strace -f -e trace=socket -o calls "$mxscope" replay "$session" </dev/null >out 2>err
        grep -q 'socket(AF_INET' calls && fail "$mta: a replay opens a socket: $(grep AF_INET calls | head -2)"
    fi
done
has postfix.all 'ESMTP Postfix'
has exim.all 'ESMTP Exim'
has sendmail.all 'ESMTP Sendmail'
done_testing
