# A full disk: one line, exit code 2, nothing that looks whole. A limit on the size of files stands for
# the disk; /dev/full for the output.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
bars wave.csv 3000
study s.yaml
full() { (ulimit -f "$1"; trap '' XFSZ; shift; exec "$@"); }
refuses 'cannot write: File too large' full 8 feller run s.yaml -q
[ ! -e out ] || ls -A out
refuses 'store' full 8 feller data import wave.csv -s store
[ ! -e store/index.json ] || echo 'an index was left'
feller data import wave.csv -s good --symbol WAVE -q
refuses 'copy.csv' full 8 feller data export good WAVE -o copy.csv
[ ! -e copy.csv ] || echo 'a copy was left'
refuses 'cannot write: No space left on device' feller data export good WAVE -o /dev/full
feller data export good WAVE | head -n 1
code=0
feller list metrics >/dev/full 2>err.txt || code=$?
echo "$code: $(cat err.txt)"
feller list metrics | head -n 1 >/dev/null
