#!/usr/bin/env -S python3 -B
"""lint-banned.py TABLE - no module makes a call that the table forbids, where it forbids it."""
import pathlib
import re
import sys

from csource import MODULES, blank_comments, blank_texts


def read_table(path):
    rows = []
    for line in pathlib.Path(path).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            pattern, allowed, why = [part.strip() for part in re.split(r"\s\|\s", line)]
            rows.append((re.compile(pattern), allowed.split(), why))
    return rows


def is_allowed(file, places):
    return any(str(file) == place or str(file).startswith(place + "/") for place in places)


def check_file(file, rows):
    text = blank_comments(file.read_text())
    bare = blank_texts(text)
    failures = 0
    for pattern, allowed, why in rows:
        if is_allowed(file, allowed):
            continue
        # Patterns that look into texts (an open mode) see them; the others do not.
        for match in pattern.finditer(text if '"' in pattern.pattern else bare):
            line = text.count("\n", 0, match.start()) + 1
            call = match.group(0).split("(")[0].strip()
            print(f"{file}:{line}: {call} is banned here: {why}", file=sys.stderr)
            failures += 1
    return failures


def main():
    rows = read_table(sys.argv[1])
    failures = 0
    for module in MODULES:
        for file in sorted(pathlib.Path(module).glob("*.[ch]")):
            failures += check_file(file, rows)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
