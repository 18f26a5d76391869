#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/compare.json: two models on the same rows, by statsmodels, scikit-learn, SciPy and NumPy.

- mcnemar: both tests for tables of discordant rows (statsmodels), and the interval of Bonett and Price (2012) by its formula.
- tables: rows of label, before, after as counts of cells; every metric of both sides by scikit-learn; intervals of the
  differences from 20,000 multinomial draws over the cells; per class the standard errors of differences of precision and F1
  over these draws; McNemar per class with q-values (statsmodels).
- scores: probabilities of both models, with ties; DeLong from all pairs, log-loss, Brier score and ECE row by row; the standard errors of changes of average
  precision by influences from all pairs, beside scikit-learn's figure under the jackknife and under a bootstrap of rows.
"""
import json
import pathlib
import warnings

import numpy as np
from scipy import stats
from sklearn import metrics as sk
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from make_intervals_golden import NAMES, statistics

warnings.filterwarnings("ignore")
GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "GpuDiag.Tests" / "Golden" / "data"


def tests(b, c, n):
    exact = mcnemar([[0, b], [c, 0]], exact=True)
    corrected = mcnemar([[0, b], [c, 0]], exact=False, correction=True) if b + c else None
    z = stats.norm.ppf(0.975)
    p, q = (b + 1) / (n + 2), (c + 1) / (n + 2)
    reach = z * np.sqrt((p + q - (q - p) ** 2) / (n + 2))
    return {"only_before": b, "only_after": c, "rows": n, "exact_p": float(exact.pvalue), "exact_statistic": float(exact.statistic),
            "corrected_p": float(corrected.pvalue) if corrected else 1.0, "corrected_statistic": float(corrected.statistic) if corrected else 0.0,
            "low": float(max(-1, q - p - reach)), "high": float(min(1, q - p + reach))}


def metrics(y, p, classes):
    values = {
        "accuracy": sk.accuracy_score(y, p), "balanced_accuracy": sk.balanced_accuracy_score(y, p),
        "cohen_kappa": sk.cohen_kappa_score(y, p), "matthews_corrcoef": sk.matthews_corrcoef(y, p)}
    for average in ("macro", "weighted"):
        values[f"precision_{average}"] = sk.precision_score(y, p, average=average, zero_division=0)
        values[f"recall_{average}"] = sk.recall_score(y, p, average=average, zero_division=0)
        values[f"f1_{average}"] = sk.f1_score(y, p, average=average, zero_division=0)
    if classes == 2:
        values.update(precision=sk.precision_score(y, p), recall=sk.recall_score(y, p), f1=sk.f1_score(y, p),
                      specificity=sk.recall_score(y, p, pos_label=0))
    return {k: float(v) for k, v in values.items()}


def table(rng, classes, rows, shared):
    y = rng.choice(classes, rows, p=np.arange(1, classes + 1) / np.arange(1, classes + 1).sum())
    hard = rng.random(rows) < shared

    def predict(rate):
        wrong = np.where(hard, 0.6, rate) > rng.random(rows)
        return np.where(wrong, (y + rng.integers(1, classes, rows)) % classes, y)
    before, after = predict(0.10), predict(0.06)
    cells, counts = np.unique(np.stack([y, before, after], 1), axis=0, return_counts=True)
    draws = rng.multinomial(rows, counts / rows, 20_000)
    sides = []
    for k in (1, 2):
        m = np.zeros((len(draws), classes, classes), int)
        for i, cell in enumerate(cells):
            m[:, cell[0], cell[k]] += draws[:, i]
        sides.append(m)
    difference = statistics(sides[1]) - statistics(sides[0])
    low, high = np.percentile(difference, [2.5, 97.5], axis=0)
    per_class, p_values = [], []
    for k in range(classes):
        own = y == k
        b, c = int((own & (before == k) & (after != k)).sum()), int((own & (before != k) & (after == k)).sum())
        result = tests(b, c, int(own.sum()))
        p = result["exact_p"] if b + c < 25 else result["corrected_p"]
        p_values.append(p)
        hits = [m[:, k, k] for m in sides]
        support, predicted = sides[0][:, k].sum(1), [m[:, :, k].sum(1) for m in sides]
        precision = hits[1] / predicted[1] - hits[0] / predicted[0]
        f1 = 2 * hits[1] / (support + predicted[1]) - 2 * hits[0] / (support + predicted[0])
        scores = [sk.precision_recall_fscore_support(y, side, labels=[k], zero_division=0) for side in (before, after)]
        per_class.append({**result, "p": p, "precision": [float(s[0][0]) for s in scores], "recall": [float(s[1][0]) for s in scores],
                          "f1": [float(s[2][0]) for s in scores], "precision_error": float(precision.std()), "f1_error": float(f1.std())})
    for entry, q in zip(per_class, multipletests(p_values, method="fdr_bh")[1]):
        entry["q"] = float(q)
    right, then = before == y, after == y
    return {
        "cells": [[int(v) for v in cell] + [int(count)] for cell, count in zip(cells, counts)],
        "table": [int((right & then).sum()), int((right & ~then).sum()), int((~right & then).sum()), int((~right & ~then).sum())],
        "before": metrics(y, before, classes), "after": metrics(y, after, classes),
        "low": dict(zip(NAMES, map(float, low))), "high": dict(zip(NAMES, map(float, high))),
        "test": tests(int((right & ~then).sum()), int((~right & then).sum()), rows),
        "classes": per_class,
    }


def delong(y, before, after):
    """All pairs: components of every positive and negative, their sample covariances (DeLong et al. 1988)."""
    psi = [(s[y][:, None] > s[~y][None]) + 0.5 * (s[y][:, None] == s[~y][None]) for s in (before, after)]
    v10, v01 = np.stack([m.mean(1) for m in psi]), np.stack([m.mean(0) for m in psi])
    s = np.cov(v10) / y.sum() + np.cov(v01) / (~y).sum()
    delta, error = psi[1].mean() - psi[0].mean(), np.sqrt(s[0, 0] + s[1, 1] - 2 * s[0, 1])
    return {"before": float(sk.roc_auc_score(y, before)), "after": float(sk.roc_auc_score(y, after)), "delta": float(delta),
            "error": float(error), "z": float(delta / error), "p": float(2 * stats.norm.sf(abs(delta / error))),
            "average_before": float(sk.average_precision_score(y, before)), "average_after": float(sk.average_precision_score(y, after))}


def influence(y, score):
    """A row's influence on average precision, n times the estimate's derivative by its weight: from all pairs, docs/intervals.md."""
    at_least = score[:, None] <= score[None]  # [i, j]: row j is flagged at the threshold of row i
    flagged, hits = at_least.sum(1), (at_least & y[None]).sum(1)
    precision = hits / flagged
    reached = y[:, None] & at_least
    return (y * (precision - precision[y].mean()) + np.where(reached, (y[None] - precision[:, None]) / flagged[:, None], 0).sum(0)) * len(y) / y.sum()


def average_errors(rng, y, before, after, draws=4000):
    """The standard error of the change of average precision: by influences, by the jackknife and by a bootstrap of rows, of scikit-learn's figure.

    y, before and after are of rows × classes; with more than one class the change is that of their mean."""
    rows, classes = y.shape
    figure = lambda keep: np.mean([sk.average_precision_score(y[keep, k], after[keep, k]) - sk.average_precision_score(y[keep, k], before[keep, k]) for k in range(classes)])
    both = np.mean([influence(y[:, k], after[:, k]) - influence(y[:, k], before[:, k]) for k in range(classes)], axis=0)
    everything = np.arange(rows)
    left_out = np.array([figure(np.delete(everything, i)) for i in everything])
    drawn = np.array([figure(rng.integers(0, rows, rows)) for _ in range(draws)])
    return {"error": float(np.sqrt((both ** 2).mean() / rows)), "jackknife": float(np.sqrt((rows - 1) / rows * ((left_out - left_out.mean()) ** 2).sum())), "bootstrap": float(drawn.std())}


def macro_auc_error(y, before, after):
    """That of the mean of ROC AUC over the classes, by influences from all pairs."""
    def one(y, s):
        psi = (s[y][:, None] > s[~y][None]) + 0.5 * (s[y][:, None] == s[~y][None])
        result = np.empty(len(y))
        result[y], result[~y] = (psi.mean(1) - psi.mean()) * len(y) / y.sum(), (psi.mean(0) - psi.mean()) * len(y) / (~y).sum()
        return result
    both = np.mean([one(y[:, k], after[:, k]) - one(y[:, k], before[:, k]) for k in range(y.shape[1])], axis=0)
    return float(np.sqrt((both ** 2).mean() / len(y)))


def calibration(y, p):
    """ECE over 15 bins (i/15, (i+1)/15], and the influence of each row with the bins' mean confidences held fixed."""
    right, confidence = p.argmax(1) == y, p.max(1)
    b = np.clip(np.ceil(15 * confidence).astype(int) - 1, 0, 14)
    ece, influence = 0.0, np.zeros(len(y))
    for k in np.unique(b):
        own = b == k
        gap = right[own].sum() - confidence[own].sum()
        ece += abs(gap) / len(y)
        influence[own] = np.sign(gap) * (right[own] - confidence[own].mean())
    return ece, influence


def scored(rng, classes, rows):
    y = rng.integers(0, classes, rows)
    common = rng.normal(0, 1, (rows, classes))

    def predict(lift, noise):
        z = common + rng.normal(0, noise, (rows, classes))
        z[np.arange(rows), y] += lift
        # Sixty-fourths of a quarter: exact as floats, and many ties.
        p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        p = np.round(p * 64) / 64
        p[:, 0] += 1 - p.sum(1)
        return np.clip(p, 0, 1)
    before, after = predict(1.2, 0.8), predict(1.6, 0.6)
    result = {"label": y.tolist(), "before": before.ravel().tolist(), "after": after.ravel().tolist(),
              "classes": [delong(y == k, before[:, k], after[:, k]) for k in range(classes)]}
    onehot = np.eye(classes)[y]
    for name, value in (("log_loss", lambda p: -np.log(np.clip(p[np.arange(rows), y], 2.0 ** -52, 1))), ("brier", lambda p: ((p - onehot) ** 2).sum(1))):
        b, a = value(before), value(after)
        result[name] = {"before": float(b.mean()), "after": float(a.mean()), "delta": float((a - b).mean()), "error": float((a - b).std(ddof=1) / np.sqrt(rows))}
    own = np.random.default_rng(rows)
    for k, entry in enumerate(result["classes"]):
        entry["average_error"] = average_errors(own, onehot[:, [k]] == 1, before[:, [k]], after[:, [k]])
    result["macro_average_error"] = average_errors(own, onehot == 1, before, after)
    result["macro_auc_error"] = macro_auc_error(onehot == 1, before, after)
    (eb, ib), (ea, ia) = calibration(y, before), calibration(y, after)
    result["ece"] = {"before": float(eb), "after": float(ea), "delta": float(ea - eb), "error": float((ia - ib).std() / np.sqrt(rows))}
    return result


def main():
    rng = np.random.default_rng(6)
    counts = [(0, 0, 7), (0, 1, 1), (3, 9, 50), (12, 12, 100), (1, 24, 900), (10, 15, 40), (30, 11, 5000), (400, 520, 9000), (90000, 88000, 10**6)]
    golden = {"mcnemar": [tests(*c) for c in counts], "tables": [table(rng, 2, 900, 0.1), table(rng, 6, 4000, 0.15)],
              "scores": [scored(rng, 2, 300), scored(rng, 4, 400)]}
    (GOLDEN / "compare.json").write_text(json.dumps(golden, indent=1) + "\n")


if __name__ == "__main__":
    main()
