# Files of one symbol are parts of one series; days of an export are those of a study.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 90
feller data import wave.csv -s whole --symbol WAVE -q
feller data export whole WAVE -o whole.csv
{ head -n 1 wave.csv; sed -n 2,31p wave.csv; } >part1.csv
{ head -n 1 wave.csv; sed -n 32,91p wave.csv; } >part2.csv
feller data import part1.csv part2.csv -s store --symbol WAVE -q
feller data export store WAVE | cmp - whole.csv
feller data import part1.csv part2.csv -s store --symbol WAVE --replace -q
feller data export store WAVE | cmp - whole.csv
refuses 'new rows must be later' feller data import part2.csv part1.csv -s store2 --symbol WAVE -q
feller data export store WAVE --start 2010-02-01 --end 2010-02-03 | cut -d, -f1
feller data export store WAVE --start 2010-02-01T12:00:00Z --end 2010-02-03T00:00:00Z | cut -d, -f1
