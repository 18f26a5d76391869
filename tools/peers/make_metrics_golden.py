#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/metrics_*.csv (rows) and .json (expected values by scikit-learn).

A CSV has the columns label, pred, then confidence or p0..pN where there are any, then segment columns; nothing is
quoted. Probabilities are float32 in shortest form. metrics_digits.csv is not made here: it is an export of the digits
test rows (see tools/peers/README.md); its expected values are.

Usage: make_metrics_golden.py            all datasets
       make_metrics_golden.py FILE.csv CLASS...   expected values of another CSV on standard output
"""
import csv
import json
import pathlib
import sys

import numpy as np

import reference_metrics as reference

HERE = pathlib.Path(__file__).resolve().parent
GOLDEN = HERE.parents[1] / "tests" / "GpuDiag.Tests" / "Golden" / "data"
WEATHER = ["clear", "fog", "rain", "snow"]


def softmax(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return (e / e.sum(1, keepdims=True)).astype(np.float32)


def noisy(rng, y, classes, strength, scale=1.5):
    logits = rng.normal(size=(len(y), classes)) * scale
    logits[np.arange(len(y)), y] += strength
    return softmax(logits)


def weather(rng, rows):
    return rng.choice(WEATHER, rows, p=[0.6, 0.1, 0.25, 0.05])


def write(name, classes, y, pred, probs=None, confidence=None, segments=None):
    header, columns = ["label", "pred"], [[classes[k] for k in y], [classes[k] for k in pred]]
    if confidence is not None:
        header.append("confidence")
        columns.append([str(v) for v in confidence])
    if probs is not None:
        header += [f"p{k}" for k in range(probs.shape[1])]
        columns += [[str(v) for v in probs[:, k]] for k in range(probs.shape[1])]
    for column, values in (segments or {}).items():
        header.append(column)
        columns.append(list(values))
    with open(GOLDEN / f"metrics_{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(zip(*columns))


def expected(path, classes):
    with open(path, newline="") as file:
        rows = list(csv.DictReader(file))
    index = {name: k for k, name in enumerate(classes)}
    y = np.array([index[row["label"]] for row in rows])
    pred = np.array([index[row["pred"]] for row in rows])
    names = list(rows[0])
    probability = [n for n in names if n[0] == "p" and n[1:].isdigit()]
    probs = np.array([[np.float32(row[n]) for n in probability] for row in rows]).astype(float) if probability else None
    confidence = np.array([np.float32(row["confidence"]) for row in rows]).astype(float) if "confidence" in names else None
    segments = {n: [row[n] for row in rows] for n in names if n not in ("label", "pred", "confidence", *probability)}
    return reference.evaluate_all(y, pred, classes, probs, confidence, segments)


def make_rows(rng):
    """Writes the synthetic datasets; returns name -> class names."""
    made = {}

    y = (rng.random(600) < 0.3).astype(int)
    probs = noisy(rng, y, 2, 1.5)
    write("binary", ["0", "1"], y, (probs[:, 1] > 0.4).astype(int), probs, None, {"weather": weather(rng, 600)})
    made["binary"] = ["0", "1"]

    names = ["bicycle", "bus", "car", "lorry", "pedestrian", "tram", "van"]
    y = rng.choice(7, 900, p=[0.3, 0.2, 0.2, 0.1, 0.1, 0.07, 0.03])
    place = weather(rng, 900)
    probs = noisy(rng, y, 7, np.where(place == "fog", 1.0, 4.0))
    write("strings", names, y, probs.argmax(1), probs, None, {"weather": place, "lane": rng.integers(0, 3, 900).astype(str)})
    made["strings"] = names

    # Eighths: many equal probabilities within a row and between rows, exact zeros for the true class, exact ones.
    y = rng.integers(0, 6, 500)
    cuts = np.sort(rng.integers(0, 9, (500, 5)), axis=1)
    eighths = np.diff(np.concatenate([np.zeros((500, 1), int), cuts, np.full((500, 1), 8)], axis=1), axis=1)
    swap = np.where(rng.random(500) < 0.7, eighths.argmax(1), y)
    top, own = eighths[np.arange(500), swap].copy(), eighths[np.arange(500), y].copy()
    eighths[np.arange(500), swap], eighths[np.arange(500), y] = own, top
    probs = (eighths / 8).astype(np.float32)
    write("ties", [str(k) for k in range(6)], y, probs.argmax(1), probs, None, {"weather": weather(rng, 500)})
    made["ties"] = [str(k) for k in range(6)]

    # Class c never is the truth, e is never predicted, f is neither.
    names = list("abcdef")
    y = rng.choice([0, 1, 3, 4], 400)
    probs = noisy(rng, y, 6, 2.5)
    masked = probs.copy()
    masked[:, 4:] = 0
    write("absent", names, y, masked.argmax(1), probs, None, {"weather": weather(rng, 400)})
    made["absent"] = names

    names = [f"class_{k:02}" for k in range(40)]
    y = rng.integers(0, 40, 400)
    probs = noisy(rng, y, 40, 2.0)
    write("wide", names, y, probs.argmax(1), probs)
    made["wide"] = names

    # No probabilities; integer classes far apart, one negative, in numeric order; confidence at the bins' very edges.
    names = ["-1", "7", "300", "70000"]
    y = rng.integers(0, 4, 700)
    pred = np.where(rng.random(700) < 0.8, y, rng.integers(0, 4, 700))
    confidence = np.where(rng.random(700) < 0.3, rng.integers(0, 16, 700) / 15, rng.random(700)).astype(np.float32)
    write("integers", names, y, pred, None, confidence, {"weather": weather(rng, 700)})
    made["integers"] = names
    return made


def make_cells(rng):
    """A confusion matrix with counts up to 1e10: sums that overflow 32 bits, products that overflow 64."""
    counts = (10 ** rng.uniform(0, 8, (5, 5))).astype(np.int64)
    counts[np.diag_indices(5)] = (10 ** rng.uniform(8, 10, 5)).astype(np.int64)
    y, pred = np.indices((5, 5)).reshape(2, -1)
    names = [str(k) for k in range(5)]
    return {"class_names": names, "cells": counts.tolist(),
            "metrics": reference.confusion_metrics(y, pred, names, counts.ravel().astype(float))}


def main():
    if len(sys.argv) > 1:
        json.dump(expected(sys.argv[1], sys.argv[2:]), sys.stdout, indent=1)
        return
    GOLDEN.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(20)
    made = make_rows(rng)
    made["digits"] = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    results = {name: expected(GOLDEN / f"metrics_{name}.csv", classes) for name, classes in made.items()}
    results["cells"] = make_cells(rng)
    for name, result in results.items():
        (GOLDEN / f"metrics_{name}.json").write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
