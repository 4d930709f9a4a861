#!/usr/bin/env python3
"""tests/unit/losses/torch_losses.py - losses and their gradients by torch, in double, as JSON.

torch's own function where it has the loss, else the formula of docs/losses.md with torch's automatic
gradient. test_loss_torch.c compares with what this prints now, where torch is installed, and with
torch_losses.json, which is what it printed with torch 1.13:

    python3 tests/unit/losses/torch_losses.py >tests/unit/losses/torch_losses.json
"""
import json
import math

import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
cases = []


def add(name, settings, outputs, targets, function, weights=None, groups=None):
    """function(outputs, targets) of the rows that count gives the loss of each row, or one number."""
    x = outputs.clone().requires_grad_(True)
    value = function(x, targets)
    if value.dim() > 0:
        w = torch.ones(len(x)) if weights is None else weights
        rows = value.reshape(len(x), -1).mean(dim=1)
        value = (w * rows).sum() / w.sum()
    value.backward()
    cases.append({
        "name": name, "settings": settings, "n": x.shape[0], "n_outputs": x.shape[1],
        "outputs": outputs.flatten().tolist(), "targets": targets.flatten().tolist(),
        "weights": None if weights is None else weights.tolist(), "groups": groups,
        "value": value.item(), "gradient": x.grad.flatten().tolist()})


def net(x, r, cost, squash):
    p = squash(x)
    before = torch.cat([torch.zeros(1, p.shape[1]), p[:-1]])
    return (p * r - cost * (p - before).abs()).mean(dim=1)


def neural_ndcg(s, y, tau, steps):
    n = len(s)
    distances = (s[:, None] - s[None, :]).abs().sum(dim=1)
    place = n + 1 - 2 * torch.arange(1, n + 1)
    p = torch.softmax((place[:, None] * s[None, :] - distances[None, :]) / tau, dim=1)
    for _ in range(steps):
        p = p / p.sum(dim=0, keepdim=True)
        p = p / p.sum(dim=1, keepdim=True)
    discount = 1 / torch.log2(torch.arange(n) + 2.0)
    gain = 2.0 ** y - 1
    ideal = (torch.sort(gain, descending=True)[0] * discount).sum()
    return -((p @ gain) * discount).sum() / ideal


def rows(n, m, scale):
    return scale * torch.randn(n, m)


n = 7
w = torch.tensor([0.5, 1.25, 2.0, 0.75, 3.0, 1.0, 0.25])
y, o, r = rows(n, 2, 1.3), rows(n, 2, 0.9), rows(n, 2, 0.0217)
add("mse", "", o, y, lambda a, b: F.mse_loss(a, b, reduction="none"), w)
add("mae", "", o, y, lambda a, b: F.l1_loss(a, b, reduction="none"), w)
add("huber", "delta=0.73", o, y, lambda a, b: F.huber_loss(a, b, reduction="none", delta=0.73), w)
add("log_cosh", "scale=0.6", o, y, lambda a, b: 0.36 * torch.log(torch.cosh((a - b) / 0.6)), w)
add("quantile", "quantile=0.2", o, y, lambda a, b: torch.maximum(0.2 * (b - a), -0.8 * (b - a)), w)
add("rmse", "", o, y, lambda a, b: F.mse_loss(a, b).sqrt())
add("nrmse", "", o[:, :1], y[:, :1],
    lambda a, b: F.mse_loss(a, b).sqrt() / b.std(unbiased=False))
add("rrmse", "by=outputs", o, y, lambda a, b: ((a - b).square().sum() / a.square().sum()).sqrt())
positive = y.abs() + 0.1
add("rmsle", "", o.abs(), positive,
    lambda a, b: (torch.log1p(a) - torch.log1p(b)).square().mean().sqrt())
add("gmadl", "a=100,b=1.5", o, r,
    lambda a, b: -(torch.sigmoid(100 * a * b) - 0.5) * b.abs() ** 1.5, w)
add("tanh_madl", "slope=30", o, r, lambda a, b: -torch.tanh(30 * a * b) * b.abs(), w)
labels = torch.tensor([[1.0, 0.0], [0.0, 0.25], [1.0, 1.0], [0.0, 0.0], [0.7, 1.0], [0.0, 1.0],
                       [1.0, 0.0]])
add("binary_cross_entropy", "positive_weight=2.5", 3 * o, labels,
    lambda a, b: F.binary_cross_entropy_with_logits(a, b, reduction="none",
                                                    pos_weight=torch.tensor(2.5)), w)
logits, classes = rows(n, 4, 2.0), torch.tensor([0, 3, 1, 1, 2, 0, 3])
add("cross_entropy", "smoothing=0.15", logits, classes,
    lambda a, b: F.cross_entropy(a, b, reduction="none", label_smoothing=0.15), w)


def margins(a, b, margin):
    own = a.gather(1, b[:, None])
    return a - own + margin * (1 - F.one_hot(b, 4))


add("ldr_kl", "lambda=0.6,margin=0.3", logits, classes,
    lambda a, b: 0.6 * (torch.logsumexp(margins(a, b, 0.3) / 0.6, dim=1) - math.log(4)), w)


def z_rows(a, b):
    z = (a - a.mean(dim=1, keepdim=True)) / a.std(dim=1, unbiased=False, keepdim=True)
    return F.softplus(1.7 * (0.8 - z.gather(1, b[:, None])[:, 0])) / 1.7


add("z_loss", "a=1.7,b=0.8", logits, classes, z_rows, w)
binary = torch.tensor([1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0])


def pairs(a, b):
    s = a[:, 0]
    return F.softplus(-1.3 * (s[b > 0][:, None] - s[b <= 0][None, :])).mean()


add("pairwise_logistic", "scale=1.3", o[:, :1], binary, pairs)
grades = torch.tensor([0.0, 3.0, 1.0, 0.0, 2.0, 0.0, 1.0])
add("neural_ndcg", "temperature=0.7,tolerance=0,steps=12", o[:, :1], grades,
    lambda a, b: (neural_ndcg(a[:4, 0], b[:4], 0.7, 12) + neural_ndcg(a[4:, 0], b[4:], 0.7, 12)) / 2,
    groups=[0, 4, 7])


def sharpe(a, b):
    x = net(a, b, 0.0013, torch.tanh)
    return -math.sqrt(365) * (x.mean() - 0.0002) / x.std()


def utility(a, b):
    x = net(a, b, 0.0013, torch.sigmoid)
    return -252 * (x.mean() - 4.5 * x.var())


add("negative_sharpe", "cost_bps=13,periods_per_year=365,risk_free_per_period=0.0002", o, r, sharpe)
add("negative_mean_variance", "position=sigmoid,cost_bps=13,risk_aversion=9", o, r, utility)
print("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]")
