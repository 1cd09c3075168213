"""Probabilities by scikit-learn's histogram trees. Prints JSON: python makeTreesGolden.py > treesGolden.json"""
import json

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

cases = []
for seed, count, digits, weighted in [(1, 300, 1, False), (2, 509, 3, False), (3, 400, 2, True)]:
    rng = np.random.default_rng(seed)
    x = np.round(rng.normal(size=(count, 3)), digits)
    y = (x[:, 0] ** 2 + 0.8 * x[:, 1] + 0.7 * rng.normal(size=count) > 0.9).astype(int)
    weights = np.round(rng.uniform(0.2, 3, count), 2) if weighted else None
    model = HistGradientBoostingClassifier(
        max_iter=12, max_leaf_nodes=8, learning_rate=0.2, min_samples_leaf=10, early_stopping=False
    ).fit(x, y, sample_weight=weights)
    fresh = np.round(rng.normal(size=(60, 3)), digits)
    cases.append({
        'values': x.ravel().tolist(), 'labels': y.tolist(), 'weights': None if weights is None else weights.tolist(),
        'fresh': fresh.ravel().tolist(), 'probabilities': [float(f'{p:.9g}') for p in model.predict_proba(fresh)[:, 1]],
    })
print(json.dumps({'options': {'trees': 12, 'leaves': 8, 'learningRate': 0.2, 'leastRows': 10}, 'cases': cases}))
