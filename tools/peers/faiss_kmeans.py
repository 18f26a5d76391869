#!/usr/bin/env python3
"""Times k-means against FAISS's, in pairs, from the same centroids and for the same number of steps.

  faiss_kmeans.py SERVER [--rows 1000000] [--width 128] [--centroids 1000] [--steps 10] [--pairs 3] [--threads 2]

SERVER is as in faiss_knn.py, and FAISS is tuned as there. Ours counts one assignment more, which says where every row
belongs in the end; FAISS uses all rows (`max_points_per_centroid` is out of the way).
"""
import argparse
import os
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

os.environ["OPENBLAS_CORETYPE"] = "Cooperlake"  # Set, not defaulted: machines exist that preset a slower one.

import faiss  # noqa: E402
import numpy as np  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    for name, default in (("rows", 1_000_000), ("width", 128), ("centroids", 1000), ("steps", 10), ("pairs", 3), ("threads", os.cpu_count())):
        parser.add_argument(f"--{name}", type=int, default=default)
    args = parser.parse_args()
    faiss.omp_set_num_threads(args.threads)
    faiss.cvar.distance_compute_blas_query_bs = 4096
    faiss.cvar.distance_compute_blas_database_bs = 16384
    rng = np.random.default_rng(1)
    # Blobs with overlap, so that there is something to find.
    x = rng.standard_normal((args.rows, args.width), dtype=np.float32)
    x += 0.5 * rng.standard_normal((500, args.width), dtype=np.float32)[rng.integers(0, 500, args.rows)]
    server = subprocess.Popen(shlex.split(args.server), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with tempfile.TemporaryDirectory() as folder:
        x.tofile(f"{folder}/x")
        words = f"kmeans {folder}/x {args.width} {args.centroids} {args.steps} {args.threads} {folder}/c"
        mine, peer = [], []
        for _ in range(args.pairs):
            print(words, file=server.stdin, flush=True)
            mine.append(float(server.stdout.readline()))
            kmeans = faiss.Kmeans(args.width, args.centroids, niter=args.steps, max_points_per_centroid=1 << 30)
            start = time.perf_counter()
            kmeans.train(x, init_centroids=x[: args.centroids])
            peer.append(time.perf_counter() - start)
        ours = np.fromfile(f"{folder}/c", np.float32).reshape(-1, args.width)
    index = faiss.IndexFlatL2(args.width)
    index.add(ours)
    inertia = float(index.search(x[:100_000], 1)[0].mean())
    index.reset()
    index.add(kmeans.centroids)
    theirs = float(index.search(x[:100_000], 1)[0].mean())
    ratios = sorted(p / m for m, p in zip(mine, peer))
    print(f"FAISS {faiss.__version__}, NumPy {np.__version__}, {args.threads} threads, {args.steps} steps, mean squared distance of 100,000 rows: gpudiag {inertia:.4f}, FAISS {theirs:.4f}")
    print("\n| rows × width | centroids | gpudiag s | FAISS s | ratio |\n|---|---|---|---|---|")
    line = " | ".join(f"{min(v):.1f} / {statistics.median(v):.1f} / {max(v):.1f}" for v in (mine, peer))
    print(f"| {args.rows} × {args.width} | {args.centroids} | {line} | **{ratios[0]:.2f} / {statistics.median(ratios):.2f} / {ratios[-1]:.2f}** |")
    server.stdin.close()
    server.wait()


if __name__ == "__main__":
    sys.exit(main())
