#!/usr/bin/env python3
"""lobster.py MESSAGES ORDERBOOK DATE FOLDER - LOBSTER's two files of a day as depth and trades.

MESSAGES has rows time, type, order id, size, price, direction, ORDERBOOK the book after each: ask
price, ask size, bid price, bid size of level 1, then of level 2, ...; prices in 1/10000, seconds
after midnight of New York; a header is passed over, files may be .gz. DATE is like 2012-06-21.

Writes FOLDER/depth.csv (a row for each level that differs from the row before; levels that are out
of sight because better ones came are gone) and FOLDER/trades.csv (types 4 and 5; what a hidden
order traded has no side). Read both with --zone America/New_York.

Python's standard library only.
"""
import csv
import gzip
import pathlib
import sys


def rows(path):
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", newline="") as file:
        for row in csv.reader(file):
            if row and row[0].replace(".", "", 1).isdigit():
                yield row


def clock(seconds):
    whole, _, part = seconds.partition(".")
    hours, rest = divmod(int(whole), 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}.{(part + '000000000')[:9]}"


def price_of(text):
    units, parts = divmod(int(text), 10000)
    return f"{units}.{parts:04d}"


def levels(row, first):
    """Price to size of a side; 9999999999 and 0 stand for no level."""
    return {price: int(size) for price, size in zip(row[first::4], row[first + 1::4])
            if int(size) > 0 and 0 < int(price) < 9999999999}


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__.splitlines()[0])
    messages, books, date, folder = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
    folder.mkdir(parents=True, exist_ok=True)
    seen, first = {"ask": {}, "bid": {}}, True
    with open(folder / "depth.csv", "w") as depth, open(folder / "trades.csv", "w") as trades:
        depth.write("ts,side,price,quantity,flags\n")
        trades.write("ts,price,quantity,taker_side\n")
        for message, book in zip(rows(messages), rows(books), strict=True):
            stamp = f"{date} {clock(message[0])}"
            if message[1] in ("4", "5"):
                side = {"1": "sell", "-1": "buy"}[message[5]] if message[1] == "4" else ""
                trades.write(f"{stamp},{price_of(message[4])},{message[3]},{side}\n")
            for side, at in (("ask", 0), ("bid", 2)):
                now = levels(book, at)
                for price in [p for p in seen[side] if p not in now]:
                    depth.write(f"{stamp},{side},{price_of(price)},0,0\n")
                for price, size in now.items():
                    if seen[side].get(price) != size:
                        depth.write(f"{stamp},{side},{price_of(price)},{size},{int(first)}\n")
                        first = False
                seen[side] = now


if __name__ == "__main__":
    main()
