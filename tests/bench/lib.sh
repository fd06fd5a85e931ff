# What the benchmarks share: a namespace of their own, tools that are not installed, numbers. Sourced with
# $build, $here and the script's arguments set.
skip() { echo "SKIP: $*"; exit 77; }

own_namespace() { # SCRIPT ARGS
    [ "${MXS_BENCH_INSIDE:-}" = yes ] && return 0
    [ "$(id -u)" = 0 ] || skip "needs root for a network namespace"
    unshare -n -m true 2>/dev/null || skip "no network namespaces here"
    MXS_BENCH_INSIDE=yes exec unshare -n -m "$@"
}

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

work=$(mktemp -d) pids=
leave() {
    for pid in $pids; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
    rm -rf "$work"
}
trap leave EXIT
wait_for() { for _ in $(seq 100); do "$@" >/dev/null 2>&1 && return 0; sleep 0.1; done; return 1; }
use_resolver() { # ADDRESS OPTIONS
    printf 'nameserver %s\noptions %s\n' "$1" "$2" >"$work/resolv.conf"
    mount --bind "$work/resolv.conf" /etc/resolv.conf
}

ratio() { awk "BEGIN { printf \"%.2f\", $1 / $2 }"; }
over() { awk "BEGIN { exit !($1 > $2) }"; }
measure() { "$build/tests/bench/measure" "$@"; } # RUNS COMMAND: wall ms, CPU ms, peak KiB, status
