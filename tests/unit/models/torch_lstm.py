#!/usr/bin/env python3
"""tests/unit/models/torch_lstm.py - LSTM networks by torch, in double, as JSON: outputs, gradients,
and ten steps of Adam on the mean squared error.

Parameters are in Feller's order: for each layer the input's and the hidden state's weights side by
side, rows i, f, g, o; the sum of torch's two biases (of which the second stays 0); the head's
weight and bias. test_lstm_torch.c compares with what this prints now, where torch is installed, and
with torch_lstm.json, which is what it printed with torch 1.13:

    python3 tests/unit/models/torch_lstm.py >tests/unit/models/torch_lstm.json
"""
import json

import torch
from torch import nn

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
STEPS, RATE = 10, 0.013
cases = []


class Network(nn.Module):
    def __init__(self, features, hidden, outputs, every_step):
        super().__init__()
        sizes = [features] + hidden
        self.layers = nn.ModuleList(
            nn.LSTM(sizes[i], sizes[i + 1], batch_first=True) for i in range(len(hidden)))
        self.head = nn.Linear(hidden[-1], outputs)
        self.every_step = every_step
        for layer in self.layers:
            nn.init.normal_(layer.bias_ih_l0)
            nn.init.zeros_(layer.bias_hh_l0)
            layer.bias_hh_l0.requires_grad_(False)

    def forward(self, x):
        for layer in self.layers:
            x, _ = layer(x)
        return self.head(x if self.every_step else x[:, -1])

    def flat(self, pick):
        """Parameters, or what pick takes of them, in Feller's order."""
        parts = []
        for layer in self.layers:
            parts.append(torch.cat([pick(layer.weight_ih_l0), pick(layer.weight_hh_l0)], 1))
            parts.append(pick(layer.bias_ih_l0))
        parts += [pick(self.head.weight), pick(self.head.bias)]
        return torch.cat([part.reshape(-1) for part in parts]).tolist()


def add(n, sequence, features, hidden, outputs, every_step):
    net = Network(features, hidden, outputs, every_step)
    x = torch.randn(n, sequence, features, requires_grad=True)
    y = net(x)
    slope = torch.randn_like(y)
    y.backward(slope)
    case = {"n": n, "sequence": sequence, "features": features, "hidden": hidden,
            "outputs": outputs, "every_step": every_step, "learning_rate": RATE,
            "params": net.flat(lambda p: p.detach()), "inputs": x.reshape(-1).tolist(),
            "slopes": slope.reshape(-1).tolist(), "results": y.reshape(-1).tolist(),
            "gradient": net.flat(lambda p: p.grad), "d_inputs": x.grad.reshape(-1).tolist()}
    targets = torch.randn_like(y)
    optimizer = torch.optim.Adam([p for p in net.parameters() if p.requires_grad], lr=RATE)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = ((net(x.detach()) - targets) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    case.update(targets=targets.reshape(-1).tolist(), losses=losses,
                trained=net.flat(lambda p: p.detach()))
    cases.append(case)


add(3, 7, 3, [5], 1, False)
add(2, 4, 2, [9], 2, True)
add(3, 5, 3, [6, 5], 2, False)
print(json.dumps(cases))
