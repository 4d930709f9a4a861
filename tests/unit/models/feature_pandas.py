#!/usr/bin/env -S python3 -B
"""feature_pandas.py - what every feature is on 100 awkward bars, computed with numpy and pandas.

    /usr/bin/python3 tests/unit/models/feature_pandas.py >tests/unit/models/feature_pandas.json

A window of pandas where there is one, a loop where there is none (averages that begin with a mean).
The bars hold weekends, a change of the clock, rows without volume, a stretch where nothing moves.
"""
import json
import math
import sys

import numpy as np
import pandas as pd

N = 100


class Draws:
    """A generator that is the same everywhere (Knuth's MMIX)."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 11) / 2**53


def make_bars():
    draw = Draws(2385).next
    days = pd.bdate_range("2021-02-15", periods=N)
    times = [d + pd.Timedelta(hours=16, minutes=(37 * i) % 180) for i, d in enumerate(days)]
    index = pd.DatetimeIndex(times).tz_localize("America/New_York")
    rows = []
    close = 23.85
    for i in range(N):
        if 55 <= i < 75:  # nothing moves, nothing is traded
            rows.append((close, close, close, close, 0.0))
            continue
        open_ = close * math.exp(0.01 * (draw() - 0.5))
        close = round(open_ * math.exp(0.04 * (draw() - 0.48)), 2)
        high = max(open_, close) * (1 + 0.01 * draw())
        low = min(open_, close) * (1 - 0.01 * draw())
        rows.append((open_, high, low, close, float(int(1e5 * draw() ** 3))))
    return pd.DataFrame(rows, index=index, columns=["o", "h", "l", "c", "v"])


def make_signals(bars):
    draw = Draws(77).next
    times = [bars.index[i] + pd.Timedelta(minutes=int(90 * (draw() - 0.5))) for i in range(7, N, 3)]
    times[4] = bars.index[7 + 3 * 4]  # known at the very instant of a bar
    a = [draw() - 0.5 for _ in times]
    b = [draw() for _ in times]
    a[0] = a[5] = a[6] = math.nan
    return pd.DataFrame({"a": a, "b": b}, index=pd.DatetimeIndex(times))


def ema(x, n, weight=None):
    """Starts with the mean of the first n numbers that are there."""
    weight = 2 / (n + 1) if weight is None else weight
    out, seen, value = [], [], math.nan
    for xi in x:
        if math.isnan(xi):
            out.append(math.nan)
            continue
        seen.append(xi)
        if len(seen) == n:
            value = sum(seen) / n
        elif len(seen) > n:
            value = value * (1 - weight) + weight * xi
        out.append(value)
    return pd.Series(out, index=x.index)


def circle(share):
    angle = 2 * np.pi * np.asarray(share, dtype=float)
    return {"sine": np.sin(angle), "cosine": np.cos(angle)}


def settle(x, n_warm, value):
    """Undefined numbers after the warm-up are what the rule of the feature says."""
    x = pd.Series(np.asarray(x, dtype=float))
    x = x.where(np.isfinite(x))
    x.iloc[n_warm:] = x.iloc[n_warm:].fillna(value)
    return x


def macd(c, fast, slow, signal):
    d = ema(c, fast) - ema(c, slow)
    s = ema(d, signal)
    return {"line": (d / c).where(s.notna()), "signal": s / c, "histogram": (d - s) / c}


def trend(c, n):
    logs, slope, corr = np.log(c.values), [], []
    for i in range(len(c)):
        if i < n - 1:
            slope.append(math.nan)
            corr.append(math.nan)
            continue
        y = logs[i - n + 1:i + 1]
        slope.append(np.polyfit(np.arange(n) - (n - 1) / 2, y, 1)[0] if np.ptp(y) > 0 else 0.0)
        corr.append(np.corrcoef(np.arange(n), y)[0, 1] if np.ptp(y) > 0 else 0.0)
    return {"slope": slope, "correlation": corr}


def bollinger(c, n, width):
    mean, sd = c.rolling(n).mean(), c.rolling(n).std(ddof=0)
    sd = sd.where(c.rolling(n).max() > c.rolling(n).min(), 0.0).where(mean.notna())
    return {"position": settle((c - mean) / (width * sd), n - 1, 0.0), "width": 2 * width * sd / mean}


def zscore(x, n, n_warm):
    sd = x.rolling(n).std().where(x.rolling(n).max() > x.rolling(n).min())
    return settle((x - x.rolling(n).mean()) / sd, n_warm, 0.0)


def shape(r, n, which):
    out = getattr(r.rolling(n), which)()
    return settle(out.where(r.rolling(n).max() > r.rolling(n).min()), n, 0.0)


def rsi(c, n):
    d = c.diff()
    up, down = ema(d.clip(lower=0), n, 1 / n), ema(-d.clip(upper=0), n, 1 / n)
    return settle(up / (up + down), n, 0.5)


def make_features(b, s):
    o, h, l, c, v = (b[k] for k in "ohlcv")
    r = c / c.shift(1) - 1
    true_range = np.maximum(h, c.shift(1)) - np.minimum(l, c.shift(1))
    moves = c.diff().abs()
    wall = b.index - pd.Timedelta(nanoseconds=1)
    latest = {k: [s[k][s.index <= t].iloc[-1] if (s.index <= t).any() else math.nan for t in b.index]
              for k in "ab"}
    hi, lo, lc = np.log(h / l), np.log(c / o), np.log
    rows = [
        ("return", [1], r), ("return", [6], c / c.shift(6) - 1),
        ("log_return", [3], np.log(c / c.shift(3))),
        ("lagged_return", [2, 5], c.shift(2) / c.shift(7) - 1),
        ("momentum", [21, 4], c.shift(4) / c.shift(21) - 1),
        ("open_gap", [], o / c.shift(1) - 1), ("body", [], c / o - 1),
        ("sma_ratio", [13], c / c.rolling(13).mean() - 1),
        ("ema_ratio", [11], c / ema(c, 11) - 1),
        ("sma_cross", [4, 17], c.rolling(4).mean() / c.rolling(17).mean() - 1),
        ("macd", [5, 9, 4], macd(c, 5, 9, 4)), ("trend", [8], trend(c, 8)),
        ("volatility", [12, 0], settle(r.rolling(12).apply(np.std, kwargs={"ddof": 1}), 12, 0.0)),
        ("volatility", [7, 1], np.log1p(r).rolling(7).apply(np.std, kwargs={"ddof": 1})),
        ("rolling_mean", [9], r.rolling(9).apply(np.mean)),
        ("rolling_zscore", [14, 0], zscore(c, 14, 13)),
        ("rolling_zscore", [6, 1], zscore(r, 6, 6)),
        ("rolling_skew", [10], shape(r, 10, "skew")),
        ("rolling_kurtosis", [15], shape(r, 15, "kurt")),
        ("bollinger", [11, 1.75], bollinger(c, 11, 1.75)),
        ("channel_position", [9, 0], settle(
            (c - l.rolling(9).min()) / (h.rolling(9).max() - l.rolling(9).min()), 8, 0.5)),
        ("channel_position", [5, 1], settle(
            (c - c.rolling(5).min()) / (c.rolling(5).max() - c.rolling(5).min()), 4, 0.5)),
        ("drawdown", [25], c / c.rolling(25).max() - 1), ("rise", [25], c / c.rolling(25).min() - 1),
        ("high_low_range", [3], ((h - l) / c).rolling(3).apply(np.mean)),
        ("parkinson", [8], (hi ** 2).rolling(8).apply(np.mean).div(4 * np.log(2)) ** 0.5),
        ("garman_klass", [8], (0.5 * hi ** 2 - (2 * np.log(2) - 1) * lo ** 2)
         .rolling(8).apply(np.mean) ** 0.5),
        ("rogers_satchell", [6], (lc(h / c) * lc(h / o) + lc(l / c) * lc(l / o))
         .rolling(6).apply(np.mean) ** 0.5),
        ("atr_ratio", [7], ema(true_range.where(c.shift(1).notna()), 7, 1 / 7) / c),
        ("volume_ratio", [10], settle(v / v.rolling(10).apply(np.mean), 9, 1.0)),
        ("volume_zscore", [10, 0], zscore(v, 10, 9)),
        ("volume_zscore", [6, 1], zscore(np.log1p(v), 6, 5)),
        ("rsi", [9], rsi(c, 9)),
        ("efficiency", [6], settle((c - c.shift(6)) / moves.rolling(6).apply(np.sum), 6, 0.0)),
        ("time_of_day", [], circle([(t.hour * 60 + t.minute) / 1440 for t in b.index])),
        ("day_of_week", [], circle(wall.dayofweek / 7)),
        ("month", [], circle((wall.month - 1) / 12)),
        ("signal", [0], pd.Series(latest["a"]).ffill(), "a"),
        ("signal", [1], pd.Series(latest["b"]).fillna(0.0), "b"),
    ]
    return rows


def numbers(x):
    return [None if not math.isfinite(y) else float(y) for y in np.asarray(x, dtype=float)]


def main():
    bars = make_bars()
    signals = make_signals(bars)
    out = {"zone": "America/New_York",
           "bars": {"time_ns": [int(t.value) for t in bars.index],
                    **{k: numbers(bars[k]) for k in "ohlcv"}},
           "signals": {"time_ns": [int(t.value) for t in signals.index],
                       **{k: numbers(signals[k]) for k in "ab"}},
           "features": []}
    for name, params, values, *column in make_features(bars, signals):
        named = values if isinstance(values, dict) else {"": values}
        out["features"].append({"name": name, "params": params, "column": column[0] if column else "",
                                "outputs": {k: numbers(x) for k, x in named.items()}})
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
