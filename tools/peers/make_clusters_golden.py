#!/usr/bin/env python3
"""Writes tests/GpuDiag.Tests/Golden/data/clusters.json: k-means and PCA by scikit-learn in float64.

Vectors are float32 values. k-means starts from the given centroids (rows); spherical k-means, which scikit-learn lacks, is
a few lines of NumPy over unit vectors.
"""
import json
import pathlib

import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

GOLDEN = pathlib.Path(__file__).resolve().parents[2] / "tests" / "GpuDiag.Tests" / "Golden" / "data"


def spherical(x, first):
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    centers = x[first]
    while True:
        labels = np.argmax(unit @ (centers / np.linalg.norm(centers, axis=1, keepdims=True)).T, 1)
        moved = np.stack([unit[labels == k].mean(0) for k in range(len(first))])
        if np.allclose(moved, centers, atol=0, rtol=0):
            return labels, centers
        centers = moved


def main():
    rng = np.random.default_rng(7)
    clusters, width = 6, 20
    middle = rng.normal(0, 3, (clusters, width))
    x = (middle[rng.integers(0, clusters, 240)] + rng.normal(0, 1, (240, width)) * np.linspace(0.3, 2, width)).round(2)
    x = x.astype(np.float32).astype(np.float64)
    first = [int(np.argmin(((x - m) ** 2).sum(1))) for m in middle]
    fit = KMeans(clusters, init=x[first], n_init=1, max_iter=100, tol=0, algorithm="lloyd").fit(x)
    labels, centers = spherical(x, first)
    pca = PCA(2, svd_solver="full").fit(x)
    (GOLDEN / "clusters.json").write_text(json.dumps({
        "width": width,
        "vectors": [round(float(v), 2) for v in x.ravel()],
        "first": first,
        "l2": {"labels": fit.labels_.tolist(), "inertia": fit.inertia_, "centroids": fit.cluster_centers_.tolist()},
        "cosine": {"labels": labels.tolist(), "centroids": centers.tolist()},
        "pca": {
            "axes": pca.components_.tolist(),
            "variance": pca.explained_variance_.tolist(),
            "ratio": pca.explained_variance_ratio_.tolist(),
            "places": pca.transform(x).tolist(),
        },
    }) + "\n")


if __name__ == "__main__":
    main()
