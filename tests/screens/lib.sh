# Shared by the tests of this folder: mxscope in a terminal of its own (tmux), and its screens.
top=$(cd "${srcdir:-.}" && pwd)
build=$(pwd)
mxscope=$build/mxscope
[ -x "$mxscope" ] || { echo "no mxscope here"; exit 99; }
command -v tmux >/dev/null || { echo "tmux is not installed"; exit 77; }
locale -a 2>/dev/null | grep -qi '^C\.utf-\?8$' || { echo "no locale C.UTF-8"; exit 77; }
tmp=$(mktemp -d) || exit 99
cd "$tmp" || exit 99
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$tmp/none TERM=screen-256color
export LC_ALL XDG_CONFIG_HOME TERM
unset NO_COLOR SSLKEYLOGFILE TMUX COLORFGBG
failures=0

# One socket a server: one that ends may still hold its own when the next one starts.
socket=$tmp/tmux
runs=0

t()
{
    tmux -S "$socket" -f /dev/null "$@"
}
trap 't kill-server 2>/dev/null; rm -rf "$tmp"' EXIT

fail()
{
    echo "FAIL: $*"
    failures=$((failures + 1))
}

done_testing()
{
    [ "$failures" -eq 0 ] || exit 1
    exit 0
}

# in_terminal COLSxROWS COMMAND: runs to its end in a terminal of that size; its status is in ./status
in_terminal()
{
    runs=$((runs + 1))
    socket=$tmp/tmux.$runs
    rm -f status
    # the server outlives its only session: else it may be gone before anybody waits for it
    t start-server \; set -s exit-empty off \; new-session -d -x "${1%x*}" -y "${1#*x}" \
        "$2 2>errors; echo \$? >status; tmux -S '$socket' wait-for -S ended" \; \
        set -g status off >/dev/null
    timeout 120 tmux -S "$socket" wait-for ended 2>/dev/null || [ -s status ] || fail "it does not end: $2"
    t kill-server 2>/dev/null
    [ "$(cat status 2>/dev/null)" = 0 ] || fail "$2: status $(cat status), $(cat errors)"
}

# has FILE TEXT / lacks FILE TEXT: of a saved screen
has()
{
    grep -qF -- "$2" "$1" || { fail "$1: no \"$2\""; cat "$1"; }
}

lacks()
{
    grep -qF -- "$2" "$1" && { fail "$1: has \"$2\""; cat "$1"; }
}

# soon COMMAND...: true within twenty seconds, asked again and again
soon()
{
    for i in $(seq 400); do
        "$@" && return 0
        sleep 0.05
    done
    return 1
}

# golden NAME FILE: compares with golden/NAME; GENERATE=1 writes it anew
golden()
{
    want=$top/tests/screens/golden/$1
    if [ -n "$GENERATE" ]; then
        mkdir -p "$(dirname "$want")" && cp "$2" "$want"
    elif ! cmp -s "$want" "$2"; then
        fail "$1 differs (GENERATE=1 $0 renews it)"
        diff -u "$want" "$2" | head -n 40
    fi
}
