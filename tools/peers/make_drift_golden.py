#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/drift.json: SciPy's values for the statistics of `gpudiag drift`.

- numbers: two samples; ks_2samp (exact and asymptotic p), wasserstein_distance, population sd, jensenshannon and PSI over the reference's deciles.
- categories: two lists of counts; chi2_contingency without Yates' correction, jensenshannon, Cramér's V.
- tails: chi2.sf and the limit of Kolmogorov's distribution.
"""
import json
import os

import numpy as np
from scipy import special, stats
from scipy.spatial.distance import jensenshannon
from scipy.stats.contingency import association


def numbers(name, a, b):
    a, b = np.asarray(a, float), np.asarray(b, float)
    n, m = len(a), len(b)
    ks = stats.ks_2samp(a, b, method="exact" if n * m <= 4_000_000 else "asymp")
    p = ks.pvalue if n * m <= 4_000_000 else special.kolmogorov(ks.statistic * np.sqrt(n * m / (n + m)))
    # A bin ends with the value in which the reference's next tenth is reached; all its copies belong to it.
    values, counts = np.unique(a, return_counts=True)
    seen = np.cumsum(counts)
    before = seen - counts
    edges = values[(seen * 10 // n > before * 10 // n) & (seen < n)]
    bins = len(edges) + 1
    p_bins = np.bincount(np.searchsorted(edges, a, side="left"), minlength=bins) / n
    q_bins = np.bincount(np.searchsorted(edges, b, side="left"), minlength=bins) / m
    x, y = np.maximum(p_bins, 1e-4), np.maximum(q_bins, 1e-4)
    return {"name": name, "reference": a.tolist(), "current": b.tolist(), "ks": ks.statistic, "p_value": p,
            "wasserstein": stats.wasserstein_distance(a, b), "sd": float(np.std(a)), "edges": edges.tolist(),
            "psi": float(np.sum((y - x) * np.log(y / x))), "jensen_shannon": float(jensenshannon(p_bins, q_bins))}


def categories(name, a, b):
    table = np.array([a, b])
    chi2, p, dof, _ = stats.chi2_contingency(table, correction=False)
    return {"name": name, "reference": list(a), "current": list(b), "chi2": chi2, "p_value": p, "dof": int(dof),
            "cramers_v": association(table, "cramer"), "jensen_shannon": float(jensenshannon(a, b))}


def main():
    rng = np.random.default_rng(6)
    golden = {
        "numbers": [
            numbers("shifted", rng.normal(size=200), rng.normal(0.4, 1, size=150)),
            numbers("same", rng.normal(size=120), rng.normal(size=130)),
            numbers("wider", rng.normal(size=300), rng.normal(0, 2, size=300)),
            numbers("ties", rng.integers(0, 40, 250), rng.integers(3, 45, 180)),
            numbers("apart", rng.normal(size=60), rng.normal(50, 1, size=70)),
            numbers("heavy tails", rng.standard_cauchy(400), rng.standard_cauchy(300) + 0.2),
            numbers("large", np.round(rng.normal(size=2600), 3), np.round(rng.normal(0.05, 1.02, size=2400), 3)),
            numbers("few", [1.0, 2.0, 3.0], [2.5, 4.0]),
        ],
        "categories": [
            categories("two", [40, 60], [55, 45]),
            categories("many", rng.integers(30, 400, 25).tolist(), rng.integers(30, 400, 25).tolist()),
            categories("same", [100, 200, 300], [50, 100, 150]),
            categories("far", [900, 50, 50], [60, 800, 40]),
        ],
        "chi2": [[x, df, stats.chi2.sf(x, df)] for df in (1, 2, 5, 30, 400, 65535) for x in (1e-3 * df, 0.3 * df, df, 1.2 * df, 3.0 * df + 10, 8.0 * df + 60)
                 if stats.chi2.sf(x, df) > 1e-290],
        "kolmogorov": [[x, special.kolmogorov(x)] for x in (0.05, 0.3, 0.5, 0.8276, 0.99, 1.0, 1.2, 1.36, 2.0, 4.0, 9.0)],
    }
    path = os.path.join(os.path.dirname(__file__), "../../tests/GpuDiag.Tests/Golden/data/drift.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(golden, file, indent=0)
        file.write("\n")


if __name__ == "__main__":
    main()
