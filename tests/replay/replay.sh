#!/bin/sh
# Each recorded session comes to the facts, verdicts and findings of its .expect file, line by line.
# GENERATE=1 writes those files anew: read the difference before it is committed.
src=${srcdir:-.}/tests/replay
bad=0
n=0
for session in "$src"/*.session; do
    expect=${session%.session}.expect
    got=$(tests/replay/replay_facts "$session") || { echo "$session: $got"; bad=1; }
    n=$((n + 1))
    if [ -n "$GENERATE" ]; then
        printf '%s\n' "$got" >"$expect"
    else
        printf '%s\n' "$got" | diff "$expect" - || { echo "$session differs from $expect"; bad=1; }
    fi
done
[ $n -ge 8 ] || { echo "only $n sessions"; bad=1; }
exit $bad
