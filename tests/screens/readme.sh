#!/bin/sh
# The screens of README.md are what this program shows (make screens renews them).
. "${srcdir:-.}/tests/screens/lib.sh"
command -v python3 >/dev/null || { echo "no python3"; exit 77; }
"$top/tools/make-screens" "$build" --check || fail "see above"
# the newcomer's three commands are there, and the last one is a lesson
for words in 'git clone ' './bootstrap build' 'build/mxscope learn 1'; do
    grep -qF "    $words" "$top/README.md" || fail "README.md lacks: $words"
done
"$mxscope" learn 1 </dev/null >out 2>errors || fail "the first lesson: $(cat errors)"
grep -q '^Take home' out || fail "the first lesson has no end"
done_testing
