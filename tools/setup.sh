#!/bin/bash
# tools/setup.sh GROUP... - install the Debian packages of these groups that are not there yet.
#
# Groups: build lint test peers browser. Says nothing and does nothing when all are there. Needs root
# or sudo only when something is missing.
set -euo pipefail

packages_of()
{
    case $1 in
    build)
        echo gcc g++ make pkg-config libgomp1 libgsl-dev libcunit1-dev libcsv-dev libhdf5-dev \
            libopenblas-dev liblapacke-dev libarchive-dev libicu-dev libyaml-dev libjansson-dev \
            libxxhash-dev libdeflate-dev librandom123-dev
        # Any node from version 18 on with its npm serves; Debian's packages only where there is none.
        if ! node_is_new_enough; then
            echo nodejs npm
        fi
        ;;
    lint) echo clang clang-format clang-tidy libomp-dev shellcheck codespell mandoc python3 binutils git ;;
    test) echo python3 python3-numpy gzip zip unzip zstd ;;
    peers) echo python3 python3-pandas python3-numpy python3-numba hdf5-tools libquantlib0-dev python3-torch libopenblas0-openmp ;;
    browser) echo chromium ;;
    *)
        echo "setup.sh: \"$1\" is not one of build lint test peers browser" >&2
        return 2
        ;;
    esac
}

node_is_new_enough()
{
    local version
    version=$(node --version 2>/dev/null) && npm --version >/dev/null 2>&1 || return 1
    version=${version#v}
    [ "${version%%.*}" -ge 18 ]
}

is_installed()
{
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

as_root()
{
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

main()
{
    local wanted="" missing=() group package
    for group in "${@:-build}"; do
        wanted+=" $(packages_of "$group")"
    done
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        echo "setup.sh: not a Debian system: install by hand what is missing of:$wanted" >&2
        return 0
    fi
    for package in $wanted; do
        is_installed "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        return 0
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        echo "setup.sh: run as root (there is no sudo): apt-get install ${missing[*]}" >&2
        return 1
    fi
    echo "setup.sh: installing ${missing[*]}"
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends "${missing[@]}"
}

main "$@"
