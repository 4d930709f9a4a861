# The manual has every flag of every command and nothing else that looks like one.
for command in run check reproduce report simulate price calibrate list new version \
    'data import' 'data info' 'data check' 'data resample' 'data export' 'data compact' \
    'data adjust' 'data continuous' 'data join'; do
    # shellcheck disable=SC2086
    feller $command --help | grep -oE -- '--[a-z][a-z0-9-]+' || true
done | sort -u | grep -v -e '^--help$' -e '^--usage$' >flags.txt
grep -E '^\.(It|Op) .*Fl Fl ' "$ROOT/docs/man/feller.1" | grep -oE 'Fl Fl [a-z0-9-]+' |
    sed 's/Fl Fl /--/' | sort -u | grep -v -e '^--help$' -e '^--version$' >manual.txt
diff flags.txt manual.txt
