"""bench/peers/train_torch.py KIND:WIDTH:SEQUENCE:BATCH:THREADS:STEPS - training steps with torch:
forward, mean squared error on the last step, backward, Adam. For every line on standard input STEPS
steps, and the seconds of the fastest.

Threads are set so that torch is at its best. Debian's OpenBLAS with a pool of its own and torch's
OpenMP threads get in each other's way, 2 to 70 times slower: with more than one thread OpenBLAS for
OpenMP (libopenblas0-openmp) is used, or, where it is not installed, one thread inside OpenBLAS. And
memory that torch frees is kept rather than handed back to the system at every tensor."""
import os
import sys

KIND, WIDTH, SEQUENCE, BATCH, THREADS, STEPS = sys.argv[1].split(":")
WIDTH, SEQUENCE, BATCH, THREADS, STEPS = map(int, (WIDTH, SEQUENCE, BATCH, THREADS, STEPS))
OPENMP_BLAS = "/usr/lib/x86_64-linux-gnu/openblas-openmp"
HAS_OPENMP_BLAS = os.path.exists(OPENMP_BLAS + "/libblas.so.3")

if "TRAIN_TORCH_READY" not in os.environ:
    # Libraries read these when they are loaded: start anew with them set.
    env = dict(os.environ, TRAIN_TORCH_READY="1", OMP_NUM_THREADS=str(THREADS),
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
FEATURES, HEADS, LAYERS = 8, 4, 2


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(FEATURES, WIDTH, batch_first=True)
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.input = nn.Linear(FEATURES, WIDTH)
        self.positions = nn.Parameter(0.02 * torch.randn(SEQUENCE, WIDTH))
        layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, dropout=0.0, batch_first=True,
                                           norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, LAYERS, norm=nn.LayerNorm(WIDTH))
        self.head = nn.Linear(WIDTH, 1)

    def forward(self, x):
        return self.head(self.encoder(self.input(x) + self.positions)[:, -1])


net = {"lstm": Lstm, "transformer": Transformer}[KIND]()
optimizer = torch.optim.Adam(net.parameters())
inputs, targets = torch.rand(BATCH, SEQUENCE, FEATURES) * 2 - 1, torch.rand(BATCH, 1) * 2 - 1


def step():
    start = time.perf_counter()
    optimizer.zero_grad()
    loss = ((net(inputs) - targets) ** 2).mean()
    loss.backward()
    optimizer.step()
    return time.perf_counter() - start


print("ready", torch.__version__, flush=True)
for _ in sys.stdin:
    print(min(step() for _ in range(STEPS)), flush=True)
