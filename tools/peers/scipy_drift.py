#!/usr/bin/env python3
"""Times SciPy and pandas on what `gpudiag drift` computes of twenty columns, in arrays that already lie in memory: no file is read.

  scipy_drift.py --rows 1000000

Twelve float columns and three of whole numbers by ks_2samp (asymptotic) and wasserstein_distance, one of whole numbers and four of text (pandas categories) by chi2_contingency and
jensenshannon over value_counts, as tools/datagen's drift table has them. Prints one JSON object.
"""
import argparse
import json
import os
import time

import numpy as np
import pandas as pd
import scipy
from scipy import stats
from scipy.spatial.distance import jensenshannon


def table(rows, seed):
    rng = np.random.default_rng(seed)
    columns = {f"n{c}": rng.normal(size=rows) for c in range(10)}
    columns |= {f"s{c}": np.exp(rng.normal(size=rows)).astype(np.float32) for c in range(2)}
    columns |= {f"i{c}": rng.integers(0, values, rows) for c, values in enumerate((10, 100, 1000, 100_000))}
    for c, values in enumerate((3, 20, 300, 5000)):
        weights = 1 / np.arange(1, values + 1)
        codes = rng.choice(values, rows, p=weights / weights.sum())
        columns[f"t{c}"] = pd.Categorical.from_codes(codes, [f"v{i}" for i in range(values)])
    return columns


def category(a, b):
    counts = pd.concat([pd.Series(a).value_counts(), pd.Series(b).value_counts()], axis=1).fillna(0).to_numpy().T
    stats.chi2_contingency(counts[:, counts.sum(0) > 0], correction=False)
    jensenshannon(counts[0], counts[1])


def number(a, b):
    stats.ks_2samp(a, b, method="asymp")
    stats.wasserstein_distance(a, b)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    a, b = table(rows, 1), table(rows, 2)
    parts = {"numbers": 0.0, "categories": 0.0}
    for name in a:
        start = time.perf_counter()
        is_number = name[0] in "ns" or name in ("i1", "i2", "i3")
        (number if is_number else category)(a[name], b[name])
        parts["numbers" if is_number else "categories"] += time.perf_counter() - start
    print(json.dumps({"rows": rows, "seconds": round(sum(parts.values()), 3), **{k: round(v, 3) for k, v in parts.items()},
                      "numpy": np.__version__, "scipy": scipy.__version__, "pandas": pd.__version__, "load": os.getloadavg()}))


if __name__ == "__main__":
    main()
