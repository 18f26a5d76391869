#!/usr/bin/env python3
"""How often 95 % intervals of the expected calibration error cover it: percentile bootstrap against delta method.

The simulation behind docs/intervals.md. Confidence is known per bin; accuracy is confidence minus an offset, which is
then the true error. Prints a line per offset and number of rows.
"""
import numpy as np

BINS, REPETITIONS, REPLICATES, Z = 15, 300, 500, 1.96


def ece(rows, correct, confidence):
    return np.abs(correct - rows * confidence).sum(-1) / rows.sum(-1)


def main():
    rng = np.random.default_rng(1)
    confidence = np.linspace(1 / 30, 1 - 1 / 30, BINS)
    share = np.exp(3 * confidence)
    share[:5] = 0
    share /= share.sum()
    for offset in (0.02, 0.08):
        for n in (200, 2000, 20000):
            covered = {"percentile": 0, "delta": 0}
            for _ in range(REPETITIONS):
                rows = rng.multinomial(n, share)
                correct = rng.binomial(rows, confidence - np.where(share > 0, offset, 0))
                value = ece(rows, correct, confidence)
                p = np.concatenate([correct, rows - correct]) / n
                draws = rng.multinomial(n, p, size=REPLICATES)
                low, high = np.percentile(ece(draws[:, :BINS] + draws[:, BINS:], draws[:, :BINS], confidence), [2.5, 97.5])
                covered["percentile"] += low <= offset <= high
                sign = np.sign(correct - rows * confidence)
                influence = np.concatenate([sign * (1 - confidence), -sign * confidence])
                error = np.sqrt(((p * influence ** 2).sum() - (p * influence).sum() ** 2) / n)
                covered["delta"] += abs(value - offset) <= Z * error
            print(f"true error {offset}, {n} rows:", {k: f"{c / REPETITIONS:.0%}" for k, c in covered.items()})


if __name__ == "__main__":
    main()
