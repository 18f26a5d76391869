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


def column(name, rows, seed):
    """One column of the table, so that no more than two are in memory."""
    rng = np.random.default_rng([seed, ord(name[0]), int(name[1])])
    if name[0] == "n":
        return rng.normal(size=rows)
    if name[0] == "s":
        return np.exp(rng.normal(size=rows)).astype(np.float32)
    if name[0] == "i":
        return rng.integers(0, (10, 100, 1000, 100_000)[int(name[1])], rows)
    values = (3, 20, 300, 5000)[int(name[1])]
    weights = 1 / np.arange(1, values + 1)
    return pd.Categorical.from_codes(rng.choice(values, rows, p=weights / weights.sum()), [f"v{i}" for i in range(values)])


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
    parts = {"numbers": 0.0, "categories": 0.0}
    for name in [f"n{c}" for c in range(10)] + ["s0", "s1"] + [f"i{c}" for c in range(4)] + [f"t{c}" for c in range(4)]:
        a, b = column(name, rows, 1), column(name, rows, 2)
        start = time.perf_counter()
        is_number = name[0] in "ns" or name in ("i1", "i2", "i3")
        (number if is_number else category)(a, b)
        parts["numbers" if is_number else "categories"] += time.perf_counter() - start
    print(json.dumps({"rows": rows, "seconds": round(sum(parts.values()), 3), **{k: round(v, 3) for k, v in parts.items()},
                      "numpy": np.__version__, "scipy": scipy.__version__, "pandas": pd.__version__, "load": os.getloadavg()}))


if __name__ == "__main__":
    main()
