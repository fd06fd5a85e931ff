#!/bin/sh
# One `mxscope check` against one `posttls-finger -l dane`, on the same SMTP server (the lab's) and the
# same warm resolver (unbound before the lab's signed zones), in a namespace of its own. Prints
# medians (of CPU the least) and ratios; fails when a budget of the design is broken: CPU at most posttls-finger's, and
# `mxscope --help` within 15 ms.
#   usage: check.sh BUILD [RUNS]      BUILD has mxscope and tests/bench/measure
set -u
build=$(cd "${1:?build folder}" && pwd) runs=${2:-40}
here=$(cd "$(dirname "$0")" && pwd)
skip() { echo "SKIP: $*"; exit 77; }

if [ "${MXS_BENCH_INSIDE:-}" != yes ]; then
    [ "$(id -u)" = 0 ] || skip "needs root for a network namespace"
    unshare -n -m true 2>/dev/null || skip "no network namespaces here"
    MXS_BENCH_INSIDE=yes exec unshare -n -m "$here/check.sh" "$build" "$runs"
fi

# --- tools that are not installed: unpacked below the build folder ---
root=$build/bench-root
fetch() { # PACKAGE FILE
    [ -e "$root$2" ] && return 0
    mkdir -p "$root" && (cd "$root" && apt-get download -qq "$1" >/dev/null 2>&1 && dpkg-deb -x "$1"_*.deb .) ||
        skip "cannot get the package $1"
}
tools() {
    fetch postfix /usr/sbin/posttls-finger
    unbound=$(command -v unbound) || { fetch unbound /usr/sbin/unbound; unbound=$root/usr/sbin/unbound; }
    mkdir -p "$root/etc-postfix"
    printf '%s\n' 'compatibility_level = 3.6' 'mail_owner = daemon' 'setgid_group = mail' \
        'default_privs = nobody' 'smtp_dns_support_level = dnssec' >"$root/etc-postfix/main.cf"
    LD_LIBRARY_PATH=$root/usr/lib/postfix:$root/usr/lib/x86_64-linux-gnu MAIL_CONFIG=$root/etc-postfix
    export LD_LIBRARY_PATH MAIL_CONFIG
}

# --- the world: loopback, the lab on real ports, a validating resolver ---
work=$(mktemp -d) pids=
leave() {
    for pid in $pids; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap leave EXIT
said() { sed -n "s/^  $1  *//p" "$work/lab"; }
wait_for() { for _ in $(seq 100); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; return 1; }
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
    printf 'nameserver 127.0.0.9\noptions trust-ad\n' >"$work/resolv.conf"
    mount --bind "$work/resolv.conf" /etc/resolv.conf
}

mx=[mx1.lab.test]
mxscope() {
    echo "$build/mxscope check --offer any --trust-anchor $(said 'trust anchor')" \
        "--trust-store $(said 'CA file') --resolver 127.0.0.9 $mx"
}
finger() { echo "$root/usr/sbin/posttls-finger -c -l dane $mx"; }
ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
over() { awk "BEGIN { exit !($1 > $2) }"; }

tools
world
wait_for sh -c "$(finger) 2>&1 | grep -q Verified" || { $(finger); skip "posttls-finger does not verify the lab"; }
$(mxscope) >"$work/report" || { cat "$work/report"; echo "mxscope check is not content"; exit 1; }

measure() { "$build/tests/bench/measure" "$@"; }
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
