#!/bin/bash
# tools/sources.sh [PATTERN...] - the project's own files, one a line: what git knows or would add.
#
# Without git (a released archive) everything but what is built or installed.
set -euo pipefail
cd "$(dirname "$0")/.."

if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard -- "$@" | sort -u | while IFS= read -r file; do
        [ -f "$file" ] && echo "$file"
    done
else
    find . \( -name build -o -name out -o -name node_modules -o -name .git \) -prune -o -type f -print |
        sed 's|^\./||' | sort | while IFS= read -r file; do
        for pattern in "${@:-*}"; do
            # shellcheck disable=SC2053 # the pattern is meant as one
            [[ $file == $pattern ]] && echo "$file" && break
        done
    done
fi
