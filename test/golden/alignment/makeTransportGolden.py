"""Plans and values of POT on small problems (see ORIGIN.md). Usage: python makeTransportGolden.py OUTPUT_FOLDER"""
import json
import sys
from pathlib import Path

import numpy as np
import ot
from scipy.spatial.distance import cdist, jensenshannon
from scipy.special import softmax

rng = np.random.default_rng(23)


def masses(count, is_uniform):
    if is_uniform:
        return np.full(count, 1 / count)
    weights = rng.uniform(0.2, 1.8, count)
    return weights / weights.sum()


def listed(**arrays):
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in arrays.items()}


exact = []
for rows, columns, is_uniform in [(1, 1, True), (12, 12, True), (7, 10, True), (7, 9, False), (30, 20, False), (25, 25, False)]:
    x, y = rng.normal(size=(rows, 3)), rng.normal(size=(columns, 3)) + 0.5
    a, b = masses(rows, is_uniform), masses(columns, is_uniform)
    cost = ot.dist(x, y)
    plan, log = ot.emd(a, b, cost, numItermax=10_000_000, log=True)
    exact.append(listed(source=x, target=y, sourceMasses=a, targetMasses=b, plan=plan, cost=float(log["cost"])))

def kl(p, q):
    return np.sum(p * np.log(p / q) - p + q)


entropic = []
for rows, columns, epsilon, slacks, scale in [
    (8, 11, 1.0, None, 1),
    (9, 9, 0.1, None, 1),
    (6, 7, 0.04, None, 1),
    (8, 11, 0.5, (1.0, 1.0), 1),
    (7, 6, 0.2, (2.0, 0.3), 1.7),
    (7, 6, 0.2, (np.inf, 0.5), 0.6),
]:
    x, y = rng.normal(size=(rows, 2)), rng.normal(size=(columns, 2)) + 0.5
    a, b = masses(rows, False), scale * masses(columns, False)
    cost = ot.dist(x, y)
    if slacks is None:
        plan = ot.sinkhorn(a, b, cost, epsilon, method="sinkhorn_log", numItermax=200_000, stopThr=1e-13)
        product = a[:, None] * b[None, :]
        objective = float(np.sum(plan * cost) + epsilon * np.sum(plan * np.log(plan / product)))
    else:
        plan, log = ot.unbalanced.sinkhorn_knopp_unbalanced(
            a, b, cost, epsilon, slacks, numItermax=200_000, stopThr=1e-15, log=True
        )
        # POT's own total leaves out what mass is lost or gained.
        objective = float(np.sum(plan * cost) + epsilon * kl(plan, a[:, None] * b[None, :]))
        for slack, margin, wanted in zip(slacks, (plan.sum(1), plan.sum(0)), (a, b)):
            objective += 0 if np.isinf(slack) else slack * float(kl(margin, wanted))
    entropic.append(
        listed(
            source=x,
            target=y,
            sourceMasses=a,
            targetMasses=b,
            epsilon=epsilon,
            slacks=[None if np.isinf(s) else s for s in slacks or (np.inf, np.inf)],
            plan=plan,
            objective=objective,
        )
    )

gromov = []
for rows, columns, is_uniform, share, epsilon in [
    (8, 8, True, 0, None),
    (7, 9, False, 0, None),
    (12, 10, False, 0, None),
    (8, 9, False, 0.4, None),
    (7, 8, False, 0, 0.5),
    (10, 10, True, 0, 0.8),
]:
    x, y = rng.normal(size=(rows, 2)) * [1, 0.5], rng.normal(size=(columns, 3)) * [1, 0.6, 0.3]
    a, b = masses(rows, is_uniform), masses(columns, is_uniform)
    own, other = cdist(x, x), cdist(y, y)
    between = ot.dist(x, y[:, :2])
    # A start of its own: from the product of the masses ties would decide.
    start = ot.sinkhorn(a, b, between, 0.3, method="sinkhorn_log", numItermax=200_000, stopThr=1e-13)
    case = listed(sourceRelations=own, targetRelations=other, sourceMasses=a, targetMasses=b, start=start, epsilon=epsilon)
    limits = {"max_iter": 100_000, "tol_rel": 1e-15, "tol_abs": 1e-15}
    if epsilon is not None:
        plan, log = ot.gromov.entropic_gromov_wasserstein(
            own, other, a, b, "square_loss", epsilon=epsilon, G0=start, max_iter=100_000, tol=1e-12, log=True,
            numItermax=100_000, stopThr=1e-13,
        )
        value = float(log["gw_dist"])
    elif share == 0:
        plan, log = ot.gromov.gromov_wasserstein(own, other, a, b, "square_loss", G0=start, log=True, **limits)
        value = float(log["gw_dist"])
    else:
        case["guide"] = {"cost": between.tolist(), "share": share}
        plan, log = ot.gromov.fused_gromov_wasserstein(
            between, own, other, a, b, "square_loss", alpha=1 - share, G0=start, log=True, **limits
        )
        value = float(log["fgw_dist"])
    gromov.append({**case, "plan": plan.tolist(), "cost": value})

keypoints = []
for rows, columns, pairs in [(9, 9, [(0, 3), (4, 1)]), (12, 12, [(2, 2), (5, 9), (11, 0)])]:
    x, y = rng.normal(size=(rows, 2)), rng.normal(size=(columns, 4))
    relations = [cdist(points, points, "sqeuclidean") for points in (x, y)]
    scores = [
        softmax(-own[:, [pair[side] for pair in pairs]] / (0.1 * own.max()), axis=1) for side, own in enumerate(relations)
    ]
    guide = np.array([[jensenshannon(p, q) ** 2 for q in scores[1]] for p in scores[0]])
    barred = np.zeros((rows, columns), bool)
    for i, j in pairs:
        barred[i, :] = barred[:, j] = True
    for i, j in pairs:
        barred[i, j] = False
    plan = ot.emd(masses(rows, True), masses(columns, True), np.where(barred, 1e3, guide))
    assert not plan[barred].any()
    keypoints.append(listed(source=x, target=y, pairs=pairs, guide=guide, plan=plan))

folder = Path(sys.argv[1])
golden = {"exact": exact, "entropic": entropic, "gromov": gromov, "keypoints": keypoints}
for name, cases in golden.items():
    (folder / f"{name}Transport.json").write_text(json.dumps(cases) + "\n")
