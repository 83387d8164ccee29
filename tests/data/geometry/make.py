# SPDX-License-Identifier: MIT
"""Writes cases.json: what geometry is measured against. Run: python3 make.py

Everything is computed here by brute force, in other ways than the core's: faces by covering each
interval greedily with the neighbour's cells, picks by meeting every quad, numbers by NumPy. Arrays
are hex strings of little-endian elements in C order; numbers that are not finite are null.
"""
import itertools
import json
import math
from pathlib import Path

import numpy as np

NEIGHBOURS = [(-1, 0), (1, 0), (0, -1), (0, 1)]  # west, east, south, north
NORMALS = [(-1, 0, 0), (1, 0, 0), (0, -1, 0), (0, 1, 0), (0, 0, 1), (0, 0, -1)]
# Corners of each face as (east, north, bottom), in the order of bw_direction.
CORNERS = [
    [(0, 0, 0), (0, 1, 0), (0, 1, 1), (0, 0, 1)], [(1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)],
    [(0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)], [(0, 1, 0), (1, 1, 0), (1, 1, 1), (0, 1, 1)],
    [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0)], [(0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)],
]
rng = np.random.default_rng(20260214)


def as_hex(array):
    return np.ascontiguousarray(array).tobytes().hex()


def number(value):
    return float(value) if math.isfinite(value) else None


class Grid:
    def __init__(self, thickness, dx=100.0, dy=50.0, datum=0.0, dip=0.0, azimuth=0.0):
        self.thickness, self.dx, self.dy, self.datum = thickness, dx, dy, datum
        self.dip, self.azimuth = dip, azimuth
        self.shape = thickness.shape
        wide = thickness.astype("f8")
        self.active = np.isfinite(wide) & (wide > 0)
        self.room = np.where(self.active, wide, 0.0)
        self.below = np.cumsum(self.room, axis=2)
        first = np.zeros(self.shape[:2] + (1,))
        self.above = np.concatenate([first, self.below[:, :, :-1]], axis=2)

    def offset(self, i, j):
        azimuth = np.radians(self.azimuth)
        return ((i * self.dx * np.sin(azimuth) + j * self.dy * np.cos(azimuth))
                * np.tan(np.radians(self.dip)))

    def depths(self):
        i, j, _ = np.indices(self.shape)
        return np.where(self.active, self.datum + self.above + self.room / 2 + self.offset(i, j),
                        np.nan)

    def origin(self):
        nx, ny, _ = self.shape
        i, j = nx // 2, ny // 2
        return np.array([nx * self.dx / 2, ny * self.dy / 2,
                         -(self.datum + self.room[i, j].sum() / 2 + self.offset(i, j))])

    def quad(self, cell, direction):
        i, j, k = np.unravel_index(cell, self.shape)
        points = [((i + a) * self.dx, (j + b) * self.dy,
                   -(self.datum + (self.below if c else self.above)[i, j, k]
                     + self.offset(i + a - 0.5, j + b - 0.5)))
                  for a, b, c in CORNERS[direction]]
        return np.array(points) - self.origin()

    def as_json(self):
        return {"shape": list(self.shape), "itemsize": self.thickness.itemsize,
                "thickness": as_hex(self.thickness), "dx": self.dx, "dy": self.dy,
                "datum": self.datum, "dip": self.dip, "azimuth": self.azimuth}


def faces(grid, lo, hi, mask):
    """One byte a cell; bit d is set when the face of direction d shows."""
    box = np.zeros(grid.shape, bool)
    box[tuple(slice(a, b) for a, b in zip(lo, hi))] = True
    visible = grid.active & box & (True if mask is None else mask.astype(bool))
    top, bottom = grid.above, grid.below
    nx, ny, nz = grid.shape

    def covered(i, j, depth, end):
        if not (0 <= i < nx and 0 <= j < ny):
            return False
        for k in range(nz):
            if visible[i, j, k] and top[i, j, k] <= depth < bottom[i, j, k]:
                depth = bottom[i, j, k]
        return depth >= end

    marks = np.zeros(grid.shape, "u1")
    for i, j, k in itertools.product(range(nx), range(ny), range(nz)):
        if not visible[i, j, k]:
            continue
        start, end = top[i, j, k], bottom[i, j, k]
        shows = [not covered(i + a, j + b, start, end) for a, b in NEIGHBOURS]
        shows.append(not any(visible[i, j, m] and bottom[i, j, m] == start for m in range(k)))
        shows.append(not any(visible[i, j, m] and top[i, j, m] == end for m in range(k + 1, nz)))
        marks[i, j, k] = sum(1 << d for d, shown in enumerate(shows) if shown)
    return marks


def listed(marks):
    return [(cell, d) for cell, bits in enumerate(marks.ravel()) for d in range(6) if bits >> d & 1]


def meet(quad, normal, start, step):
    """Where a ray meets a quad from outside, or None."""
    u, v = quad[1] - quad[0], quad[3] - quad[0]
    across = np.cross(u, v)
    across = across if across @ normal > 0 else -across
    towards = across @ step
    if towards >= 0:
        return None
    s = across @ (quad[0] - start) / towards
    at = start + s * step - quad[0]
    a, b = np.linalg.solve([[u @ u, u @ v], [u @ v, v @ v]], [at @ u, at @ v])
    return s if s >= 0 and 0 <= a <= 1 and 0 <= b <= 1 else None


def rays(grid, marks, count):
    quads = [(cell, d, grid.quad(cell, d)) for cell, d in listed(marks)]
    extent = np.array([grid.shape[0] * grid.dx, grid.shape[1] * grid.dy, grid.below.max() + 1])
    out = []
    for n in range(count):
        target = (rng.random(3) - 0.5) * extent
        start = target + rng.normal(size=3) * extent * (0.1 if n % 3 == 0 else 3)
        step = (target - start) * rng.uniform(0.01, 10)
        if n % 5 == 0:
            step = np.zeros(3)
            step[n % 3] = rng.choice([-2.0, 0.5])
        met = [(s, cell, d) for cell, d, quad in quads
               if (s := meet(quad, np.array(NORMALS[d]), start, step)) is not None]
        s, cell, d = min(met, default=(None, None, None))
        out.append({"origin": start.tolist(), "direction": step.tolist(), "distance": s,
                    "cell": cell, "face": d})
    return out


def thicknesses():
    """Kinds of columns: alike, stepping, sharing some boundaries, pinched out."""
    yield "one cell", np.full((1, 1, 1), 10, "f8")
    yield "alike f4", np.full((4, 3, 5), 12.5, "f4")
    yield "by layer", np.broadcast_to(np.array([5, 20, 1, 8], "f8"), (3, 4, 4)).copy()
    for n in range(6):
        shape = tuple(rng.integers(2, [5, 5, 8]))
        yield f"few sizes {n}", rng.integers(1, 4, shape).astype("f4" if n % 2 else "f8")
    for n in range(3):
        yield f"any size {n}", rng.uniform(0.1, 30, tuple(rng.integers(2, 6, 3))).astype("f4")
    for n in range(6):
        shape = tuple(rng.integers(2, [5, 5, 9]))
        yield f"pinched {n}", rng.choice([0, np.nan, -1, np.inf, 1, 2, 3], shape).astype(
            "f8" if n % 2 else "f4")


def grids():
    for name, thickness in thicknesses():
        tilted = rng.random() < 0.6
        grid = Grid(thickness, *rng.uniform(20, 200, 2), rng.uniform(0, 9000),
                    rng.uniform(0, 60) if tilted else 0.0, rng.uniform(0, 360) if tilted else 0.0)
        shape = np.array(grid.shape)
        masks = [None, (rng.random(shape) < 0.7).astype("u1")]
        for n, mask in enumerate(masks):
            lo, hi = np.zeros(3, int), shape
            if n == 1 and rng.random() < 0.5:
                lo = rng.integers(0, shape)
                hi = lo + rng.integers(0, shape - lo + 1)
            marks = faces(grid, lo, hi, mask)
            yield {"name": f"{name}, {'masked' if n else 'whole'}", **grid.as_json(),
                   "lo": lo.tolist(), "hi": list(map(int, hi)),
                   "mask": None if mask is None else as_hex(mask), "count": len(listed(marks)),
                   "marks": as_hex(marks), "origin": grid.origin().tolist(),
                   "depths": as_hex(grid.depths()), "rays": rays(grid, marks, 12)}


def values(name, array, mask=None, bins=7, span=None):
    """Statistics of the finite elements, in float64; their sum exactly rounded."""
    wide = array.astype("f8").ravel()
    asked = wide if mask is None else wide[mask.ravel() != 0]
    finite = asked[np.isfinite(asked)]
    some = finite.size > 0
    positive = finite[finite > 0]
    total = math.fsum(finite) if some else math.nan
    lo, hi = (finite.min(), finite.max()) if some else (0.0, 1.0)
    lo, hi = span or ((lo + (hi - lo) / 8, hi) if hi > lo else (lo - 1, hi + 1))
    percent = [0, 10, 33.3, 50, 90, 100]
    with np.errstate(invalid="ignore"):  # signalling NaNs
        narrow = np.clip(wide, -np.finfo("f4").max, np.finfo("f4").max).astype("f4")
    narrow[~np.isfinite(wide)] = np.nan
    planes = []
    for axis in range(3):
        index = array.shape[axis] // 2
        # The last of the two axes that remain is the rows' axis.
        planes.append({"axis": axis, "index": index,
                       "values": as_hex(np.take(array, index, axis).astype("f8").T)})
    return {
        "name": name, "dtype": array.dtype.str, "shape": list(array.shape), "bytes": as_hex(array),
        "mask": None if mask is None else as_hex(mask), "count": int(finite.size),
        "nan": int(np.isnan(asked).sum()), "inf": int(np.isinf(asked).sum()),
        "min": number(finite.min() if some else math.nan),
        "max": number(finite.max() if some else math.nan),
        "minPositive": number(positive.min() if positive.size else math.nan),
        "sum": number(total), "mean": number(total / finite.size if some else math.nan),
        "lo": lo, "hi": hi, "bins": np.histogram(finite, bins, (lo, hi))[0].tolist(),
        "below": int((finite < lo).sum()), "above": int((finite > hi).sum()), "percent": percent,
        "percentiles": [number(p) for p in np.percentile(finite, percent)] if some else
        [None] * len(percent),
        "f32": as_hex(narrow), "planes": planes,
    }


def all_values():
    shape = (3, 4, 5)
    mask = (rng.random(shape) < 0.6).astype("u1")
    for code in "i1 i2 i4 i8 u1 u2 u4 u8".split():
        info = np.iinfo(code)
        array = rng.integers(info.min, info.max, shape, dtype=code, endpoint=True)
        yield values(code, array)
        yield values(f"{code} masked", array, mask)
    yield values("b1", rng.random(shape) < 0.3)
    for code in "f2 f4 f8".split():
        array = rng.normal(100, 300, shape).astype(code)
        yield values(code, array)
        holes = array.copy()
        holes.ravel()[:6] = [np.nan, np.inf, -np.inf, 0.0, -0.0, np.finfo(code).tiny / 4]
        yield values(f"{code} with holes", holes)
        yield values(f"{code} with holes masked", holes, mask)
        yield values(f"{code} nothing finite", np.full(shape, np.nan, code))
    bits = np.linspace(0, 65535, 180).astype("u2")
    yield values("f2 of all kinds", bits.view("f2").reshape(5, 6, 6))
    yield values("f8 beyond float32", np.array([1e300, -1e300, 1, 2], "f8").reshape(1, 2, 2))
    yield values("f8 ties", rng.integers(-2, 3, (5, 6, 7)).astype("f8"))
    yield values("f8 one value", np.full((2, 2, 2), 7.25))
    yield values("f8 tenths", (np.arange(60) / 10).reshape(shape))
    # Edges and the numbers just below them, whose quotients are rounded to either side.
    edges = -0.5 + np.arange(100) * (1.0 / 100)
    yield values("f8 on edges", np.concatenate([edges, np.nextafter(edges, -9)])
                 .reshape(2, 10, 10), None, 100, (-0.5, 0.5))


def main():
    cases = {"grids": list(grids()), "values": list(all_values())}
    rows = [f'"{key}": [\n' + ",\n".join(json.dumps(row, allow_nan=False) for row in cases[key])
            + "\n]" for key in cases]
    Path(__file__).with_name("cases.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


if __name__ == "__main__":
    main()
