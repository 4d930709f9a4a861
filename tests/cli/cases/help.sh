# --help of every command ends with 0 and names its flags; -h too.
for command in run check reproduce report simulate price calibrate list new version \
    'data import' 'data info' 'data check' 'data resample' 'data export' 'data compact'; do
    # shellcheck disable=SC2086
    feller $command --help >help.txt
    grep -q "^Usage: feller $command" help.txt || echo "no usage of $command"
    # shellcheck disable=SC2086
    feller $command -h | cmp - help.txt
done
feller --help
feller data --help
feller run --help | grep -c -e --threads -e --set -e --holdout -e --output
