# --bad-rows quarantine keeps the rest, counts what it leaves out and says why.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 60
sed -i '30s/.*/2010-02-01,1,2,3,4,5/' wave.csv
refuses 'wave.csv' feller data import wave.csv -s store
feller data import wave.csv -s store --symbol WAVE --bad-rows quarantine | sed 's/(first:.*)/(first: ...)/'
wc -l <wave.csv.rejected.csv | tr -d ' '
study s.yaml
sed -i 's/frequency: 1d/frequency: 1d, bad_rows: quarantine/' s.yaml
feller run s.yaml | grep -c '^warning: wave.csv: 1 of 60 rows quarantined'
