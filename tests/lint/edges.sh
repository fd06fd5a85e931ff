#!/bin/sh
# Every #include "floor/..." must be an edge of edges.tbl; curses stays in ui/term.c; each header
# compiles alone is checked by headers.sh.
cd "${srcdir:-.}" || exit 99
bad=0
floor_of() { case $1 in ui/*) echo ui ;; *) echo "$1" | cut -d/ -f2 ;; esac; }
for f in src/*/*.c src/*/*.h ui/*.c ui/*.h; do
    [ -e "$f" ] || continue
    from=$(floor_of "$f")
    allowed=" $from $(sed -n "s/^$from[[:space:]]*//p" tests/lint/edges.tbl) "
    for to in $(sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([a-z]*\)\/.*/\1/p' "$f" | sort -u); do
        case $allowed in *" $to "*) ;; *) echo "$f: $from may not include $to/"; bad=1 ;; esac
    done
done
grep -nE '#[[:space:]]*include[[:space:]]*[<"](n?cursesw?/)?(n?curses|panel|form|menu)\.h' src/*/*.[ch] ui/*.[ch] |
    grep -v '^ui/term\.c:' && { echo "curses outside ui/term.c"; bad=1; }
grep -nE '#[[:space:]]*include[[:space:]]*<openssl/' src/*/*.[ch] ui/*.[ch] && { echo "OpenSSL headers"; bad=1; }
exit $bad
