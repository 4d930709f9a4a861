# Quotes: buy and hold pays the ask of the quote after the first; a rule for bars does nothing and the
# report says so; quotes are no bars to resample.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
cat >ticks.csv <<'CSV'
ts,bid,ask
2020-01-02T09:00:00Z,1.1000,1.1002
2020-01-02T09:00:01Z,1.1001,1.1004
2020-01-02T09:00:02Z,1.1010,1.1012
2020-01-03T09:00:00Z,1.1020,1.1022
CSV
feller data import ticks.csv -s store --symbol EURUSD --kind fx
cat >q.yaml <<'YAML'
name: q
data: [{symbol: EURUSD, store: store}]
strategy: {kind: buy_and_hold, quantity: 1000}
YAML
feller run q.yaml -q
cut -d, -f2,5,6,7 out/q/fills.csv
tail -n 1 out/q/equity.csv | cut -d, -f1,2,9
feller run q.yaml --set strategy='{kind: sma_cross}' | grep '^warning'
refuses 'EURUSD has no bars, only quotes' feller data resample store EURUSD 1m
