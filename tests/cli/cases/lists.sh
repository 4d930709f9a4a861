# Lists name what there is; --json is JSON.
feller list strategies | grep -v '^ ' | cut -d: -f1
feller list costs | grep -v '^ ' | cut -d: -f1
feller list layouts | cut -d: -f1
feller list strategies sma_cross | head -n 3
feller list metrics sharpe_ratio
feller list losses gmadl
feller list risks cvar
feller list risks | grep -v '^ ' | cut -d: -f1
feller list models mlp
feller list optimizers | grep -v '^ ' | cut -d: -f1
feller list schedules cosine
feller list features bollinger
feller list indicators adxr
feller list indicators | grep -v '^ ' | cut -d: -f1
feller list targets | grep -v '^ ' | cut -d: -f1
feller list scales | grep -v '^ ' | cut -d: -f1
feller list processes gbm | head -n 3
feller list schemes qe_m
feller list payoffs | grep -v '^ ' | cut -d: -f1
feller list hedge_features black_scholes_delta
feller list hedge_features | grep -v '^ ' | cut -d: -f1
feller list hedge_rules whalley_wilmott
feller list hedge_rules | grep -v '^ ' | cut -d: -f1
for list in strategies costs metrics trip_metrics holding_metrics losses risks optimizers indicators layouts rules keys schemes payoffs hedge_features hedge_rules; do
    feller list $list --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)) > 5)'
done
feller version --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["plugin_abi"])'
feller --version | head -n 1 | cut -d' ' -f1
