#!/usr/bin/env -S python3 -B
"""lint-layers.py TABLE - no file includes what lies above its module (the table says what does).

Also: a header of a module other than core/ must refuse, by #error, to compile outside its module.
"""
import fnmatch
import pathlib
import re
import sys

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', re.MULTILINE)


def read_table(path):
    tables = {"module": {}, "header": {}, "only": {}}
    for line in pathlib.Path(path).read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            kind, rest = line.split(None, 1)
            name, values = rest.split(":")
            tables[kind][name.strip()] = values.split()
    return tables


def complain(file, text, include, what):
    line = text.count("\n", 0, text.index(include)) + 1
    print(f"{file}:{line}: {what}", file=sys.stderr)
    return 1


def check_public(file, text, name, module, only, tables):
    owner = tables["header"].get(name)
    if owner is None:
        return complain(file, text, name, f"feller/{name}.h is in no module of the table")
    if only is not None and name not in only:
        return complain(file, text, name, f"may include feller/{', feller/'.join(only)} only")
    if only is None and owner[0] != module and owner[0] not in tables["module"][module]:
        return complain(file, text, name, f"{module}/ lies below {owner[0]}/, which has feller/{name}.h")
    return 0


def only_for(file, tables):
    """The headers that this file is limited to, or None."""
    for pattern, headers in tables["only"].items():
        if fnmatch.fnmatch(str(file), pattern):
            return headers
    return None


def check_file(file, module, tables):
    text = file.read_text()
    only = only_for(file, tables)
    failures = 0
    for quote, name in INCLUDE.findall(text):
        if name.startswith("feller/"):
            failures += check_public(file, text, name[len("feller/"):-len(".h")], module, only, tables)
        elif quote == '"' and (only is not None or name.split("/")[0] not in (module, "core")):
            failures += complain(file, text, name, f"{module}/ may not include {name}")
    if file.suffix == ".h" and module != "core" and f"FEL_MODULE_{module.upper()}" not in text:
        print(f"{file}:1: must refuse to compile outside {module}/ (#ifndef FEL_MODULE_"
              f"{module.upper()}, #error)", file=sys.stderr)
        failures += 1
    return failures


def check_public_header(file, tables):
    if file.stem not in tables["header"]:
        print(f"{file}:1: belongs to no module of the table", file=sys.stderr)
        return 1
    text = file.read_text()
    owner = tables["header"][file.stem][0]
    return sum(check_public(file, text, include[len("feller/"):-len(".h")], owner, None, tables)
               for _, include in INCLUDE.findall(text) if include.startswith("feller/"))


def main():
    tables = read_table(sys.argv[1])
    failures = 0
    for module in tables["module"]:
        for file in sorted(pathlib.Path(module).glob("*.[ch]")):
            failures += check_file(file, module, tables)
    for file in sorted(pathlib.Path("include/feller").glob("*.h")):
        failures += check_public_header(file, tables)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
