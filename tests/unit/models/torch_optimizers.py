#!/usr/bin/env python3
"""tests/unit/models/torch_optimizers.py - ten steps of each optimiser by torch, in double, as JSON.

Gradients are random numbers, given with the parameters after each step; so are the factors of
torch's schedules. test_optimizer_torch.c compares with what this prints now, where torch is
installed, and with torch_optimizers.json, which is what it printed with torch 1.13:

    python3 tests/unit/models/torch_optimizers.py >tests/unit/models/torch_optimizers.json
"""
import json

import torch
from torch.optim import lr_scheduler

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
N, STEPS = 11, 10
cases = []


def add(name, settings, make, schedule=None):
    start = torch.randn(N)
    x = start.clone().requires_grad_(True)
    optimizer = make([x])
    scheduler = None if schedule is None else schedule(optimizer)
    base = optimizer.param_groups[0]["initial_lr"] if scheduler else None
    gradients, values, factors = [], [], []
    for _ in range(STEPS):
        # Sizes over three powers of ten, which steps of Adam's kind do not see.
        x.grad = torch.randn(N) * 10 ** torch.linspace(-2, 1, N)
        gradients += x.grad.tolist()
        factors.append(optimizer.param_groups[0]["lr"] / base if scheduler else 1.0)
        optimizer.step()
        if scheduler is not None:
            scheduler.step()
        values += x.detach().tolist()
    cases.append({"name": name, "settings": settings, "start": start.tolist(),
                  "gradients": gradients, "values": values, "factors": factors})


optim = torch.optim
add("sgd", "learning_rate=0.037", lambda p: optim.SGD(p, lr=0.037))
add("sgd", "learning_rate=0.037,momentum=0.85,weight_decay=0.013",
    lambda p: optim.SGD(p, lr=0.037, momentum=0.85, weight_decay=0.013))
add("sgd", "learning_rate=0.021,momentum=0.7,nesterov=true,weight_decay=0.2",
    lambda p: optim.SGD(p, lr=0.021, momentum=0.7, nesterov=True, weight_decay=0.2))
add("adam", "", lambda p: optim.Adam(p))
add("adam", "learning_rate=0.043,beta1=0.8,beta2=0.97,epsilon=0.0001,weight_decay=0.31",
    lambda p: optim.Adam(p, lr=0.043, betas=(0.8, 0.97), eps=1e-4, weight_decay=0.31))
add("adamw", "", lambda p: optim.AdamW(p))
add("adamw", "learning_rate=0.043,beta1=0.8,beta2=0.97,epsilon=0.0001,weight_decay=0.31",
    lambda p: optim.AdamW(p, lr=0.043, betas=(0.8, 0.97), eps=1e-4, weight_decay=0.31))
# torch 1.13 multiplies one factor twice unless foreach is set.
add("nadam", "", lambda p: optim.NAdam(p, foreach=True))
add("nadam", "learning_rate=0.043,beta1=0.8,beta2=0.97,weight_decay=0.31,momentum_decay=0.02",
    lambda p: optim.NAdam(p, lr=0.043, betas=(0.8, 0.97), weight_decay=0.31, momentum_decay=0.02,
                          foreach=True))
add("rmsprop", "", lambda p: optim.RMSprop(p))
add("rmsprop", "learning_rate=0.017,alpha=0.9,epsilon=0.001,momentum=0.6,centered=true,weight_decay=0.1",
    lambda p: optim.RMSprop(p, lr=0.017, alpha=0.9, eps=1e-3, momentum=0.6, centered=True,
                            weight_decay=0.1))
# Schedules: five epochs of two steps.
add("adam", "", lambda p: optim.Adam(p), lambda o: lr_scheduler.StepLR(o, step_size=4, gamma=0.3))
cases[-1]["schedule"] = "step:every_epochs=2,gamma=0.3"
add("adam", "", lambda p: optim.Adam(p),
    lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=10, eta_min=0.07 * 0.001))
cases[-1]["schedule"] = "cosine:final=0.07"
add("adam", "", lambda p: optim.Adam(p),
    lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, T_0=2, T_mult=2))
cases[-1]["schedule"] = "cosine:cycle_epochs=1,cycle_growth=2"
add("adam", "", lambda p: optim.Adam(p),
    lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, start_factor=0.25, total_iters=3),
            lr_scheduler.CosineAnnealingLR(o, T_max=7)], milestones=[3]))
cases[-1]["schedule"] = "cosine:warmup_epochs=1.5,warmup_from=0.25"
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
