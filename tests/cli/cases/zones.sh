# Days end where their zone says: the same daily bars, known at a midnight of UTC, at one of New York or
# Tokyo, or when New York closes, give the same report.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars all.csv 1000
# 2010-01-04, the first, was a Monday: weekdays only.
awk 'NR == 1 || (NR - 2) % 7 < 5' all.csv >wave.csv
for zone in UTC America/New_York Asia/Tokyo; do
    feller data import wave.csv -s "${zone##*/}" --symbol WAVE --zone $zone -q
done
feller data import wave.csv -s hours --symbol WAVE --zone America/New_York --session 09:30-16:00 -q
study s.yaml
for store in UTC New_York Tokyo hours; do
    feller data info $store | cut -c 1-75
    feller run s.yaml --set "data=[{symbol: WAVE, store: $store}]" -o out/$store -q
    # A night in which clocks change is an hour shorter or longer: days held are not compared.
    diff <(grep -v '^Average days held' out/UTC/report.txt) \
        <(grep -v '^Average days held' out/$store/report.txt)
    cut -d, -f2 out/$store/equity.csv | cmp - <(cut -d, -f2 out/UTC/equity.csv)
done
grep 'daily returns,' out/New_York/report.txt
feller report --json out/New_York | grep -o '"periods_per_year":[0-9.]*'
# An action is dated at the first instant of its day.
printf '%s\n' 'Date,Open,High,Low,Close,Adj Close,Volume,Dividends,Stock Splits' \
    2024-02-08,10,11,9,10,9.9,5,0,0 2024-02-09,10,11,9,10.5,10.5,5,0.1,0 >shares.csv
feller data info shares.csv | grep actions
