#!/bin/bash
# bench/cold_run.sh - `feller run` as a user starts it: a new process, the store in the page cache,
# daily equity, no HTML report. One row: the median wall time of seven runs.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${BENCH:-}" ] && [ "$BENCH" != run ]; then
    exit 0
fi
feller=$(realpath "${FELLER:-build/release/feller}")
csv=$(realpath "${FELLER_WORKLOADS:-build/workloads}")/minute_1m.csv
[ -r "$csv" ] || exit 0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$feller" data import "$csv" --symbol X --currency USD -s store >/dev/null
cat >study.yaml <<'YAML'
name: cold
data: [{symbol: X, store: store}]
cash: 1e6 USD
costs: {fee_bps: 10}
strategy: {kind: sma_cross, fast_bars: 10, slow_bars: 30, quantity: 100}
report: {write: equity}
YAML
for _ in 1 2 3 4 5 6 7 8; do
    start=$(date +%s%N)
    "$feller" run study.yaml --quiet -o out >/dev/null
    end=$(date +%s%N)
    echo $((end - start))
done >times.txt
tail -n 7 times.txt | sort -n >sorted
awk 'NR == 1 { low = $1 } { high = $1; t[NR] = $1 } END {
    m = t[4] / 1e9
    printf "{\"bench\": \"run\", \"case\": \"feller run minute_1m, process cold\", \"value\": %.4g, \"unit\": \"s\", \"peer\": null, \"peer_value\": null, \"ratio\": null, \"limit\": null, \"limit_share\": null, \"runs\": 7, \"spread\": %.3g}\n", m, (high - low) / t[4]
    printf "%-6s %-34s %10.4g %-12s  spread %.0f %%\n", "run", "feller run minute_1m, cold", m, "s", 100 * (high - low) / t[4] >"/dev/stderr"
}' sorted
