"""bench/peers/torch_paths.py f32|f64 - full-truncation Euler for Heston with torch, all prices stored,
timed once for every line on standard input. One thread; parameters "mild" of bench_sim_peers.c."""
import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import sys
import time

import torch

torch.set_num_threads(1)
N_PATHS, N_STEPS, HORIZON = 10000, 252, 1.0
V0, KAPPA, THETA, XI, RHO = 0.04, 1.0, 0.04, 0.2, -0.7
real = torch.float32 if sys.argv[1] == "f32" else torch.float64


@torch.no_grad()
def simulate():
    """Prices, one row a date."""
    dt = HORIZON / N_STEPS
    root_dt, rest = dt**0.5, (1.0 - RHO * RHO) ** 0.5
    x = torch.empty((N_STEPS + 1, N_PATHS), dtype=real)
    x[0] = torch.log(torch.tensor(100.0))
    v = torch.full((N_PATHS,), V0, dtype=real)
    z_v, z_s = (torch.empty(N_PATHS, dtype=real) for _ in range(2))
    for step in range(N_STEPS):
        z_v.normal_()
        z_s.normal_()
        used = v.clamp(min=0.0)
        root = used.sqrt().mul_(root_dt)
        z_s.mul_(rest).add_(z_v, alpha=RHO)
        torch.add(x[step], used, alpha=-0.5 * dt, out=x[step + 1])
        x[step + 1].addcmul_(root, z_s)
        v.add_(used, alpha=-KAPPA * dt).add_(KAPPA * THETA * dt).addcmul_(root, z_v, value=XI)
    return x.exp_()


torch.manual_seed(1)
print("ready", torch.__version__, flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    simulate()
    print(time.perf_counter() - start, flush=True)
