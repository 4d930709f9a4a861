#!/bin/bash
# tools/lint-spelling.sh - codespell on everything that people read. Words that it takes for slips are
# listed in tools/codespell-ignore.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t files < <(tools/sources.sh |
    grep -vE '(^LICENSE|^tests/fuzz/corpus_.*|^tools/codespell-ignore\.txt|package-lock\.json|\.(csv|json|zip|gz|zst|h5|png|golden))$')
codespell --ignore-words tools/codespell-ignore.txt "${files[@]}"
