#!/bin/sh
# Rooms stay small: no source over 600 lines, no function over 80, no line over 110 columns. Tables
# (names, options, findings) may be long: files listed in length.ok.
cd "${srcdir:-.}" || exit 99
bad=0
for f in src/*/*.[ch] ui/*.[ch]; do
    grep -qxF "$f" tests/lint/length.ok && continue
    n=$(wc -l <"$f")
    [ "$n" -le 600 ] || { echo "$f: $n lines"; bad=1; }
done
awk 'FNR == 1 { open = 0 } /^\{/ { open = FNR } /^\}/ { if (open && FNR - open > 80) { printf "%s:%d: function of %d lines\n", FILENAME, open, FNR - open; bad = 1 } open = 0 }
     length($0) > 110 { printf "%s:%d: %d columns\n", FILENAME, FNR, length($0); bad = 1 } END { exit bad }' src/*/*.[ch] ui/*.[ch] || bad=1
exit $bad
