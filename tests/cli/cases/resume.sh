# A run is stopped, by an instant or by Ctrl-C, and goes on: every file of the two is the same.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
study=$ROOT/examples/sma_cross.yaml
feller run "$study" -q -o whole
same() {
    for file in equity orders trades fills positions; do
        cmp "whole/$file.csv" "$1/$file.csv" && echo "$1/$file.csv is the same"
    done
}
for day in 2018-06-01 2020-03-16T12:00:00Z; do
    feller run "$study" -q -o stopped --stop-at "$day" --snapshot place
    feller run "$study" -q -o "$day" --resume place
    same "$day"
done
awk -F, 'END { print "stopped on", $1 }' stopped/equity.csv
# Twice on the way.
feller run "$study" -q -o stopped --stop-at 2018-06-01 --snapshot first
feller run "$study" -q -o stopped --stop-at 2019-06-01 --resume first --snapshot second
feller run "$study" -q -o twice --resume second
same twice
refuses 'strategy is sma_cross' feller run "$study" --set 'strategy={kind: buy_and_hold}' --resume place
refuses 'parameters' feller run "$study" --set strategy.fast_bars=11 --resume place
refuses 'cash' feller run "$study" --set cash=5 --resume place
refuses 'single runs' feller run "$ROOT/examples/sweep.yaml" --snapshot place
refuses 'nowhere' feller run "$study" --resume nowhere
head -c 2000 place >short
refuses "cut" feller run "$study" --resume short
refuses 'stop-at' feller run "$study" --stop-at noon
ls -A
