# Every example whose data is shipped runs and is reproduced; those that train for minutes, shortened.
cp -r "$ROOT/examples" examples
for plugin in examples/strategies/*.c; do
    "${CC:-cc}" -std=c17 -O2 -fPIC -shared -I"$ROOT/include" "$plugin" -o "${plugin%.c}.so" -lm
done
for example in examples/*.yaml; do
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
