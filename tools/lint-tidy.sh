#!/bin/bash
# tools/lint-tidy.sh FILE -- FLAGS... - clang-tidy on one file, quiet unless there is something to say.
set -euo pipefail

if ! said=$(clang-tidy --quiet "$@" 2>&1); then
    echo "$said" | grep -vE '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' >&2
    exit 1
fi
