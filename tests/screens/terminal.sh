#!/bin/sh
# What only a real terminal shows: the cells arrive, resize, suspend, endings, terminals that cannot.
. "${srcdir:-.}/tests/screens/lib.sh"
session=$top/tests/screens/sessions/clean.mxs

screen_has()
{
    t capture-pane -p | grep -qF -- "$1"
}

same_screen()
{
    t capture-pane -p | sed 's/ *$//' >shown
    cmp -s shown saved
}

printf '%s\n' ':wait done' 1 G ':save-screen saved' >script
t new-session -d -x 90 -y 28 "stty -g >before; sh -i" \; set -g status off >/dev/null
t send-keys "'$mxscope' replay '$session' --script script; echo status=\$?" Enter
soon test -s saved || fail "the script saved no screen: $(t capture-pane -p)"
soon same_screen || { fail "the terminal shows another screen than was painted"; diff shown saved; }
[ "$(t display -p '#{cursor_y}')" -ge 2 ] || fail "the cursor is not on the selection"

t set -g set-clipboard on
t send-keys y
soon screen_has "sent to the terminal's clipboard" || fail "y says nothing"
[ "$(t show-buffer)" = "walk done" ] || fail "OSC 52 brought: $(t show-buffer)"

t send-keys k
t resize-window -x 130 -y 40
soon screen_has "Q Quit" || fail "the bottom line after a resize"
t resize-window -x 30 -y 8
soon screen_has "Too small" || fail "a terminal that is too small says nothing"
t resize-window -x 90 -y 28
soon screen_has "Client and server" || fail "large again"

t send-keys C-z
soon screen_has "Stopped" || fail "^Z does not suspend"
t send-keys "clear; stty -g | cmp - before && echo modes are back" Enter
soon screen_has "modes are back" || fail "modes after ^Z: $(t capture-pane -p)"
t send-keys "fg; echo status=\$?" Enter
soon screen_has "Client and server" || fail "fg does not come back"

# ended NAME: the shell has the terminal again, its modes are those from before
ended()
{
    soon screen_has "status=$1" || fail "$2: no status $1: $(t capture-pane -p)"
    t send-keys "clear; stty -g | cmp - before && echo all is back" Enter
    soon screen_has "all is back" || fail "$2: modes: $(t capture-pane -p)"
    t send-keys "clear" Enter
}

t send-keys Q
ended 0 "Q"
rm -f saved
t send-keys "'$mxscope' replay '$session' --script script; echo status=\$?" Enter
soon test -s saved || fail "the second start"
t send-keys C-c
ended 0 "^C"

# begin NAME: the workbench again, its process id in ./pid
begin()
{
    rm -f saved pid
    t send-keys "sh -c 'echo \$\$ >pid; exec $mxscope replay $session --script script'; echo status=\$?" Enter
    soon test -s saved || fail "the start before $1"
}

# Signals from outside: the end of the session, of the line, and a crash.
for signal in TERM HUP; do
    begin SIG$signal
    kill -$signal "$(cat pid)"
    ended 0 SIG$signal
done

sanitized()
{
    grep -qa __asan_init "$mxscope"
}

if ! sanitized; then # its own handlers say more
    begin SIGSEGV
    kill -SEGV "$(cat pid)"
    ended 139 SIGSEGV
fi

# No more memory from here on; to write a long session needs some.
if ! sanitized && command -v prlimit >/dev/null; then
    awk '/"kind":"walk-end"/ {
             for (n = 0; n < 60000; n++)
                 printf "{\"seq\":%d,\"t\":%d,\"kind\":\"note\",\"summary\":\"filler\"}\n", n + NR - 1, 9000000 + n
             sub(/"seq":[0-9]*/, "\"seq\":" n + NR - 1)
         }
         { print }' "$session" >long.mxs
    short=$session session=$tmp/long.mxs
    begin "out of memory"
    prlimit --pid "$(cat pid)" --as=4096 --data=4096
    t send-keys ":write session copy" Enter
    soon screen_has "mxscope: out of memory" || fail "no word on memory: $(t capture-pane -p)"
    ended 3 "out of memory"
    session=$short
fi

t send-keys "TERM=dumb '$mxscope' replay '$session' --script script; echo status=\$?" Enter
soon screen_has "cannot show the workbench" || fail "TERM=dumb: $(t capture-pane -p)"
ended 3 "TERM=dumb"
t send-keys "TERM=no-such '$mxscope' replay '$session' --script script; echo status=\$?" Enter
soon screen_has "is not known here" || fail "an unknown TERM: $(t capture-pane -p)"
ended 3 "unknown TERM"
done_testing
