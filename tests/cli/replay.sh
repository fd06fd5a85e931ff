#!/bin/sh
# A recorded session replays to the very same report, without a network.
. "${srcdir:-.}/tests/cli/lib.sh"

for fault in "" =tlsa-stale-key =starttls-stripped =client-cert-required; do
    "$mxscope" check --lab$fault --json --record s >live
    live=$?
    "$mxscope" replay --json s >again 2>err
    [ $? -eq $live ] || fail "lab$fault: status $? instead of $live: $(cat err)"
    cmp -s live again || fail "lab$fault: the replayed report differs"
    "$mxscope" replay -v s >text
    [ -s text ] || fail "lab$fault: no text report"
done
head -n 1 s | grep -q '^{"schema":"mxscope.session/1",' || fail "header"
[ "$(stat -c %a s)" = 600 ] || fail "a recorded session is readable by others"
grep -q PRIVATE s && fail "a private key in a recorded session"
grep -q '"kind":"keylog"' s && fail "TLS secrets without --keylog"
"$mxscope" check --lab --keylog keys --record k -q >out
grep -q '"kind":"keylog"' k || fail "no TLS secrets with --keylog"
grep -q '^CLIENT_HANDSHAKE_TRAFFIC_SECRET ' keys || fail "no key log"

# another date, another answer; the recorded one by default
"$mxscope" check --lab --json --record s >live
"$mxscope" replay --json --at 2099-01-01 s >later
grep -q '"at":"2099-01-01T00:00:00Z"' later || fail "--at"
grep -q '"status":"OK"' later && fail "nothing expires until 2099"

# the header names the CA catalog; another one than ours is said
head -n 1 s | grep -q '"catalog":"[0-9]' || fail "no catalog version: $(head -n 1 s)"
"$mxscope" replay s >out 2>err
[ -s err ] && fail "our own catalog is remarked on: $(cat err)"
sed '1s/"catalog":"[^"]*"/"catalog":"1999.1"/' s >old
"$mxscope" replay -q old >out 2>err
grep -q '^mxscope: note: recorded with CA catalog 1999.1, judged with [0-9]' err ||
    fail "another catalog: $(cat err)"

# malformed files: FILE:LINE: reason
refused "nowhere: No such file or directory" replay nowhere
refused "replay takes one FILE (see mxscope replay --help)" replay
: >empty
refused "empty: empty, not a recorded session" replay empty
echo '{"schema":"mxscope.session/2"}' >newer
refused "newer:1: schema mxscope.session/2 is newer than this program (mxscope.session/1)" replay newer
head -n 5 s >cut
printf '{"seq":5,"t":1,"kind":"smtp","data":"***"}\n' >>cut
refused 'cut:6: "data" is not base64' replay cut
done_testing
