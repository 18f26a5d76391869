#!/usr/bin/env python3
"""How often 95 % intervals of the change of average precision cover it: from influences of the same rows, and from the sum of both standard errors.

The simulation behind docs/compare.md. Two scores share half their noise; the true change is that of two million rows. Prints a line per
share of positives and number of rows.
"""
import numpy as np

REPETITIONS, Z = 2000, 1.959964


def draw(rng, rows, share):
    y = rng.random(rows) < share
    common = rng.normal(0, 1, rows)
    return y, y * 1.0 + common + rng.normal(0, 1, rows), y * 1.3 + common + rng.normal(0, 1, rows)


def average_precision(y, score):
    """The figure, and per row its influence times the number of positives; no ties."""
    order = np.argsort(score)
    hits, flagged = y[order][::-1].cumsum()[::-1], np.arange(len(y), 0, -1)
    precision = hits / flagged
    value = precision[y[order]].mean()
    by_positive = np.cumsum(y[order] * (1 - precision) / flagged)
    by_negative = np.cumsum(y[order] * precision / flagged)
    influence = np.empty(len(y))
    influence[order] = np.where(y[order], precision - value + by_positive, -by_negative)
    return value, influence


def main():
    rng = np.random.default_rng(6)
    for share in (0.1, 0.5):
        y, before, after = draw(rng, 2_000_000, share)
        truth = average_precision(y, after)[0] - average_precision(y, before)[0]
        for rows in (200, 1000, 5000):
            covered, width = np.zeros(2), np.zeros(2)
            for _ in range(REPETITIONS):
                y, before, after = draw(rng, rows, share)
                (a, left), (b, right) = average_precision(y, before), average_precision(y, after)
                errors = np.array([np.sqrt(((right - left) ** 2).sum()), np.sqrt((left ** 2).sum()) + np.sqrt((right ** 2).sum())]) / y.sum()
                covered += np.abs(b - a - truth) <= Z * errors
                width += errors
            paired, summed = covered / REPETITIONS
            print(f"{share:.0%} positive, {rows} rows: paired {paired:.1%}, sum of errors {summed:.1%}, {width[1] / width[0]:.1f} times as wide")


if __name__ == "__main__":
    main()
