# Shared by the tests of this folder: the binary, a private folder, and one way to fail.
top=$(cd "${srcdir:-.}" && pwd)
build=$(pwd)
mxscope=$build/mxscope
[ -x "$mxscope" ] || { echo "no mxscope here"; exit 99; }
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
failures=0
XDG_CONFIG_HOME=$tmp/none
export XDG_CONFIG_HOME
unset NO_COLOR SSLKEYLOGFILE

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# What was said on standard error (in the file err), without what ASan says of coroutines.
said()
{
    grep -v "ASan doesn't fully support makecontext" err
}

# refused TEXT WORDS...: one line "mxscope: TEXT" on standard error, nothing on the other, status 3
refused()
{
    want="mxscope: $1"
    shift
    "$mxscope" "$@" >out 2>err </dev/null
    status=$?
    [ $status -eq 3 ] || fail "$*: status $status"
    [ "$(said)" = "$want" ] || fail "$*: $(said)"
    [ -s out ] && fail "$*: it wrote to standard output"
}

done_testing()
{
    [ "$failures" -eq 0 ] || exit 1
    exit 0
}
