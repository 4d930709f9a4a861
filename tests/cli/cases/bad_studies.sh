# What is wrong with a study: one line with file, line, column, key; exit code 2; nothing written.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 400
study good.yaml
feller check good.yaml
refuses 'none.yaml: cannot open: No such file or directory' feller run none.yaml
: >empty.yaml
refuses 'empty.yaml: the file is empty' feller run empty.yaml
head -c 1000 /dev/urandom >junk.yaml
printf '\001' | cat - junk.yaml >junk1.yaml
refuses 'junk1.yaml: not a text file' feller run junk1.yaml
study s.yaml 'fiill: next_open'
refuses 's.yaml:5:1: fiill: unknown key; did you mean "fill"?' feller run s.yaml
study s.yaml 'cash: lots'
refuses 's.yaml:5:7: cash: "lots" is not an amount of money' feller run s.yaml
study s.yaml 'cash: 1e6 USD' 'currency: EUR'
refuses 's.yaml:6:11: currency: EUR contradicts cash, which is in USD' feller run s.yaml
study s.yaml 'start: 2031-01-01'
refuses 's.yaml:2:7: data: no bar, quote, trade or depth between' feller run s.yaml
sed 's/wave.csv/none.csv/' good.yaml >s.yaml
refuses 's.yaml:2:29: none.csv: cannot open' feller run s.yaml
refuses 'none.csv' feller check s.yaml
sed 's/sma_cross/sma_corss/' good.yaml >s.yaml
refuses 's.yaml:3:18: strategy.kind: ' feller run s.yaml
sed 's/slow_bars: 20/slow_bars: 3/' good.yaml >s.yaml
refuses 'fast_bars = 5 must be below slow_bars = 3' feller run s.yaml
echo 'mine' >precious
refuses 'precious is there and is no run folder' feller run good.yaml -o precious
ls
