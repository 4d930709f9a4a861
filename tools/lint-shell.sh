#!/bin/bash
# tools/lint-shell.sh - shellcheck on every shell script.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(tools/sources.sh '*.sh' '*.bash' .ci/run)
shellcheck --shell=bash "${files[@]}"
