#!/bin/sh
# The engine: only mxs_ symbols leave it, it has no mutable file-scope state, and it links without
# curses. Run in the build folder.
lib=libmxscope.a
[ -e "$lib" ] || { echo "no $lib here"; exit 99; }
bad=0
nm -g --defined-only "$lib" 2>/dev/null | awk 'NF == 3 && $3 !~ /^(mxs_|__asan|__ubsan|__sanitizer|\.)/ { print "not mxs_: " $3; bad = 1 } END { exit bad }' || bad=1
nm -u "$lib" 2>/dev/null | grep -wE 'initscr|newterm|endwin|wgetch' && { echo "the engine needs curses"; bad=1; }
if ! grep -q '^MXS_CFLAGS = .*fsanitize' Makefile; then
    size -A "$lib" | awk '/^[^ ]+\.o +\(ex|^[^ ]+\.o  *:/ { file = $1 } ($1 == ".data" || $1 == ".bss") && $2 > 0 && file != "base.o" { print file ": " $1 " " $2 " bytes of mutable state"; bad = 1 } END { exit bad }' || bad=1
fi
exit $bad
