#!/bin/sh
# The workbench under --anonymise: every view, wide and narrow, shows nobody's name; what keeps the true
# bytes is not written.
. "${srcdir:-.}/tests/screens/lib.sh"
session=$top/tests/screens/sessions/clean.mxs

{
    echo :wait done
    for key in 0 1 2 3 4 5 6 7 8; do
        echo "$key"
        echo ":save-screen v$key-a"
        echo 'PgDn Enter Down Down'
        echo ":save-screen v$key-b"
        echo 'Tab G'
        echo ":save-screen v$key-c"
        echo '\ B'
        echo ":save-screen v$key-d"
        echo '\ E'
        echo ":save-screen v$key-e"
        echo Esc
    done
    for event in 10 24 40 60 66 80 100; do
        echo ":event $event"
        echo ":save-screen event-$event"
    done
    echo ':write session kept.mxs'
    echo ':save-screen refused'
    echo ':write future kept.d'
    echo ':save-screen future'
    echo ':write html page.html'
    echo ':write text page.txt'
    echo :quit
} >script
for size in 80x24 132x43; do
    rm -f v*-* event-* refused future
    in_terminal $size "'$mxscope' replay '$session' --anonymise --script script"
    [ -e kept.mxs ] && fail "a session with the true bytes was written"
    has refused 'it keeps the true bytes: not with --anonymise'
    [ -e kept.d ] && fail "certificates with the true names were written"
    has future 'its certificates keep the true names: not with --anonymise'
    has v0-a host-1.domain-1.example
    has v0-a host-2.domain-1.example
    # names of the lab, of its CAs, and the beginnings of digests
    "$mxscope" replay "$session" --json </dev/null 2>/dev/null |
        grep -o '"\(data\|sha256\|spki_sha256\|ski\|serial\)":"[0-9a-f]*"' |
        sed 's/.*:"\(.\{10\}\).*/\1/' | sort -u >digests
    for f in v*-* event-* refused page.html page.txt; do
        grep -iE 'lab\.test|\bmx[12]\b|mxscope lab|tls-reports' "$f" && fail "$size $f: a name"
        grep -F -f digests "$f" && fail "$size $f: a digest"
    done
done
done_testing
