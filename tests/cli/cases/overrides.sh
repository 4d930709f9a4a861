# --set goes through the study's checks and changes the run.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 400
study wave.yaml
feller run wave.yaml -q --set costs.fee_bps=10 --set strategy.fast_bars=7 -o a
study same.yaml
sed -i 's/2.5/10/; s/fast_bars: 5/fast_bars: 7/' same.yaml
feller run same.yaml -q -o b
cmp a/orders.csv b/orders.csv
cmp a/equity.csv b/equity.csv
refuses '--set: costs.fee_bsp: unknown key; did you mean "fee_bps"?' feller run wave.yaml --set costs.fee_bsp=1
refuses '--set: strategy.fast_bars = 0 is not in [1, 100000]' feller check wave.yaml --set strategy.fast_bars=0
refuses '--set: "fee" is not key.path=value' feller check wave.yaml --set fee
