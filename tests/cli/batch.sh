#!/bin/sh
# --from: one JSON object a line, also for a line that is no target; several targets as text.
. "${srcdir:-.}/tests/cli/lib.sh"
shape=$build/tests/cli/json_shape

mkfifo lab
"$mxscope" lab --json >lab &
lab=$!
trap 'kill $lab 2>/dev/null; rm -rf "$tmp"' EXIT
read -r line <lab || { echo "the lab does not start"; exit 1; }
value() { echo "$line" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
set -- --resolver "$(value resolver)" --trust-anchor "$(value trust_anchor)" \
    --trust-store "$(value ca_file)"
for to in $(echo "$line" | grep -o '{"host":[^}]*}' |
    sed 's/{"host":"\(.*\)","port":\(.*\),"address":"\(.*\)","to_port":\(.*\)}/\1:\2:[\3]:\4/'); do
    set -- "$@" --connect-to "$to"
done

printf '# a comment\n\nlab.test\n  [mx1.lab.test] \na..b\nlab.test\n' >targets
"$mxscope" check "$@" --from targets --jobs 3 >out 2>err
status=$?
[ "$(wc -l <out)" -eq 4 ] || fail "$(wc -l <out) lines for 4 targets: $(cat err)"
[ -n "$(said)" ] && fail "it speaks on standard error without a terminal: $(said)"
"$shape" "$top/tests/cli/report.shape" <out || fail "a line differs from its contract"
grep -q '"target":"a..b".*"status":"UNKNOWN"' out || fail "a..b is not answered in its place"
[ $status -eq 3 ] || fail "status $status with an UNKNOWN among OK"
"$mxscope" check "$@" --from - <targets >again
[ "$(sed 's/.*"target":"\([^"]*\)".*/\1/' again | LC_ALL=C sort | tr '\n' ' ')" = \
    "[mx1.lab.test] a..b lab.test lab.test " ] || fail "--from -"
"$mxscope" check "$@" lab.test '[mx1.lab.test]' >out || fail "two targets: status $?"
[ "$(grep -c '^OK ' out)" -eq 2 ] || fail "two targets give no two reports"

"$mxscope" check "$@" --from targets -q >out 2>err
[ $? -eq 3 ] && [ "$(wc -l <out)" -eq 4 ] || fail "--from -q: status $?: $(cat err out)"
[ "$(grep -c '^OK ' out)" -eq 3 ] && grep -q '^UNKNOWN a..b: ' out || fail "--from -q: no headlines: $(cat out)"

# an interrupt: what was learned is still reported, and the status is 3
mkfifo answers
printf 'a..b\nlab.test\n' | "$mxscope" check "$@" --connect-to "mx1.lab.test:25:192.0.2.1:25" \
    --timeout 60 --from - >answers 2>err &
pid=$!
exec 3<answers
read -r first <&3
kill -INT $pid
wait $pid
[ $? -eq 3 ] || fail "interrupted: status"
grep -q '^mxscope: interrupted$' err || fail "interrupted: $(cat err)"
cat <&3 >rest
grep -q '"target":"lab.test"' rest || fail "interrupted: no report of the walk: $(cat rest)"
done_testing
