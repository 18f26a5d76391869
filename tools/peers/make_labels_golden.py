#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/labels.json: random cases with the confident joint, the rows that each of the seven filters
flags, and the three scores, by confident_learning.py.

  make_labels_golden.py                                          writes the golden file
  make_labels_golden.py --check mnist=mnist.csv --expected E.json    compares with the reference implementation's answers:
      CSV of label, pred, p0 … (tools/datagen csv); E.json: {name: {filter: rows, "cj": …, "score_…": first values}}
"""
import argparse
import json
import pathlib

import numpy as np

import confident_learning as cl

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "GpuDiag.Tests" / "Golden" / "data" / "labels.json"


def case(rng, rows, classes, noise, sharp, prior=None, ties=False):
    true = rng.choice(classes, rows, p=prior)
    wrong = rng.random(rows) < noise
    given = np.where(wrong, (true + rng.integers(1, max(2, classes), rows)) % classes, true)
    logits = rng.normal(size=(rows, classes))
    logits[np.arange(rows), true] += sharp
    p = np.exp(logits)
    p /= p.sum(axis=1, keepdims=True)
    p = np.round(p, 2) if ties else np.round(p, 5)
    return given, p.astype(np.float32)


def expected(y, p):
    wide = p.astype(np.float64)
    guess, raw, calibrated, joint = cl.confident_joint(y, wide)
    return {
        "classes": p.shape[1],
        "label": y.tolist(),
        # Five decimals say a float32 exactly enough to read it back.
        "probs": [round(float(v), 5) for v in p.ravel()],
        "guess": guess.tolist(),
        "raw": raw.tolist(),
        "cj": calibrated.tolist(),
        "joint": joint.tolist(),
        **{f: np.flatnonzero(cl.issues(y, wide, f)).tolist() for f in cl.FILTERS},
        **{f"score_{s}": cl.score(y, wide, s).tolist() for s in (cl.SCORES if p.shape[1] > 1 else cl.SCORES[:1])},
    }


def check(name, path, answers):
    table = np.genfromtxt(path, delimiter=",", names=True, dtype=None, encoding=None)
    columns = [c for c in table.dtype.names if c[0] == "p" and c[1:].isdigit()]
    p = np.clip(np.stack([table[c] for c in columns], axis=1).astype(np.float32), 0, 1)
    names = sorted(set(table["label"].tolist()))
    y = np.array([names.index(v) for v in table["label"].tolist()])
    for precision in (np.float32, np.float64):
        q = p.astype(precision)
        for f in cl.FILTERS:
            found = np.flatnonzero(cl.issues(y, q, f)).tolist()
            print(name, precision.__name__, f, len(found), "equal" if found == answers[f] else f"DIFFERS: {set(found) ^ set(answers[f])}")
        print(name, precision.__name__, "cj", "equal" if cl.confident_joint(y, q)[2].tolist() == answers["cj"] else "DIFFERS")
        for s in cl.SCORES:
            error = np.abs(cl.score(y, q, s)[:50] - np.array(answers[f"score_{s}"]))
            print(name, precision.__name__, s, "largest difference", error.max(), "at", int(error.argmax()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="append", default=[])
    parser.add_argument("--expected")
    options = parser.parse_args()
    if options.check:
        answers = json.loads(pathlib.Path(options.expected).read_text())
        for pair in options.check:
            name, path = pair.split("=", 1)
            check(name, path, answers[name])
        return
    rng = np.random.default_rng(11)
    cases = [
        case(rng, 300, 4, 0.1, 2.5),
        case(rng, 200, 3, 0.3, 1.0),
        case(rng, 250, 9, 0.2, 2.0),
        case(rng, 150, 2, 0.15, 2.0, ties=True),
        case(rng, 160, 12, 0.1, 2.5, prior=np.array([0.4, 0.3, 0.2, 0.1, 0, 0, 0, 0, 0, 0, 0, 0])),
        case(rng, 60, 20, 0.5, 0.3),
        case(rng, 2, 3, 0.0, 3.0),
        case(rng, 40, 5, 1.0, 4.0),
        case(rng, 40, 5, 0.0, 9.0),
    ]
    with open(GOLDEN, "w") as file:
        json.dump([expected(y, p) for y, p in cases], file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
