#!/usr/bin/env python3
"""Times `gpudiag retrain` against scikit-learn's LogisticRegression on the same rows, in pairs: one run of ours, one of theirs, in turn.

  sklearn_retrain.py "dotnet src/GpuDiag.Cli/bin/Release/net10.0/gpudiag.dll" FOLDER [--c 0.01] [--cv] [--pairs 3] [--threads 2] [--no-fit-of-theirs]

FOLDER has train.parquet, x.npy and y.npy of the same rows (GpuDiag.Benchmarks, retrain-data). Without --cv one C is fitted, and ours also makes its out-of-fold
predictions (five more fits), which theirs does not; their fit is timed at their default tolerance (1e-4, float32 as given) and at 1e-10 in double, which is nearer to what ours
reaches. With --cv both search the same 13 strengths over 5 folds (theirs: LogisticRegressionCV with neg_log_loss, at the default tolerance, warm starts). Whole processes, files
included; the fits alone by each side's own clock. The loss of each solution over the rows, by NumPy in double, says how near the optimum it is: ours from head.onnx as float32.
"""
import argparse
import json
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["OPENBLAS_CORETYPE"] = "Cooperlake"  # Set, not defaulted: machines exist that preset a slower one.
STRENGTHS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000]


def peer(folder, c, cv, tol, double, threads):
    os.environ["OPENBLAS_NUM_THREADS"] = str(threads)
    import warnings
    warnings.simplefilter("ignore")
    import numpy as np
    from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    x, y = np.load(os.path.join(folder, "x.npy")), np.load(os.path.join(folder, "y.npy"))
    if double:
        x = x.astype(np.float64)
    start = time.perf_counter()
    if cv:
        model = LogisticRegressionCV(Cs=STRENGTHS, cv=5, scoring="neg_log_loss", multi_class="multinomial", max_iter=10_000, tol=tol).fit(x, y)
        c = float(model.C_[0])
    else:
        model = LogisticRegression(C=c, multi_class="multinomial", max_iter=10_000, tol=tol).fit(x, y)
    fit = time.perf_counter() - start
    np.savez(os.path.join(folder, "peer.npz"), w=model.coef_, b=model.intercept_)
    print(json.dumps({"fit": fit, "c": c, "steps": int(np.max(model.n_iter_))}))


def weights(path):
    """W and b of a head.onnx: its two initializers, by a reader of just the fields that lead there."""
    import numpy as np

    def fields(data):
        at = 0

        def number():
            nonlocal at
            value = shift = 0
            while True:
                byte = data[at]
                at += 1
                value |= (byte & 127) << shift
                shift += 7
                if byte < 128:
                    return value
        while at < len(data):
            key = number()
            if key & 7 == 0:
                yield key >> 3, number()
            elif key & 7 == 2:
                size = number()
                yield key >> 3, data[at:at + size]
                at += size
            else:
                at += 4 if key & 7 == 5 else 8
    graph = next(v for k, v in fields(open(path, "rb").read()) if k == 7)
    found = []
    for k, tensor in fields(graph):
        if k == 5:
            found.append(np.frombuffer(next(v for f, v in fields(tensor) if f == 9), np.float32))
    return found[0].reshape(len(found[1]), -1), found[1]


def objective(folder, w, b, c):
    import numpy as np
    x, y = np.load(os.path.join(folder, "x.npy"), mmap_mode="r"), np.load(os.path.join(folder, "y.npy"))
    if len(b) == 1:
        w, b = np.vstack([-w, w]) , np.r_[-b, b]
    total = float((w.astype(np.float64) ** 2).sum()) / (2 * c)
    for at in range(0, len(x), 8192):
        z = x[at:at + 8192].astype(np.float64) @ w.T.astype(np.float64) + b
        top = z.max(1, keepdims=True)
        total += float((np.log(np.exp(z - top).sum(1)) + top[:, 0] - z[np.arange(len(z)), y[at:at + 8192]]).sum())
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gpudiag")
    parser.add_argument("folder")
    parser.add_argument("--c", type=float, default=0.01)
    parser.add_argument("--cv", action="store_true")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peer", nargs=2)
    args = parser.parse_args()
    if args.peer:
        return peer(args.folder, args.c, args.cv, float(args.peer[0]), args.peer[1] == "double", args.threads)
    import numpy as np
    runs = {}
    with tempfile.TemporaryDirectory() as out:
        for _ in range(args.pairs):
            start = time.perf_counter()
            strength = ["--c", "auto" if args.cv else repr(args.c)]
            subprocess.run([*shlex.split(args.gpudiag), "retrain", "--train", os.path.join(args.folder, "train.parquet"), *strength, "--threads", str(args.threads), "--quiet", "--out", out], check=True)
            whole = time.perf_counter() - start
            summary, run = (json.load(open(os.path.join(out, f))) for f in ("summary.json", "run.json"))
            stages = {s["stage"]: s["seconds"] for s in run["timings"]}
            c = summary["c"]
            runs.setdefault("gpudiag", []).append((whole, stages.get("search", 0) + stages["fit"], summary["steps"], c, objective(args.folder, *weights(os.path.join(out, "head.onnx")), c)))
            for tol, kind in [("1e-4", "float32")] + ([] if args.cv else [("1e-10", "double")]):
                start = time.perf_counter()
                told = subprocess.run([sys.executable, __file__, args.gpudiag, args.folder, "--c", repr(args.c), *(["--cv"] if args.cv else []), "--threads", str(args.threads), "--peer", tol, kind], check=True, capture_output=True, text=True)
                whole, told = time.perf_counter() - start, json.loads(told.stdout)
                solution = np.load(os.path.join(args.folder, "peer.npz"))
                runs.setdefault(f"scikit-learn, tol {tol}, {kind}", []).append((whole, told["fit"], told["steps"], told["c"], objective(args.folder, solution["w"], solution["b"], told["c"])))
    print("| | process s | fit s | steps | C | objective |\n|---|---|---|---|---|---|")
    for name, each in runs.items():
        triple = [" / ".join(f"{v:.2f}" for v in (min(t), statistics.median(t), max(t))) for t in ([e[0] for e in each], [e[1] for e in each])]
        print(f"| {name} | {triple[0]} | {triple[1]} | {each[0][2]} | {each[0][3]:g} | {each[0][4]:.9g} |")


if __name__ == "__main__":
    main()
