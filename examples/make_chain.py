#!/usr/bin/env python3
"""make_chain.py FOLDER - the option chain of the calibration example, generated: no market ever
quoted it.

European calls and puts on an index at 4137.50 on 15 March 2024, six maturities, priced by Heston's
model with the parameters below (Lewis's integral by the midpoint rule), rate 4.12 % and yield 1.46 %
continuous. Each option has one volatility error of 0.3 % of its volatility, and a spread of a tick of 0.05
and more with its price; bids and asks lie on ticks. A few junk rows are put in, as chains have them:
crossed, nobody bids, stale, without a price, quoted twice, expired. Same seed, same bytes.

Python's standard library only.
"""
import cmath
import datetime
import math
import pathlib
import random
import sys

SEED = 20240315
V0, KAPPA, THETA, XI, RHO = 0.0237, 2.31, 0.0427, 0.713, -0.684
SPOT, RATE, YIELD = 4137.5, 0.0412, 0.0146
QUOTED = datetime.date(2024, 3, 15)
EXPIRIES = ["2024-04-19", "2024-05-17", "2024-06-21", "2024-09-20", "2024-12-20", "2025-06-20"]
TICK, NOISE = 0.05, 0.003


def transform(u, t):
    """E[exp(i u X)] of X = ln(S_t / F) for complex u, in the form that does not jump between branches."""
    b = KAPPA - RHO * XI * 1j * u
    d = cmath.sqrt(b * b + XI * XI * (u * u + 1j * u))
    g = (b - d) / (b + d)
    e = cmath.exp(-d * t)
    mean = KAPPA * THETA / XI**2 * ((b - d) * t - 2 * cmath.log((1 - g * e) / (1 - g)))
    return cmath.exp(mean + V0 / XI**2 * (b - d) * (1 - e) / (1 - g * e))


def call(strike, forward, t, nodes):
    """Undiscounted: F - sqrt(F K) / pi int Re(exp(i u k) phi(u - i/2)) / (u^2 + 1/4) du, k = ln(F / K)."""
    k, step = math.log(forward / strike), nodes[1][0] - nodes[0][0]
    total = sum((cmath.exp(1j * u * k) * value).real / (u * u + 0.25) for u, value in nodes)
    return forward - math.sqrt(forward * strike) / math.pi * total * step


def black_call(strike, forward, t, vol):
    s = vol * math.sqrt(t)
    d = math.log(forward / strike) / s + 0.5 * s
    cdf = lambda x: 0.5 * math.erfc(-x / math.sqrt(2))
    return forward * cdf(d) - strike * cdf(d - s)


def implied_vol(price, strike, forward, t):
    low, high = 1e-4, 4.0
    for _ in range(80):
        vol = 0.5 * (low + high)
        low, high = (vol, high) if black_call(strike, forward, t, vol) < price else (low, vol)
    return 0.5 * (low + high)


def ticks(price, up):
    return (math.ceil if up else math.floor)(round(price / TICK, 6)) * TICK


def strikes_of(t, forward):
    """Every 25 points near the money, wider outside, as far as five deviations or so."""
    width = 4.0 * 0.2 * math.sqrt(t)
    low, high = forward * math.exp(-1.3 * width), forward * math.exp(0.8 * width)
    for strike in range(1000, 9000, 25):
        near = abs(math.log(strike / forward)) < 0.06
        if low < strike < high and (near or strike % 100 == 0):
            yield strike


def rows_of(rng, expiry):
    t = (datetime.date.fromisoformat(expiry) - QUOTED).days / 365
    forward, discount = SPOT * math.exp((RATE - YIELD) * t), math.exp(-RATE * t)
    step = 0.05 / math.sqrt(t)
    nodes = [(u, transform(u - 0.5j, t)) for u in ((j + 0.5) * step for j in range(4000))]
    for strike in strikes_of(t, forward):
        vol = implied_vol(call(strike, forward, t, nodes), strike, forward, t)
        vol *= 1 + rng.gauss(0, NOISE)
        price = black_call(strike, forward, t, vol)
        for right, value in (("C", price), ("P", price - forward + strike)):
            value *= discount
            half = 0.5 * max(2 * TICK, 0.004 * value)
            yield [str(QUOTED), expiry, strike, right, ticks(value - half, 0), ticks(value + half, 1)]


def find(rows, expiry, strike, right):
    return next(row for row in rows if row[1:4] == [expiry, strike, right])


def add_junk(rows):
    row = find(rows, EXPIRIES[0], 4100, "C")
    row[4], row[5] = row[5] + 0.5, row[4]
    find(rows, EXPIRIES[1], 4000, "P")[4:] = ["", ""]
    stale = find(rows, EXPIRIES[2], 4300, "C")
    stale[4], stale[5] = stale[4] * 1.4, stale[5] * 1.4
    stale[4], stale[5] = ticks(stale[4], 0), ticks(stale[5], 1)
    twin = list(find(rows, EXPIRIES[3], 4200, "P"))
    twin[4], twin[5] = twin[4] - 2, twin[5] + 2
    rows.append(twin)
    for strike in (3800, 4200):
        rows.append([str(QUOTED), "2024-03-15", strike, "P", 0.05, 0.15])


def text(value):
    return value if isinstance(value, str) else f"{max(value, 0):.2f}"


def main(folder):
    rng = random.Random(SEED)
    rows = [row for expiry in EXPIRIES for row in rows_of(rng, expiry)]
    add_junk(rows)
    lines = ["quote_date,expiry,strike,type,bid,ask"]
    lines += [f"{a},{b},{c},{d},{text(e)},{text(f)}" for a, b, c, d, e, f in rows]
    pathlib.Path(folder, "sample_chain.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.splitlines()[0])
    main(sys.argv[1])
