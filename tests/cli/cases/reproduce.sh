# A changed input and a changed folder are found.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 400
study s.yaml
feller run s.yaml -q
mkdir elsewhere
(cd elsewhere && feller reproduce ../out/wave)
sed -i '100s/,1[0-9]*$/,7/' wave.csv
refuses 'wave.csv has changed' feller reproduce out/wave
# A calibration, whose report names the chain's path.
cp "$ROOT/examples/data/sample_chain.csv" chain.csv
printf 'name: fit\ncalibrate: {chain: chain.csv, otm_only: true}\n' >fit.yaml
feller run fit.yaml -q
(cd elsewhere && feller reproduce ../out/fit)
sed -i '100s/,1[0-9]*$/,7/' chain.csv
echo >>chain.csv
refuses 'chain.csv has changed' feller reproduce out/fit
# A store may grow and be compacted; rows that were read may not change.
bars wave.csv 400
bars more.csv 500
sed -i '2,401d' more.csv
feller data import wave.csv -s store --symbol WAVE -q
study b.yaml 'end: 2011-01-31'
sed -i 's/name: wave/name: stored/; s/file: wave.csv/store: store/' b.yaml
feller run b.yaml -q
feller data import more.csv -s store --symbol WAVE -q
feller data compact store
feller reproduce out/stored
sed -i '100s/,1[0-9]*$/,7/' wave.csv
feller data import wave.csv -s store --symbol WAVE -q --replace
refuses 'store: WAVE bars has changed' feller reproduce out/stored
