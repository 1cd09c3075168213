"""Accuracies of sbibm's classifier on sets that test and script make alike (see ORIGIN.md). Usage: python makeC2stGolden.py OUTPUT_FOLDER"""
import json
import sys
import warnings
from pathlib import Path

import numpy as np
from sklearn.model_selection import KFold, cross_val_score
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
SEEDS = [1]


def uniforms(seed, count):
    """mulberry32: number i is a hash of seed + (i + 1) * 0x6d2b79f5."""
    mask = np.uint64(0xFFFFFFFF)
    a = (np.uint64(seed) + np.uint64(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint64)) & mask
    t = ((a ^ (a >> np.uint64(15))) * (a | np.uint64(1))) & mask
    t ^= (t + (((t ^ (t >> np.uint64(7))) * (t | np.uint64(61))) & mask)) & mask
    return (((t ^ (t >> np.uint64(14))) & mask) + 0.5) / 2**32


def normals(seed, count):
    u = uniforms(seed, 2 * count)
    return np.sqrt(-2 * np.log(u[0::2])) * np.cos(2 * np.pi * u[1::2])


def gaussian(seed, rows, width):
    return normals(seed, rows * width).reshape(rows, width)


def crescent(seed, rows, radius):
    angle = np.pi * (uniforms(seed, rows) - 0.5)
    r = radius + 0.1 * normals(seed + 1, rows)
    return np.stack([r * np.cos(angle), r * np.sin(angle)], 1)


def halves(seed, rows):
    """Two narrow Gaussians with mean 0 and variance 1 together."""
    side = np.where(uniforms(seed, rows) < 0.5, -0.8, 0.8)
    return np.stack([side + 0.6 * normals(seed + 1, rows), normals(seed + 2, rows)], 1)


def correlated(seed, rows):
    z = gaussian(seed, rows, 4)
    z[:, 1] = 0.8 * z[:, 0] + 0.6 * z[:, 1]
    z[:, 3] = -0.8 * z[:, 2] + 0.6 * z[:, 3]
    return z


pairs = [
    ("equal", 10_000, gaussian(1000, 400, 2), gaussian(2000, 400, 2)),
    ("halves", 10_000, halves(1001, 400), gaussian(2001, 400, 2)),
    ("crescents", 10_000, crescent(1002, 400, 1.0), crescent(2002, 400, 1.1)),
    ("shifted", 100, gaussian(1003, 300, 3), gaussian(2003, 300, 3) + np.array([1.2, 0, 0.6])),
    ("correlated", 100, correlated(1004, 300), gaussian(2004, 300, 4)),
    ("scaled", 100, gaussian(1005, 250, 5), 1.7 * gaussian(2005, 250, 5)),
    ("far", 100, gaussian(1006, 120, 10), gaussian(2006, 120, 10) + 0.8),
]
golden = []
for name, epochs, first, second in pairs:
    n, width = first.shape
    mean, deviation = first.mean(0), first.std(0, ddof=1)
    data = np.concatenate([(first - mean) / deviation, (second - mean) / deviation])
    target = np.repeat([0, 1], n)
    scores = []
    for seed in SEEDS:
        network = MLPClassifier(activation="relu", hidden_layer_sizes=(10 * width, 10 * width), max_iter=epochs, solver="adam", random_state=seed)
        scores.append(float(np.mean(cross_val_score(network, data, target, cv=KFold(5, shuffle=True, random_state=seed), scoring="accuracy"))))
    golden.append({"name": name, "rows": n, "width": width, "maxEpochs": epochs, "accuracies": scores, "firstRow": first[0].tolist(), "lastRow": second[-1].tolist()})
    print(name, scores, flush=True)
(Path(sys.argv[1]) / "c2st.json").write_text(json.dumps(golden) + "\n")
