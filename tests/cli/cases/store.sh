# Import, look at, check, resample, export, compact; a study on the store is a study on the file.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 400
feller data import wave.csv -s store --symbol WAVE
feller data info store | awk '{ print $1, $2, $3, $4 }'
feller data info store --json | grep -c '"symbol": "WAVE"'
feller data check store
feller data export store WAVE -o copy.csv
feller data import copy.csv -s store2 --symbol WAVE -q
feller data export store WAVE | cmp - copy.csv
feller data resample store WAVE 1w
feller data resample store WAVE 2w
feller data info store | awk '{ print $1, $3 }'
feller data compact store
feller data check store
study a.yaml
study b.yaml
sed -i 's/file: wave.csv/store: store/' b.yaml
feller run a.yaml -q -o a
feller run b.yaml -q -o b
cmp a/equity.csv b/equity.csv
cmp a/orders.csv b/orders.csv
refuses 'WAVY' feller data export store WAVY
sed -i 's/WAVE/WAVY/' b.yaml
refuses "b.yaml:2:17: store: no series 'WAVY', did you mean 'WAVE'?" feller run b.yaml
sed -i 's/WAVY/WAVE/; s/frequency: 1d/frequency: 1h/' b.yaml
refuses 'WAVE has no bars of 1h, only of 1d, 1w' feller run b.yaml
refuses 'WAVE has no quotes, only bars' feller data export store WAVE --kind quotes
refuses 'later' feller data import wave.csv -s store --symbol WAVE
feller data import wave.csv -s store --symbol WAVE --replace -q
