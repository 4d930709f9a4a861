#!/bin/bash
# tools/lint-symbols.sh [--write] LIBRARY LIST - the library exports what the list says, no more.
set -euo pipefail

write=0
if [ "$1" = --write ]; then
    write=1
    shift
fi
exported()
{
    nm -D --defined-only "$1" | awk '$2 ~ /[TDBRVW]/ && $3 !~ /^(_init|_fini|_edata|_end|__bss_start)$/ { print $3 }' |
        LC_ALL=C sort -u
}

if [ $write -eq 1 ]; then
    exported "$1" >"$2"
elif ! exported "$1" | diff -u "$2" - >&2; then
    echo "lint-symbols: $1 does not export what $2 lists; if that is meant: make symbols" >&2
    exit 1
fi
