#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/neighbors_*.npy (embeddings) and .json (labels, and what neighbours say of them).

Distances and neighbours by scikit-learn's NearestNeighbors, brute force in float64, ties to the lower row; everything
that follows from them by the formulas below. The digits are those that scikit-learn bundles (UCI Optical Recognition of
Handwritten Digits, E. Alpaydin and C. Kaynak, CC BY 4.0).

Usage: make_neighbors_golden.py
"""
import json
import pathlib

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestCentroid, NearestNeighbors

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "GpuDiag.Tests" / "Golden" / "data"


def neighbors(x, metric, k):
    """The k nearest other rows, ties to the lower row; rows are given once more to have those beyond k to check."""
    found = NearestNeighbors(n_neighbors=min(len(x), k + 12), metric=metric, algorithm="brute").fit(x)
    distances, rows = found.kneighbors(x)
    order_d, order_r = np.empty((len(x), k)), np.empty((len(x), k), int)
    for i in range(len(x)):
        others = rows[i] != i
        d, r = distances[i][others], rows[i][others]
        # Equal in exact arithmetic, apart by rounding here: one value, so that the row number decides.
        order = np.lexsort((r, np.round(d, 9)))
        assert np.round(d[order[-1]], 9) > np.round(d[order[k - 1]], 9), "more ties than were looked at"
        order_d[i], order_r[i] = d[order[:k]], r[order[:k]]
    return order_d, order_r


def expected(x, label, pred, metric, k):
    d, r = neighbors(x.astype(np.float64), metric, k)
    mean = d.mean(1)
    low, high = np.quantile(mean, [0.25, 0.75])
    near = d < 0.13 * np.median(d[:, 0])
    i, j = np.nonzero(near)
    _, component = connected_components(coo_matrix((np.ones(len(i)), (i, r[i, j])), (len(x), len(x))), directed=False)
    size = np.bincount(component)
    value = np.zeros(len(x))
    for row in range(len(x)):  # Jia et al. 2019, theorem 1, over the k neighbours of each row
        match = (label[r[row]] == label[row]).astype(float)
        s = np.zeros(k)
        s[k - 1] = match[k - 1] / k
        for n in range(k - 2, -1, -1):
            s[n] = s[n + 1] + (match[n] - match[n + 1]) / k
        value[r[row]] += s / len(x)
    return {
        "k": k,
        "metric": metric,
        "median": float(np.median(mean)),
        "threshold": float(high + 1.7 * (high - low)),
        "near_threshold": float(0.13 * np.median(d[:, 0])),
        "score": np.exp(-mean / np.median(mean)).tolist(),
        "outlier": (mean > high + 1.7 * (high - low)).tolist(),
        "duplicate_set": [int(c) if size[c] > 1 else None for c in component],
        "label_agreement": (label[r] == label[:, None]).mean(1).tolist(),
        "pred_agreement": (label[r] == pred[:, None]).mean(1).tolist(),
        "shapley": value.tolist(),
    }


def write(name, x, label, pred, metrics):
    np.save(GOLDEN / f"neighbors_{name}.npy", x)
    assert np.array_equal(x.astype(np.float32), x.astype(np.float64))
    with open(GOLDEN / f"neighbors_{name}.json", "w") as file:
        cases = [expected(x, label, pred, metric, k) for metric, k in metrics]
        json.dump({"label": label.tolist(), "pred": pred.tolist(), "cases": cases}, file, separators=(",", ":"))
        file.write("\n")


def main():
    rng = np.random.default_rng(7)
    digits = load_digits()
    x, label = digits.data[:500], digits.target[:500].copy()
    pred = NearestCentroid().fit(x, label).predict(x)
    wrong = rng.choice(500, 15, replace=False)
    label[wrong] = (label[wrong] + 1 + rng.integers(0, 9, 15)) % 10
    write("digits", x.astype(np.float16), label, pred, [("cosine", 10), ("euclidean", 5)])

    centre = rng.normal(size=(4, 3)) * 4
    label = rng.integers(0, 4, 400)
    x = (centre[label] + rng.normal(size=(400, 3))).astype(np.float32)
    x[40:60] = x[20:40] + rng.normal(size=(20, 3)).astype(np.float32) * np.float32(1e-3)  # near duplicates
    x[60:64] *= 20  # outliers
    pred = np.where(rng.random(400) < 0.8, label, rng.integers(0, 4, 400))
    write("random", x, label, pred, [("euclidean", 10), ("cosine", 3)])


if __name__ == "__main__":
    main()
