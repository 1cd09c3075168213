"""Golden numbers of the reference tasks (see ORIGIN.md). Usage: python makeTaskGolden.py OUTPUT_FOLDER"""
import json
import sys
from pathlib import Path

import numpy as np
import pyro
import sbibm
import torch
from scipy import stats

out = Path(sys.argv[1])
COUNT = 200_000
LEVELS = [0.01, 0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.99]
SHOWN = 24


def benchmark(name):
    task = sbibm.get_task(name)
    torch.manual_seed(20)
    pyro.set_rng_seed(20)
    prior, simulator = task.get_prior(), task.get_simulator()
    parts = []
    for _ in range(COUNT // 20_000):
        theta = prior(num_samples=20_000)
        parts.append(torch.cat([theta, simulator(theta).reshape(20_000, -1)], 1).double().numpy())
    return np.concatenate(parts)


def tree():
    rng = np.random.default_rng(20)
    a = rng.normal(0, 1, COUNT)
    b, c = rng.normal(a, 1), rng.normal(a, 1)
    return np.stack([a, b, c, rng.normal(np.sin(b) ** 2, 0.2), rng.normal(0.1 * b**2, 0.2), rng.normal(0.1 * c**2, 0.6),
                     rng.normal(np.cos(c) ** 2, 0.1)], 1)


def hmm():
    rng = np.random.default_rng(21)
    chain = np.cumsum(rng.normal(0, 0.5, (COUNT, 10)), 1)
    return np.concatenate([chain, rng.normal(chain**2, 0.5)], 1)


def inside(values, bound):
    return np.all(np.abs(values) <= bound)


def log_linear(v):
    return stats.norm.logpdf(v[:10], 0, np.sqrt(0.1)).sum() + stats.norm.logpdf(v[10:], v[:10], np.sqrt(0.1)).sum()


def log_mixture(v):
    parts = [stats.multivariate_normal.logpdf(v[2:], v[:2], s * np.eye(2)) for s in (1, 0.01)]
    return -2 * np.log(20) + np.logaddexp(*parts) - np.log(2) if inside(v[:2], 10) else -np.inf


def log_moons(v):
    u = v[2] + abs(v[0] + v[1]) / np.sqrt(2) - 0.25
    w = v[3] - (v[1] - v[0]) / np.sqrt(2)
    if u <= 0 or not inside(v[:2], 1):
        return -np.inf
    r = np.hypot(u, w)
    return -2 * np.log(2) + stats.norm.logpdf(r, 0.1, 0.01) + stats.uniform.logpdf(np.arctan2(w, u), -np.pi / 2, np.pi) - np.log(r)


def log_slcp(v):
    s = v[2:4] ** 2
    cov = np.diag(s) @ np.array([[1, np.tanh(v[4])], [np.tanh(v[4]), 1]]) @ np.diag(s) + 1e-6 * np.eye(2)
    return -5 * np.log(6) + stats.multivariate_normal.logpdf(v[5:].reshape(4, 2), v[:2], cov).sum() if inside(v[:5], 3) else -np.inf


def log_tree(v):
    means = [0, v[0], v[0], np.sin(v[1]) ** 2, 0.1 * v[1] ** 2, 0.1 * v[2] ** 2, np.cos(v[2]) ** 2]
    return stats.norm.logpdf(v, means, [1, 1, 1, 0.2, 0.2, 0.6, 0.1]).sum()


def log_hmm(v):
    return stats.norm.logpdf(v, np.concatenate([[0], v[:9], v[:10] ** 2]), 0.5).sum()


tasks = {"gaussian_linear": (lambda: benchmark("gaussian_linear"), log_linear), "gaussian_mixture": (lambda: benchmark("gaussian_mixture"), log_mixture),
         "two_moons": (lambda: benchmark("two_moons"), log_moons), "slcp": (lambda: benchmark("slcp"), log_slcp),
         "tree": (tree, log_tree), "hmm": (hmm, log_hmm)}
golden = {}
for name, (draws, log_density) in tasks.items():
    rows = draws()
    median = np.median(rows, 0)
    spread = np.quantile(rows, 0.75, axis=0) - np.quantile(rows, 0.25, axis=0)
    angles = np.arctan((rows - median) / spread)
    points = rows[:SHOWN].copy()
    # The last third lies off the draws, some of it where nothing can be.
    points[2 * SHOWN // 3:, 0] += np.linspace(-0.5, 0.5, SHOWN - 2 * SHOWN // 3) * spread[0]
    logs = [float(log_density(p)) for p in points]
    golden[name] = {"levels": LEVELS, "quantiles": np.quantile(rows, LEVELS, axis=0).T.tolist(), "median": median.tolist(), "spread": spread.tolist(),
                    "angleProducts": (angles.T @ angles / COUNT).tolist(), "sizeProducts": (np.abs(angles).T @ np.abs(angles) / COUNT).tolist(),
                    "points": points.tolist(), "logDensities": [None if np.isinf(x) else x for x in logs]}
(out / "taskGolden.json").write_text(json.dumps(golden) + "\n")
