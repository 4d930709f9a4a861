# Every example whose data is shipped runs and is reproduced.
for example in "$ROOT"/examples/*.yaml; do
    if grep -q 'shared/data/' "$example"; then
        continue
    fi
    name=$(basename "$example" .yaml)
    feller run "$example" -q
    feller reproduce "out/$name"
done
ls out
