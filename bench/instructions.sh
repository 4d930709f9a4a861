#!/bin/bash
# bench/instructions.sh - instructions a bar and an event of one engine run, counted by callgrind from the
# entry of fel_engine_run() to its end: what a machine without hardware counters can say exactly.
#
# A count of instructions is no time; it shows what a change costs. Valgrind's processor has no AVX-512:
# the row says which instruction set the C library could choose from.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${BENCH:-}" ] && [ "$BENCH" != instructions ]; then
    exit 0
fi
program=${FELLER_OUT:-build/release}/bench/bench_count
export FELLER_WORKLOADS=${FELLER_WORKLOADS:-build/workloads}
[ -r "$FELLER_WORKLOADS/minute_1m.csv" ] || exit 0
if ! command -v valgrind >/dev/null; then
    echo "bench: valgrind is not installed, no instructions counted" >&2
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# count NAME FILE ROWS: two rows, a bar and an event.
count() {
    local bars events fills cpu total
    valgrind -q --tool=callgrind --collect-atstart=no --toggle-collect=fel_engine_run \
        --callgrind-out-file="$folder/out" "$program" "$2" "$3" >"$folder/counts" 2>"$folder/log" || {
        cat "$folder/log" >&2
        return 1
    }
    read -r bars events fills cpu <"$folder/counts"
    total=$(awk '/^(totals|summary):/ { n = $2 } END { print n + 0 }' "$folder/out")
    awk -v name="$1" -v total="$total" -v bars="$bars" -v events="$events" -v fills="$fills" \
        -v cpu="$cpu" 'BEGIN {
        what[1] = "bar"; what[2] = "event"; article[1] = "a bar"; article[2] = "an event"
        n[1] = bars; n[2] = events
        for (i = 1; i <= 2; i++) {
            printf "{\"bench\": \"instructions\", \"case\": \"%s\", \"value\": %.4g, \"unit\": \"instructions/%s\", \"peer\": null, \"peer_value\": null, \"ratio\": null, \"limit\": null, \"limit_share\": null, \"runs\": 1, \"spread\": 0}\n", name, total / n[i], what[i]
            printf "%-6s %-34s %10.4g %-12s\n", "instr", name, total / n[i], article[i] >"/dev/stderr"
        }
        printf "       %d bars, %d events, %d fills, %d instructions; C library: %s (callgrind)\n", bars, events, fills, total, cpu >"/dev/stderr"
    }'
}

count "minute_1m, 100,000 bars" minute_1m.csv 100000
count "daily_50, all bars" daily_50.csv 0
