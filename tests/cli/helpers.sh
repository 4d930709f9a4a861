# tests/cli/helpers.sh - for the cases: sourced, not run.
# shellcheck shell=bash

# refuses WORD COMMAND...: the command ends with 2 (or $code), prints nothing on stdout and one line on
# stderr that holds WORD.
refuses() {
    local word=$1 want=${code:-2} got=0
    shift
    "$@" >out.txt 2>err.txt || got=$?
    if [ $got -ne "$want" ]; then echo "$*: exit code $got, not $want: $(cat err.txt)"; fi
    if [ -s out.txt ]; then echo "$*: printed $(head -n 3 out.txt)"; fi
    if [ "$(wc -l <err.txt)" -ne 1 ]; then echo "$*: $(wc -l <err.txt) lines: $(head -n 5 err.txt)"; fi
    if ! grep -qF -- "$word" err.txt; then echo "$*: no \"$word\" in: $(cat err.txt)"; fi
    rm -f out.txt err.txt
}

# bars FILE N: N daily bars of a wave, as canonical CSV.
bars() {
    awk -v n="$2" 'BEGIN {
        print "date,open,high,low,close,volume"
        before = 50
        for (i = 0; i < n; i++) {
            close_ = sprintf("%.2f", 50 + 0.013 * i + 7.3 * sin(i / 23.7) + 2.9 * sin(i / 5.31))
            high = (before > close_ ? before : close_) + 0.37
            low = (before < close_ ? before : close_) - 0.29
            printf "%s,%.2f,%.2f,%.2f,%.2f,%d\n", strftime("%Y-%m-%d", 1262563200 + 86400 * i, 1), \
                before, high, low, close_, 1000 + i % 97
            before = close_
        }
    }' >"$1"
}

# study FILE [LINE...]: a small study over wave.csv, with more lines after it.
study() {
    local file=$1
    shift
    cat >"$file" <<YAML
name: wave
data: [{symbol: WAVE, file: wave.csv, frequency: 1d}]
strategy: {kind: sma_cross, fast_bars: 5, slow_bars: 20}
costs: {fee_bps: 2.5}
YAML
    local line
    for line in "$@"; do
        echo "$line" >>"$file"
    done
}
