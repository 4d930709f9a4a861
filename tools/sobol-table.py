#!/usr/bin/env python3
"""sobol-table.py pack|unpack - the direction numbers of Joe and Kuo as the library keeps them, and back.

pack    reads their file new-joe-kuo-6.21201 (columns d, s, a, m_1 .. m_s) on stdin and writes
        sim/sobol_joe_kuo.txt on stdout; the lines that begin with # are taken from the file there is.
unpack  reads sim/sobol_joe_kuo.txt and writes the columns, so that
        `tools/sobol-table.py unpack | diff -b new-joe-kuo-6.21201 -` says nothing.

A dimension of degree s is a in s - 1 bits, then m_2 .. m_s without their last bit, which is always 1:
m_i in i - 1 bits. m_1 is 1. Dimensions follow one another without a gap, most significant bit first, six
bits to a character. Degrees are not kept: they ascend, and how many polynomials have each is known.
"""
import pathlib
import sys

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
# Primitive polynomials over GF(2) of degree 1, 2, ...: phi(2^s - 1) / s of them.
COUNTS = [1, 1, 2, 2, 6, 6, 18, 16, 48, 60, 176, 144, 630, 756, 1800, 2048, 7710, 7776]
TABLE = pathlib.Path(__file__).parent.parent / "sim" / "sobol_joe_kuo.txt"
WIDTH = 96


def degrees():
    return [s for s, count in enumerate(COUNTS, start=1) for _ in range(count)]


def widths(s):
    return ([s - 1] if s > 1 else []) + [i - 1 for i in range(2, s + 1)]


def fail(text):
    sys.exit(f"sobol-table: {text}")


def pack():
    bits = []
    rows = [line.split() for line in sys.stdin if line[:1].isdigit()]
    if len(rows) != sum(COUNTS):
        fail(f"{len(rows)} dimensions, not {sum(COUNTS)}")
    for s, row in zip(degrees(), rows):
        degree, a, *m = map(int, row[1:])
        if degree != s or len(m) != s or not all(x % 2 and x < 2**i for i, x in enumerate(m, 1)):
            fail(f"dimension {row[0]} is not as described")
        values = ([a] if s > 1 else []) + [x >> 1 for x in m[1:]]
        bits += [f"{x:0{w}b}" for x, w in zip(values, widths(s))]
    text = "".join(bits)
    text += "0" * (-len(text) % 6)
    data = "".join(ALPHABET[int(text[i : i + 6], 2)] for i in range(0, len(text), 6))
    for line in TABLE.read_text().splitlines():
        if line.startswith("#"):
            print(line)
    for i in range(0, len(data), WIDTH):
        print(data[i : i + WIDTH])


def unpack():
    data = "".join(l.strip() for l in TABLE.read_text().splitlines() if not l.startswith("#"))
    bits = "".join(f"{ALPHABET.index(c):06b}" for c in data)
    print("d       s       a       m_i")
    at = 0
    for d, s in enumerate(degrees(), start=2):
        values = []
        for w in widths(s):
            values.append(int(bits[at : at + w], 2))
            at += w
        a = values.pop(0) if s > 1 else 0
        m = [1] + [2 * x + 1 for x in values]
        print(d, s, a, *m, sep=" ")


if __name__ == "__main__":
    if sys.argv[1:] == ["pack"]:
        pack()
    elif sys.argv[1:] == ["unpack"]:
        unpack()
    else:
        fail("pack or unpack")
