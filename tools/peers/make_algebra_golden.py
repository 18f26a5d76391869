"""Writes the golden values of the algebra tests from mpmath and scipy (Debian: python3-mpmath, python3-scipy).

Usage: python3 tools/peers/make_algebra_golden.py [tests/GpuDiag.Tests/Golden/data]

log.bin, exp.bin: for point i the correctly rounded result (8 bytes, little-endian double) and what rounding lost, in
1/65534 of its last place (2 bytes, signed). The arguments are a function of i alone, repeated in ElementaryTests.cs.
"""
import math
import os
import struct
import sys
from fractions import Fraction

import mpmath

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


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else "tests/GpuDiag.Tests/Golden/data"
    os.makedirs(folder, exist_ok=True)
    elementary(folder)


if __name__ == "__main__":
    main()
