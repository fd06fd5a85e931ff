#!/bin/sh
# Each fault of the lab, walked for real: the finding that the fault names comes of it, and nothing
# critical where it names none.
. "${srcdir:-.}/tests/cli/lib.sh"
"$build/tests/cli/fault_list" >list || fail "a fault names a finding that is not in the catalog"

one()
{
    "$mxscope" check "--lab=$1" --json --timeout 3 --mail-from probe@sender.test \
        --rcpt-to postmaster@lab.test >"$1.json" 2>"$1.err" </dev/null
    status=$?
    case $2 in
        -) [ $status -le 1 ] || echo "$1: status $status: $(grep -o '"headline":"[^"]*' "$1.json")" ;;
        *) grep -q "\"findings\":.*\"id\":\"$2\"" "$1.json" ||
            echo "$1: no $2 among: $(grep -o '"findings":.*' "$1.json" | grep -o '"id":"[^"]*' | sort -u | tr '\n' ' ')$(cat "$1.err")" ;;
    esac
}

# AUTH is a matter of submission: another target than the lab's domain
grep -v '^client-cert-535 ' list >walks
half() { awk "NR % 2 == $1" walks | while read -r name finding; do one "$name" "$finding"; done; }
half 0 >bad.0 &
half 1 >bad.1
wait
cat bad.0 bad.1
[ -s bad.0 ] || [ -s bad.1 ] && fail "some faults are not found"
[ "$(cat ./*.json | wc -l)" = "$(wc -l <walks)" ] || fail "not every fault gave a report"
done_testing
