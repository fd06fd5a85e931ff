#!/bin/sh
# Every lesson played from its start to its end, on a low and a wide screen: its cards, its answers and
# the views beside them against what they were. Keys, digests, ports and times are new in each lab, so
# they are taken out of what is compared, and the tabs and who enforces with them; the words, the order and
# the answers are not.
. "${srcdir:-.}/tests/screens/lib.sh"
grep -q ' lo$' /proc/net/if_inet6 2>/dev/null || { echo "no IPv6 on loopback"; exit 77; }
XDG_STATE_HOME=$tmp/state TMPDIR=/tmp
export XDG_STATE_HOME TMPDIR

# The keys that play a lesson: each card, each question, an answer (the first and the second in turn, so
# that right and wrong ones are seen), the end.
keys()
{
    awk -v q="'" '
        function keep() { printf ":wait idle\n:save-screen %03d\n", ++n }
        function leave() {
            if (!step) return
            keep()
            if (ask) { print "Space"; keep(); print ++asked % 2 ? "a" : "b"; keep() }
            print "Space"
        }
        /^step:/ { leave(); step = 1; ask = 0 }
        /^ask:/ { ask = 1 }
        END { leave(); keep(); print ":quit" }' "$1"
}

# Of What-if and Plan, which follow the calendar, the card and the row it speaks of.
part()
{
    if grep -q '─ Scenarios x verifiers\|^─ Rollover' "$1"; then
        grep -E '^. [a-z]+/[a-z0-9-]+ .*\[' "$1"
        sed -n '/^─ Step/,$p' "$1"
    else
        sed 2d "$1" # the tabs
    fi
}

# A close that comes while the walk is paused is seen before or after the screen is kept.
normal()
{
    part "$1" | sed -E -e '1s/peer closed while paused/paused/' \
        -e 's/\b0[0-9a-f]{3} +([0-9a-f]{2} +)+.*/BYTES/' \
        -e 's/((DNSKEY|DS|RRSIG) +[a-z.]+) .*/\1 DATA/' \
        -e 's/(\[?::1\]?|127\.0\.0\.[0-9]+):[0-9]+/ADDRESS/g' \
        -e '1s/ +ADDRESS//' \
        -e 's#/tmp/mxscope-lab\.[A-Za-z0-9]+#LAB#g' \
        -e 's/\b[0-9A-Fa-f]{6,}\b/HEX/g' \
        -e 's/HEX(…|~|\.\.)/HEX/g; s/\b[0-9a-f]{1,5}…/HEX/g' \
        -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:]+Z?)?/DATE/g' \
        -e 's/(enforced by) .*/\1 SENDERS/' \
        -e 's/\+ *[0-9.]+ (us|ms|s)\b/+TIME/g; s/[0-9.]+ (us|ms)\b/TIME/g' \
        -e 's/[0-9]+/N/g; s/ +/ /g; s/ $//' \
        -e 's/^(N N N HEX)( match| -)+( matches nothin[^│]*)? */\1 .. /; s/ +/ /g; s/ $//'
}

# play LESSON-FILE COLSxROWS
play()
{
    name=$(basename "$1" .lesson)
    rows=${2#*x}
    keys "$1" >script
    rm -f ./[0-9][0-9][0-9]
    in_terminal "$2" "'$mxscope' learn '$1' --restart --script script"
    for screen in [0-9][0-9][0-9]; do
        # the card, line by line as it stands; a card that does not fit ends with an ellipsis
        tail -n 2 "$screen" | head -n 1 | grep -q '…$' &&
            { fail "$name $2: the card of screen $screen is cut"; cat "$screen"; }
        [ "$(wc -l <"$screen")" -le "$rows" ] || fail "$name $2: $screen has too many rows"
        grep -E 'does not decide|ended before|not bound|no view' "$screen" && fail "$name $2: $screen"
    done
    for screen in [0-9][0-9][0-9]; do
        echo "=== $screen"
        normal "$screen"
    done >all
    grep -q 'not seen' all && fail "$name: a goal is not seen"
    golden "lessons/$name.$2" all
}

# recorded SESSION utf8|ascii: a recorded session is a lesson about itself, played as if it happened; the
# keys that go back, skip and start again. Nothing in it is new, so nothing is taken out.
recorded()
{
    cat >script <<'EOK'
:wait idle
:save-screen 1
>
:save-screen 2
> > > > > > > > >
:save-screen 3
Space
:save-screen 4
b
:save-screen 5
L
:save-screen 6
q <
:save-screen 7
R
:save-screen 8
>
:save-screen 9
?
:save-screen 10
q
:answer x
:save-screen 11
EOK
    echo ':quit' >>script
    option=
    [ "$2" = ascii ] && option=--ascii
    in_terminal 80x24 "'$mxscope' learn '$top/tests/screens/sessions/$1.mxs' $option --script script"
    for screen in 1 2 3 4 5 6 7 8 9 10 11; do
        echo "=== $screen"
        cat $screen
    done >all
    [ "$2" = utf8 ] || ! LC_ALL=C grep -q '[^ -~]' all || fail "recorded $1: not only ASCII"
    golden "lessons/recorded-$1.80x24.$2" all
}

# Left in the middle, a lesson goes on there; played to its end, it is done.
resumed()
{
    printf '%s\n' '> >' ':wait idle' ':quit' >script
    in_terminal 80x24 "'$mxscope' learn starttls --script script"
    [ "$("$mxscope" learn | sed -n 's/.*starttls-stripped  *\(step . of .\).*/\1/p')" = "step 3 of 5" ] ||
        fail "left at step 3: $(cat state/mxscope/lessons)"
    printf '%s\n' ':wait idle' ':save-screen resumed' '> > >' ':wait idle' ':save-screen ended' ':quit' >script
    in_terminal 80x24 "'$mxscope' learn starttls --script script"
    has resumed "Step 3/5: A sender that follows DANE"
    has ended "STARTTLS stripped: the end"
    "$mxscope" learn | grep -q 'starttls-stripped  *done' || fail "played to its end: $(cat state/mxscope/lessons)"
    printf '%s\n' ':wait idle' ':save-screen anew' ':quit' >script
    in_terminal 80x24 "'$mxscope' learn starttls --script script"
    has anew "Step 1/5"
}

# A card that does not fit says so, and L shows it whole: else nobody sees that a line of ours is missing.
long_card()
{
    cat >long.lesson <<'EOL'
mxscope.lesson/1
id: long
title: A long card
about: More than a low screen holds.
lab: clean
closing: The end.
step: One
run: stage:mx=end
view: session
happens: one
checks: two
breaks: three
sender: four
receiver: five
try: six
read: seven
read: eight
EOL
    printf '%s\n' ':wait idle' ':save-screen low' L ':save-screen whole' ':quit' >script
    in_terminal 80x24 "'$mxscope' learn long.lesson --script script"
    tail -n 2 low | head -n 1 | grep -q 'seven .*…$' || { fail "a cut card does not say so"; cat low; }
    has whole eight
    in_terminal 80x30 "'$mxscope' learn long.lesson --script script"
    tail -n 2 low | head -n 1 | grep -q 'eight$' || { fail "the card of a higher screen"; cat low; }
}

if [ -z "$LESSON" ]; then
    resumed
    long_card
    recorded clean utf8
    recorded refused utf8
    recorded clean ascii
fi
for lesson in "$top"/share/lessons/${LESSON:-*}.lesson; do
    play "$lesson" 80x24
    play "$lesson" 120x40
done
done_testing
