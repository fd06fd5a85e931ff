#!/bin/sh
# Files that are cut, wrong, too large or from a newer program: one line that names file and line,
# nothing printed beside it, nothing else harmed. 1 GB files are sparse, and not read to their end.
. "${srcdir:-.}/tests/cli/lib.sh"
session=$top/tests/replay/tlsa-stale.session
XDG_STATE_HOME=$tmp/state XDG_DATA_HOME=$tmp/data
export XDG_STATE_HOME XDG_DATA_HOME

bound='ulimit -v 4194304' # 4 GiB
grep -q '^MXS_CFLAGS = .*fsanitize' "$build/Makefile" && bound=true # ASan reserves terabytes

# one_line FILE WORDS...: status 3, one line that begins with FILE and its line, within a minute and 1 GiB
one_line()
{
    file=$1
    shift
    ($bound; timeout 60 "$mxscope" "$@") >out 2>err </dev/null
    status=$?
    [ $status -eq 3 ] || fail "$*: status $status"
    [ "$(said | wc -l)" -eq 1 ] || fail "$*: $(said)"
    case "$(said)" in
        "mxscope: $file"*) ;;
        *) fail "$*: $(said)" ;;
    esac
    [ -s out ] && fail "$*: it wrote to standard output: $(head -3 out)"
}

# --- recorded sessions: replay, verify and learn read them
head -c 6000 "$session" >cut.mxs
sed '10s/"data":"[^"]*"/"data":"!!!"/' "$session" >base64.mxs
sed '1s/mxscope.session.1/mxscope.session\/2/' "$session" >newer.mxs
sed '10s/"seq":[0-9]*/"seq":77/' "$session" >seq.mxs
sed '10d' "$session" >gone.mxs
truncate -s 1G huge.mxs
head -c 65536 /dev/urandom >noise.mxs
printf '{"schema":"mxscope.report/1"}\n' >other.mxs
for kind in cut base64 newer seq gone huge noise other; do
    at="$kind.mxs:"
    one_line "$at" replay $kind.mxs
    one_line "$at" verify --session $kind.mxs
    one_line "$at" learn $kind.mxs
done
one_line 'base64.mxs:10: "data" is not base64' replay base64.mxs
one_line 'newer.mxs:1: schema mxscope.session/2 is newer than this program (mxscope.session/1)' replay newer.mxs
one_line 'gone.mxs:10: event 10 where 9 is expected' replay gone.mxs
one_line 'huge.mxs:1: line longer than' replay huge.mxs

# cut between two lines: the header knows how many there were
"$mxscope" check --lab -q --record whole.mxs >out 2>err
lines=$(wc -l <whole.mxs)
head -n $((lines - 5)) whole.mxs >short.mxs
one_line "short.mxs:$((lines - 5)): ends behind event $((lines - 6)), the header says $((lines - 1))" replay short.mxs

# of a newer program: what is not understood is kept and told
sed '10s/"kind":"[^"]*"/"kind":"teleport"/' "$session" >kind.mxs
"$mxscope" replay -q kind.mxs >out 2>err
[ $? -eq 2 ] || fail "an unknown event: status"
[ "$(said)" = 'mxscope: note: kind.mxs:10: event of unknown kind "teleport", kept as a note (1 of them)' ] ||
    fail "an unknown event: $(said)"
[ -s out ] || fail "an unknown event: nothing was printed"

# --- TLS reports and queues
printf '{"organization-name": "x",\n "policies": [{' >report.json
printf '{"organization-name": "x", "policies": "none"}' >typed.json
for file in report.json typed.json; do
    "$mxscope" explain - <$file >out 2>err
    [ $? -eq 3 ] && [ ! -s out ] && [ "$(said | wc -l)" -eq 1 ] || fail "$file: $(cat out err)"
done
said | grep -q '^mxscope: standard input:1: no TLS report: "policies" is no array (RFC 8460 4.4)$' || fail "$(said)"
"$mxscope" explain - <report.json 2>err >out
said | grep -q '^mxscope: standard input:2: no TLS report: ' || fail "a cut report: $(said)"
truncate -s 1G huge.json
"$mxscope" explain - <huge.json >out 2>err && fail "a report of 1 GB"
[ "$(said)" = 'mxscope: -: larger than 16777216 bytes' ] || fail "a report of 1 GB: $(said)"
gzip -c report.json | head -c 40 | "$mxscope" explain - >out 2>err
[ "$(said)" = 'mxscope: standard input: the gzip data end early' ] || fail "a cut gzip: $(said)"
head -c 80000000 /dev/zero | gzip -c | "$mxscope" explain - >out 2>err
[ "$(said)" = 'mxscope: standard input: unpacks to more than 64 MiB' ] || fail "a gzip bomb: $(said)"

# --- data that anyone can extend; one bad file in a copy of ours
broken_data() # FOLDER FILE EXPECTED WORDS... ; the text is on standard input
{
    rm -rf share
    cp -r "$top/share" share
    cat >"share/$1/$2"
    expect=share/$1/$2$3
    folder=$1
    shift 3
    MXSCOPE_DATA=$tmp/share
    export MXSCOPE_DATA
    one_line "$tmp/$expect" "$@"
    truncate -s 1G "share/$folder/$(basename "${expect%%:*}")"
    one_line "$tmp/${expect%%:*}" "$@"
    unset MXSCOPE_DATA
}
printf '[\n{"id": "x/y", "kind": "word", "title": "t",\n' |
    broken_data glossary zz.json ':3: ' explain 43
printf '[\n{"id": "x/y", "kind": "teleport", "title": "t", "means": "m", "match": ["a"]}]\n' |
    broken_data glossary zz.json ':2: entry 1: id, kind (log' explain 43
printf '[\n {"title": "no id"}]\n' | broken_data glossary zz.json ':2: entry 1: id, kind' explain 43
printf '{"schema": "mxscope.catalog/9", "families": []}\n' | broken_data catalog zz.json ':1: "schema" is' catalog list
printf '{"schema": "mxscope.catalog/1",\n "families": [{"id": "x", "cas": [{"name": "a", "kind": "root", "spki": "!!"' |
    broken_data catalog zz.json ':2: ' catalog list
printf '{"schema": "mxscope.senders/2"}\n' | broken_data senders zz.json ':1: "schema" is' explain tlsa-stale
printf '[x/y/z]\nteleport = yes\n' | broken_data verifiers zz.ini ': [x/y/z] ' verify --list
printf '[scenario]\nid = zz\nteleport = yes\n' | broken_data scenarios zz.ini ':' whatif --list
done_testing
