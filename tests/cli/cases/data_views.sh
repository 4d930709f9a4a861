# Views of a store: adjusted, continuous, joined; and what is refused.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars() { # NAME DAY CLOSE...
    local name=$1 day=$2
    shift 2
    echo date,open,high,low,close,volume >"$name.csv"
    for close in "$@"; do
        echo "2024-01-0$day,$close,$close,$close,$close,10" >>"$name.csv"
        day=$((day + 1))
    done
    feller data import "$name.csv" -s store -q
}
bars ONE 1 100 104 51 50 46 48
printf 'ex_date,dividend,split\n2024-01-03,,2\n2024-01-05,5,\n' >actions.csv
feller data import actions.csv -s store --symbol ONE -q
feller data adjust store ONE
feller data adjust store ONE --to split --as-of 2024-01-03
feller data adjust store ONE --forward | tail -n 1
bars H 1 100 101 102 104
bars M 3 104 106 105 107
feller data continuous store F H=2024-01-05 M=2024-06-21 --before 1d --gap panama
feller data continuous store F H=2024-01-05 M=2024-06-21 --roll last_bar --gap ratio --forward -o view.csv && tail -n 1 view.csv
printf '20240101,h,N\n20240103,h,N\n20501231,m,N\n' >map.csv
feller data join store map.csv
refuses 'needs a store and a symbol' feller data adjust store
refuses 'MISSING' feller data adjust store MISSING
refuses 'contracts have expiries, in their order' feller data continuous store F H M
refuses 'is not like ESH4=2024-03-15' feller data continuous store F =2024-01-01
printf '2024-01-01,h,N\n' >map.csv
refuses 'row 1: "2024-01-01": is not like 20090804,wmi,N' feller data join store map.csv
