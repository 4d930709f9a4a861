"""bench/peers/numpy_paths.py f32|f64 - full-truncation Euler for Heston with numpy, all prices stored,
timed once for every line on standard input. One thread; parameters "mild" of bench_sim_peers.c."""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
import time

import numpy as np

N_PATHS, N_STEPS, HORIZON = 10000, 252, 1.0
V0, KAPPA, THETA, XI, RHO = 0.04, 1.0, 0.04, 0.2, -0.7
real = np.float32 if sys.argv[1] == "f32" else np.float64


def simulate(rng):
    """Prices, one row a date."""
    dt = HORIZON / N_STEPS
    root_dt, rest = real(np.sqrt(dt)), real(np.sqrt(1.0 - RHO * RHO))
    x = np.empty((N_STEPS + 1, N_PATHS), real)
    x[0] = np.log(100.0)
    v = np.full(N_PATHS, V0, real)
    z = np.empty((2, N_PATHS), real)
    used, root, work = (np.empty(N_PATHS, real) for _ in range(3))
    for step in range(N_STEPS):
        rng.standard_normal(dtype=real, out=z)
        np.maximum(v, real(0.0), out=used)
        np.sqrt(used, out=root)
        root *= root_dt
        np.multiply(z[1], rest, out=work)
        z[1] = work
        np.multiply(z[0], real(RHO), out=work)
        work += z[1]
        work *= root
        np.multiply(used, real(-0.5 * dt), out=x[step + 1])
        x[step + 1] += x[step]
        x[step + 1] += work
        np.subtract(real(THETA), used, out=work)
        work *= real(KAPPA * dt)
        v += work
        np.multiply(z[0], root, out=work)
        work *= real(XI)
        v += work
    return np.exp(x, out=x)


generator = np.random.Generator(np.random.SFC64(1))
print("ready", np.__version__, flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    simulate(generator)
    print(time.perf_counter() - start, flush=True)
