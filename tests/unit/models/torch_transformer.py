#!/usr/bin/env python3
"""tests/unit/models/torch_transformer.py - transformers by torch, in double, as JSON: outputs,
gradients, and ten steps of Adam on the mean squared error.

`transformer` is nn.TransformerEncoder of nn.TransformerEncoderLayer(norm_first=True);
`paper_transformer` is keras' MultiHeadAttention written out, since torch's own has no heads wider
than the row. Parameters are in Feller's order, which is torch's. test_transformer_torch.c compares
with what this prints now, where torch is installed, and with torch_transformer.json, which is what
it printed with torch 1.13:

    python3 tests/unit/models/torch_transformer.py >tests/unit/models/torch_transformer.json
"""
import json
import math

import torch
from torch import nn

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
STEPS, RATE = 10, 0.013
cases = []


def sinusoidal(rows, cols):
    table = torch.zeros(rows, cols)
    for t in range(rows):
        for c in range(cols):
            angle = t / 10000 ** ((c - c % 2) / cols)
            table[t, c] = math.sin(angle) if c % 2 == 0 else math.cos(angle)
    return table


class Transformer(nn.Module):
    def __init__(self, s, sequence, features, outputs):
        super().__init__()
        d = s["d_model"]
        self.input = nn.Linear(features, d)
        kind = s.get("positions", "sinusoidal")
        if kind == "learned":
            self.table = nn.Parameter(torch.randn(sequence, d))
        else:
            self.table = sinusoidal(sequence, d) if kind == "sinusoidal" else torch.zeros(sequence, d)
        layer = nn.TransformerEncoderLayer(
            d, s["heads"], int(d * s["ff_ratio"] + 0.5), dropout=0.0, batch_first=True,
            norm_first=True, activation=s.get("activation", "gelu"))
        self.body = nn.TransformerEncoder(layer, s["layers"], norm=nn.LayerNorm(d),
                                          enable_nested_tensor=False)
        self.head = nn.Linear(d, outputs)
        self.pool = s.get("pool", "last")
        self.mask = None
        if s.get("causal") == "true":
            self.mask = torch.full((sequence, sequence), -math.inf).triu(1)
        for p in self.parameters():
            nn.init.normal_(p, std=0.4)
        for m in self.modules():
            if isinstance(m, nn.LayerNorm):
                nn.init.normal_(m.weight, mean=1.0, std=0.2)

    def forward(self, x):
        x = self.body(self.input(x) + self.table, mask=self.mask)
        return self.head(x[:, -1] if self.pool == "last" else x.mean(dim=1))

    def flat(self):
        parts = [self.input.weight, self.input.bias]
        if isinstance(self.table, nn.Parameter):
            parts.append(self.table)
        for l in self.body.layers:
            a = l.self_attn
            parts += [l.norm1.weight, l.norm1.bias, a.in_proj_weight, a.in_proj_bias,
                      a.out_proj.weight, a.out_proj.bias, l.norm2.weight, l.norm2.bias,
                      l.linear1.weight, l.linear1.bias, l.linear2.weight, l.linear2.bias]
        return parts + [self.body.norm.weight, self.body.norm.bias, self.head.weight,
                        self.head.bias]


class PaperTransformer(nn.Module):
    def __init__(self, s, sequence, features, outputs):
        super().__init__()
        self.heads, self.width = s["heads"], s["key_width"]
        every = self.heads * self.width
        self.qkv = nn.ModuleList(nn.Linear(features, 3 * every) for _ in range(s["layers"]))
        self.out = nn.ModuleList(nn.Linear(every, features) for _ in range(s["layers"]))
        self.head = nn.Linear(sequence, outputs)
        self.relu = s.get("head", "relu") == "relu"
        for p in self.parameters():
            nn.init.normal_(p, std=0.5)

    def forward(self, x):
        for qkv, out in zip(self.qkv, self.out):
            n, rows, _ = x.shape
            q, k, v = (p.reshape(n, rows, self.heads, self.width).transpose(1, 2)
                       for p in qkv(x).chunk(3, dim=2))
            weights = torch.softmax(q @ k.transpose(2, 3) / math.sqrt(self.width), dim=3)
            x = out((weights @ v).transpose(1, 2).reshape(n, rows, -1))
        y = self.head(x.mean(dim=2))
        return torch.relu(y) if self.relu else y

    def flat(self):
        parts = []
        for qkv, out in zip(self.qkv, self.out):
            parts += [qkv.weight, qkv.bias, out.weight, out.bias]
        return parts + [self.head.weight, self.head.bias]


def parse(settings):
    pairs = (item.split("=") for item in settings.split(","))
    return {k: v if not v[0].isdigit() else float(v) if "." in v else int(v) for k, v in pairs}


def numbers(tensors, digits=16):
    every = torch.cat([t.detach().reshape(-1) for t in tensors]).tolist()
    return [float(f"{x:.{digits}g}") for x in every]


def short(tensor):
    """Random numbers of few digits, so that the file stays small."""
    return (tensor * 256).round() / 256


def add(network, settings, n, sequence, features, outputs):
    make = {"transformer": Transformer, "paper_transformer": PaperTransformer}[network]
    net = make(parse(settings), sequence, features, outputs)
    for p in net.parameters():
        p.data = short(p.data)
    x = short(torch.randn(n, sequence, features)).requires_grad_(True)
    y = net(x)
    slope = short(torch.randn_like(y))
    y.backward(slope)
    case = {"network": network, "settings": settings, "n": n, "sequence": sequence,
            "features": features, "outputs": outputs, "learning_rate": RATE,
            "params": numbers(net.flat()), "inputs": numbers([x]), "slopes": numbers([slope]),
            "results": numbers([y]), "gradient": numbers([p.grad for p in net.flat()]),
            "d_inputs": numbers([x.grad])}
    targets = short(torch.randn_like(y))
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = ((net(x.detach()) - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    case.update(targets=numbers([targets]), losses=losses, trained=numbers(net.flat(), 12))
    cases.append(case)


add("transformer", "d_model=8,heads=2,layers=2,ff_ratio=2,positions=learned", 3, 5, 3, 1)
add("transformer", "d_model=16,heads=2,layers=1,ff_ratio=0.5,causal=true,pool=mean", 2, 9, 2, 2)
add("transformer", "d_model=6,heads=3,layers=2,ff_ratio=1.5,activation=relu,positions=none,"
    "pool=mean", 2, 4, 1, 1)
add("transformer", "d_model=10,heads=1,layers=1,ff_ratio=1,causal=true", 2, 11, 2, 1)
add("paper_transformer", "heads=3,key_width=5,layers=2,dropout=0,head=linear", 4, 3, 1, 1)
add("paper_transformer", "heads=2,key_width=9,layers=1,dropout=0,head=relu", 5, 4, 2, 3)
print(json.dumps(cases))
