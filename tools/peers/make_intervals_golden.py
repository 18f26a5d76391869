#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/intervals.json: intervals by brute force, with NumPy and scikit-learn.

- tables: confusion matrices (sparse: few rows to a cell); 20,000 multinomial draws of each, every statistic by its textbook formula, percentiles.
- scores: rows of one class against the rest; DeLong's variance from all pairs; the spread of average precision over
  4,000 row bootstraps.
"""
import json
import pathlib
import warnings

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

warnings.filterwarnings("ignore")
GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "GpuDiag.Tests" / "Golden" / "data"
NAMES = ["balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "precision_weighted", "f1_weighted",
         "cohen_kappa", "matthews_corrcoef"]


def statistics(m):
    """m: replicates x classes x classes, label first. All classes occur in every replicate worth counting."""
    m = m.astype(float)
    n = m.sum((1, 2))
    hit, support, predicted = np.einsum("rkk->rk", m), m.sum(2), m.sum(1)
    precision = np.where(predicted > 0, hit / np.maximum(predicted, 1), 0)
    recall = np.where(support > 0, hit / np.maximum(support, 1), 0)
    f1 = np.where(support + predicted > 0, 2 * hit / np.maximum(support + predicted, 1), 0)
    occurs, supported = (support + predicted > 0).sum(1), (support > 0).sum(1)
    expected = (support * predicted).sum(1) / n ** 2
    agreed = hit.sum(1) / n
    root = np.sqrt((1 - (support ** 2).sum(1) / n ** 2) * (1 - (predicted ** 2).sum(1) / n ** 2))
    return np.stack([recall.sum(1) / supported, precision.sum(1) / occurs, recall.sum(1) / occurs, f1.sum(1) / occurs,
                     (support * precision).sum(1) / n, (support * f1).sum(1) / n,
                     (agreed - expected) / (1 - expected), (agreed - expected) / root], 1)


def table(rng, classes, rows, accuracy, skew):
    share = np.arange(1, classes + 1.0) ** -skew
    y = rng.choice(classes, rows, p=share / share.sum())
    pred = np.where(rng.random(rows) < accuracy, y, rng.integers(0, classes, rows))
    m = np.zeros((classes, classes), int)
    np.add.at(m, (y, pred), 1)
    draws = rng.multinomial(rows, m.ravel() / rows, 20000).reshape(-1, classes, classes)
    low, high = np.percentile(statistics(draws), [2.5, 97.5], axis=0)
    return {"cells": m.tolist(), "low": dict(zip(NAMES, low)), "high": dict(zip(NAMES, high))}


def scores(rng, rows, share, strength, digits):
    y = rng.random(rows) < share
    score = np.round(rng.normal(size=rows) + strength * y, digits)
    wins = (score[y][:, None] > score[~y][None, :]) + 0.5 * (score[y][:, None] == score[~y][None, :])
    error = np.sqrt(wins.mean(1).var(ddof=1) / y.sum() + wins.mean(0).var(ddof=1) / (~y).sum())
    drawn = [rng.integers(0, rows, rows) for _ in range(4000)]
    average = [average_precision_score(y[d], score[d]) for d in drawn]
    return {"label": y.astype(int).tolist(), "score": score.tolist(), "roc_auc": roc_auc_score(y, score),
            "roc_auc_error": error, "average_precision": average_precision_score(y, score),
            "average_precision_error": float(np.std(average))}


def main():
    rng = np.random.default_rng(3)
    golden = {"tables": [table(rng, 3, 2000, 0.8, 0.5), table(rng, 8, 5000, 0.7, 1.0), table(rng, 2, 800, 0.9, 1.5)],
              "sparse": table(rng, 8, 400, 0.6, 0.5),
              "scores": [scores(rng, 1500, 0.3, 1.0, 6), scores(rng, 1500, 0.1, 2.0, 1)]}
    (GOLDEN / "intervals.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
