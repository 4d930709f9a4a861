#!/bin/bash
# bench/run.sh - all benchmarks, or the one that BENCH names: JSON lines on stdout, a table on stderr.
#
# Peers that are not installed are left out and said so; bench/peers.sh runs the same with them.
set -euo pipefail
cd "$(dirname "$0")/.."

out=${FELLER_OUT:-build/release}
export BENCH=${BENCH:-}
export FELLER=${FELLER:-$out/feller}
export FELLER_WORKLOADS=${FELLER_WORKLOADS:-build/workloads}
if [ ! -r "$FELLER_WORKLOADS/minute_1m.csv" ]; then
    tools/workloads.sh >&2 || true
fi
for program in "$out"/bench/bench_*; do
    if [ -x "$program" ] && [ ! -d "$program" ] && [ "${program%.o}" = "$program" ] &&
        [ "${program%.d}" = "$program" ]; then
        "$program"
    fi
done
bench/cold_run.sh
bench/instructions.sh
