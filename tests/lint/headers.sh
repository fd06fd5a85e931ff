#!/bin/sh
# Each header compiles alone. Run in the build folder.
src=${srcdir:-.}
bad=0
cc=${CC:-cc}
for h in "$src"/src/*/*.h "$src"/ui/*.h; do
    $cc -std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror -Wno-unused-function -I. -I"$src/src" -I"$src" -fsyntax-only -x c "$h" || { echo "does not compile alone: $h"; bad=1; }
done
exit $bad
