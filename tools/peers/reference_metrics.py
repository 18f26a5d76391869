"""The metrics of GpuDiag by scikit-learn and SciPy: the oracle of the golden tests.

Where scikit-learn's function differs from the definition in use, the definition stands beside the code:
log loss clips at 2^-52 and does not renormalise, brier sums over classes, a tie of rank goes to the lower class.
"""
import math
import warnings

import numpy as np
from scipy.optimize import brentq
from scipy.special import logsumexp
from scipy.stats import fisher_exact, norm
from sklearn import metrics as sk

warnings.filterwarnings("ignore")
Z = 1.959963984540054
BINS = 15


def number(value):
    return None if value is None or not math.isfinite(value) else float(value)


def wilson(successes, n):
    if n == 0:
        return {"value": None, "low": None, "high": None}
    p = successes / n
    centre = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    # The formula gives 0 at no success and 1 at n of n; rounding does not.
    return {"value": p, "low": centre - half if successes > 0 else 0.0, "high": centre + half if successes < n else 1.0}


def confusion_metrics(y, pred, classes, weight=None):
    """Functions of the confusion matrix. Averages run over the classes present in y or pred (scikit-learn's default)."""
    out = {"accuracy": sk.accuracy_score(y, pred, sample_weight=weight),
           "balanced_accuracy": sk.balanced_accuracy_score(y, pred, sample_weight=weight)}
    for average in ("macro", "weighted"):
        p, r, f, _ = sk.precision_recall_fscore_support(y, pred, average=average, zero_division=0, sample_weight=weight)
        out.update({f"precision_{average}": p, f"recall_{average}": r, f"f1_{average}": f})
    out["cohen_kappa"] = sk.cohen_kappa_score(y, pred, sample_weight=weight)
    out["matthews_corrcoef"] = sk.matthews_corrcoef(y, pred, sample_weight=weight)
    if len(classes) == 2:
        positive = {"labels": [1], "average": "macro", "zero_division": 0, "sample_weight": weight}
        out["precision"] = sk.precision_score(y, pred, **positive)
        out["recall"] = sk.recall_score(y, pred, **positive)
        out["f1"] = sk.f1_score(y, pred, **positive)
        out["specificity"] = sk.recall_score(y, pred, labels=[0], average="macro", zero_division=0, sample_weight=weight)
    return {k: number(v) for k, v in out.items()}


def one_vs_rest(y, probs):
    """ROC AUC and average precision of each class; None for a class without positives or without negatives."""
    auc, ap = [], []
    for k in range(probs.shape[1]):
        is_k = y == k
        both = 0 < is_k.sum() < len(y)
        auc.append(float(sk.roc_auc_score(is_k, probs[:, k])) if both else None)
        ap.append(float(sk.average_precision_score(is_k, probs[:, k])) if both else None)
    return auc, ap


def mean(values):
    present = [v for v in values if v is not None]
    return float(np.mean(present)) if present else None


def probability_metrics(y, probs):
    rows = np.arange(len(y))
    own = probs[rows, y]
    truth = np.zeros_like(probs)
    truth[rows, y] = 1
    lower = np.arange(probs.shape[1])[None, :] < y[:, None]
    rank = (probs > own[:, None]).sum(1) + ((probs == own[:, None]) & lower).sum(1)
    auc, ap = one_vs_rest(y, probs)
    out = {"log_loss": float(np.mean(-np.log(np.clip(own, 2.0 ** -52, 1)))),
           "brier": float(np.mean(((probs - truth) ** 2).sum(1))),
           "top_5_accuracy": float(np.mean(rank < 5)),
           "roc_auc_macro": mean(auc), "average_precision_macro": mean(ap)}
    if probs.shape[1] == 2:
        out["roc_auc"], out["average_precision"] = auc[1], ap[1]
    return out


def temperature(y, probs):
    """T minimising the mean negative log likelihood of softmax(ln(clip(p, 2^-52, 1)) / T), to about 1e-12.

    None where the likelihood has no finite positive optimum."""
    logs = np.log(np.clip(probs, 2.0 ** -52, 1))
    own = logs[np.arange(len(y)), y]

    def gradient(beta):
        weights = np.exp(beta * logs - logsumexp(beta * logs, axis=1, keepdims=True))
        return float(np.mean((weights * logs).sum(1) - own))

    if gradient(1e-6) >= 0 or gradient(1e3) <= 0:
        return None, None
    beta = brentq(gradient, 1e-6, 1e3, xtol=1e-15, rtol=1e-14, maxiter=500)
    return 1 / beta, float(np.mean(logsumexp(beta * logs, axis=1) - beta * own))


def calibration(y, pred, confidence, probs=None):
    bins = np.clip(np.ceil(BINS * confidence).astype(int) - 1, 0, BINS - 1)
    curve, gaps = [], []
    for b in range(BINS):
        inside = bins == b
        n = int(inside.sum())
        c = float(confidence[inside].mean()) if n else None
        a = float((y == pred)[inside].mean()) if n else None
        curve.append({"low": b / BINS, "high": (b + 1) / BINS, "rows": n, "confidence": c, "accuracy": a})
        if n:
            gaps.append((n, abs(a - c)))
    t, nll = temperature(y, probs) if probs is not None else (None, None)
    return {"bins": BINS, "ece": sum(n * g for n, g in gaps) / len(y), "mce": max(g for _, g in gaps),
            "temperature": t, "log_loss_at_temperature": nll, "curve": curve}


def per_class(y, pred, classes, probs=None):
    p, r, f, _ = sk.precision_recall_fscore_support(y, pred, labels=range(len(classes)), zero_division=0)
    auc, ap = one_vs_rest(y, probs) if probs is not None else ([None] * len(classes),) * 2
    out = []
    for k, name in enumerate(classes):
        hit, support, predicted = int(((y == k) & (pred == k)).sum()), int((y == k).sum()), int((pred == k).sum())
        out.append({"class": name, "support": support, "predicted": predicted,
                    "precision": {**wilson(hit, predicted), "value": float(p[k])},
                    "recall": {**wilson(hit, support), "value": float(r[k])},
                    "f1": float(f[k]), "roc_auc": auc[k], "average_precision": ap[k]})
    return out


def confusions(y, pred, classes):
    cells = {}
    for a, b in zip(y.tolist(), pred.tolist()):
        if a != b:
            cells[a, b] = cells.get((a, b), 0) + 1
    ordered = sorted(cells.items(), key=lambda cell: (-cell[1], cell[0]))
    return [{"label": classes[a], "pred": classes[b], "count": n} for (a, b), n in ordered]


def lower_than_rest(errors, rows, all_errors, all_rows):
    """One-sided p-values that the segment is less accurate than the other rows: Fisher's exact and the pooled z-test."""
    rest, rest_errors = all_rows - rows, all_errors - errors
    if rest == 0:
        return {"p_value_fisher": None, "p_value_z": None, "smallest_expected": None}
    table = [[errors, rows - errors], [rest_errors, rest - rest_errors]]
    share = all_errors / all_rows
    spread = math.sqrt(share * (1 - share) * (1 / rows + 1 / rest))
    z = (errors / rows - rest_errors / rest) / spread if spread else 0.0
    return {"p_value_fisher": float(fisher_exact(table, alternative="greater")[1]), "p_value_z": float(norm.sf(z)),
            "smallest_expected": min(rows, rest) * min(share, 1 - share)}


def evaluate(y, pred, classes, probs=None, confidence=None):
    """All metrics of design's names for rows of class indices y and pred; probs is rows x classes in double."""
    out = {"rows": len(y), "errors": int((y != pred).sum()), "metrics": confusion_metrics(y, pred, classes)}
    if probs is not None:
        out["metrics"].update(probability_metrics(y, probs))
        confidence = probs.max(1) if confidence is None else confidence
    out["accuracy"] = wilson(int((y == pred).sum()), len(y))
    if confidence is not None:
        out["calibration"] = calibration(y, pred, confidence, probs)
        out["metrics"].update(ece=out["calibration"]["ece"], mce=out["calibration"]["mce"])
    return out


def evaluate_all(y, pred, classes, probs=None, confidence=None, segments=None):
    """evaluate for all rows, per class and per segment value; segments maps a column name to its values."""
    out = evaluate(y, pred, classes, probs, confidence)
    out["class_names"] = list(classes)
    out["classes"] = per_class(y, pred, classes, probs)
    out["confusions"] = confusions(y, pred, classes)
    out["segments"] = []
    for column, values in (segments or {}).items():
        for value in sorted(set(values)):
            inside = np.array([v == value for v in values])
            part = evaluate(y[inside], pred[inside], classes, None if probs is None else probs[inside],
                            None if confidence is None else confidence[inside])
            part.update(column=column, value=value)
            part.update(lower_than_rest(part["errors"], part["rows"], out["errors"], out["rows"]))
            out["segments"].append(part)
    return out
