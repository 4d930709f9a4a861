#!/bin/bash
# tests/examples/run.sh - every study in examples/, the example plug-in and a built-in as a plug-in, run
# by the command that was built; the headline of each report must be what expected/NAME.txt holds.
# Studies of data that is not shipped are checked where it is there: they train for minutes.
#
# What is compared is rounded as a reader sees it, not the order-list hash: another compiler or libm may
# give other last bits, and those no reader sees. UPDATE=1 writes the expected files anew.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
feller=${FELLER:-$root/build/release/feller}
plugins=${FELLER_OUT:-$root/build/release}/strategies

if [ ! -x "$feller" ]; then
    echo "tests/examples/run.sh: there is no $feller: build it first" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
passed=0 failed=0 skipped=0

pass() {
    passed=$((passed + 1))
}
fail() {
    echo "FAILED: examples/$1: $2"
    failed=$((failed + 1))
}

# The same of many paths: the report without commands and facts, which name this machine.
headline_of_paths() {
    sed -e '/^How to run it again/,$d' -e '/^  feller run/d' "$1/report.txt"
    local list
    for list in paths distributions fan; do
        echo "$list.csv: $(($(wc -l <"$1/$list.csv") - 1)) rows"
    done
}

# And of a calibration, with four digits of what was fitted.
headline_of_fit() {
    sed -e '2,/^note/{/^note/!d}' -e '/^How to run it again/,$d' -e '/^Search/d' "$1/report.txt" |
        awk '/ \+- / { printf "%s %.4g +- %.2g\n", $1, $2, $4; next } { print }'
    local list
    for list in quotes refused; do
        echo "$list.csv: $(($(wc -l <"$1/$list.csv") - 1)) rows"
    done
}

# And of a model: what was trained on what. Its numbers depend on the processor's matrix products.
headline_of_forecast() {
    sed -n '/^Model  /,/^Windows  /p' "$1/report.txt"
    cut -d, -f 1-11 "$1/forecast_windows.csv"
    local list
    for list in forecasts trials training; do
        echo "$list.csv: $(($(wc -l <"$1/$list.csv") - 1)) rows"
    done
}

# And of hedgers: the problem, what rules make of it with four digits, who was trained. What networks
# learned depends on the processor's matrix products.
headline_of_hedging() {
    sed -n '2,/^$/p' "$1/report.txt" | sed '/^warning/,$d'
    awk -F, '$2 == "rule" { print $1, $3, $5 }' "$1/hedgers.csv" |
        awk '{ printf "%s %s %.4g\n", $1, $2, $3 }'
    local list
    for list in hedgers comparisons training frontier; do
        if [ -f "$1/$list.csv" ]; then
            echo "$list.csv: $(($(wc -l <"$1/$list.csv") - 1)) rows"
        fi
    done
}

# headline RUN: the report down to the trades' first line, and how long the lists are.
headline() {
    if [ -f "$1/paths.csv" ]; then
        headline_of_paths "$1"
        return
    fi
    if [ -f "$1/hedgers.csv" ]; then
        headline_of_hedging "$1"
        return
    fi
    if [ -f "$1/forecasts.csv" ]; then
        headline_of_forecast "$1"
        return
    fi
    if [ -f "$1/quotes.csv" ]; then
        headline_of_fit "$1"
        return
    fi
    sed -n '1,/^Trades/p' "$1/report.txt"
    grep -m 1 -A 3 '^ *all  *long' "$1/report.txt" | tail -n 3
    local list
    for list in orders fills trades equity; do
        echo "$list.csv: $(($(wc -l <"$1/$list.csv") - 1)) rows"
    done
    if [ -f "$1/variants.csv" ]; then
        cut -d, -f 1-3 "$1/variants.csv"
    fi
    if [ -f "$1/windows.csv" ]; then
        sed 's/,[-0-9.e]*,\([0-9]*\),\([^,]*\)$/,\1,\2/' "$1/windows.csv"
    fi
}

# compare NAME RUN
compare() {
    headline "$2" >headline.txt
    if [ -n "${UPDATE:-}" ]; then
        cp headline.txt "$here/expected/$1.txt"
    fi
    if diff -u --label "$1 expected" --label "$1 actual" "$here/expected/$1.txt" headline.txt; then
        pass
    else
        fail "$1" "another result"
    fi
}

# run NAME STUDY [OPTION...]
run() {
    local name=$1 study=$2
    shift 2
    if "$feller" run "$study" -q -o "run/$name" "$@" 2>message.txt; then
        compare "$name" "run/$name"
    else
        fail "$name" "$(tail -n 1 message.txt)"
    fi
}

# check_only NAME STUDY
check_only() {
    if [ ! -d "$root/../shared/data" ]; then
        skipped=$((skipped + 1))
        echo "SKIPPED: examples/$1: ../shared/data is absent"
    elif "$feller" check "$2" >/dev/null 2>message.txt; then
        pass
    else
        fail "$1" "$(tail -n 1 message.txt)"
    fi
}

# The plug-in that docs/strategies.md shows, compiled as its reader would.
run_plugin() {
    "${CC:-cc}" -std=c17 -O2 -fPIC -shared -I"$root/include" "$root/examples/strategies/my_breakout.c" \
        -o my_breakout.so -lm
    cat >my_breakout.yaml <<YAML
name: my_breakout
data:
  - {symbol: ALDER, file: $root/examples/data/sample_panel.csv.gz, frequency: 1d}
  - {symbol: WILLOW, file: $root/examples/data/sample_panel.csv.gz, frequency: 1d}
strategy: {plugin: my_breakout.so, channel_bars: 55, stop_atrs: 4}
costs: {fee_bps: 5, slippage: {half_spread_bps: 1}}
YAML
    run my_breakout my_breakout.yaml
}

# run_with_plugin NAME STUDY: the study's plug-in, strategies/NAME.so, is compiled first.
run_with_plugin() {
    "${CC:-cc}" -std=c17 -O2 -fPIC -shared -I"$root/include" "$root/examples/strategies/$1.c" -o "$1.so" -lm
    run "$1" "$2" --set "strategy.plugin=$work/$1.so"
    local log="run/$1/order_events.csv"
    if grep -q 'order_events: true' "$2"; then
        # What each order's last line says is what its row says.
        if diff <(awk -F, 'NR > 1 { end[$1] = $4 "," $5 } END { for (i in end) print i "," end[i] }' "$log" | sort) \
            <(awk -F, 'NR > 1 { print $1 "," $18 "," $19 }' "run/$1/orders.csv" | sort) >/dev/null; then
            pass
        else
            fail "$1" "its order events do not end as its orders do"
        fi
    fi
}

# A built-in and the same file as a plug-in send the same orders, bit for bit.
run_builtin_as_plugin() {
    local hash
    sed -e "s|file: data|file: $root/examples/data|" \
        -e "s|kind: sma_cross|plugin: $plugins/strategy_sma_cross.so|" \
        "$root/examples/sma_cross.yaml" >as_plugin.yaml
    if ! "$feller" run as_plugin.yaml -q -o run/as_plugin 2>message.txt; then
        fail as_plugin "$(tail -n 1 message.txt)"
        return
    fi
    hash=$(grep '"order_hash"' run/as_plugin/manifest.json)
    if [ "$hash" = "$(grep '"order_hash"' run/sma_cross/manifest.json)" ]; then
        pass
    else
        fail as_plugin "its orders are not those of the built-in"
    fi
}

for study in "$root"/examples/*.yaml; do
    if grep -q 'shared/data/' "$study"; then
        check_only "$(basename "$study" .yaml)" "$study"
    elif grep -q 'plugin: strategies/' "$study"; then
        run_with_plugin "$(basename "$study" .yaml)" "$study"
    elif grep -q '^hedge:' "$study"; then
        # Shortened: as they are they train for minutes.
        run "$(basename "$study" .yaml)" "$study" --set policy.steps=20 --set policy.batch=256 \
            --set policy.validation_paths=1024 --set policy.validate_every=10 --set seeds=2 \
            --set test_paths=5000
    else
        run "$(basename "$study" .yaml)" "$study"
    fi
done
run_plugin
run_builtin_as_plugin
echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
