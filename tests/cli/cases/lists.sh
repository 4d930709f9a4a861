# Lists name what there is; --json is JSON.
feller list strategies | grep -v '^ ' | cut -d: -f1
feller list costs | grep -v '^ ' | cut -d: -f1
feller list layouts | cut -d: -f1
feller list strategies sma_cross | head -n 3
feller list metrics sharpe_ratio
feller list losses gmadl
for list in strategies costs metrics losses layouts rules keys; do
    feller list $list --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)) > 5)'
done
feller version --json | python3 -c 'import json, sys; print(json.load(sys.stdin)["plugin_abi"])'
feller --version | head -n 1 | cut -d' ' -f1
