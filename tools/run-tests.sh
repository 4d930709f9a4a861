#!/bin/bash
# tools/run-tests.sh PROGRAM... - run test programs one after another, then add up their closing lines.
#
# Each prints "N passed, N failed, N skipped" at its end. One that is not there is left out; one that
# fails without a closing line counts as one failure. The last line is the sum of all.
set -euo pipefail

# Threads that wait give way: tests share their cores with whatever else runs.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0 failed=0 skipped=0

for program in "$@"; do
    if [ ! -x "$program" ]; then
        continue
    fi
    status=0
    "$program" 2>&1 | tee "$log" || status=$?
    line=$(grep -aE '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$log" | tail -n 1 || true)
    read -r p _ f _ s _ <<<"${line:-0 passed, 0 failed, 0 skipped}"
    if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
        echo "$program: ended with status $status" >&2
        f=1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
