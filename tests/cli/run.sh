#!/bin/bash
# tests/cli/run.sh [NAME...] - run cases/NAME.sh each in an empty folder; what it prints and its exit
# code must be what NAME.stdout, NAME.stderr and NAME.exit hold (nothing, nothing, 0 where there is no
# file). `feller` is the command that was built, $ROOT the repository. UPDATE=1 writes the files anew.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
feller=${FELLER:-$root/build/release/feller}

if [ ! -x "$feller" ]; then
    echo "tests/cli/run.sh: there is no $feller: build it first" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$feller" "$work/bin/feller"
export ROOT=$root HERE=$here PATH="$work/bin:$PATH" LC_ALL=C TZ=UTC
passed=0 failed=0 skipped=0

# expect NAME KIND ACTUAL: compare with the kept file.
expect() {
    local kept="$here/cases/$1.$2"
    if [ -n "${UPDATE:-}" ]; then
        if [ -s "$3" ] && [ "$(cat "$3")" != 0 ]; then cp "$3" "$kept"; else rm -f "$kept"; fi
        return 0
    fi
    [ -f "$kept" ] || kept=$4
    diff -u --label "$1.$2 expected" --label "$1.$2 actual" "$kept" "$3"
}

run_case() {
    local name=$1 folder="$work/$1"
    mkdir "$folder"
    (cd "$folder" && bash -eu "$here/cases/$name.sh") >"$work/stdout" 2>"$work/stderr" </dev/null
    echo $? >"$work/exit"
    if [ "$(cat "$work/exit")" = 77 ]; then
        echo "skipped: cli/$name ($(tail -n 1 "$work/stderr"))"
        skipped=$((skipped + 1))
        return
    fi
    echo 0 >"$work/zero"
    local bad=0
    expect "$name" exit "$work/exit" "$work/zero" || bad=1
    expect "$name" stdout "$work/stdout" /dev/null || bad=1
    expect "$name" stderr "$work/stderr" /dev/null || bad=1
    if [ $bad -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "FAILED: cli/$name"; fi
    rm -rf "$folder"
}

if [ $# -gt 0 ]; then
    cases=("$@")
else
    mapfile -t cases < <(cd "$here/cases" && printf '%s\n' *.sh | sed 's/\.sh$//' | sort)
fi
for name in "${cases[@]}"; do
    run_case "$name"
done
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
