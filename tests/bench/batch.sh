#!/bin/sh
# Many targets in one process: 500 mail servers at 500 loopback addresses, behind one resolver.
#   memory: all 500 sessions are held open until the last has connected, then end together
#   CPU: targets per CPU second against `xargs -P posttls-finger` on the same hosts (MX, addresses, TLS)
# Prints numbers, ratios and the budgets of the design; nothing fails by time.
#   usage: batch.sh BUILD [TARGETS]      BUILD has mxscope and tests/bench/measure
set -u
build=$(cd "${1:?build folder}" && pwd) n=${2:-500}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
tools # before the namespace, which has no network
own_namespace "$here/batch.sh" "$build" "$n"

# --- the world: unsigned names, so that no TLSA is asked for by either ---
host() { echo "h$1.bench.test"; }
address() { echo "127.1.$(($1 / 250)).$(($1 % 250 + 1))"; }
zone() {
    for i in $(seq "$n"); do
        echo "  local-data: \"$(host "$i") 600 IN A $(address "$i")\""
        echo "  local-data: \"d$i.bench.test 600 IN MX 10 $(host "$i")\""
    done
}
world() {
    ip link set lo up
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=bench.test \
        -keyout "$work/key" -out "$work/cert" 2>/dev/null || skip "no openssl"
    cat "$work/key" >>"$work/cert"
    { cat <<CONF
server:
  interface: 127.0.0.9
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "$work"
  pidfile: ""
  use-syslog: no
  logfile: "$work/unbound.log"
  local-zone: "." static
CONF
      zone
      printf 'remote-control:\n  control-enable: no\n'; } >"$work/unbound.conf"
    "$unbound" -d -c "$work/unbound.conf" & pids="$pids $!"
    use_resolver 127.0.0.9 trust-ad
    # an anchor for a zone that nobody asks for: everything else is insecure
    echo "other.invalid. IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D" \
        >"$work/anchor"
    for i in $(seq "$n"); do
        echo "[$(host "$i")]" >>"$work/hosts"
        echo "d$i.bench.test" >>"$work/domains"
    done
}
crowd=
serve() { # N: how many are waited for
    [ -z "$crowd" ] || { kill "$crowd"; wait "$crowd"; } 2>/dev/null
    python3 "$here/crowd.py" "$work/cert" "$1" >"$work/ready" & crowd=$! pids="$pids $!"
    wait_for grep -q ready "$work/ready" || skip "the SMTP servers do not start (Python 3.11?)"
}
batch() { # LIST JOBS [OPTIONS]
    echo "$build/mxscope check --from $work/$1 --jobs $2 ${3:-} --timeout 60" \
        "--trust-anchor $work/anchor --trust-store none --resolver 127.0.0.9"
}
xargs_finger() { # LIST
    printf 'xargs -P 8 -n 1 %s/usr/sbin/posttls-finger -c -l dane <%s' "$root" "$work/$1" >"$work/finger"
    echo "sh $work/finger"
}
per_second() { awk "BEGIN { printf \"%.0f\", $n / $1 * 1000 }"; }

world
serve "$n"
$(batch hosts "$n" "--offer any") >"$work/out"
good=$(grep -c '"reached":"quit"' "$work/out")
[ "$good" -eq "$n" ] || { head -c 2000 "$work/out"; echo "only $good of $n sessions came to their end"; exit 1; }
serve "$n"; m=$(measure 1 $(batch hosts "$n" "--offer any"))
serve "$n"; d=$(measure 1 $(batch domains "$n"))
serve 0
b=$(measure 3 $(batch hosts 8 "--offer any")) f=$(measure 3 $(xargs_finger hosts))
e=$(measure 3 $(batch domains 8 "--offer any")) g=$(measure 3 $(xargs_finger domains))
set -- $m $d $b $f $e $g
printf '%-44s %9s %9s %9s\n' "$n targets" 'wall ms' 'CPU ms' 'peak KiB' \
    'hosts, one offer, all in flight' "$1" "$2" "$3" 'domains, RSA and ECDSA, all in flight' "$5" "$6" "$7" \
    'hosts, one offer, 8 jobs' "$9" "${10}" "${11}" 'hosts, xargs -P 8 posttls-finger' "${13}" "${14}" "${15}" \
    'domains, one offer, 8 jobs' "${17}" "${18}" "${19}" 'domains, xargs -P 8 posttls-finger' "${21}" "${22}" "${23}"
echo "targets per CPU second: hosts $(per_second "${10}") against $(per_second "${14}")," \
    "ratio $(ratio "${14}" "${10}"); domains $(per_second "${18}") against $(per_second "${22}")," \
    "ratio $(ratio "${22}" "${18}") (budget: at least 5)"
peak=$3; over "$7" "$3" && peak=$7
echo "peak with $n in flight: $(ratio "$peak" 1024) MiB (budget: 64)"
