#!/bin/sh
# build.sh - make the report's page: packages from npm by the lock file, one script by esbuild, one C file.
# Usage: reports/web/build.sh BUILD_FOLDER, from the root of the tree. Writes into that folder only; two at
# once wait for one another.
set -eu

build=$1
source=reports/web

fail() {
    echo "report page: $1" >&2
    exit 1
}

mkdir -p "$build"
exec 9>"$build/.lock"
flock 9

command -v node >/dev/null || fail "node is not installed (Debian: apt-get install nodejs npm)"
command -v npm >/dev/null || fail "npm is not installed (Debian: apt-get install npm)"

cd "$build"
build=$PWD
cd - >/dev/null

# Install again only when the lists of packages changed.
want=$(cat "$source/package.json" "$source/package-lock.json" | sha256sum)
have=$(cat "$build/node_modules/.feller" 2>/dev/null || true)
if [ "$want" != "$have" ]; then
    cp "$source/package.json" "$source/package-lock.json" "$build/"
    (cd "$build" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) >"$build/npm.log" 2>&1 ||
        fail "npm cannot install the chart library: is the npm registry within reach? $1/npm.log has the details"
    echo "$want" >"$build/node_modules/.feller"
fi

NODE_PATH="$build/node_modules" "$build/node_modules/.bin/esbuild" "$source/src/main.js" --bundle --minify \
    --format=iife --target=es2020 --charset=utf8 --legal-comments=none --log-level=warning \
    --outfile="$build/report.js" || fail "esbuild failed"
node "$source/pack.mjs" "$build" || fail "pack.mjs failed"
