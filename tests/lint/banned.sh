#!/bin/sh
# Calls that are never used (unbounded, locale- or state-dependent), and, in the engine, what belongs
# to cli/, report/ and the terminal alone.
cd "${srcdir:-.}" || exit 99
bad=0
files=$(ls src/*/*.[ch] ui/*.[ch])
# shellcheck disable=SC2086
grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strncpy|atoi|gets|strtok|gmtime|localtime|alloca|system|popen|strn?casecmp)[[:space:]]*\(' $files && bad=1
engine=$(ls src/*/*.c | grep -v '^src/cli/')
# shellcheck disable=SC2086
grep -nE '\b(printf|puts|putchar|exit|getenv|abort)[[:space:]]*\(' $engine | grep -vE 'src/base/base\.c' && bad=1
# shellcheck disable=SC2086
grep -nE '^[[:space:]]*//|[;{}][[:space:]]*//' $files && { echo "// comments"; bad=1; }
exit $bad
