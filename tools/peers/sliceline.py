#!/usr/bin/env python3
"""SliceLine (Sagadeeva and Boehm, SIGMOD 2021) with SciPy's sparse matrices, as published: what gpudiag's slices are timed and
checked against. Exact top K over the one-hot columns of a CSV with label, pred and columns of categories.

  sliceline.py TABLE.csv [--level L] [--top K] [--alpha A] [--min-rows S]     times it, prints the slices

The bound has the number of rows as n, as the score has; published codes have the number of one-hot columns there, which prunes less.
"""
import argparse
import time

import numpy as np
import pandas as pd
import scipy.sparse as sp


def one_hot(table):
    """rows x values in {0, 1}, the column of each value, and the values' names."""
    parts, owner, names = [], [], []
    for number, column in enumerate(table.columns):
        codes, values = pd.factorize(table[column], sort=True)
        parts.append(sp.csr_matrix((np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), len(values))))
        owner += [number] * len(values)
        names += [f"{column}={v}" for v in values]
    return sp.hstack(parts, format="csr"), np.array(owner), names


def score(ss, se, n, mean, alpha):
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(ss > 0, alpha * ((se / ss) / mean - 1) - (1 - alpha) * (n / ss - 1), -np.inf)


def bound(ss, se, sm, n, mean, alpha, least):
    best = np.full(len(ss), -np.inf)
    for s in (np.full(len(ss), float(least)), np.maximum(se / np.maximum(sm, 1e-300), least), np.maximum(ss, least)):
        best = np.maximum(best, alpha * ((np.minimum(s * sm, se) / s) / mean - 1) - (1 - alpha) * (n / s - 1))
    return np.where((ss >= least) & (se > 0), best, -np.inf)


def evaluate(x, e, slices, level, block=2048):
    """Rows, sum and largest value of each slice (slices x values in {0, 1})."""
    ss, se, sm = (np.zeros(slices.shape[0]) for _ in range(3))
    for start in range(0, slices.shape[0], block):
        hit = (x @ slices[start:start + block].T).tocsc()
        hit.data = (hit.data == level).astype(float)
        hit.eliminate_zeros()
        end = start + hit.shape[1]
        ss[start:end] = np.asarray(hit.sum(axis=0)).ravel()
        weighted = hit.multiply(e[:, None]).tocsc()
        se[start:end] = np.asarray(weighted.sum(axis=0)).ravel()
        sm[start:end] = weighted.max(axis=0).toarray().ravel()
    return ss, se, sm


def pairs(slices, ss, se, sm, owner, level):
    """Slices of the next level: two that share level - 2 values; minima over the parents, and how many parents there are."""
    common = sp.triu(slices @ slices.T, k=1).tocoo()
    keep = common.data == level - 2 if level > 2 else None
    if level == 2:
        i, j = np.triu_indices(slices.shape[0], k=1)
    else:
        i, j = common.row[keep], common.col[keep]
    if len(i) == 0:
        return None
    joined = slices[i] + slices[j]
    joined.data[:] = 1
    indices = joined.indices.reshape(len(i), level)
    indices.sort(axis=1)
    fine = np.all(np.diff(owner[indices], axis=1) > 0, axis=1)
    indices, i, j = indices[fine], i[fine], j[fine]
    if len(i) == 0:
        return None
    members, inverse = np.unique(indices, axis=0, return_inverse=True)
    inverse = inverse.ravel()
    least = [np.full(len(members), np.inf) for _ in range(3)]
    for values, out in zip((ss, se, sm), least):
        np.minimum.at(out, inverse, np.minimum(values[i], values[j]))
    parents = np.unique(np.stack([np.r_[inverse, inverse], np.r_[i, j]], axis=1), axis=0)[:, 0]
    return members, least, np.bincount(parents, minlength=len(members))


def slice_line(x, owner, e, level_most, top, alpha, least):
    n, mean = x.shape[0], e.mean()
    ss = np.asarray(x.sum(axis=0)).ravel()
    se = e @ x
    sm = x.multiply(e[:, None]).max(axis=0).toarray().ravel()
    best, counted, level = [], len(ss), 1
    members = np.arange(x.shape[1])[:, None]

    def take():
        nonlocal best
        own = score(ss, se, n, mean, alpha)
        good = np.flatnonzero((ss >= least) & (se > 0) & (own > 0))
        best += [(-own[g], level, -ss[g], tuple(members[g]), se[g]) for g in good]
        best = sorted(best)[:top]

    take()
    while level_most == 0 or level < level_most:
        valid = (ss >= least) & (se > 0)
        members, ss, se, sm = members[valid], ss[valid], se[valid], sm[valid]
        if len(members) < 2:
            break
        rows = np.repeat(np.arange(len(members)), level)
        slices = sp.csr_matrix((np.ones(len(rows)), (rows, members.ravel())), shape=(len(members), x.shape[1]))
        level += 1
        found = pairs(slices, ss, se, sm, owner, level)
        if found is None:
            break
        members, minima, parents = found
        threshold = -best[-1][0] if len(best) >= top else 0.0
        keep = (bound(*minima, n, mean, alpha, least) > threshold) & (parents == level)
        members = members[keep]
        if len(members) == 0:
            break
        rows = np.repeat(np.arange(len(members)), level)
        slices = sp.csr_matrix((np.ones(len(rows)), (rows, members.ravel())), shape=(len(members), x.shape[1]))
        ss, se, sm = evaluate(x, e, slices, level)
        counted += len(members)
        take()
    return best, counted, level


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("table")
    parser.add_argument("--level", type=int, default=3)
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--alpha", type=float, default=0.95)
    parser.add_argument("--min-rows", type=int)
    options = parser.parse_args()
    table = pd.read_csv(options.table, dtype=str, keep_default_na=False)
    e = (table.pop("label") != table.pop("pred")).to_numpy().astype(float)
    x, owner, names = one_hot(table)
    least = options.min_rows or max(32, -(-len(e) // 100))
    start = time.perf_counter()
    best, counted, level = slice_line(x, owner, e, options.level, options.top, options.alpha, least)
    seconds = time.perf_counter() - start
    for own, _, rows, values, errors in best:
        print(f"{-own:.6f}\t{int(-rows)}\t{int(errors)}\t{' & '.join(names[v] for v in values)}")
    print(f"{x.shape[0]} rows, {x.shape[1]} values, {level} levels, {counted} slices evaluated: {seconds:.3f} s")


if __name__ == "__main__":
    main()
