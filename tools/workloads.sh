#!/bin/sh
# tools/workloads.sh - make the bars of ../shared/workloads in build/workloads, once, where their
# generator and numpy are there (2 minutes); says so and does nothing where they are not.
set -eu
cd "$(dirname "$0")/.."
shared=${FELLER_SHARED:-../shared}
folder=build/workloads
if [ -r "$folder/daily_50.csv" ]; then
    exit 0
fi
if [ ! -r "$shared/workloads/gen.py" ]; then
    echo "workloads: $shared/workloads/gen.py is absent, nothing made" >&2
    exit 0
fi
if ! python3 -c 'import numpy' 2>/dev/null; then
    echo "workloads: python3 has no numpy (apt-get install python3-numpy), nothing made" >&2
    exit 0
fi
# Made beside and renamed: an interrupted run leaves nothing that looks whole.
mkdir -p build
part=$(mktemp -d build/workloads.XXXXXX)
trap 'rm -rf "$part"' EXIT
python3 "$shared/workloads/gen.py" "$part"
chmod 755 "$part"
rm -rf "$folder"
mv "$part" "$folder"
