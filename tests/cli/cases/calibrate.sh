# feller calibrate fits the sample chain, refuses its junk by reason, writes what it is asked for.
chain=$ROOT/examples/data/sample_chain.csv

# The parameters as far as a reader trusts them, and how far they are from those the chain was made with.
feller calibrate "$chain" --otm-only --spot 4137.5 --json >fit.json
python3 - <<'PY'
import json
fit = json.load(open("fit.json"))
made = {"v0": 0.0237, "kappa": 2.31, "theta": 0.0427, "xi": 0.713, "rho": -0.684}
for name, truth in made.items():
    p = fit["parameters"][name]
    print(f"{name} {p['value']:.3g}, within four standard errors of {truth}:",
          abs(p["value"] - truth) < 4 * p["standard_error"])
print("rmse in volatility points", round(fit["fit"]["rmse_vol_points"], 3), fit["fit"]["objective_unit"])
print("starts", fit["fit"]["starts"], "agreeing", fit["fit"]["agreeing"], "note:", fit["fit"]["note"])
for m in fit["maturities"]:
    print(f"{m['t_years']:.4f} {m['forward']:.2f} {m['discount']:.5f} {m['quotes']} {m['forward_is']}")
for r in fit["refused"]:
    print(r["reason"], r["quotes"], r["first"])
PY

# A folder has everything, a file the parameters as a study's data takes them.
feller calibrate "$chain" --otm-only -q -o fit
ls fit
head -n 2 fit/refused.csv
wc -l <fit/quotes.csv
sed -n 's/: [-0-9.].*//; /^ /p' fit/heston.yaml
feller calibrate "$chain" --otm-only --spot 4137.5 -q -o heston.json
python3 -c 'import json; print(*json.load(open("heston.json")))'

# The same, asked for in other words, is another fit.
feller calibrate "$chain" --moneyness 0.9:1.1 --maturity :1 --objective price --weight vega --starts 2 \
    --seed 7 --threads 1 --start 0.03,1,0.05,0.5,-0.5 | sed -n '/^Objective/p; /^Quotes/p; /excluded/p'

# What cannot be read or asked for is one line.
refuse() {
    local code=0
    feller calibrate "$@" || code=$?
    echo "exit code $code"
}
exec 2>&1
printf 'strike,expiry,type,bid,ask\n100,2024-06-21,C,x,2\n' >bad.csv
refuse bad.csv --quote-date 2024-03-15
refuse bad.csv --quote-date tomorrow
refuse bad.csv --map strik=K
refuse nowhere.csv
refuse "$chain" --objective vols
refuse "$chain" --moneyness 0.8
refuse "$chain" --start 0.1,0.2
refuse "$chain" --start 0.1,0.2,0.3,0.4,-1
refuse "$chain" --start 0.1,0.2,0.3,-1.5,0
refuse
: >empty.csv
refuse empty.csv
head -c 300 "$(command -v feller)" >binary.csv
refuse binary.csv
