"""bench/peers/hedge_torch.py WIDTH:PATHS:THREADS:STEPS - training steps of an LSTM hedger with torch:
Heston paths, forward, entropic risk of the P&L with costs, backward, Adam. For every line on standard
input STEPS steps of each of two ways to write it, and the seconds of the fastest step of both.

`layer` is nn.LSTM over all dates at once, which cannot see the position that it held before; `cell`
is a loop over nn.LSTMCell with that position as a fourth input. Paths are by the full-truncation
Euler scheme in float32, one step a date, all paths of a date in one operation.

Threads and memory are set so that torch is at its best, as in train_torch.py."""
import math
import os
import sys

WIDTH, PATHS, THREADS, STEPS = map(int, sys.argv[1].split(":"))
OPENMP_BLAS = "/usr/lib/x86_64-linux-gnu/openblas-openmp"
HAS_OPENMP_BLAS = os.path.exists(OPENMP_BLAS + "/libblas.so.3")

if "HEDGE_TORCH_READY" not in os.environ:
    # Libraries read these when they are loaded: start anew with them set.
    env = dict(os.environ, HEDGE_TORCH_READY="1", OMP_NUM_THREADS=str(THREADS),
               MALLOC_MMAP_THRESHOLD_="33554432", MALLOC_TRIM_THRESHOLD_="4294967296")
    env["OPENBLAS_NUM_THREADS"] = str(THREADS if HAS_OPENMP_BLAS else 1)
    if THREADS > 1 and HAS_OPENMP_BLAS:
        env["LD_LIBRARY_PATH"] = OPENMP_BLAS + ":" + env.get("LD_LIBRARY_PATH", "")
    os.execve(sys.executable, [sys.executable] + sys.argv, env)

import time

import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(THREADS)
DATES, DT, STRIKE, COST = 30, 1.0 / 365.0, 100.0, 1e-3
KAPPA, THETA, XI, RHO, V0 = 1.0, 0.04, 0.5, -0.7, 0.04


def simulate():
    """Prices [DATES + 1, PATHS] and volatilities [DATES, PATHS]."""
    z = torch.randn(DATES, 2, PATHS) * math.sqrt(DT)
    move = RHO * z[:, 0] + math.sqrt(1.0 - RHO * RHO) * z[:, 1]
    v = torch.full((PATHS,), V0)
    logs, vols = [torch.full((PATHS,), math.log(STRIKE))], []
    for k in range(DATES):
        positive = v.clamp(min=0.0)
        vol = positive.sqrt()
        vols.append(vol)
        logs.append(logs[-1] + vol * move[k] - (0.5 * DT) * positive)
        v = v + (KAPPA * DT) * (THETA - positive) + XI * vol * z[k, 0]
    return torch.stack(logs).exp(), torch.stack(vols)


def market_features(prices, vols):
    """[DATES, PATHS, 3]: log moneyness, time left, volatility, each of the order of 1."""
    moneyness = (prices[:-1] / STRIKE).log() * 20.0
    left = (1.0 - torch.arange(DATES) / DATES).unsqueeze(1).expand(DATES, PATHS)
    return torch.stack((moneyness, left, vols * 5.0), dim=2)


def risk(prices, positions):
    """Entropic risk, aversion 1, of a sold call hedged so; every trade costs, the last one too."""
    gains = (positions * (prices[1:] - prices[:-1])).sum(0)
    none = torch.zeros(1, PATHS)
    trades = torch.cat((positions, none)) - torch.cat((none, positions))
    costs = COST * (trades.abs() * prices).sum(0)
    pnl = gains - costs - (prices[-1] - STRIKE).clamp(min=0.0)
    return torch.logsumexp(-pnl, 0) - math.log(PATHS)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, WIDTH)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, features):
        return self.head(self.lstm(features)[0]).squeeze(2)


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, WIDTH)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, features):
        h, c = torch.zeros(PATHS, WIDTH), torch.zeros(PATHS, WIDTH)
        position = torch.zeros(PATHS, 1)
        positions = []
        for now in features:
            h, c = self.cell(torch.cat((now, position), 1), (h, c))
            position = self.head(h)
            positions.append(position)
        return torch.stack(positions).squeeze(2)


def trained(net):
    optimizer = torch.optim.Adam(net.parameters())

    def step():
        start = time.perf_counter()
        prices, vols = simulate()
        optimizer.zero_grad()
        loss = risk(prices, net(market_features(prices, vols)))
        loss.backward()
        optimizer.step()
        return time.perf_counter() - start

    return step


ways = [trained(Layer()), trained(Cell())]
print("ready", torch.__version__, flush=True)
for _ in sys.stdin:
    print(min(min(step() for _ in range(STEPS)) for step in ways), flush=True)
