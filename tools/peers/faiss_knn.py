#!/usr/bin/env python3
"""Times exact neighbours against FAISS's IndexFlat, tuned, in pairs: one search of ours, one of FAISS's, in turn.

  faiss_knn.py SERVER [CASE…] [--pairs 3] [--threads 2] [--lanes Vector512]

SERVER is the command that answers for us: "dotnet artifacts/bench/benchmarks/GpuDiag.Benchmarks.dll neighbors". FAISS is
told the best settings found for it: BLAS kernels with AVX-512 (OPENBLAS_CORETYPE=Cooperlake, which OpenBLAS 0.3.21 does
not choose on newer processors by itself) and block sizes 4096/16384; its `add()` is not timed. Ours is timed whole.
Prints the table of benchmarks/results/*/neighbors.md. Cases with `ties` hold whole numbers, so that distances repeat.
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

# name: queries, base (0: the queries themselves), width, k, metric
CASES = {
    "A": (10_000, 200_000, 128, 10, "L2"),
    "A-ip": (10_000, 200_000, 128, 10, "InnerProduct"),
    "B": (1_000, 100_000, 768, 10, "L2"),
    "B-k100": (1_000, 100_000, 768, 100, "L2"),
    "B-ip": (1_000, 100_000, 768, 10, "InnerProduct"),
    "C-self": (50_000, 0, 384, 10, "L2"),
    "C-two": (50_000, 50_000, 384, 10, "L2"),
    "M": (10_000, 60_000, 784, 10, "L2"),
    "ties": (2_000, 50_000, 16, 10, "L2"),
    "equal": (50_000, 0, 384, 10, "L2"),
}


def vectors(name, rows, width, rng):
    if name == "ties":
        return rng.integers(0, 3, (rows, width)).astype(np.float32)
    if name == "equal":
        return np.full((rows, width), 0.3, np.float32)
    return rng.standard_normal((rows, width), dtype=np.float32)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("cases", nargs="*", default=["A", "A-ip", "B", "B-k100", "B-ip", "C-self", "M"])
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--lanes", default="Vector512")
    parser.add_argument("--alone", action="store_true", help="ours only")
    args = parser.parse_args()

    server = subprocess.Popen(shlex.split(args.server), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(*words):
        server.stdin.write(" ".join(map(str, words)) + "\n")
        server.stdin.flush()
        return float(server.stdout.readline())

    faiss.omp_set_num_threads(args.threads)
    faiss.cvar.distance_compute_blas_query_bs = 4096
    faiss.cvar.distance_compute_blas_database_bs = 16384
    peak = max(ask("peak", args.lanes, args.threads) for _ in range(3))
    print(f"FAISS {faiss.__version__}, NumPy {np.__version__}, {args.threads} threads, {args.lanes}; multiply-adds alone: {peak:.0f} GFLOP/s")
    print("\n| case | queries × base × width | k | metric | gpudiag s | GFLOP/s | FAISS s | GFLOP/s | ratio | lists equal |")
    print("|---|---|---|---|---|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in args.cases:
            queries, base, width, k, metric = CASES[name]
            rng = np.random.default_rng(1)
            b = vectors(name, base or queries, width, rng)
            q = vectors(name, queries, width, rng) if base else b
            files = [f"{folder}/{name}.base"]
            b.tofile(files[0])
            if base:
                files.append(f"{folder}/{name}.queries")
                q.tofile(files[1])
            index = (faiss.IndexFlatL2 if metric == "L2" else faiss.IndexFlatIP)(width)
            index.add(b)
            search = ("search", files[-1], files[0], width, k, metric, args.lanes, args.threads, f"{folder}/ids")
            mine, peer, peer_ids = [], [], None
            ask(*search)
            for _ in range(args.pairs):
                mine.append(ask(*search))
                if not args.alone:
                    start = time.perf_counter()
                    _, peer_ids = index.search(q, k)
                    peer.append(time.perf_counter() - start)
            ids = np.fromfile(f"{folder}/ids", np.int64).reshape(queries, k)
            flops = 2.0 * queries * len(b) * width / 1e9
            ours, line = statistics.median(mine), f"| {name} | {queries} × {len(b)} × {width} | {k} | {metric} "
            line += f"| {min(mine):.2f} / {ours:.2f} / {max(mine):.2f} | {flops / ours:.0f} "
            if peer:
                theirs = statistics.median(peer)
                ratios = sorted(p / m for m, p in zip(mine, peer))
                equal = np.mean(np.sort(ids, 1) == np.sort(peer_ids, 1))
                line += f"| {min(peer):.2f} / {theirs:.2f} / {max(peer):.2f} | {flops / theirs:.0f} "
                line += f"| **{ratios[0]:.2f} / {statistics.median(ratios):.2f} / {ratios[-1]:.2f}** | {100 * equal:.3f} % |"
            print(line, flush=True)
            for file in files:
                os.remove(file)
    server.stdin.close()
    server.wait()


if __name__ == "__main__":
    sys.exit(main())
