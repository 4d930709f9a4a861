#!/bin/bash
# tools/lint-format.sh - clang-format would change nothing. `--fix` changes it.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! clang-format --version | grep -q 'version 14\.'; then
    echo "lint-format: wants clang-format 14, this is $(clang-format --version)" >&2
    exit 1
fi
mapfile -t files < <(tools/sources.sh '*.c' '*.h')
if [ "${1:-}" = --fix ]; then
    clang-format -i "${files[@]}"
else
    clang-format --dry-run -Werror "${files[@]}"
fi
