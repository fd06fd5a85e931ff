#!/bin/sh
# The manual names every action of the workbench, with its words and its keys.
src=${srcdir:-.}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
bad=0
command -v groff >/dev/null || { echo "groff is not installed"; exit 77; }
groff -man -Tascii -P-c -P-b -P-u -P-o "$src/man/mxscope.1" |
    sed -n '/^WORKBENCH/,/^EXIT STATUS/p' | tr -s ' \n' ' ' >"$tmp/manual"
sed -n 's/^    { "\([a-z-]*\)", "[A-Z].*/\1/p' "$src/ui/actions.c" >"$tmp/actions"
[ "$(wc -l <"$tmp/actions")" -gt 40 ] || { echo "the action table was not found"; exit 1; }
while read -r action; do
    grep -q " $action " "$tmp/manual" || { echo "$action is not in mxscope.1"; bad=1; }
done <"$tmp/actions"
sed -n '/defaults\[\] = {/,/^};/p' "$src/ui/keymap.c" | grep -o '"[^"]*"' | tr -d '"' |
    grep -v ' view [0-9]' | sed 's/\\\\/\\/' >"$tmp/bindings"
[ "$(wc -l <"$tmp/bindings")" -gt 40 ] || { echo "the bindings were not found"; exit 1; }
while read -r key action rest; do
    grep -qF -- " $key" "$tmp/manual" || { echo "$key ($action) is not in mxscope.1"; bad=1; }
done <"$tmp/bindings"
exit $bad
