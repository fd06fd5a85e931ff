#!/bin/sh
# The workbench on the lab: stepping, breakpoints, edits, stop and run again.
. "${srcdir:-.}/tests/screens/lib.sh"

cat >script <<'EOF'
:wait paused
:save-screen start
s
:wait paused
1
:save-screen step
S
:wait paused
:save-screen stage
:break starttls
c
:wait paused
:save-screen broken
:edit NOOP edited by hand
c
:wait paused
:break starttls
c
:wait done
:save-screen done
7 f
"edited" Enter
:save-screen edited
r
:wait paused
:save-screen again
x
:wait done
:save-screen stopped
EOF
echo :quit >>script
in_terminal 100x30 "'$mxscope' --lab --offer ecdsa --script script"
has start "The walk is paused before its first session"
has start " s Step  S Stage  c Continue  b Break"
has step "paused"
has step "lab.test MX"
has broken "starttls  paused"
has broken "e Edit"
lacks broken "ClientHello"
has done "quit  done  TLS1.3"
has done "r Run again"
lacks done "s Step"
has edited "NOOP edited by hand"
has again "paused"
lacks again "NOOP"
has stopped "done"

# A server that stays silent: the screen goes on living, the clock of the wait is shown.
cat >script <<'EOF'
:wait paused
c
:wait idle
1 7 0 ? q
:save-screen silent
x
:wait done
:save-screen over
EOF
echo :quit >>script
in_terminal 100x30 "'$mxscope' --lab=banner-silent --offer ecdsa --record kept.mxs --script script"
has silent "waiting for"
has silent "s of 300"
has over "done"
"$mxscope" replay kept.mxs </dev/null >out
grep -q 'stopped while waiting' out || fail "--record kept no session: $(cat out)"

done_testing
