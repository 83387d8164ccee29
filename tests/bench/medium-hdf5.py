#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Makes HDF5 files of the size people have out of a small real one.

medium-hdf5.py SOURCE.h5 OUT.h5 [ENTRIES]   the twin of medium-store.py's store: gzip 3, as BORES writes
medium-hdf5.py --big OUT.h5                 200 MB: 40 entries of five grids that do not compress
"""
import sys

import h5py
import numpy as np

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
    if grid.dtype == np.float64 and any(name.endswith(suffix) for suffix in NOISY):
        fine = linear(grid, SHAPE)
        return round_to_24_bits(fine * (1 + 0.002 * noise.standard_normal(SHAPE)))
    return nearest(grid, SHAPE)


def copy(source, target, run_shape, noise):
    for name, value in source.attrs.items():
        target.attrs[name] = value
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            copy(item, target.create_group(name), run_shape, noise)
            continue
        values = item[()]
        if values.shape == run_shape:
            values = resample(name, values, noise)
        target.create_dataset(name, data=values, compression="gzip", compression_opts=3,
                              chunks=tuple(min(20, n) for n in values.shape) if values.size else True)


def medium(source, out, entries):
    noise = np.random.default_rng(7)
    with h5py.File(source, "r") as file, h5py.File(out, "w") as root:
        groups = sorted(file)
        run_shape = file[groups[0]]["model/thickness_grid"].shape
        for index in range(entries):
            entry = root.create_group(f"entry_{index:010d}")
            copy(file[groups[index % len(groups)]], entry, run_shape, noise)
            entry.attrs["step"] = index
            entry.attrs["_index"] = index
            entry.attrs["_group_name"] = f"entry_{index:010d}"
        root.attrs["count"] = entries


def big(out):
    noise = np.random.default_rng(8)
    with h5py.File(out, "w") as root:
        for index in range(40):
            entry = root.create_group(f"entry_{index:010d}")
            for name, value in (("step", index), ("time", index * 86400.0), ("_index", index)):
                entry.attrs[name] = value
            entry.attrs["_group_name"] = f"entry_{index:010d}"
            entry.attrs["_meta"] = "{}"
            for number in range(5):
                entry.create_dataset(f"model/grid_{number}", data=noise.standard_normal((50, 50, 54)),
                                     compression="gzip", compression_opts=3, chunks=(25, 25, 27))
        root.attrs["count"] = 40


if sys.argv[1] == "--big":
    big(sys.argv[2])
else:
    medium(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 21)
