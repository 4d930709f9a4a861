#!/bin/bash
# tests/verify/valgrind_demo.sh - the demo and every example step by step under valgrind: no leak, no
# error. (Blocks "possibly lost" are left out: the thread-local storage of OpenMP's waiting threads.)
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
feller=${FELLER:-$root/build/release/feller}
if [ "${MODE:-release}" != release ]; then
    echo "skipped: verify/valgrind (built with MODE=$MODE)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
if ! command -v valgrind >/dev/null; then
    echo "skipped: verify/valgrind (valgrind is not installed)"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/examples" "$work/examples"
cd "$work"
passed=0 failed=0

# step NAME OPTION...: the command under valgrind ends with 0 (or with $code).
step() {
    local name=$1 status=0
    shift
    valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect --log-file=valgrind.txt "$feller" "$@" \
        >stdout.txt 2>stderr.txt || status=$?
    if [ $status -eq "${code:-0}" ]; then
        passed=$((passed + 1))
    else
        echo "FAILED: verify/valgrind: $name ended with $status"
        cat valgrind.txt stderr.txt
        failed=$((failed + 1))
    fi
}

step import data import examples/data/sample_panel.csv.gz -s out/demo-store
step import_minutes data import examples/data/sample_minute.csv.gz -s out/demo-store --symbol MINUTE
step info data info out/demo-store
step check data check out/demo-store
step resample data resample out/demo-store MINUTE 1h
step compact data compact out/demo-store
step export data export out/demo-store WILLOW -o willow.csv
step demo run examples/demo/study.yaml -q -o out/demo
step report report out/demo
step reproduce reproduce out/demo
for study in examples/*.yaml; do
    if grep -q 'shared/data/' "$study"; then
        continue
    fi
    step "$(basename "$study" .yaml)" run "$study" -q
done
step list list metrics
code=2 step bad_study check examples/data/sample_forecast.csv
code=2 step bad_csv data check examples/demo/study.yaml
code=2 step bad_store data info examples
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
