#!/bin/bash
# tests/verify/kill_import.sh - `feller data import` and `compact` killed with SIGKILL at random instants,
# for KILL_SECONDS (120): after each kill the store checks and holds the first chunks, whole, and the
# next import goes on from there.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
feller=${FELLER:-$root/build/release/feller}
seconds=${KILL_SECONDS:-120}
chunk_rows=500 n_chunks=40
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
RANDOM=71

# Minute bars from a fixed rule, whole.csv and chunks of it, each with the header.
awk -v n=$((chunk_rows * n_chunks)) 'BEGIN {
    print "ts,open,high,low,close,volume"
    for (i = 0; i < n; i++) {
        open = 100 + (i * 7919 % 1009) / 100; close_ = 100 + (i * 104729 % 1013) / 100
        high = (open > close_ ? open : close_) + 0.05; low = (open < close_ ? open : close_) - 0.03
        printf "%s,%.2f,%.2f,%.2f,%.2f,%d\n", strftime("%Y-%m-%dT%H:%M:%SZ", 1577923200 + 60 * i, 1), \
            open, high, low, close_, 1 + i % 997
    }
}' >source.csv
for ((k = 0; k < n_chunks; k++)); do
    sed -n "1p;$((2 + k * chunk_rows)),$((1 + (k + 1) * chunk_rows))p" source.csv >"chunk$k.csv"
done
"$feller" data import source.csv -s whole --symbol KILL -q
"$feller" data export whole KILL >whole.csv

# chunks_in: how many chunks the store has; says why and ends if it is not whole.
chunks_in() {
    local rows=0
    if [ -f store/index.json ]; then
        "$feller" data check store -q >check.txt || {
            cat check.txt >&2
            return 1
        }
        "$feller" data export store KILL >now.csv
        rows=$(($(wc -l <now.csv) - 1))
        if [ $((rows % chunk_rows)) -ne 0 ] || ! cmp -s now.csv <(head -n $((rows + 1)) whole.csv); then
            echo "the store has $rows rows that are not the first $rows" >&2
            return 1
        fi
    fi
    echo $((rows / chunk_rows))
}

# killed COMMAND...: start it, kill it within 60 ms if it has not ended by then.
killed() {
    local child status=0
    "$@" >/dev/null 2>message.txt &
    child=$!
    sleep "0.0$((RANDOM % 6))$((RANDOM % 10))"
    kill -KILL $child 2>/dev/null || true
    wait $child 2>/dev/null || status=$?
    if [ $status -eq 137 ]; then
        n_killed=$((n_killed + 1))
    elif [ $status -ne 0 ]; then
        cat message.txt >&2
        return 1
    fi
}

n_killed=0 n_tried=0 n_stores=0 failed=0 have=0
end=$((SECONDS + seconds))
while [ $SECONDS -lt $end ]; do
    before=$have
    if [ $((RANDOM % 6)) -eq 0 ] && [ -f store/index.json ]; then
        killed "$feller" data compact store || failed=1
    else
        killed "$feller" data import "chunk$have.csv" -s store --symbol KILL --ticks 100 -q || failed=1
    fi
    have=$(chunks_in) || failed=1
    n_tried=$((n_tried + 1))
    if [ $failed -ne 0 ] || [ "$have" -lt "$before" ] || [ "$have" -gt $((before + 1)) ]; then
        echo "try $n_tried: the store went from $before chunks to ${have:-a broken one}" >&2
        failed=1
        break
    fi
    if [ "$have" -eq $n_chunks ]; then
        rm -rf store
        have=0 n_stores=$((n_stores + 1))
    fi
done
echo "$n_killed of $n_tried writers killed, $n_stores stores of $n_chunks chunks filled"
[ $failed -ne 0 ] || [ $n_killed -gt 10 ] || failed=1
echo "$((1 - failed)) passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
