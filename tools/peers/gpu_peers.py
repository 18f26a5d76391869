#!/usr/bin/env python3
"""Times exact neighbours on a GPU against PyTorch and CuPy on the same machine, in the same run.

  gpu_peers.py GPUDIAG [CASE…] [--repetitions 3] [--folder DIR]

GPUDIAG is the program (or "dotnet gpudiag.dll"). Cases: self (1M × 1M × 128, k = 10), wide (10k × 10M × 768, k = 100), and
small (a tenth of self, to see that everything runs). The peers keep base and queries in device memory and multiply
chunk by chunk, with a running top-k: bf16, tf32 and fp32 by torch, fp32 by CuPy. Their lists are whatever the precision gives;
ours are exact. For ours the line tells the whole process, and its search alone, reading and uploading from host memory
included. The last columns compare lists: recall of each peer against ours. Prints a table in Markdown.
Needs torch; CuPy is left out where it is not installed.
"""
import argparse
import glob
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time

import numpy as np
import torch

# name: queries (0: the base itself), base, width, k
CASES = {"small": (0, 100_000, 128, 10), "self": (0, 1_000_000, 128, 10), "wide": (10_000, 10_000_000, 768, 100)}
SCORES = 1 << 28  # Scores per chunk.
SAMPLE = 1_000  # Queries whose lists are compared.


def write(path, rows, width, seed):
    """Normal vectors, written piece by piece, so that 30 GB need no memory."""
    rng = np.random.default_rng(seed)
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(rows, width))
    for start in range(0, rows, 1 << 18):
        end = min(rows, start + (1 << 18))
        out[start:end] = rng.standard_normal((end - start, width), dtype=np.float32)
    out.flush()


def chunks(queries, rows):
    step = min(rows, 1 << 16)
    return max(1, SCORES // step), step


def torch_knn(queries, base, k, dtype, tf32, own):
    """Squared distances less |q|², by one product per chunk, and a running top-k."""
    torch.backends.cuda.matmul.allow_tf32 = tf32
    norms = torch.cat([(part.float() ** 2).sum(1) for part in base.split(1 << 18)])
    q16, b16 = queries.to(dtype), base.to(dtype)
    query_step, step = chunks(len(queries), len(base))
    lists = []
    for first in range(0, len(queries), query_step):
        block = q16[first:first + query_step]
        best = torch.full((len(block), k), float("inf"), device=block.device)
        index = torch.zeros((len(block), k), dtype=torch.int64, device=block.device)
        for start in range(0, len(base), step):
            scores = norms[start:start + step] - 2 * (block @ b16[start:start + step].T).float()
            if own:
                low, high = max(first, start), min(first + len(block), start + scores.shape[1])
                if low < high:
                    rows = torch.arange(low, high, device=block.device)
                    scores[rows - first, rows - start] = float("inf")
            near, at = scores.topk(min(k, scores.shape[1]), 1, largest=False)
            best, take = torch.cat([best, near], 1).topk(k, 1, largest=False)
            index = torch.cat([index, at + start], 1).gather(1, take)
        lists.append(index)
    torch.cuda.synchronize()
    return torch.cat(lists).cpu().numpy()


def cupy_knn(queries, base, k, own):
    import cupy
    norms = (base ** 2).sum(1)
    query_step, step = chunks(len(queries), len(base))
    lists = []
    for first in range(0, len(queries), query_step):
        block = queries[first:first + query_step]
        best = cupy.full((len(block), k), cupy.inf, cupy.float32)
        index = cupy.zeros((len(block), k), cupy.int64)
        for start in range(0, len(base), step):
            scores = norms[start:start + step] - 2 * (block @ base[start:start + step].T)
            if own:
                rows = cupy.arange(max(first, start), max(max(first, start), min(first + len(block), start + scores.shape[1])))
                scores[rows - first, rows - start] = cupy.inf
            at = cupy.argpartition(scores, min(k, scores.shape[1]) - 1, 1)[:, :k]
            all_best = cupy.concatenate([best, cupy.take_along_axis(scores, at, 1)], 1)
            all_index = cupy.concatenate([index, at + start], 1)
            take = cupy.argpartition(all_best, k - 1, 1)[:, :k]
            best, index = cupy.take_along_axis(all_best, take, 1), cupy.take_along_axis(all_index, take, 1)
        lists.append(index)
    cupy.cuda.Stream.null.synchronize()
    return cupy.asnumpy(cupy.concatenate(lists))


def ours(program, folder, files, k):
    """Seconds of the process, seconds of its search, and the neighbours of the first queries."""
    out = os.path.join(folder, "out")
    command = [*shlex.split(program), "knn", *files, "--k", str(k), "--metric", "l2", "--device", "cuda", "--out", out, "--quiet"]
    start = time.perf_counter()
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - start
    with open(os.path.join(out, "run.json")) as f:
        stages = {timing["stage"]: timing["seconds"] for timing in json.load(f)["timings"]}
    try:
        import pyarrow.parquet as pq
        table = pq.ParquetFile(glob.glob(os.path.join(out, "neighbors.parquet"))[0]).iter_batches(SAMPLE * k, columns=["neighbor"])
        near = np.array(next(table).column(0)).astype(np.int64).reshape(-1, k)[:SAMPLE]
    except ImportError:
        near = None
    return seconds, stages, near


def peak(dtype, tf32=False):
    """Floating-point operations per second of a large product."""
    torch.backends.cuda.matmul.allow_tf32 = tf32
    a = torch.randn(8192, 8192, device="cuda").to(dtype)
    return 2 * 8192**3 / best_of(5, lambda: (a @ a, torch.cuda.synchronize()))[0]


def best_of(repetitions, action):
    action()
    best, result = float("inf"), None
    for _ in range(repetitions):
        start = time.perf_counter()
        result = action()
        best = min(best, time.perf_counter() - start)
    return best, result


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("cases", nargs="*", default=["self", "wide"], metavar="CASE")
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--folder", default=None, help="for the vectors: 30 GB for the case wide")
    args = parser.parse_args()
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}, CUDA {torch.version.cuda}; products of 8192: "
          f"bf16 {peak(torch.bfloat16) / 1e12:.0f}, tf32 {peak(torch.float32, True) / 1e12:.0f}, fp32 {peak(torch.float32) / 1e12:.0f} TFLOP/s\n")
    print("| case | who | seconds | TFLOP/s | recall against ours | stages |\n|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        for case in args.cases:
            run(case, args, folder)


def run(case, args, folder):
    queries, rows, width, k = CASES[case]
    files = [os.path.join(folder, "base.npy")]
    write(files[0], rows, width, 1)
    if queries:
        files.insert(0, os.path.join(folder, "queries.npy"))
        write(files[0], queries, width, 2)
    work = 2 * (queries or rows) * rows * width
    reference = None

    def line(who, seconds, lists, stages=""):
        recall = "" if lists is None or reference is None else f"{np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(lists[:SAMPLE], reference)]):.4f}"
        print(f"| {case} | {who} | {seconds:.3f} | {work / seconds / 1e12:.0f} | {recall} | {stages} |", flush=True)

    runs = [ours(args.program, folder, files, k) for _ in range(args.repetitions)]
    seconds, stages, reference = min(runs, key=lambda r: r[0])
    line("gpudiag, whole process", seconds, reference, " ".join(f"{name} {value:.2f}" for name, value in stages.items()))
    base = torch.from_numpy(np.load(files[-1], mmap_mode="r")[:]).cuda()
    query = torch.from_numpy(np.load(files[0])).cuda() if queries else base
    for who, dtype, tf32 in (("torch bf16", torch.bfloat16, False), ("torch tf32", torch.float32, True), ("torch fp32", torch.float32, False)):
        try:
            line(who, *best_of(args.repetitions, lambda d=dtype, t=tf32: torch_knn(query, base, k, d, t, not queries)))
        except torch.cuda.OutOfMemoryError:
            print(f"| {case} | {who} | out of memory | | | |", flush=True)
            torch.cuda.empty_cache()
    try:
        import cupy
        line("CuPy fp32", *best_of(1, lambda: cupy_knn(cupy.from_dlpack(query), cupy.from_dlpack(base), k, not queries)))
    except ImportError:
        print(f"| {case} | CuPy | not installed | | | |", flush=True)
    del base, query
    torch.cuda.empty_cache()


if __name__ == "__main__":
    sys.exit(main())
