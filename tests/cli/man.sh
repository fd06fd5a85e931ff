#!/bin/sh
# The manual and the option table name the same options; the pages have no formatting errors.
src=${srcdir:-.}
bad=0
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
sed -n 's/^    { "\([a-z0-9-]*\)", \(0\|'"'.'"'\), .*/\1/p' "$src/src/cli/options.c" | sort >"$tmp/table"
[ "$(wc -l <"$tmp/table")" -gt 40 ] || { echo "the option table was not found"; exit 1; }
# the tags of the OPTIONS section
sed -n '/^\.SH OPTIONS/,/^\.SH EXIT/p' "$src/man/mxscope.1" |
    sed -n 's/^\.B[RI]* *\\-\\-\([a-z0-9\\-]*\).*/\1/p' | tr -d '\\' | sort -u >"$tmp/manual"
diff "$tmp/table" "$tmp/manual" || { echo "< option table, > mxscope.1"; bad=1; }
for letter in $(sed -n "s/^    { NULL, '\(.\)', .*/\1/p" "$src/src/cli/options.c"); do
    grep -q "^\.B \\\\-$letter\$" "$src/man/mxscope.1" || { echo "-$letter is not in mxscope.1"; bad=1; }
done
# every key of a product profile is explained
tr -d '\\' <"$src/man/mxscope-verifier.5" >"$tmp/verifier"
for key in $(sed -n 's/^\([a-z0-9-]*\) = .*/\1/p' "$src"/share/verifiers/*.ini | sort -u); do
    case $key in label-* | log-*) key=${key#*-} ;; esac
    case $key in error-*) key=error ;; reject-*) key=reject- ;; failed-*) key=failed- ;; temporary-* | permanent-*) key=${key%%-*} ;; esac
    grep -q "^\.\(B\|[BR]*\|TP\) .*\b$key\b" "$tmp/verifier" ||
        grep -q "^\.B[RI]* .*\(^\|[ ,]\)$key\([ ,]\|\$\)" "$tmp/verifier" ||
        { echo "$key is not in mxscope-verifier.5"; bad=1; }
done
if command -v groff >/dev/null; then
    for page in "$src"/man/*.[15]; do
        groff -man -Tutf8 -ww "$page" 2>"$tmp/groff" >/dev/null
        [ -s "$tmp/groff" ] && { cat "$tmp/groff"; bad=1; }
    done
fi
exit $bad
