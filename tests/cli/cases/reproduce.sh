# A changed input and a changed folder are found.
. "$here/helpers.sh"
bars wave.csv 400
study s.yaml
feller run s.yaml -q
mkdir elsewhere
(cd elsewhere && feller reproduce ../out/wave)
sed -i '100s/,1[0-9]*$/,7/' wave.csv
refuses 'wave.csv has changed' feller reproduce out/wave
