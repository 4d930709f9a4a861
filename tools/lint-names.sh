#!/bin/bash
# tools/lint-names.sh - no two C sources or headers have the same name.
set -euo pipefail
cd "$(dirname "$0")/.."

twice=$(tools/sources.sh '*.c' '*.h' | sed 's|.*/||' | sort | uniq -d)
for name in $twice; do
    echo "two files are called $name:" >&2
    tools/sources.sh '*.c' '*.h' | grep "/$name\$" >&2
done
[ -z "$twice" ]
