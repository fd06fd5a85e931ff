#!/bin/sh
# What an operator meets who mistypes: one line on standard error that names the thing, exit status 3.
. "${srcdir:-.}/tests/cli/lib.sh"

refused "unknown or ambiguous option '--foo' (see mxscope --help)" --foo
refused "--resolver needs an argument" --resolver
refused "--tls: 'x' is not starttls|implicit|none" --tls x example.org
refused "no target (try mxscope --help)"
refused "/nonexistent: No such file or directory" --config /nonexistent x
printf 'json = yes\nbogus = 1\n' >conf
refused "conf:2: unknown name 'bogus'" --config conf x
XDG_CONFIG_HOME=$PWD/xdg
export XDG_CONFIG_HOME
mkdir -p xdg/mxscope
printf '\ntimeout = soon\n' >xdg/mxscope/config
refused "$PWD/xdg/mxscope/config:2: --timeout: 'soon' is not a number from 1 to 86400" x
unset XDG_CONFIG_HOME

# help and version: to standard output, status 0, also with a broken config file
"$mxscope" --help >out || fail "--help exits with $?"
grep -q '^Usage: mxscope ' out || fail "--help has no usage line"
[ "$(awk 'length > 80' out)" = "" ] || fail "--help is wider than 80 columns"
[ "$("$mxscope" --version)" = "mxscope 0.1.0" ] || fail "--version"
"$mxscope" --config /nonexistent --help >/dev/null || fail "--help needs no config"

# a standard output that cannot be written is an error, a closed pipe a silent one
if [ -e /dev/full ]; then
    "$mxscope" --version >/dev/full 2>err
    [ $? -eq 3 ] || fail "/dev/full: status"
    grep -q '^mxscope: standard output: ' err || fail "/dev/full: $(cat err)"
fi
"$mxscope" --version >&- 2>err
[ $? -eq 3 ] || fail "closed standard output: status"
done_testing
