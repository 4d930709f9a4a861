# Options from flags and from a file: prices, greeks, volatilities; and what is refused.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
# Lewis's 30-digit value is 16.0701549170288...
feller price heston --spot 100 --rate-per-year 0.01 --dividend-per-year 0.02 --v0 0.04 --kappa 4 \
    --theta 0.25 --xi 1 --rho -0.5 --strike 100 --t-years 1 --method adaptive | sed 's/\(\.[0-9]\{9\}\).*/\1/'
# Haug's call with a yield (5.0975), its greeks, early exercise (5.2704), and its volatility back.
feller price gbm --spot 42 --strike 40 --t-years 0.75 --rate-per-year 0.04 --dividend-per-year 0.08 \
    --vol-per-year 0.35 --greeks | sed 's/\(\.[0-9]\{6\}\).*/\1/'
feller price gbm --spot 42 --strike 40 --t-years 0.75 --rate-per-year 0.04 --dividend-per-year 0.08 \
    --vol-per-year 0.35 --american bjerksund_stensland | sed 's/\(\.[0-9]\{4\}\).*/\1/'
feller price gbm --spot 42 --strike 40 --t-years 0.75 --rate-per-year 0.04 --dividend-per-year 0.08 \
    --implied-vol=5.0975 --json | sed 's/\(0\.3[0-9]\{3\}\).*/\1/'
# A file: columns that mean nothing here pass through, quoted where they must be.
cat >options.csv <<'CSV'
id,strike,expiry,right,v0
a,90,2026-12-18,put,0.05
"b, or ""c""",100,2026-12-18,C,0.05
d,110,2027-12-17,call,0.04
CSV
feller price bates options.csv --date 2026-06-18 --rate-per-year 0.03 -o priced.csv -q
sed 's/\(\.[0-9]\{5\}\)[0-9]*/\1/g' priced.csv
# The same one by one, and back to volatilities.
feller price bates --date 2026-06-18 --expiry 2026-12-18 --rate-per-year 0.03 --strike 90 --right put --v0 0.05 |
    sed 's/\(\.[0-9]\{5\}\)[0-9]*/\1/g'
awk -F, 'NR == 1 { print "strike,expiry,right,price" } NR > 1 { print $(NF - 5) "," $(NF - 4) "," $(NF - 3) "," $(NF - 1) }' \
    priced.csv >quotes.csv
feller price gbm quotes.csv --implied-vol --date 2026-06-18 --rate-per-year 0.03 |
    sed 's/\(\.[0-9]\{5\}\)[0-9]*/\1/g' | cut -d, -f1,5

# Without volatility only the forward moves: an implied volatility of 0, where the price is its floor or nothing.
printf 'strike\n90\n100\n110\n' >still.csv
feller price gbm still.csv --t-years 0.7 --vol-per-year 0
feller price gbm still.csv --t-years 0.7 --vol-per-year 0 --rate-per-year 0.05 --right put | cut -d, -f1,3

refuses 'needs a process: gbm, merton, heston or bates' feller price
refuses 'no process "hestn"; did you mean "heston"?' feller price hestn --strike 100 --t-years 1
refuses 'needs --strike and --t-years' feller price heston --strike 100
refuses '--rho = 2 is not in [-1, 1]' feller price heston --rho 2 --strike 100 --t-years 1
refuses 'gbm has no --kappa' feller price gbm --kappa 2 --strike 100 --t-years 1
refuses '--american is for gbm' feller price heston --american bjerksund_stensland --strike 1 --t-years 1
refuses 'an expiry needs --date' feller price gbm --strike 100 --expiry 2026-12-18
refuses 'is before the date' feller price gbm --strike 100 --expiry 2026-12-18 --date 2027-01-01
refuses '--implied-vol needs a price' feller price gbm --implied-vol --strike 100 --t-years 1
refuses 'no volatility gives it; it must be from 0 to below 100' feller price gbm --implied-vol=101 --strike 100 --t-years 1
refuses 'none.csv: cannot open' feller price gbm none.csv
printf 'strike,t_years\n90,1\nabc,2\n' >bad.csv
refuses 'bad.csv: row 3, column strike: strike = "abc" is not a finite number' feller price heston bad.csv
printf 'strike,t_years,right\n90,1,call\n95,1,straddle\n' >bad.csv
refuses 'bad.csv: row 3, column right: "straddle" is not one of call, put, c, p' feller price heston bad.csv
printf 'strike,t_years\n90,1\n95\n' >bad.csv
refuses 'bad.csv: row 3: 1 fields, the header has 2' feller price heston bad.csv
printf 'strike,days\n90,1\n' >bad.csv
refuses 'no column t_years or expiry' feller price heston bad.csv
printf 'strike,t_years\n' >bad.csv
refuses 'a header and at least one option' feller price heston bad.csv
printf 'strike,t_years,price\n90,1,2\n90,1,99\n' >bad.csv
refuses 'bad.csv: row 3: price 99' feller price gbm bad.csv --implied-vol --right put
# The flag's value may be left out at the end, too, and the word after it is none.
refuses 'bad.csv: row 3: price 99' feller price gbm bad.csv --right put --implied-vol
refuses 'no flag --greks; did you mean --greeks?' feller price gbm bad.csv --implied-vol --greks
printf 'strike,t_years,strike\n90,1,95\n' >bad.csv
refuses 'columns 1 and 3 are both called strike' feller price heston bad.csv
printf 'strike,t_years,model_price\n90,1,95\n' >bad.csv
refuses 'there is a column model_price already' feller price heston bad.csv
printf 'strike,t_years\n9"0,1\n' >bad.csv
refuses 'bad.csv: row 2: a quote within a field' feller price heston bad.csv
