#!/bin/bash
# tools/lint-headers.sh - every public header compiles alone, as C17 and as C++17, by gcc and clang.
set -euo pipefail
cd "$(dirname "$0")/.."

failed=0
for header in include/feller/*.h; do
    name=feller/$(basename "$header")
    for cc in gcc clang; do
        printf '#include <%s>\n' "$name" |
            $cc -std=c17 -Wall -Wextra -Wpedantic -Wconversion -Wstrict-prototypes -Werror -Iinclude \
                -fsyntax-only -x c - || failed=1
    done
    for cxx in g++ clang++; do
        printf '#include <%s>\n' "$name" |
            $cxx -std=c++17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c++ - || failed=1
    done
done
exit $failed
