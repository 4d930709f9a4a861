# Every example whose data is shipped runs and is reproduced; those that train for minutes, shortened.
for example in "$ROOT"/examples/*.yaml; do
    short=()
    if grep -q 'shared/data/' "$example"; then
        continue
    fi
    if grep -q '^hedge:' "$example"; then
        short=(--set policy.steps=8 --set policy.batch=128 --set policy.validation_paths=256
            --set policy.validate_every=4 --set seeds=1 --set test_paths=1000)
    fi
    name=$(basename "$example" .yaml)
    feller run "$example" -q "${short[@]}"
    feller reproduce "out/$name"
done
ls out
