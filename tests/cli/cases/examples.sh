# Every example runs and is reproduced.
for example in "$ROOT"/examples/*.yaml; do
    name=$(basename "$example" .yaml)
    feller run "$example" -q
    feller reproduce "out/$name"
done
ls out
