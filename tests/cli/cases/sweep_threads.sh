# The same bytes for one thread and for two.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 900
study s.yaml 'sweep: {strategy.fast_bars: [3, 5, 8, 13], strategy.slow_bars: [8, 21, 34]}'
feller run s.yaml -q --threads 1 -o one
feller run s.yaml -q --threads 2 -o two
for file in variants.csv report.json equity.csv orders.csv; do
    cmp one/$file two/$file
done
wc -l <one/variants.csv | tr -d ' '
grep -c refused one/variants.csv
feller reproduce one --threads 2
