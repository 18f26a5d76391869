"""Writes the golden values of the algebra tests from mpmath and scipy (Debian: python3-mpmath, python3-scipy).

Usage: python3 tools/peers/make_algebra_golden.py [tests/GpuDiag.Tests/Golden/data]

log.bin, exp.bin: for point i the correctly rounded result (8 bytes, little-endian double) and what rounding lost, in
1/65534 of its last place (2 bytes, signed). The arguments are a function of i alone, repeated in ElementaryTests.cs.

distributions.csv: function, arguments (separated by blanks), value.
"""
import math
import os
import struct
import sys
from fractions import Fraction

import mpmath
import numpy
from scipy import stats

LOG_POINTS, EXP_POINTS = 20000, 10000
MASK = (1 << 64) - 1


def splitmix(i):
    z = ((i + 1) * 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def from_bits(bits):
    return struct.unpack("<d", struct.pack("<Q", bits))[0]


def log_argument(i):
    u, step = splitmix(i), i // 5
    if i % 5 == 0:
        return from_bits((u & 0x7FFFFFFFFFFFFFFF) % 0x7FF0000000000000 | 1)
    if i % 5 == 1:
        return 1.0 + math.ldexp((u >> 12) * 2.0**-52, -(step % 50)) * (1.0 if u & 1 else -0.5)
    if i % 5 == 2:
        return from_bits(0x3FE0000000000000 + (u >> 11))
    if i % 5 == 3:
        return from_bits((u >> (11 + step % 50)) | 1)
    return from_bits(0x3CB0000000000000 + u % (0x3FF0000000000000 - 0x3CB0000000000000))


def exp_argument(i):
    u, step = splitmix(i), i // 4
    unit = (u >> 11) * 2.0**-53
    if i % 4 == 0:
        return -745.1 + 1454.8 * unit
    if i % 4 == 1:
        return math.ldexp(1.0 + unit, -(step % 60)) * (1.0 if u & 1 else -1.0)
    if i % 4 == 2:
        return -40.0 * unit
    return 2.0 * unit - 1.0


def exact(value):
    sign, man, exponent, _ = value._mpf_
    f = Fraction(int(man)) * (Fraction(2) ** exponent)
    return -f if sign else f


def record(value):
    true = exact(value)
    rounded = true.numerator / true.denominator
    lost = (true - Fraction(rounded)) / Fraction(math.ulp(rounded))
    return struct.pack("<dh", rounded, max(-32767, min(32767, round(lost * 65534))))


def write(folder, name, data):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)


def elementary(folder):
    mpmath.mp.prec = 250
    one = mpmath.mpf(1)
    logs = []
    for i in range(LOG_POINTS):
        x = log_argument(i)
        logs.append(record(mpmath.log(x)) if x != one else struct.pack("<dh", 0.0, 0))
    write(folder, "log.bin", b"".join(logs))
    write(folder, "exp.bin", b"".join(record(mpmath.exp(exp_argument(i))) for i in range(EXP_POINTS)))


def normal_lines():
    for z in [0.0, 1e-9, 0.1, 0.5, 1.0, 1.5, 1.959963984540054, 2.2, 2.2499, 2.25, 2.5, 3.3, 4.7, 6.1, 8.9, 12.3, 17.7, 25.1, 30.3, 36.9]:
        for s in (z, -z):
            yield "normal_sf", [s], mpmath.erfc(mpmath.mpf(s) / mpmath.sqrt(2)) / 2
    for p in [1e-300, 1e-100, 1e-20, 1e-9, 0.001, 0.02424, 0.02426, 0.1, 0.3, 0.4999, 0.7, 0.9, 0.975, 0.999999]:
        # Newton from the double estimate, in high precision; erfinv loses the far tails.
        z = mpmath.mpf(float(stats.norm.ppf(p)))
        for _ in range(6):
            tail = mpmath.erfc(-z / mpmath.sqrt(2)) / 2
            z -= (tail - mpmath.mpf(p)) * mpmath.sqrt(2 * mpmath.pi) * mpmath.exp(z * z / 2)
        yield "normal_quantile", [p], z


def beta_lines():
    for x in [1e-5, 0.1, 0.5, 1.0, 1.5, 2.0, 3.7, 15.9, 16.0, 16.5, 100.0, 12345.6, 1e9, 1e15]:
        yield "log_gamma", [x], mpmath.loggamma(mpmath.mpf(x))
    shapes = [(0.5, 0.5), (1, 1), (2, 3), (0.1, 7.5), (5, 100), (100, 5), (50.5, 60.5), (1000, 9000), (12345, 54321)]
    for a, b in shapes:
        mean, spread = a / (a + b), math.sqrt(a * b / (a + b + 1)) / (a + b)
        for step in (-8, -3, -1, 0, 0.5, 2, 6):
            x = mean + step * spread
            if 0 < x < 1:
                lower, upper = (beta_tails if a + b < 500 else binomial_tails)(a, b, mpmath.mpf(x))
                yield "beta", [a, b, x], lower
                yield "beta_complement", [a, b, x], upper


def beta_tails(a, b, x):
    return mpmath.betainc(a, b, 0, x, regularized=True), mpmath.betainc(a, b, x, 1, regularized=True)


def binomial_tails(a, b, x):
    """For integers, I_x(a, b) = P(X >= a) with X binomial in a + b - 1 trials; hypergeometric series don't converge."""
    n = a + b - 1
    term = mpmath.exp(mpmath.loggamma(n + 1) - mpmath.loggamma(a + 1) - mpmath.loggamma(n - a + 1)) * x**a * (1 - x) ** (n - a)
    odds, lower, start = x / (1 - x), mpmath.mpf(0), term
    for k in range(a, n + 1):
        lower += term
        term *= odds * (n - k) / (k + 1)
    upper, term = mpmath.mpf(0), start
    for k in range(a, 0, -1):
        term *= mpmath.mpf(k) / (n - k + 1) / odds
        upper += term
    return lower, upper


def exact_hypergeometric(k, good, bad, draws):
    ways = sum(math.comb(good, x) * math.comb(bad, draws - x) for x in range(max(0, draws - bad), k + 1) if draws - x <= bad)
    return mpmath.mpf(ways) / math.comb(good + bad, draws)


def count_lines():
    for k, n, p in [(0, 10, 0.1), (3, 10, 0.5), (10, 10, 0.9), (7, 25, 0.5), (40, 100, 0.5), (2, 1000, 0.001), (480, 1000, 0.5), (30, 5000, 0.01)]:
        terms = [mpmath.binomial(n, x) * mpmath.mpf(p) ** x * (1 - mpmath.mpf(p)) ** (n - x) for x in range(n + 1)]
        yield "binomial_pmf", [k, n, p], terms[k]
        yield "binomial_cdf", [k, n, p], sum(terms[: k + 1])
        yield "binomial_sf", [k, n, p], sum(terms[k + 1 :])
        yield "binomial_two_sided", [k, n, p], mpmath.mpf(float(stats.binomtest(k, n, p).pvalue))
    for k, n in [(0, 1), (1, 1), (0, 50), (50, 50), (3, 7), (812, 1000), (99999, 100000), (93, 10**9)]:
        low, high = stats.binomtest(k, n).proportion_ci(method="wilson") if n < 10**8 else (None, None)
        if low is not None:
            yield "wilson_low", [k, n], mpmath.mpf(float(low))
            yield "wilson_high", [k, n], mpmath.mpf(float(high))
    for k, n, rest, total in [(0, 4, 90, 100), (3, 4, 90, 100), (4, 4, 90, 100), (5, 9, 900, 1000), (8, 9, 9000, 9001), (97, 100, 9990, 10000), (0, 3, 0, 50), (3, 3, 50, 50)]:
        yield "two_proportion", [k, n, rest, total], (
            exact_hypergeometric(k, k + rest, n - k + total - rest, n) if 0 < k + rest < n + total else mpmath.mpf(1))
    for k, n, rest, total in [(70, 100, 900, 1000), (622, 812, 8700, 9188), (900, 1000, 89999, 100000), (500, 1000, 400, 1000), (700, 10000, 99000, 100000)]:
        pooled = mpmath.mpf(k + rest) / (n + total)
        z = (mpmath.mpf(rest) / total - mpmath.mpf(k) / n) / mpmath.sqrt(pooled * (1 - pooled) * (mpmath.mpf(1) / n + mpmath.mpf(1) / total))
        yield "two_proportion", [k, n, rest, total], mpmath.erfc(z / mpmath.sqrt(2)) / 2


def percentile_lines():
    values = sorted(splitmix(i) / 2.0**64 for i in range(11))
    for q in [0.0, 0.025, 0.1, 0.25, 0.33, 0.5, 0.77, 0.975, 1.0]:
        yield "percentile", [q], mpmath.mpf(float(numpy.quantile(values, q)))


def distributions(folder):
    mpmath.mp.prec = 200
    with open(os.path.join(folder, "distributions.csv"), "w", encoding="utf-8", newline="\n") as file:
        for lines in (normal_lines, beta_lines, count_lines, percentile_lines):
            for name, arguments, value in lines():
                file.write(f"{name},{' '.join(repr(a) for a in arguments)},{float(exact(mpmath.mpf(value)))!r}\n")


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "tests/GpuDiag.Tests/Golden/data"
    os.makedirs(folder, exist_ok=True)
    elementary(folder)
    distributions(folder)


if __name__ == "__main__":
    main()
