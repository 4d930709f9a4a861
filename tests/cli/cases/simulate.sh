# feller simulate: files of paths, the same for any number of threads and any split; errors in one line.
# shellcheck source=/dev/null
. "$HERE/helpers.sh"
feller simulate heston --paths 700 --dates 12 --seed 2385 -o paths.h5 --threads 1
feller simulate heston --paths 700 --dates 12 --seed 2385 -o again.h5 --threads 3 -q
cmp paths.h5 again.h5
feller simulate bates --xi 0.3 --paths 4 --dates 2 --values spot,variance,realised -o all.csv
feller simulate bates --xi 0.3 --paths 2 --first-path 2 --dates 2 --values spot,variance,realised \
    -o part.csv -q
head -n 1 all.csv
tail -n 6 all.csv | cmp - <(tail -n 6 part.csv)
feller simulate gbm --vol-per-year 0 --rate-per-year 0.05 --years 2 --dates 2 --paths 1 -o sure.csv -q
cat sure.csv
feller simulate gbm --paths 3 --dates 1 --float -o float.csv -q
awk -F, 'NR > 1 && length($4) > 12 { print "more digits than a float has: " $4 }' float.csv
# What is wrong is said in one line, and nothing is left.
refuses 'needs a process' feller simulate -o x.csv
refuses 'needs a file' feller simulate heston
refuses 'did you mean "heston"' feller simulate hestn -o x.csv
refuses 'heston has no --vol-per-year' feller simulate heston --vol-per-year 0.2 -o x.csv
refuses '--rho = 1.5 is not in [-1, 1]' feller simulate heston --rho 1.5 -o x.csv
refuses '--v0 = -0.1' feller simulate heston --v0 -0.1 -o x.csv
refuses '--kappa' feller simulate heston --kappa nan -o x.csv
refuses '--dates = 0' feller simulate heston --dates 0 -o x.csv
refuses 'did you mean "qe' feller simulate heston --scheme qe_n -o x.csv
refuses 'no "price"' feller simulate heston --values price -o x.csv
refuses 'no ""' feller simulate heston --values '' -o x.csv
refuses '--replicate is of --draws sobol' feller simulate heston --replicate 3 -o x.csv
refuses 'not a whole number' feller simulate heston --seed 1.5 -o x.csv
refuses 'beyond 2^64' feller simulate heston --seed 18446744073709551616 -o x.csv
refuses '.h5, .hdf5 or .csv' feller simulate heston -o x.txt
refuses 'No such file or directory' feller simulate heston -o nowhere/x.h5
refuses 'more than any disk holds' feller simulate heston --paths 1e12 --dates 1e6 -o x.h5
refuses 'GB left' feller simulate heston --paths 1e9 --dates 1e6 -o x.h5
full() { (ulimit -f 8; trap '' XFSZ; exec "$@"); }
refuses 'x.h5: cannot write: File too large' full feller simulate heston --paths 500 -o x.h5
refuses 'x.csv: cannot write: File too large' full feller simulate heston --paths 5000 -o x.csv
# Ctrl-C: exit code 1 and no file. The largest file that a minute would make is stopped at once.
feller simulate heston --paths 1000000 --dates 50 -o long.csv &
pid=$!
sleep 0.3
kill -INT $pid
got=0
wait $pid 2>err.txt || got=$?
echo "exit code $got"
ls
