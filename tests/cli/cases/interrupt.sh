# Ctrl-C: the run ends, its folder is whole and says so, exit code 1.
. "$here/helpers.sh"
awk 'BEGIN { print "ts,open,high,low,close,volume"
    for (i = 0; i < 1200000; i++) { p = 100 + i % 37; printf "%s,%d,%d,%d,%d,5\n", \
        strftime("%Y-%m-%dT%H:%M:%SZ", 1262563200 + 60 * i, 1), p, p + 1, p - 1, p } }' >minutes.csv
feller data import minutes.csv -s store --symbol M -q
cat >s.yaml <<YAML
name: long
data: [{store: store, symbol: M}]
strategy: {kind: sma_cross, fast_bars: 2, slow_bars: 3}
self_check: true
sweep: {costs.fee_bps: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]}
YAML
feller run s.yaml -q --no-html --threads 1 2>err.txt &
run=$!
sleep 1.5
kill -INT $run
code=0
wait $run || code=$?
echo "exit code $code"
if [ -e out/long ]; then
    cat err.txt
    grep -c '"stopped": true' out/long/manifest.json
    feller report out/long | grep -c '^warning:.*interrupted'
    code=2 refuses 'was stopped before its end' feller reproduce out/long
else
    echo "no folder: $(cat err.txt)"
fi
ls -A out
