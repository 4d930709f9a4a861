# A strategy from `feller new` is compiled, run, swept; a plug-in of another ABI is refused.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 400
feller new strategy mine
refuses 'mine.c is there already' feller new strategy mine
"${CC:-cc}" -std=c17 -O2 -fPIC -shared -I"$ROOT/include" mine.c -o mine.so -lm
cat >s.yaml <<YAML
name: mine
data: [{symbol: WAVE, file: wave.csv}]
strategy: {plugin: mine.so, length_bars: 20}
YAML
feller run s.yaml -q
feller check s.yaml --set strategy.length_bars=30 -q
sed 's/length_bars: 20/length_bars: 1/' s.yaml >t.yaml
refuses 't.yaml:3:42: strategy.length_bars = 1 is not in [2, 100000]' feller run t.yaml
sed 's/FEL_PLUGIN_ABI 1u/FEL_PLUGIN_ABI 99u/' "$ROOT/include/feller/strategy.h" >strategy.h
mkdir -p other/feller
cp "$ROOT"/include/feller/*.h other/feller
cp strategy.h other/feller
"${CC:-cc}" -std=c17 -O2 -fPIC -shared -Iother mine.c -o mine.so -lm
refuses '99' feller run s.yaml
echo 'int x;' | "${CC:-cc}" -shared -fPIC -x c - -o mine.so
refuses 'mine.so' feller run s.yaml
echo junk >mine.so
refuses 'mine.so' feller run s.yaml
feller new study plan
head -n 1 plan.yaml
refuses 'YOUR_PRICES.csv' feller check plan.yaml
