#!/bin/bash
# check.sh [REPORT.html ...] - open reports in headless Chromium: wide and light, wide and dark, phone; and
# once with every switch used.
#
# A page fails when the console says anything, when a chart is not drawn or when it is wider than its
# window. Without arguments: the generated samples of make_sample.mjs in the page that was built in
# build/web, the recorded reports of tests/golden, the reports of the demo and of two examples made by
# $FELLER, and the tests of the page's code in Node. Ends with "N passed, N failed, N skipped".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0 failed=0 skipped=0

pass() {
    passed=$((passed + 1))
    echo "PASS $1"
}
fail() {
    failed=$((failed + 1))
    echo "FAIL $1: $2"
}
skip() {
    skipped=$((skipped + 1))
    echo "skipped: $1 ($2)"
}

find_browser() {
    local name
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        if [ -n "$name" ] && command -v "$name" >/dev/null; then
            command -v "$name"
            return
        fi
    done
}

# browse ADDRESS: its document after the scripts have run; the console's lines in $scratch/console.
browse() {
    local sandbox=()
    [ "$(id -u)" -ne 0 ] || sandbox=(--no-sandbox)
    timeout 120 "$browser" --headless "${sandbox[@]}" --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync --disable-extensions \
        --allow-file-access-from-files --user-data-dir="$scratch/profile" --window-size=1280,2000 \
        --virtual-time-budget=30000 --enable-logging=stderr --v=0 --dump-dom "$1" 2>"$scratch/log" |
        sed -n '/<html/{s/>.*/>/p;q}' || true
    grep -a 'CONSOLE' "$scratch/log" >"$scratch/console" || true
}

# Chromium's windows are 500 pixels wide at least: a phone is a frame of 390.
phone_page() {
    cat >"$scratch/phone.html" <<END
<!doctype html><html><body><iframe src="$1" width="390" height="844"></iframe><script>
const frame = document.querySelector('iframe');
const copy = () => {
    const seen = frame.contentDocument.documentElement.dataset;
    Object.assign(document.documentElement.dataset, seen, { width: frame.contentWindow.innerWidth });
    if (!seen.ready) setTimeout(copy, 50);
};
frame.onload = copy;
</script></body></html>
END
}

# A frame in which every switch, list and sortable column is used before the page is judged.
pressed_page() {
    cat >"$scratch/pressed.html" <<END
<!doctype html><html><body><iframe src="$1" width="1280" height="1200"></iframe><script>
const frame = document.querySelector('iframe');
const press = (page) => {
    page.querySelectorAll('main select').forEach((list) =>
        [...list.options].reverse().forEach((option) => {
            list.value = option.value;
            list.dispatchEvent(new Event('change'));
        }));
    page.querySelectorAll('main button:not(.plain)').forEach((button) => button.click());
};
const copy = () => {
    const seen = frame.contentDocument.documentElement.dataset;
    if (!seen.ready) return setTimeout(copy, 50);
    press(frame.contentDocument);
    setTimeout(() => Object.assign(document.documentElement.dataset, seen), 500);
};
frame.onload = copy;
</script></body></html>
END
}

# check NAME ADDRESS
check() {
    local name=$1 html
    html=$(browse "$2")
    if [ -s "$scratch/console" ]; then
        fail "$name" "the console says $(head -n 1 "$scratch/console")"
    elif ! grep -q 'data-ready="yes"' <<<"$html"; then
        fail "$name" "not all charts are drawn: ${html:-no document}"
    elif grep -q 'data-charts="0/0"' <<<"$html"; then
        fail "$name" "the page has no chart"
    elif ! grep -q 'data-overflow="false"' <<<"$html"; then
        fail "$name" "wider than its window"
    else
        pass "$name"
    fi
}

check_report() {
    local name file
    name=$(basename "$1" .html)
    file="file://$(realpath "$1")"
    check "web/$name/light" "$file#theme=light"
    check "web/$name/dark" "$file#theme=dark"
    phone_page "$file"
    check "web/$name/phone" "file://$scratch/phone.html"
    pressed_page "$file"
    check "web/$name/pressed" "file://$scratch/pressed.html"
}

# page JSON: the page with these numbers, put together as reports/html_write.c does.
page() {
    cat "$root/build/web/page_head.html"
    sed 's/</\\u003c/g; s/>/\\u003e/g; s/&/\\u0026/g' "$1"
    cat "$root/build/web/page_tail.html"
}

# sample KIND: a report of generated numbers.
sample() {
    node "$here/make_sample.mjs" "$1" >"$scratch/sample.json"
    page "$scratch/sample.json"
}

check_samples() {
    if [ ! -f "$root/build/web/page_tail.html" ]; then
        skip web/samples "the page is not built: run make"
        return
    fi
    local kind
    for kind in full plain day forecast manycurves barecurve montecarlo fewpaths calibration calibplain \
        hedge hedgeplain; do
        sample "$kind" >"$scratch/$kind.html"
        check_report "$scratch/$kind.html"
    done
    # A file that was cut off says so instead of drawing nothing: the checks above must notice.
    { cat "$root/build/web/page_head.html" && printf '{"title": ' && cat "$root/build/web/page_tail.html"; } >"$scratch/cut.html"
    if [[ $(browse "file://$scratch/cut.html") == *data-ready=\"yes\"* || ! -s $scratch/console ]]; then
        fail web/cut "a page without its numbers passes as drawn"
    else
        pass web/cut
    fi
}

# What the library itself wrote: the recorded reports of hand-made numbers.
check_recorded() {
    [ -f "$root/build/web/page_tail.html" ] || return 0
    local kind
    for kind in montecarlo calibration hedge; do
        page "$root/tests/golden/$kind.json" >"$scratch/recorded_$kind.html"
        check_report "$scratch/recorded_$kind.html"
    done
}

# The demo in a copy of the examples: what it writes stays there.
check_demo() {
    if [ ! -x "${FELLER:-}" ]; then
        skip web/demo "\$FELLER names no command"
        return
    fi
    mkdir "$scratch/demo"
    cp -r "$root/examples" "$scratch/demo/examples"
    if "$scratch/demo/examples/demo/run.sh" >"$scratch/demo.log" 2>&1; then
        check_report "$scratch/demo/out/demo/report.html"
    else
        fail web/demo "$(tail -n 1 "$scratch/demo.log")"
    fi
}

# The two studies whose reports are pages of their own.
check_studies() {
    [ -x "${FELLER:-}" ] || return 0
    local name
    for name in heston_monte_carlo calibrate_spx; do
        if "$FELLER" run -q "$root/examples/$name.yaml" -o "$scratch/$name" >"$scratch/study.log" 2>&1; then
            cp "$scratch/$name/report.html" "$scratch/$name.html"
            check_report "$scratch/$name.html"
        else
            fail "web/$name" "$(tail -n 1 "$scratch/study.log")"
        fi
    done
}

check_code() {
    if ! command -v node >/dev/null; then
        skip web/code "node is not installed"
    elif node --test "$here/test_page.mjs" >"$scratch/node.log" 2>&1; then
        pass web/code
    else
        cat "$scratch/node.log"
        fail web/code "see above"
    fi
}

browser=$(find_browser)
if [ $# -eq 0 ]; then
    check_code
fi
if [ -z "$browser" ]; then
    skip web/pages "chromium is not installed"
elif [ $# -eq 0 ]; then
    check_samples
    check_recorded
    check_demo
    check_studies
else
    for report in "$@"; do
        check_report "$report"
    done
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
