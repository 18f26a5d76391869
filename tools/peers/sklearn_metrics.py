#!/usr/bin/env python3
"""Times scikit-learn on arrays that already lie in memory: no file is read, so the peer has a head start.

  sklearn_metrics.py predictions --rows 10000000      label, pred, confidence, one segment column
  sklearn_metrics.py probabilities --rows 1000000 --classes 100

Prints one JSON object: seconds per part, versions, load of the machine. Each part runs once unless --reps says more
(the median counts). Rows are drawn as tools/datagen draws them: uniform, or skewed with about 90 % accuracy.
"""
import argparse
import json
import os
import statistics
import time
import warnings

import numpy as np
import sklearn
from sklearn import metrics as sk
from sklearn.calibration import calibration_curve

warnings.filterwarnings("ignore")


def overall(y, pred):
    """What a scan reports from the confusion matrix, asked of scikit-learn function by function."""
    sk.confusion_matrix(y, pred)
    sk.accuracy_score(y, pred)
    sk.balanced_accuracy_score(y, pred)
    for average in (None, "macro", "weighted"):
        sk.precision_recall_fscore_support(y, pred, average=average, zero_division=0)
    sk.cohen_kappa_score(y, pred)
    sk.matthews_corrcoef(y, pred)


def predictions(rows, classes, segments, shape, rng):
    if shape == "uniform":
        y, pred = rng.integers(0, classes, (2, rows), dtype=np.int32)
        segment = rng.integers(0, segments, rows, dtype=np.int32)
    else:
        zipf = [1 / np.arange(1, n + 1) for n in (classes, segments)]
        y, segment = (rng.choice(len(z), rows, p=z / z.sum()).astype(np.int32) for z in zipf)
        pred = np.where(rng.random(rows) < 0.9, y, rng.integers(0, classes, rows, dtype=np.int32))
    confidence = rng.random(rows, dtype=np.float32)

    def per_segment():
        for s in range(segments):
            inside = segment == s
            overall(y[inside], pred[inside])

    return {"confusion_matrix": lambda: sk.confusion_matrix(y, pred),
            "overall": lambda: overall(y, pred),
            "calibration_curve": lambda: calibration_curve(y == pred, confidence, n_bins=15),
            "per_segment": per_segment}


def probabilities(rows, classes, rng):
    y = rng.integers(0, classes, rows)
    probs = rng.random((rows, classes), dtype=np.float32) + rng.random((rows, classes), dtype=np.float32)
    probs *= 6
    probs[np.arange(rows), y] += 4
    np.exp(probs, out=probs)
    probs /= probs.sum(1, keepdims=True)
    labels = np.arange(classes)
    pred = probs.argmax(1)

    def brier():
        own = probs[np.arange(rows), y].astype(float)
        return float(np.mean(np.einsum("ij,ij->i", probs, probs, dtype=float) - 2 * own + 1))

    return {"overall": lambda: overall(y, pred),
            "log_loss": lambda: sk.log_loss(y, probs, labels=labels),
            "brier": brier,
            "top_5_accuracy": lambda: sk.top_k_accuracy_score(y, probs, k=5, labels=labels),
            "calibration_curve": lambda: calibration_curve(y == pred, probs.max(1), n_bins=15),
            "roc_auc": lambda: [sk.roc_auc_score(y == k, probs[:, k]) for k in labels],
            "average_precision": lambda: [sk.average_precision_score(y == k, probs[:, k]) for k in labels]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["predictions", "probabilities"])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--classes", type=int, default=100)
    parser.add_argument("--segments", type=int, default=50)
    parser.add_argument("--shape", choices=["uniform", "skewed"], default="uniform")
    parser.add_argument("--reps", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.default_rng(options.seed)
    if options.kind == "predictions":
        parts = predictions(options.rows, options.classes, options.segments, options.shape, rng)
    else:
        parts = probabilities(options.rows, options.classes, rng)
    load = os.getloadavg()[0]
    seconds = {}
    for name, part in parts.items():
        runs = []
        for _ in range(options.reps):
            start = time.perf_counter()
            part()
            runs.append(time.perf_counter() - start)
        seconds[name] = round(statistics.median(runs), 3)
    # confusion_matrix alone is part of overall: it is shown, not counted twice.
    total = sum(v for k, v in seconds.items() if k != "confusion_matrix")
    print(json.dumps({**vars(options), "seconds": seconds, "total": round(total, 3), "sklearn": sklearn.__version__,
                      "numpy": np.__version__, "load_before": round(load, 2), "load_after": round(os.getloadavg()[0], 2)}))


if __name__ == "__main__":
    main()
