#!/bin/bash
# bench/peers.sh - the benchmarks with every peer there; tools/setup.sh peers has installed them.
set -euo pipefail
cd "$(dirname "$0")/.."

/usr/bin/python3 -c 'import numpy, pandas, torch' || {
    echo "bench: python3-pandas or python3-torch is missing: run tools/setup.sh peers" >&2
    exit 1
}
exec bench/run.sh
