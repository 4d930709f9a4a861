#!/usr/bin/env python3
"""make_sample.py FOLDER - the sample data of the examples, generated: no market ever printed it.

Eight assets share a market factor with quiet and wild regimes and have factors of their own; BIRCH
follows ALDER with a mean-reverting gap, so that a pair can be traded. The minute file is one asset
with a daily volatility smile. The signal file is a noisy forecast of ALDER's next day, made with the
future at hand: it shows the format, not a skill. The perpetual's funding rates are made of its
premium over the coin, as exchanges do. Same seed, same bytes of text.

Python's standard library only.
"""
import datetime
import gzip
import math
import pathlib
import random
import sys

SEED = 20150102
SYMBOLS = ["ALDER", "BIRCH", "CEDAR", "ELDER", "HAZEL", "MAPLE", "ROWAN", "WILLOW"]
# start price, market beta, own volatility a day, own drift a day
SHAPE = [(42.0, 1.0, 0.006, 1e-4), (38.0, 1.0, 0.006, 1e-4), (25.0, 0.7, 0.008, 2e-4),
         (61.0, 1.2, 0.009, -2e-4), (18.0, 1.4, 0.012, 0.0), (33.0, 0.5, 0.005, 1e-4),
         (54.0, 0.9, 0.007, -1e-4), (29.0, 1.1, 0.010, 2e-4)]
FIRST, LAST = datetime.date(2017, 1, 2), datetime.date(2025, 12, 31)


def weekdays(first, last):
    day = first
    while day <= last:
        if day.weekday() < 5:
            yield day
        day += datetime.timedelta(days=1)


def market_returns(rng, n):
    """Daily returns of the common factor: calm rises, rough falls."""
    wild, out = False, []
    for _ in range(n):
        if rng.random() < (0.03 if wild else 0.006):
            wild = not wild
        out.append(rng.gauss(-0.0010, 0.016) if wild else rng.gauss(0.0004, 0.006))
    return out


def bar(rng, before, after, volatility):
    """A bar whose open is near the last close and whose extremes hold open and close; in cents."""
    opened = before * math.exp(rng.gauss(0.0, 0.25 * volatility))
    high = max(opened, after) * math.exp(abs(rng.gauss(0.0, 0.4 * volatility)))
    low = min(opened, after) * math.exp(-abs(rng.gauss(0.0, 0.4 * volatility)))
    return [max(1, round(100 * p)) for p in (opened, high, low, after)]


def cents(ticks):
    return f"{ticks // 100}.{ticks % 100:02d}"


def write_gz(path, text):
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode())


def panel(rng, days):
    """Rows by date and symbol, and the closes of each symbol."""
    common = market_returns(rng, len(days))
    last = [shape[0] for shape in SHAPE]
    gap, rows, closes = 0.0, [], [[] for _ in SYMBOLS]
    for i, day in enumerate(days):
        gap = 0.94 * gap + rng.gauss(0.0, 0.008)
        for k, (start, beta, own, drift) in enumerate(SHAPE):
            if SYMBOLS[k] == "BIRCH":
                close = last_alder * SHAPE[1][0] / SHAPE[0][0] * math.exp(gap)
            else:
                close = last[k] * math.exp(beta * common[i] + rng.gauss(drift, own))
            if SYMBOLS[k] == "ALDER":
                last_alder = close
            opened, high, low, closed = bar(rng, last[k], close, own)
            volume = 100000 * max(1, round(math.exp(rng.gauss(2.0, 0.35))))
            rows.append(f"{day},{SYMBOLS[k]},{cents(opened)},{cents(high)},{cents(low)},"
                        f"{cents(closed)},{volume}")
            last[k] = close
            closes[k].append(closed)
    return rows, closes


def signals(rng, days, closes):
    rows = ["date,forecast"]
    for i in range(len(days) - 1):
        ahead = math.log(closes[i + 1] / closes[i])
        rows.append(f"{days[i]},{0.08 * ahead + rng.gauss(0.0, 0.001):.5f}")
    return rows


def minutes(rng, days):
    """Six and a half hours a day of one asset; busy at both ends of the day."""
    rows, price = ["ts,open,high,low,close,volume"], 21.0
    for day in days:
        opening = datetime.datetime.combine(day, datetime.time(14, 30))
        price *= math.exp(rng.gauss(0.0, 0.004))
        for minute in range(390):
            smile = 0.6 + 1.6 * (minute / 194.5 - 1.0) ** 2
            after = price * math.exp(rng.gauss(0.0, 0.00035 * smile))
            opened, high, low, closed = bar(rng, price, after, 0.0003 * smile)
            stamp = (opening + datetime.timedelta(minutes=minute)).strftime("%Y-%m-%dT%H:%MZ")
            rows.append(f"{stamp},{cents(opened)},{cents(high)},{cents(low)},{cents(closed)},"
                        f"{1000 * max(1, round(3 * smile * math.exp(rng.gauss(0.0, 0.3))))}")
            price = after
    return rows


def perpetual(rng, n):
    """Four-hour bars of a coin and its perpetual, whose premium wanders, and a funding rate every
    eight hours: 0.01 % plus a part of the premium, within 0.3 %."""
    bars, funding = ["ts,symbol,open,high,low,close,volume"], ["ts,funding_rate"]
    start, price, premium, mood = datetime.datetime(2024, 1, 1), 2400.0, 0.0, 0.0
    last_spot = last_perpetual = price
    for i in range(n):
        mood = 0.995 * mood + rng.gauss(0.0, 0.00006)
        premium += 0.2 * (mood - premium) + rng.gauss(0.0, 0.0002)
        price *= math.exp(rng.gauss(0.0001, 0.011))
        stamp = start + datetime.timedelta(hours=4 * i)
        future = price * (1.0 + premium)
        for symbol, before, after in (("LARCH", last_spot, price),
                                      ("LARCH-PERP", last_perpetual, future)):
            opened, high, low, closed = bar(rng, before, after, 0.004)
            volume = 10 * max(1, round(math.exp(rng.gauss(5.0, 0.5))))
            bars.append(f"{stamp:%Y-%m-%dT%H:%MZ},{symbol},{cents(opened)},{cents(high)},"
                        f"{cents(low)},{cents(closed)},{volume}")
        last_spot, last_perpetual = price, future
        if i % 2 == 1:
            rate = 0.0001 + max(-0.003, min(0.003, 0.2 * premium))
            at = stamp + datetime.timedelta(hours=4)
            funding.append(f"{at:%Y-%m-%dT%H:%MZ},{rate:.8f}")
    return bars, funding


def order_book(rng, n):
    """Changes of a book on a grid of cents and the trades in it: orders come near the best prices,
    go away again, and are hit; what is hit flows the same way for a while."""
    book = {1: {}, -1: {}}
    middle, lean = 10000, 0.0
    for k in range(1, 11):
        book[1][middle - k], book[-1][middle + k] = 20 + 5 * k, 20 + 5 * k
    depth, trades = ["ts,side,price,quantity,flags"], ["ts,price,quantity,taker_side"]
    start, now, first = datetime.datetime(2024, 1, 2, 15, 0), 0.0, True
    word = {1: "bid", -1: "ask"}

    def put(stamp, side, price):
        nonlocal first
        depth.append(f"{stamp},{word[side]},{cents(price)},{book[side].get(price, 0)},{int(first)}")
        first = False

    opening = f"{start:%Y-%m-%dT%H:%M:%S.000000}Z"
    for side in (1, -1):
        for price in sorted(book[side]):
            put(opening, side, price)
    while len(depth) < n:
        now += rng.expovariate(5.0)
        stamp = f"{start + datetime.timedelta(seconds=now):%Y-%m-%dT%H:%M:%S.%f}Z"
        best = {1: max(book[1]), -1: min(book[-1])}
        lean = 0.98 * lean + rng.gauss(0.0, 0.08)
        what, side = rng.random(), rng.choice((1, -1))
        if what < 0.22:
            side = -1 if rng.random() < 0.5 + 0.3 * math.tanh(lean) else 1
            price, size = best[side], min(rng.randint(1, 12), book[side][best[side]])
            trades.append(f"{stamp},{cents(price)},{size},{'sell' if side == 1 else 'buy'}")
            book[side][price] -= size
        elif what < 0.62:
            room = best[-1] - best[1] - 1
            away = -1 if room > 0 and rng.random() < 0.5 else min(int(rng.expovariate(0.5)), 9)
            price = best[side] - side * away
            book[side][price] = book[side].get(price, 0) + rng.randint(1, 15)
        else:
            price = rng.choice(sorted(book[side], key=lambda p: side * (best[side] - p))[:8])
            book[side][price] -= min(rng.randint(1, 15), book[side][price])
        if book[side][price] == 0:
            del book[side][price]
        put(stamp, side, price)
        if len(book[side]) < 5:
            far = (min if side == 1 else max)(book[side]) - side
            book[side][far] = rng.randint(10, 40)
            put(stamp, side, far)
    return depth, trades


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(SEED)
    days = list(weekdays(FIRST, LAST))
    rows, closes = panel(rng, days)
    header = ["date,symbol,open,high,low,close,volume"]
    write_gz(folder / "sample_panel.csv.gz", "\n".join(header + rows) + "\n")
    (folder / "sample_forecast.csv").write_text("\n".join(signals(rng, days, closes[0])[:601]) + "\n")
    write_gz(folder / "sample_minute.csv.gz", "\n".join(minutes(rng, days[-52:])) + "\n")
    depth, trades = order_book(random.Random(SEED + 2), 15000)
    write_gz(folder / "sample_depth.csv.gz", "\n".join(depth) + "\n")
    write_gz(folder / "sample_book_trades.csv.gz", "\n".join(trades) + "\n")
    bars, funding = perpetual(random.Random(SEED + 1), 2196)
    write_gz(folder / "sample_perpetual.csv.gz", "\n".join(bars) + "\n")
    write_gz(folder / "sample_funding.csv.gz", "\n".join(funding) + "\n")


if __name__ == "__main__":
    main()
