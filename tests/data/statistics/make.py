# SPDX-License-Identifier: MIT
"""Writes cases.json: arrays of every type with what NumPy says of them.

    python3 make.py    (NumPy 1.24)

Bins are as wide as a power of two and begin at multiples of it; their counts are those of numpy.histogram()
over these edges, and that no narrower power does it is tried out with exact fractions.
"""
import json
import math
from fractions import Fraction
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20261129)


def number(value):
    return float(value) if np.isfinite(value) else None


def bins_of(finite, most):
    """(exponent, first, counts) of the narrowest bins of which `most` hold all."""
    lo, hi = Fraction(float(finite.min())), Fraction(float(finite.max()))
    exponent = -1022
    while math.floor(hi / Fraction(2) ** exponent) - math.floor(lo / Fraction(2) ** exponent) >= most:
        exponent += 1
    width = Fraction(2) ** exponent
    first, last = math.floor(lo / width), math.floor(hi / width)
    # Exact: elements are put into bins by their fractions, and NumPy counts them.
    at = np.array([math.floor(Fraction(float(v)) / width) - first for v in finite])
    counts, _ = np.histogram(at, bins=np.arange(last - first + 2))
    return exponent, first, counts.tolist()


def case(name, array, most=32):
    array = np.asarray(array)
    with np.errstate(invalid="ignore"):
        wide = array.astype("f8").ravel()
    finite = wide[np.isfinite(wide)]
    positive = finite[finite > 0]
    row = {"name": name, "dtype": array.dtype.str, "shape": list(array.shape), "bytes": array.tobytes().hex(),
           "most": most, "count": int(finite.size), "missing": int(np.isnan(wide).sum()),
           "infinite": int(np.isinf(wide).sum()),
           "min": number(finite.min()) if finite.size else None, "max": number(finite.max()) if finite.size else None,
           "mean": math.fsum(finite / finite.size) if finite.size else None,
           "minPositive": number(positive.min()) if positive.size else None,
           "exponent": 0, "first": 0, "counts": []}
    if finite.size and finite.min() < finite.max():
        row["exponent"], row["first"], row["counts"] = bins_of(finite, most)
    return row


def cases():
    grid = rng.normal(3000, 200, (7, 5, 3))
    for dtype in ["<f8", "<f4", "<f2", "<i8", "<i4", "<i2", "<u8", "<u4", "<u2"]:
        yield case(f"pressures {dtype}", grid.astype(dtype))
    yield case("bytes", rng.integers(0, 256, (4, 9), "u1"))
    yield case("small integers below zero", rng.integers(-128, 128, (3, 50), "i1"))
    yield case("booleans", rng.random((6, 6)) < 0.3)
    yield case("all false", np.zeros((3, 3), "?"))
    yield case("saturations with zeros", np.where(rng.random(2100) < 0.5, 0, rng.random(2100)).astype("f2"), 64)
    some = rng.normal(0, 1, 1100)
    some[::7], some[5], some[9] = np.nan, np.inf, -np.inf
    yield case("missing and infinite", some)
    yield case("only missing", np.full(40, np.nan, "f4"))
    yield case("nothing", np.zeros((0, 3)))
    yield case("one element", np.array([2.5]))
    yield case("constant", np.full((9, 9), 0.1))
    yield case("constant, and one other in the last block", np.append(np.full(1030, 1e-3), 7.0).astype("f4"))
    yield case("constant below zero, then above", np.append(np.full(1100, -4.0), [6e4]).astype("f2"))
    yield case("constant negative and missing", np.append(np.full(30, -7.25), [np.nan]))
    yield case("ascending: the range grows", np.geomspace(1e-12, 1e12, 2100).astype("f4"))
    yield case("descending to below zero", np.linspace(1000, -1e6, 1100).astype("f4"))
    yield case("on the edges", np.arange(-16, 17, dtype="f8") / 4)
    yield case("one rounding apart", np.array([1, np.nextafter(1, 2), 1, 1]))
    yield case("one rounding apart, large", np.array([1e300, np.nextafter(1e300, 2e300)]))
    yield case("as far apart as can be", np.array([-1.7e308, 1.7e308, 1, -1e-300, 1e-300, 0]))
    yield case("smallest numbers", np.array([5e-324, 0, -5e-324, 1e-320]), 2)
    yield case("small below zero beside large", np.array([-5e-324, 1e3, 5.0, -1e-310]))
    yield case("zeros of both signs", np.array([-0.0, 0.0, 0.0]))
    yield case("integers no double holds", np.array([2**63 - 1, -2**63, 2**53 + 1], "i8"))
    yield case("largest naturals", np.array([2**64 - 1, 2**63, 0], "u8"))
    yield case("two bins", rng.random(300), 2)
    yield case("four dimensions", rng.integers(0, 9, (2, 3, 4, 5)).astype("f4"))


if __name__ == "__main__":
    rows = [case for case in cases()]
    text = ",\n".join(json.dumps(row) for row in rows)
    Path(__file__).with_name("cases.json").write_text('{"tallies": [\n' + text + "\n]}\n")
