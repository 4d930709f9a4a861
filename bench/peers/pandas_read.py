"""bench/peers/pandas_read.py FILE - pandas.read_csv with date parsing, timed once for every line on
standard input."""
import sys
import time

import pandas

path = sys.argv[1]
print("ready", pandas.__version__, flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    pandas.read_csv(path, parse_dates=["timestamp"], index_col="timestamp")
    print(time.perf_counter() - start, flush=True)
