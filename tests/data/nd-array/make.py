# SPDX-License-Identifier: MIT
"""Writes slices.json and statistics.json: what NumPy answers. Run: python3 make.py"""
import json
import math
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ALL = slice(None)


def plain(value):
    """Numbers for JSON: infinities and NaN as strings, integers beyond 2**53 as strings."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value) if abs(int(value)) < 2**53 else str(int(value))
    value = float(value)
    if math.isnan(value):
        return "NaN"
    return value if math.isfinite(value) else ("Infinity" if value > 0 else "-Infinity")


def as_json(item):
    if item == ALL:
        return None
    return [item.start, item.stop, item.step] if isinstance(item, slice) else item


def slices():
    shapes = {
        (7,): [(ALL,), (0,), (-1,), (slice(2, 5),), (slice(None, None, -1),), (slice(5, 1, -2),),
               (slice(-3, None),), (slice(-100, 100, 3),), (slice(5, 2),), (slice(9, 20),),
               (slice(None, -100, -1),), (slice(100, None, -3),), (slice(-1, -8, -1),), ()],
        (4, 3): [(1,), (ALL, 1), (slice(1, 3), slice(None, None, -1)), (-2, -1),
                 (slice(0, 0), 2), (slice(None, None, 2),)],
        (3, 4, 5): [(1,), (ALL, 2), (ALL, ALL, -1),
                    (slice(1, None), slice(0, 3), slice(4, None, -2)),
                    (2, slice(1, 3), 0), (-1, -1, -1), (slice(None, None, -1),), (0, 0),
                    (slice(2, 0, -1), slice(-2, None), slice(None, None, 3))],
        (2, 0, 3): [(ALL, ALL, 1), (0,)],
        (): [()],
    }
    cases = []
    for shape, items in shapes.items():
        array = np.arange(math.prod(shape), dtype="f8").reshape(shape)
        for item in items:
            result = np.asarray(array[item])
            cases.append({"shape": list(shape), "slice": [as_json(i) for i in item],
                          "expected": {"shape": list(result.shape),
                                       "data": [plain(v) for v in result.ravel()]}})
    return cases


def describe(array):
    wide = array.astype("f8")
    nans = np.isnan(wide)
    finite = np.isfinite(wide).all()
    total = math.fsum(wide) if finite else wide.sum()  # NumPy's own sum is not exactly rounded
    answers = {"sum": total, "mean": total / wide.size, "min": wide.min(), "max": wide.max(),
               "nansum": total if finite else np.nansum(wide), "nanCount": nans.sum()}
    if not nans.all():
        answers |= {"nanmean": total / wide.size if finite else np.nanmean(wide),
                    "nanmin": np.nanmin(wide), "nanmax": np.nanmax(wide)}
    return {key: plain(value) for key, value in answers.items()}


def lcg(count):
    """x[i+1] = (1664525 x[i] + 1013904223) mod 2**32, as fractions in [0, 1)."""
    out, x = np.empty(count), 12345
    for i in range(count):
        x = (1664525 * x + 1013904223) % 2**32
        out[i] = x / 2**32
    return out


def statistics():
    inf, nan = np.inf, np.nan
    small = [
        ("float64", [1.5, -2.25, 1e300, 3.0, -1e300, 0.125]),
        ("float64", [1.0, nan, 3.0]),
        ("float64", [nan, nan]),
        ("float64", [inf, 1.0, 2.0]),
        ("float64", [-0.0, 0.0]),
        ("float32", [0.1, 0.2, 0.3, 16777216.0]),
        ("int8", [-128, 127, 3]),
        ("uint16", [65535, 1]),
        ("int64", [-(2**40), 2**41, 7]),
        ("uint64", [2**52, 1]),
        ("bool", [True, False, True]),
    ]
    cases = [{"dtype": dtype, "data": [plain(v) for v in values],
              "expected": describe(np.array(values, dtype=dtype))} for dtype, values in small]
    big = lcg(1_000_000)
    generated = [
        {"name": "one million fractions", "count": 1_000_000, "scale": 1.0, "offset": 0.0},
        {"name": "pressures far from zero", "count": 1_000_000, "scale": 1e-3, "offset": 3057.6},
        {"name": "cancelling", "count": 1_000_000, "scale": 2.0, "offset": -1.0},
        {"name": "one more than a block", "count": 129, "scale": 1.0, "offset": 0.0},
    ]
    for case in generated:
        values = big[: case["count"]] * case["scale"] + case["offset"]
        # fsum is exactly rounded: the judge of both implementations
        case["expected"] = {"sum": float(values.sum()), "fsum": math.fsum(values),
                            "mean": float(values.mean()), "abs": math.fsum(abs(values))}
    return {"small": cases, "generated": generated}


with np.errstate(all="ignore"):
    for name, content in (("slices", slices()), ("statistics", statistics())):
        (HERE / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
