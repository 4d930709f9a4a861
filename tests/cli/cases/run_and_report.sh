# A run prints its report and writes its folder; report prints the same again; reproduce agrees.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 400
study wave.yaml
feller run wave.yaml >printed.txt
ls out/wave
tail -n 1 printed.txt
feller report out/wave >again.txt
head -n -2 printed.txt | cmp - again.txt
feller reproduce out/wave
feller run wave.yaml --quiet -o other
cmp out/wave/report.json other/report.json
feller report other --json | cmp - other/report.json
feller run wave.yaml --json --no-html -o third | grep -c '"final_equity"\|"folder": "third"'
[ ! -e third/report.html ] || echo 'a page was written'
