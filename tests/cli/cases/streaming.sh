# A store too large to be held in memory is read in chunks: the same orders and equity as from the file.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
awk 'BEGIN { print "ts,open,high,low,close,volume"
    for (i = 0; i < 720000; i++) { p = 100 + i % 37 + int(i / 20011) % 5; printf "%s,%d,%d,%d,%d,5\n", \
        strftime("%Y-%m-%dT%H:%M:%SZ", 1262563200 + 60 * i, 1), p, p + 1, p - 1, p } }' >minutes.csv
feller data import minutes.csv -s store -q
cat >s.yaml <<YAML
name: stored
data: [{store: store}]
strategy: {kind: sma_cross, fast_bars: 30, slow_bars: 400, quantity: 10}
costs: {fee_bps: 1.5}
start: 2010-02-03
end: 2011-03-04
YAML
feller run s.yaml -q -o stored
feller run s.yaml -q -o quick --set report.write=equity
sed -i 's/store: store/file: minutes.csv/' s.yaml
feller run s.yaml -q -o read --no-html
cmp stored/equity.csv read/equity.csv
cmp stored/orders.csv read/orders.csv
cut -d, -f1-7 read/equity.csv | cmp - quick/equity.csv
feller reproduce stored
feller reproduce quick
ls quick
python3 - <<'PY'
import json
daily, minutes = (json.load(open(f"{name}/report.json")) for name in ("stored", "read"))
price = daily["prices"][0]
print(price["time"][0], price["time"][-1], len(price["time"]))
print(minutes["prices"] == [], daily["headline"] == minutes["headline"])
PY
