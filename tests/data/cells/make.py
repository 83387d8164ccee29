# SPDX-License-Identifier: MIT
"""Writes cases.json: conditions, volumes and distributions of cells, by NumPy 2.2 or newer (weighted
percentiles came with 2.0). Run: python3 make.py

Arrays are hex strings of little-endian elements in C order; numbers that are not finite are null.
"""
import json
import math
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20261129)
SHAPE = (3, 4, 4)
DX, DY = 130.0, 70.0
PERCENT = [0, 10, 33.3, 50, 90, 100]


def as_hex(array):
    return np.ascontiguousarray(array).tobytes().hex()


def number(value):
    return float(value) if math.isfinite(value) else None


def array(values):
    return {"dtype": values.dtype.str, "bytes": as_hex(values)}


def matches(values, condition):
    if "set" in condition:
        found = np.isin(values, np.array(condition["set"], values.dtype))
    else:
        found = (values >= values.dtype.type(condition["lo"])) & (values <= values.dtype.type(condition["hi"]))
    return ~found if condition.get("exclude") else found


def case(name, thickness, lo, hi, conditions, values, edges, porosity, net=None, mask=None):
    """conditions: pairs of values and what is asked of them; all of them hold for what remains."""
    active = np.isfinite(thickness) & (thickness > 0)
    shown = active.copy()
    box = np.zeros(SHAPE, bool)
    box[tuple(slice(*ends) for ends in zip(lo, hi))] = True
    shown &= box
    if mask is not None:
        shown &= mask != 0
    for numbers, condition in conditions:
        shown &= matches(numbers, condition)
    room = np.where(active, thickness, 0).astype("f8")
    bulk = DX * DY * room
    pore = bulk * (porosity.astype("f8") * (1 if net is None else net.astype("f8")))
    pore = np.where(np.isfinite(pore) & (pore > 0), pore, 0)
    asked = values[shown].astype("f8")
    finite = np.isfinite(asked)
    weights = pore[shown][finite]
    seen = asked[finite]
    counts = np.histogram(seen, edges)[0]
    weighed = np.histogram(seen, edges, weights=weights)[0]
    heavy = weights > 0  # what weighs nothing is not there
    by_pores = (np.quantile(seen[heavy], np.array(PERCENT) / 100, weights=weights[heavy], method="inverted_cdf").tolist()
                if heavy.any() else [None] * len(PERCENT))
    return {
        "name": name, "shape": SHAPE, "dx": DX, "dy": DY, "thickness": array(thickness), "lo": lo, "hi": hi,
        "mask": None if mask is None else as_hex(mask),
        "conditions": [{**array(numbers), **condition} for numbers, condition in conditions],
        "values": array(values), "edges": list(map(float, edges)), "porosity": array(porosity),
        "net": None if net is None else array(net), "shown": as_hex(shown.astype("u1")),
        "active": int(active.sum()), "count": int(shown.sum()), "bulk": math.fsum(bulk[shown]),
        "pore": math.fsum(pore[shown]), "finite": int(seen.size), "missing": int((~finite).sum()),
        "min": number(seen.min()) if seen.size else None, "max": number(seen.max()) if seen.size else None,
        "mean": number(seen.mean()) if seen.size else None,
        "meanByPores": number(np.average(seen, weights=weights)) if weights.sum() > 0 else None,
        "counts": counts.tolist(), "weights": weighed.tolist(),
        "below": int((seen < edges[0]).sum()), "above": int((seen > edges[-1]).sum()),
        "percent": PERCENT, "percentiles": np.percentile(seen, PERCENT).tolist() if seen.size else [None] * len(PERCENT),
        "percentilesByPores": by_pores,
    }


def cases():
    whole = ([0, 0, 0], list(SHAPE))
    part = ([1, 0, 1], [3, 3, 4])
    thickness = rng.uniform(2, 30, SHAPE)
    thickness.ravel()[[3, 17, 30]] = [0, np.nan, -4]
    porosity = rng.uniform(0.02, 0.35, SHAPE)
    porosity.ravel()[[5, 6]] = [np.nan, -1]
    net = rng.uniform(0, 1, SHAPE).astype("f4")
    water = rng.uniform(0, 1, SHAPE).astype("f4")
    water.ravel()[:5] = np.float32(0.3)
    water.ravel()[40:43] = [np.nan, np.inf, -np.inf]
    region = rng.integers(-2, 5, SHAPE).astype("i4")
    pressure = rng.uniform(1800, 4200, SHAPE)
    flag = rng.random(SHAPE) < 0.5
    hide = (rng.random(SHAPE) < 0.7).astype("u1")
    perm = 10 ** rng.uniform(-2, 3, SHAPE)
    even = np.linspace(1800, 4200, 13)
    yield case("no condition", thickness, *whole, [], pressure, even, porosity, net)
    yield case("a range of float32, its end typed as 0.3", thickness, *whole, [(water, {"lo": 0.3, "hi": 0.8})],
               pressure, even, porosity)
    yield case("a range left out: what has no value stays", thickness, *whole,
               [(water, {"lo": 0.3, "hi": 0.8, "exclude": True})], water, [0, 0.25, 0.5, 0.75, 1], porosity)
    yield case("a category and a range, in a box", thickness, *part,
               [(region, {"set": [-2, 0, 3]}), (pressure, {"lo": 2000.0, "hi": 3900.0})], pressure, [2000, 2600, 3900],
               porosity, net)
    yield case("categories left out, masked", thickness, *whole, [(region, {"set": [1, 4], "exclude": True})],
               region, np.arange(-2.5, 5), porosity, net, hide)
    yield case("true only, and logarithmic bins", thickness.astype("f4"), *whole, [(flag, {"set": [1]})], perm,
               np.logspace(-1, 3, 9), porosity)
    yield case("one number of float32 in a set", thickness, *whole, [(water, {"set": [0.3]})], pressure, even, porosity)
    # Of numbers whose sums are exact: NumPy's own sums would otherwise miss an edge by a rounding.
    yield case("equal weights, on the edges of their sums", np.full(SHAPE, 4.0), *whole, [], pressure.round(-2), even,
               np.full(SHAPE, 0.25))
    yield case("nothing remains", thickness, *whole, [(pressure, {"lo": 9000.0, "hi": 9001.0})], pressure, even,
               porosity, net)
    yield case("an empty set", thickness, *whole, [(region, {"set": []})], pressure, even, porosity)


def main():
    rows = [json.dumps(row, allow_nan=False) for row in cases()]
    Path(__file__).with_name("cases.json").write_text('{"cells": [\n' + ",\n".join(rows) + "\n]}\n")


if __name__ == "__main__":
    main()
