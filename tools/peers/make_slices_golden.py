#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/slices.json: a small table, and the slices that sliceline.py finds in it under several options."""
import json
import pathlib

import numpy as np
import pandas as pd

from sliceline import one_hot, slice_line

ROWS, SIZES = 400, [3, 4, 2, 5, 3]
OPTIONS = [(1, 4, 0.95, 4), (2, 10, 0.95, 4), (3, 10, 0.95, 8), (0, 20, 0.99, 4), (3, 10, 0.8, 20), (0, 6, 0.9, 1)]

random = np.random.default_rng(11)
codes = np.stack([random.zipf(1.6, ROWS) % size for size in SIZES], axis=1)
wrong = random.random(ROWS) < np.where((codes[:, 0] == 1) & (codes[:, 3] == 2), 0.6, np.where(codes[:, 1] == 0, 0.25, 0.1))
x, owner, names = one_hot(pd.DataFrame({f"c{c}": codes[:, c] for c in range(len(SIZES))}))
cases = []
for level, top, alpha, least in OPTIONS:
    best, _, _ = slice_line(x, owner, wrong.astype(float), level, top, alpha, least)
    cases.append({
        "level": level, "top": top, "alpha": alpha, "min_rows": least,
        "slices": [{"values": [names[v] for v in values], "rows": int(-rows), "errors": int(errors), "score": -own} for own, _, rows, values, errors in best],
    })
target = pathlib.Path(__file__).parents[2] / "tests/GpuDiag.Tests/Golden/data/slices.json"
table = {"rows": codes.tolist(), "wrong": wrong.astype(int).tolist(), "cases": cases}
target.write_text(json.dumps(table, separators=(",", ":")) + "\n")
print(target.stat().st_size, [len(c["slices"]) for c in cases])
