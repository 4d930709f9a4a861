# docs/study.md has every key of the schema with its type, its default and its line.
feller list keys --json >keys.json
python3 - "$ROOT/docs/study.md" <<'PY'
import json, sys
page = open(sys.argv[1]).read()
rows = {}
for line in page.splitlines():
    cells = [c.strip() for c in line.replace("\\|", "\0").split("|")]
    if len(cells) == 6 and cells[1].startswith("`"):
        rows[cells[1].strip("`")] = [c.replace("\0", "|").strip("`") for c in cells[2:5]]
keys = {k["name"]: [k["type"], k["default"], k["summary"]] for k in json.load(open("keys.json"))}
for name in keys:
    if rows.get(name) != keys[name]:
        print("docs/study.md:", name, rows.get(name), "should be", keys[name])
for name in rows:
    if name not in keys:
        print("docs/study.md: no key", name)
PY
