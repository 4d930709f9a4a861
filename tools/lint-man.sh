#!/bin/bash
# tools/lint-man.sh - mandoc has nothing to say about the manual page.
set -euo pipefail
cd "$(dirname "$0")/.."

[ ! -f docs/man/feller.1 ] || mandoc -T lint -W warning docs/man/feller.1
