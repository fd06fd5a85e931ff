#!/bin/sh
# One `mxscope check` against one `posttls-finger -l dane`, on the same SMTP server (the lab's) and the
# same warm resolver (unbound before the lab's signed zones), in a namespace of its own. Prints
# medians (of CPU the least) and ratios; fails when a budget of the design is broken: CPU at most posttls-finger's, and
# `mxscope --help` within 15 ms.
#   usage: check.sh BUILD [RUNS]      BUILD has mxscope and tests/bench/measure
set -u
build=$(cd "${1:?build folder}" && pwd) runs=${2:-40}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tools # before the namespace, which has no network
own_namespace "$here/check.sh" "$build" "$runs"

# --- the world: loopback, the lab on real ports, a validating resolver ---
said() { sed -n "s/^  $1  *//p" "$work/lab"; }
world() {
    ip link set lo up
    "$build/mxscope" lab --real-ports >"$work/lab" 2>&1 & pids=$!
    wait_for grep -q '^  trust anchor' "$work/lab" || skip "the lab does not start: $(cat "$work/lab")"
    cat >"$work/unbound.conf" <<CONF
server:
  interface: 127.0.0.9
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "$work"
  pidfile: ""
  use-syslog: no
  logfile: "$work/unbound.log"
  do-not-query-localhost: no
  trust-anchor-file: "$(said 'trust anchor')"
  local-zone: "test." nodefault
remote-control:
  control-enable: no
forward-zone:
  name: "."
  forward-addr: $(said resolver | sed 's/:\([0-9]*\)$/@\1/')
CONF
    "$unbound" -d -c "$work/unbound.conf" & pids="$pids $!"
    use_resolver 127.0.0.9 trust-ad
}

mx=[mx1.lab.test]
mxscope() {
    echo "$build/mxscope check --offer any --trust-anchor $(said 'trust anchor')" \
        "--trust-store $(said 'CA file') --resolver 127.0.0.9 $mx"
}
finger() { echo "$root/usr/sbin/posttls-finger -c -l dane $mx"; }

world
wait_for sh -c "$(finger) 2>&1 | grep -q Verified" || { $(finger); skip "posttls-finger does not verify the lab"; }
$(mxscope) >"$work/report" || { cat "$work/report"; echo "mxscope check is not content"; exit 1; }

f=$(measure "$runs" $(finger)) m=$(measure "$runs" $(mxscope)) h=$(measure "$runs" "$build/mxscope" --help)
set -- $f $m $h
printf '%-28s %9s %9s %9s\n' '' 'wall ms' 'CPU ms' 'peak KiB' \
    'posttls-finger -l dane' "$1" "$2" "$3" 'mxscope check' "$5" "$6" "$7" \
    'ratio' "$(ratio "$5" "$1")" "$(ratio "$6" "$2")" "$(ratio "$7" "$3")" \
    'mxscope --help' "$9" "${10}" "${11}"
bad=0
if over "$6" "$2"; then echo "over the budget: CPU above posttls-finger's"; bad=1; fi
if over "$9" 15; then echo "over the budget: --help takes more than 15 ms"; bad=1; fi
exit $bad
