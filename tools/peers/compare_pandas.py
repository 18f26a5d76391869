#!/usr/bin/env python3
"""Times pandas, NumPy and SciPy on what `gpudiag compare` does, on arrays that already lie in memory: no file is read, so the peer has a head start.

  compare_pandas.py --rows 10000000 --columns 20

Two tables of the same rows, one in another order: merge by id, check labels, then for all rows and for every value of every column
the counts label x before x after, all confusion metrics of both sides with the bootstrap of their differences (1,000
multinomial draws), McNemar, and q-values. Prints one JSON object.
"""
import argparse
import json
import os
import time

import numpy as np
import pandas as pd
import scipy
from scipy import stats


def metrics(hits, support, predicted):
    """Last axis: classes. As scikit-learn defines them, zero division = 0, over classes that occur."""
    occurs, n = (support + predicted) > 0, support.sum(-1)
    with np.errstate(all="ignore"):
        precision = np.where(predicted > 0, hits / predicted, 0)
        recall = np.where(support > 0, hits / support, 0)
        f1 = np.where(occurs, 2 * hits / (support + predicted), 0)
        chance = (support * predicted).sum(-1) / n ** 2
        agreed = hits.sum(-1) / n
        root = np.sqrt((1 - (support ** 2).sum(-1) / n ** 2) * (1 - (predicted ** 2).sum(-1) / n ** 2))
        return np.stack([agreed, recall.sum(-1) / (support > 0).sum(-1), precision.sum(-1) / occurs.sum(-1), f1.sum(-1) / occurs.sum(-1),
                         (support * precision).sum(-1) / n, (support * f1).sum(-1) / n, (agreed - chance) / (1 - chance), (agreed - chance) / root])


def side(cells, draws, k, classes):
    hits, support, predicted = (np.zeros((draws.shape[0], classes)) for _ in range(3))
    for c in range(classes):
        support[:, c] = draws[:, cells[:, 0] == c].sum(1)
        predicted[:, c] = draws[:, cells[:, k] == c].sum(1)
        hits[:, c] = draws[:, (cells[:, 0] == c) & (cells[:, k] == c)].sum(1)
    return metrics(hits, support, predicted)


def group(cells, counts, classes, rng):
    n = counts.sum()
    draws = np.vstack([counts, rng.multinomial(n, counts / n, 1000)])
    difference = side(cells, draws, 2, classes) - side(cells, draws, 1, classes)
    low, high = np.percentile(difference[:, 1:], [2.5, 97.5], axis=1)
    right, then = cells[:, 1] == cells[:, 0], cells[:, 2] == cells[:, 0]
    b, c = counts[right & ~then].sum(), counts[~right & then].sum()
    p = stats.binomtest(int(b), int(b + c)).pvalue if 0 < b + c < 25 else stats.chi2.sf((abs(int(b) - int(c)) - 1) ** 2 / max(1, b + c), 1)
    return difference[:, 0], low, high, float(p)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--columns", type=int, default=20)
    arguments.add_argument("--classes", type=int, default=10)
    a = arguments.parse_args()
    rng = np.random.default_rng(1)
    label = rng.integers(0, a.classes, a.rows, dtype=np.int32)

    def predict(rate):
        wrong = rng.random(a.rows, dtype=np.float32) < rate
        return np.where(wrong, (label + rng.integers(1, a.classes, a.rows, dtype=np.int32)) % a.classes, label).astype(np.int32)
    before = pd.DataFrame({"id": np.arange(a.rows), "label": label, "pred": predict(0.10)})
    after = pd.DataFrame({"id": np.arange(a.rows), "label": label, "pred": predict(0.097)}).iloc[rng.permutation(a.rows)].reset_index(drop=True)
    values = pd.Index([f"v{i}" for i in range(20)])
    for c in range(a.columns):
        before[f"c{c}"] = pd.Categorical.from_codes(rng.integers(0, 20, a.rows, dtype=np.int8), values)

    start, spent = time.perf_counter(), time.process_time()
    joined = before.merge(after, on="id", suffixes=("", "_after"), validate="one_to_one")
    joined = joined[joined["label"] == joined["label_after"]]
    merged = time.perf_counter() - start
    key = (joined["label"].to_numpy() * a.classes + joined["pred"].to_numpy()) * a.classes + joined["pred_after"].to_numpy()
    p_values, size = [], a.classes ** 3
    for column in [None] + [f"c{c}" for c in range(a.columns)]:
        codes = np.zeros(len(joined), np.int64) if column is None else joined[column].cat.codes.to_numpy().astype(np.int64)
        table = np.bincount(codes * size + key, minlength=(codes.max() + 1) * size).reshape(-1, size)
        for row in table:
            at = np.flatnonzero(row)
            cells = np.stack([at // a.classes ** 2, at // a.classes % a.classes, at % a.classes], 1)
            p_values.append(group(cells, row[at], a.classes, rng)[3])
    p = np.sort(p_values[1:])
    np.minimum.accumulate((p * len(p) / np.arange(1, len(p) + 1))[::-1])
    print(json.dumps({"rows": a.rows, "columns": a.columns, "seconds": round(time.perf_counter() - start, 2), "merge_seconds": round(merged, 2), "cpu_seconds": round(time.process_time() - spent, 2),
                      "pandas": pd.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
