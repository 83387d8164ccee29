#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes a store of the size people have out of a small real one.

medium-store.py SOURCE.zarr OUT.zarr [ENTRIES]

SOURCE is a store in BORES's flat layout (a directory). Every grid of the run's shape is resampled
to 32 x 38 x 15: pressure, saturations and oil relative permeability trilinearly with 0.2 % of
noise, rounded to 24 bits (so they compress like simulator output, badly), all others by nearest
neighbour (so they compress well, as constants and layers do). Chunks of at most 20 cells a side,
Blosc lz4 level 1 with bit shuffle: BORES's defaults.
"""
import os
import shutil
import sys

import numpy as np
import zarr
from numcodecs import Blosc

SHAPE = (32, 38, 15)
NOISY = ("pressure_grid", "oil_saturation_grid", "water_saturation_grid", "gas_saturation_grid",
         "oil_relative_permeability")


def linear(grid, shape):
    for axis, count in enumerate(shape):
        at = np.linspace(0, grid.shape[axis] - 1, count)
        low = np.minimum(at.astype(int), grid.shape[axis] - 1)
        high = np.minimum(low + 1, grid.shape[axis] - 1)
        weight = (at - low).reshape([-1 if a == axis else 1 for a in range(3)])
        grid = np.take(grid, low, axis) * (1 - weight) + np.take(grid, high, axis) * weight
    return grid


def nearest(grid, shape):
    for axis, count in enumerate(shape):
        at = np.rint(np.linspace(0, grid.shape[axis] - 1, count)).astype(int)
        grid = np.take(grid, at, axis)
    return np.ascontiguousarray(grid)


def round_to_24_bits(grid):
    bits = np.ascontiguousarray(grid).view(np.uint64)
    return ((bits + (1 << 28)) & ~np.uint64((1 << 29) - 1)).view(np.float64)


def resample(name, grid, noise):
    if any(name.endswith(suffix) for suffix in NOISY):
        fine = linear(grid, SHAPE)
        return round_to_24_bits(fine * (1 + 0.002 * noise.standard_normal(SHAPE)))
    return nearest(grid, SHAPE)


def main():
    source, out = sys.argv[1], sys.argv[2]
    entries = int(sys.argv[3]) if len(sys.argv) > 3 else 21
    shutil.rmtree(out, ignore_errors=True)
    groups = sorted(name for name in os.listdir(source) if name.startswith("entry_"))
    run_shape = zarr.open(os.path.join(source, groups[0]), mode="r")["model→thickness_grid"].shape
    noise = np.random.default_rng(7)
    root = zarr.open_group(zarr.DirectoryStore(out), mode="w")
    for index in range(entries):
        here = zarr.open_group(os.path.join(source, groups[index % len(groups)]), mode="r")
        entry = root.create_group(f"entry_{index:010d}")
        for name, array in here.arrays():
            values = array[...]
            if values.shape == run_shape:
                values = resample(name, values, noise)
            entry.create_dataset(
                name, data=values, shape=values.shape, dtype=values.dtype,
                chunks=tuple(max(1, min(20, n)) for n in values.shape),
                compressor=Blosc("lz4", 1, Blosc.BITSHUFFLE))
        entry.attrs.put({**here.attrs.asdict(), "step": index, "_index": index,
                         "_group_name": f"entry_{index:010d}", "_meta": {"step": index}})
    root.attrs["count"] = entries


main()
