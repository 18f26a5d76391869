#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/retrain.json: probabilities of scikit-learn's LogisticRegression at its optimum.

  make_retrain_golden.py [OUT]

The rows are made by a formula that the test makes them by too. Each case is fitted by LogisticRegression (multinomial, tol 1e-12; lbfgs, and
newton-cg where dimensions are of very different sizes: lbfgs ends farther off there); where its solver gives up some 1e-6 before the optimum of its own objective, full Newton steps in NumPy with the exact Hessian go on from
there until the gradient is below 1e-11. How far they moved the probabilities is printed and written beside the case.
"""
import json
import os
import sys

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression


def rows(count, width, classes, scaled):
    i = np.arange(count)[:, None]
    d = np.arange(width)[None, :]
    label = (i[:, 0] * 7 + i[:, 0] // 5) % classes
    noise = ((i * 31 + d * 17 + (i * d) % 13) % 29 - 14) / 10
    x = noise + np.where(d % classes == label[:, None], 1.5, 0.0)
    if scaled:  # dimensions of very different sizes, off the origin: what makes a search without the Hessian slow
        x = x * 4.0 ** (d % 5 - 2) + d % 3
    return x.astype(np.float32), label


def polish(x, y, weights, c, coef, intercept):
    """Newton steps on scikit-learn's objective: C · Σ s · loss + ½ |W|², the intercept without a penalty."""
    n, k = len(x), len(intercept)
    z = np.hstack([x, np.ones((n, 1))])
    w = np.hstack([coef, intercept[:, None]])
    penalty = np.repeat(np.r_[np.ones(x.shape[1]), 0.0][None, :], k, 0)
    onehot = np.eye(k)[y]
    for _ in range(50):
        logits = z @ w.T
        p = np.exp(logits - logits.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        gradient = c * ((p - onehot) * weights[:, None]).T @ z + penalty * w
        if np.abs(gradient).max() < 1e-11 * max(1.0, c):
            break
        hessian = np.zeros((k, z.shape[1], k, z.shape[1]))
        for a in range(k):
            for b in range(k):
                s = c * weights * p[:, a] * ((a == b) - p[:, b])
                hessian[a, :, b, :] = (z * s[:, None]).T @ z
        hessian = hessian.reshape(w.size, w.size) + np.diag(penalty.ravel())
        w = w - (np.linalg.pinv(hessian) @ gradient.ravel()).reshape(w.shape)
    return p, np.abs(gradient).max()


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "../../tests/GpuDiag.Tests/Golden/data/retrain.json")
    cases = []
    for count, width, classes, c, weight, scaled in [
            (120, 6, 3, 1.0, None, False), (200, 9, 5, 0.01, "balanced", False), (150, 5, 2, 10.0, None, False), (300, 20, 10, 1000.0, None, False),
            (2500, 11, 7, 3.0, "balanced", True)]:
        x, y = rows(count, width, classes, scaled)
        x = x.astype(np.float64)
        model = LogisticRegression(C=c, class_weight=weight, solver="newton-cg" if scaled else "lbfgs", tol=1e-12, max_iter=100_000, multi_class="multinomial").fit(x, y)
        coef, intercept = model.coef_, model.intercept_
        if classes == 2:  # scikit-learn keeps one row of the two, which are each other's negatives.
            coef, intercept = np.vstack([-coef, coef]), np.r_[-intercept, intercept]
        counts = np.bincount(y)
        weights = len(y) / (classes * counts[y]) if weight else np.ones(len(y))
        optimum, gradient = polish(x, y, weights, c, coef, intercept)
        moved = float(np.abs(optimum - model.predict_proba(x)).max())
        assert moved < 1e-4, moved
        print(f"{count} x {width}, {classes} classes, C = {c}, {weight}: Newton moved probabilities by {moved:.1e}, gradient {gradient:.1e}", file=sys.stderr)
        cases.append({"rows": count, "width": width, "classes": classes, "c": c, "scaled": scaled, "balanced": weight is not None, "moved": moved,
                      "probabilities": [[float(v) for v in p] for p in optimum[:25]]})
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"scikit-learn": sklearn.__version__, "cases": cases}, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
