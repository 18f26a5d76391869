#!/usr/bin/env python3
"""Times `gpudiag mine` against FAISS and NumPy doing the same, in pairs: one run of ours, one of theirs, in turn.

  faiss_mine.py "dotnet src/GpuDiag.Cli/bin/Release/net10.0/gpudiag.dll" [--pool 100000] [--anchors 2000] [--width 384] [--budget 1000] [--pairs 3]

Both read the pool and the failures from .npy files of float32, find each pool row's nearest failure by cosine (exactly), put the failures into clusters by
k-means, share the budget among them, keep the best candidates of each and choose greedily, redundancy removed. Ours is timed as a process, its
start and its files included; theirs as a process too. FAISS gets the settings found best for it (see faiss_knn.py). What both find is held against each other:
for each row that we chose, the nearest failure and its distance.
"""
import argparse
import csv
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["OPENBLAS_CORETYPE"] = "Cooperlake"  # Set, not defaulted: machines exist that preset a slower one.


def peer(pool_file, anchor_file, budget, threads):
    import faiss
    import numpy as np
    faiss.omp_set_num_threads(threads)
    faiss.cvar.distance_compute_blas_query_bs = 4096
    faiss.cvar.distance_compute_blas_database_bs = 16384
    pool, anchors = np.load(pool_file), np.load(anchor_file)
    faiss.normalize_L2(pool)
    faiss.normalize_L2(anchors)
    index = faiss.IndexFlatIP(pool.shape[1])
    index.add(anchors)
    similar, nearest = index.search(pool, 1)
    distance, nearest = np.maximum(0, 1 - similar[:, 0]), nearest[:, 0]
    among, _ = index.search(anchors, 2)
    scale = float(np.median(1 - among[:, 1]))
    k = int(np.clip(round((len(anchors) / 2) ** 0.5), 10, 100))
    means = faiss.Kmeans(pool.shape[1], k, niter=30, spherical=True, seed=0)
    means.train(anchors)
    group = means.index.search(anchors, 1)[1][:, 0]
    counts = np.bincount(group, minlength=k)
    z = 1.959963984540054
    low = np.where(counts > 0, counts / (counts + z * z), 0)  # Wilson's lower end where all rows are failures
    due = budget * counts * low / (counts * low).sum()
    quota = np.floor(due).astype(int)
    for g in np.argsort(-(due - quota))[: budget - quota.sum()]:
        quota[g] += 1
    score, of = -distance / scale - np.log(2), group[nearest]
    candidates = np.concatenate([(lambda rows: rows[np.argsort(-score[rows], kind="stable")[: 8 * quota[g] + budget + 1024]])(np.flatnonzero(of == g)) for g in range(k)])
    vectors, best, where = pool[candidates], score[candidates], of[candidates]
    apart = np.full(len(candidates), np.inf, np.float32)
    gain, left, chosen = best.astype(np.float64).copy(), quota.copy(), []
    open_ = left[where] > 0
    for _ in range(budget):
        if not open_.any():
            open_ = ~np.isin(np.arange(len(candidates)), chosen)
        i = int(np.argmax(np.where(open_, gain, -np.inf)))
        chosen.append(i)
        left[where[i]] -= 1
        apart = np.minimum(apart, np.maximum(0, 1 - vectors @ vectors[i]))
        gain = best + np.log(np.minimum(1, np.maximum(apart, 1e-30) / scale))
        open_[i] = False
        if left[where[i]] == 0:
            open_ &= where != where[i]
    np.save(pool_file + ".nearest.npy", nearest)
    np.save(pool_file + ".distance.npy", distance)


def main():
    if sys.argv[1] == "--peer":
        peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
        return
    import faiss
    import numpy as np
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gpudiag")
    parser.add_argument("--pool", type=int, default=100_000)
    parser.add_argument("--anchors", type=int, default=2_000)
    parser.add_argument("--width", type=int, default=384)
    parser.add_argument("--budget", type=int, default=1_000)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rng = np.random.default_rng(1)
        centers = rng.standard_normal((200, args.width), dtype=np.float32)
        files = {}
        for name, rows in (("pool", args.pool), ("anchors", args.anchors)):
            files[name] = f"{folder}/{name}.npy"
            np.save(files[name], centers[rng.integers(0, 200, rows)] + rng.standard_normal((rows, args.width), dtype=np.float32))
        ours = [*shlex.split(args.gpudiag), "mine", "--cases", files["anchors"], "--pool", files["pool"], "--budget", str(args.budget), "--metric", "cosine",
                "--export", "csv", "--quiet", "--threads", str(args.threads), "--out", f"{folder}/out"]
        theirs = [sys.executable, __file__, "--peer", files["pool"], files["anchors"], str(args.budget), str(args.threads)]
        mine, other = [], []
        for _ in range(args.pairs):
            for command, times in ((ours, mine), (theirs, other)):
                start = time.perf_counter()
                subprocess.run(command, check=True)
                times.append(time.perf_counter() - start)
        nearest, distance = np.load(files["pool"] + ".nearest.npy"), np.load(files["pool"] + ".distance.npy")
        with open(f"{folder}/out/mined.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        same = np.mean([int(r["resembles"]) == nearest[int(r["row"])] for r in rows])
        off = max(abs(float(r["distance"]) - distance[int(r["row"])]) for r in rows)
        ratios = sorted(b / a for a, b in zip(mine, other))
        print(f"FAISS {faiss.__version__}, NumPy {np.__version__}, {args.threads} threads")
        print("\n| pool × width | failures | budget | gpudiag s | FAISS + NumPy s | ratio | same nearest failure | greatest difference of distances |")
        print("|---|---|---|---|---|---|---|---|")
        print(f"| {args.pool} × {args.width} | {args.anchors} | {args.budget} | {min(mine):.1f} / {statistics.median(mine):.1f} / {max(mine):.1f} | {min(other):.1f} / {statistics.median(other):.1f} / {max(other):.1f} "
              f"| **{ratios[0]:.2f} / {statistics.median(ratios):.2f} / {ratios[-1]:.2f}** | {100 * same:.2f} % | {off:.1e} |")


if __name__ == "__main__":
    main()
