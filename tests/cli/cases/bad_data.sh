# Files that are no data: one line, exit code 2, from check, import and run; no store is left behind.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
head='date,open,high,low,close,volume'
row='2020-01-02,1.5,2.5,1.25,2.25,10'
try() {
    study s.yaml
    sed -i "s/wave.csv/$2/" s.yaml
    refuses "$1" feller data check "$2"
    refuses "$1" feller data import "$2" -s store
    refuses "$1" feller run s.yaml
    [ ! -e store ] || [ -z "$(ls store 2>/dev/null)" ] || echo "$2: a store was left: $(ls store)"
    rm -rf store
}
try 'missing.csv' missing.csv
: >empty.csv
try 'empty.csv' empty.csv
head -c 5000 /dev/urandom >junk.csv
try 'junk.csv' junk.csv
printf '%s\n' "$head" "${row//,/#}" >delimiter.csv
try 'delimiter.csv' delimiter.csv
printf '%s\n"2020-01-02\n",1.5,2.5,1.25,2.25,10\n' "$head" >newline.csv
try 'newline.csv' newline.csv
{ echo "$head"; echo "$row"; printf '2020-01-03,'; head -c 1000000 /dev/zero | tr '\0' 7; echo ',2.5,1.25,2.25,10'; } >long.csv
try 'long.csv' long.csv
# The same as the first row, where the layout is still to be found.
long() { echo "$head"; printf '2020-01-03,'; head -c "$1" /dev/zero | tr '\0' 7; echo ',2.5,1.25,2.25,10'; }
long 1000000 >first.csv
try 'first.csv: row 2, column open, value "777' first.csv
long 3000000 >endless.csv
try 'endless.csv: row 2: is longer than 1048576 bytes' endless.csv
long 400000 | tr -d '\n' | sed 's/volume/&\n/; s/,7/,"7/' >unclosed.csv
try 'unclosed.csv: row 2: a quote is not closed' unclosed.csv
printf '%s\n' "$head" "$row" '2020-01-06,1,2,1,2,3' '2020-01-03,1,2,1,2,3' >order.csv
try 'order.csv' order.csv
printf '%s\n' "$head" "$row" '01/03/2020,1,2,1,2,3' >mixed.csv
try 'mixed.csv' mixed.csv
printf '%s\n' "$head" "$row" '2020-01-03,1,2,1,3,3' >bounds.csv
try 'bounds.csv' bounds.csv
printf '%s\n' "$head" "$row" '2020-01-03,1,nan,1,1,3' >nan.csv
try 'nan.csv' nan.csv
