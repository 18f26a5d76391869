#!/usr/bin/env python3
"""Confident learning (Northcutt, Jiang, Chuang 2021) in vectorised numpy: the formulas of docs/labels.md, written for arrays.

Judges the golden files (make_labels_golden.py) and is the peer of the benchmark:
  confident_learning.py --rows 1000000 --classes 100      times all of it on arrays that already lie in memory
"""
import argparse
import json
import os
import time

import numpy as np

FILTERS = ["prune_by_noise_rate", "prune_by_class", "both", "confident_learning", "predicted_neq_given", "low_self_confidence",
           "low_normalized_margin"]
SCORES = ["self_confidence", "normalized_margin", "confidence_weighted_entropy"]
EPSILON = 1e-6


def thresholds(y, p):
    """The mean probability that rows give their own label; 2 for a class without rows."""
    k = p.shape[1]
    count = np.bincount(y, minlength=k)
    total = np.bincount(y, weights=p[np.arange(len(y)), y], minlength=k)
    return np.where(count > 0, np.maximum(total / np.maximum(count, 1), 2 * EPSILON), 2)


def guesses(y, p, t):
    """The class that a row is confidently of: -1 for none."""
    confident = p >= (t - EPSILON).astype(p.dtype) if p.dtype == np.float32 else p >= t - EPSILON
    many = confident.sum(axis=1)
    return np.where(many == 0, -1, np.where(many > 1, p.argmax(axis=1), confident.argmax(axis=1)))


def disputed(y, p):
    """The arg max is not the label, also after 1e-6 more for the label."""
    raised = p.copy()
    raised[np.arange(len(y)), y] += EPSILON
    return raised.argmax(axis=1) != y


def round_keeping_sum(values):
    """To nearest, halves to even; then the entries nearest to the next integer move by one until the sum is kept."""
    whole = np.rint(values)
    return settle(whole, values - whole, int(np.rint(values.sum()) - whole.sum()))


def settle(whole, left, short):
    while short != 0:
        step = 1 if short > 0 else -1
        order = np.argsort(left, kind="stable")[::-step][:abs(short)]
        whole[order] += step
        short -= step * len(order)
    return whole.astype(np.int64)


def scale(counts, total):
    """counts * total / counts.sum(), rounded as above; in integers, so that a half is a half."""
    whole, rest = np.divmod(counts * total, counts.sum())
    up = (2 * rest > counts.sum()) | ((2 * rest == counts.sum()) & (whole % 2 == 1))
    return settle(whole + up, rest - up * counts.sum(), int(total - (whole + up).sum()))


def confident_joint(y, p):
    """Rows by given label and confident guess, and the same calibrated to the labels' counts."""
    k = p.shape[1]
    guess = guesses(y, p, thresholds(y, p))
    sure = guess >= 0
    raw = np.bincount(y[sure] * k + guess[sure], minlength=k * k).reshape(k, k)
    counts = np.bincount(y, minlength=k)
    joint = raw.copy()
    np.fill_diagonal(joint, np.maximum(joint.diagonal(), 1))
    scaled = joint / joint.sum(axis=1, keepdims=True) * counts[:, None]
    return guess, raw, np.array([scale(row, n) for row, n in zip(joint, counts)]), scaled / len(y)


def prune_counts(calibrated):
    """Rows to flag by given label and guess: at least one row of each label stays."""
    joint = calibrated.T
    diagonal = np.maximum(joint.diagonal(), 1)
    others = np.maximum(np.count_nonzero(joint, axis=0) - 1, 1)
    kept = np.maximum(joint - (diagonal - joint.diagonal()) / others, 0)
    np.fill_diagonal(kept, diagonal)
    return np.array([round_keeping_sum(row) for row in kept]).T


def score(y, p, method):
    own = p[np.arange(len(y)), y]
    if method == "self_confidence":
        return own
    if method == "normalized_margin":
        others = p.copy()
        others[np.arange(len(y)), y] = -1
        return (own - others.max(axis=1) + 1) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        entropy = -np.where(p > 0, p * np.log(p), 0).sum(axis=1) / np.log(p.shape[1])
    ratio = entropy / np.maximum(own, EPSILON)
    return np.log(ratio + 1) / np.maximum(ratio, EPSILON)


def lowest(values, n):
    """The n lowest, the first among equals."""
    return np.argsort(values, kind="stable")[:n]


def issues(y, p, method):
    """A mask of the rows whose label a filter calls wrong."""
    guess, _, calibrated, _ = confident_joint(y, p)
    off = (guess >= 0) & (guess != y)
    doubt = disputed(y, p)
    flagged = np.zeros(len(y), bool)
    if method.startswith("low_"):
        flagged[lowest(score(y, p, method[4:]), int((off & doubt).sum()))] = True
        return flagged
    if method == "confident_learning":
        return off & doubt
    if method == "predicted_neq_given":
        return doubt
    if method == "both":
        return issues(y, p, "prune_by_noise_rate") & issues(y, p, "prune_by_class")
    counts = prune_counts(calibrated)
    for k in range(p.shape[1]):
        rows = np.flatnonzero(y == k)
        if len(rows) <= 1:
            continue
        own = p[rows]
        if method == "prune_by_class":
            flagged[rows[lowest(own[:, k], max(0, len(rows) - counts[k, k]))]] = True
            continue
        for j in np.flatnonzero(counts[k]):
            if j != k:
                flagged[rows[lowest(own[:, k] - own[:, j], counts[k, j])]] = True
    return flagged & doubt


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--noise", type=float, default=0.05)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    true = rng.integers(0, options.classes, options.rows)
    y = np.where(rng.random(options.rows) < options.noise, rng.integers(0, options.classes, options.rows), true)
    p = rng.standard_exponential((options.rows, options.classes), dtype=np.float32) ** 2
    p[np.arange(len(y)), true] += options.classes * np.float32(3)
    p /= p.sum(axis=1, keepdims=True)
    start = time.perf_counter()
    flagged = issues(y, p, "prune_by_noise_rate")
    found = time.perf_counter()
    quality = score(y, p, "self_confidence")
    order = np.flatnonzero(flagged)[np.argsort(quality[flagged], kind="stable")]
    end = time.perf_counter()
    print(json.dumps({"rows": options.rows, "classes": options.classes, "flagged": int(len(order)), "issues_s": round(found - start, 3),
                      "scores_s": round(end - found, 3), "numpy": np.__version__, "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
