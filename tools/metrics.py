#!/usr/bin/env -S python3 -B
"""metrics.py [ALLOW] - sizes of functions and files, module by module; fails beyond the hard limits.

ALLOW holds exceptions, one a line: FILE[:FUNCTION] MEASURE LIMIT REASON...
"""
import pathlib
import re
import sys

from csource import MODULES, blank_comments, functions_of

FUNCTION_LIMITS = {"lines": 80, "branches": 15, "nesting": 4, "parameters": 7}
FILE_LIMITS = {"file-lines": 500, "includes": 8, "external": 12}
HEADER_LINES = 400


def read_allowed(path):
    allowed = {}
    for line in pathlib.Path(path).read_text().splitlines():
        line = line.split("#")[0].strip()
        if line:
            item, measure, limit, reason = line.split(None, 3)
            allowed[item, measure] = float(limit) if reason else 0
    return allowed


class Report:
    def __init__(self, allowed):
        self.allowed = allowed
        self.used = set()
        self.failures = 0

    def check(self, item, where, measure, value, limit):
        if value <= limit:
            return
        if (item, measure) in self.allowed:
            self.used.add((item, measure))
            if value <= self.allowed[item, measure]:
                return
        print(f"{where}: {measure} is {value}, at most {limit}", file=sys.stderr)
        self.failures += 1


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0


def count_lines(paths):
    return sum(len(p.read_text().splitlines()) for p in paths)


def comment_share(paths):
    """Share of the lines, blank ones left out, that hold nothing but comment."""
    lines = comments = 0
    for path in paths:
        text = path.read_text()
        for line, code in zip(text.split("\n"), blank_comments(text).split("\n")):
            lines += line.strip() != ""
            comments += line.strip() != "" and code.strip() == ""
    return 100 * comments / max(lines, 1)


def check_source(path, report):
    text = path.read_text()
    functions = functions_of(text)
    for f in functions:
        for measure, limit in FUNCTION_LIMITS.items():
            report.check(f"{path}:{f.name}", f"{path}:{f.line}: {f.name}", measure,
                         getattr(f, measure), limit)
    includes = len(re.findall(r'^#include (?:"|<feller/)', text, re.MULTILINE))
    external = sum(not f.is_static for f in functions)
    values = {"file-lines": text.count("\n"), "includes": includes, "external": external}
    for measure, limit in FILE_LIMITS.items():
        report.check(str(path), path, measure, values[measure], limit)
    return functions


def row(name, sources, headers, functions, n_test_lines):
    lines = [f.lines for f in functions]
    n_lines = count_lines(sources) + count_lines(headers)
    static_share = 100 * sum(f.is_static for f in functions) / max(len(functions), 1)
    return (f"{name:<12}{len(sources):>5}{n_lines:>8}{percentile(lines, 0.5) if lines else 0:>8}"
            f"{percentile(lines, 0.95):>6}{max(lines, default=0):>6}{len(functions):>8}"
            f"{static_share:>8.0f} %{comment_share(sources + headers):>9.0f} %"
            f"{n_test_lines / max(n_lines, 1):>8.2f}")


def main():
    report = Report(read_allowed(sys.argv[1]) if len(sys.argv) > 1 else {})
    print("module      files   lines  median   95%   max    func  static  comment   tests")
    all_sources, all_headers, all_functions = [], [], []
    for module in MODULES:
        sources = sorted(pathlib.Path(module).glob("*.c"))
        headers = sorted(pathlib.Path(module).glob("*.h"))
        functions = [f for path in sources for f in check_source(path, report)]
        for path in headers:
            report.check(str(path), path, "file-lines", count_lines([path]), FILE_LIMITS["file-lines"])
        if sources:
            tests = sorted(pathlib.Path("tests/unit", module).glob("*.[ch]"))
            print(row(module, sources, headers, functions, count_lines(tests)))
        all_sources += sources
        all_headers += headers
        all_functions += functions
    public = sorted(pathlib.Path("include/feller").glob("*.h"))
    for path in public:
        report.check(str(path), path, "header-lines", count_lines([path]), HEADER_LINES)
    tests = sorted(pathlib.Path("tests").rglob("*.[ch]"))
    for path in tests:
        report.check(str(path), path, "file-lines", count_lines([path]), FILE_LIMITS["file-lines"])
    print(row("all", all_sources, all_headers + public, all_functions, count_lines(tests)))
    for item, measure in sorted(set(report.allowed) - report.used):
        print(f"tools/metrics-allow.txt: {item} {measure} is within its limit: take the line out",
              file=sys.stderr)
        report.failures += 1
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
