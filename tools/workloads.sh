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
# The python3 on the path may not be the one that Debian's python3-numpy belongs to.
python=
for candidate in python3 /usr/bin/python3; do
    if [ -z "$python" ] && "$candidate" -c 'import numpy' 2>/dev/null; then
        python=$candidate
    fi
done
if [ -z "$python" ]; then
    echo "workloads: no python3 with numpy (apt-get install python3-numpy), nothing made" >&2
    exit 0
fi
# Made beside and renamed: an interrupted run leaves nothing that looks whole.
mkdir -p build
part=$(mktemp -d build/workloads.XXXXXX)
trap 'rm -rf "$part"' EXIT
"$python" "$shared/workloads/gen.py" "$part" >&2
chmod 755 "$part"
rm -rf "$folder"
mv "$part" "$folder"
