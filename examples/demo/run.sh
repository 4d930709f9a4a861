#!/bin/bash
# examples/demo/run.sh - what `make demo` runs: import the sample into a store, run a study on it, say
# which page to open. Everything it writes is under out/.
set -euo pipefail
cd "$(dirname "$0")/../.."

feller=${FELLER:-build/release/feller}
"$feller" data import examples/data/sample_panel.csv.gz -s out/demo-store --replace
"$feller" data import examples/data/sample_minute.csv.gz -s out/demo-store --symbol MINUTE --replace
"$feller" data info out/demo-store
"$feller" run examples/demo/study.yaml --quiet -o out/demo
echo
awk 'BEGIN { RS = ""; ORS = "\n\n" } NR <= 2' out/demo/report.txt
echo "the report: open out/demo/report.html in a browser"
