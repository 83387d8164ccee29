# SPDX-License-Identifier: MIT
"""Writes a synthetic run in BORES's nested Zarr layout, for measuring the viewer.

    /usr/bin/python3 tests/bench/make-store.py OUT.zarr NX NY NZ [--steps N] [--uneven]

A pressure that moves from a corner to the opposite one, a saturation front, porosity and
permeability that do not change, two wells. Layers have one thickness each; with `--uneven` every
column has its own, so that cells beside each other do not match and more of their sides are seen.
Needs zarr 2 (Debian's python3-zarr). Chunks are as BORES makes them: one a array.
"""
import argparse
import shutil

import numpy as np
import zarr
from numcodecs import Blosc


# Group, type, name and column along i (-1: the last) of each well; along j at the same end.
WELLS = (("injection_wells", "injection_well", "INJ-1", 0),
         ("production_wells", "production_well", "PROD-1", -1))


def fields(shape, step, steps):
    """Pressure (psi) and water saturation at one step, float64."""
    i, j, k = np.meshgrid(*(np.linspace(0, 1, n) for n in shape), indexing="ij", sparse=True)
    front = 1.5 * (step + 1) / steps
    distance = np.sqrt(i**2 + j**2 + 0.2 * k**2)
    pressure = 3000 + 60 * k + 400 * np.exp(-2 * distance) * (step + 1) / steps
    water = 0.2 + 0.6 / (1 + np.exp(np.clip(30 * (distance - front), -50, 50)))
    return pressure, water


def write(path, shape, steps, uneven):
    shutil.rmtree(path, ignore_errors=True)
    random = np.random.default_rng(7)
    lateral = shape[:2] if uneven else (1, 1)
    thickness = np.broadcast_to(20 + 5 * random.random((*lateral, shape[2])), shape)
    porosity = 0.1 + 0.2 * random.random(shape)
    permeability = 10 ** (1 + 2 * porosity / 0.3)
    compressor = Blosc(cname="zstd", clevel=3, shuffle=Blosc.BITSHUFFLE)
    root = zarr.open_group(path, mode="w", zarr_version=2)
    for step in range(steps):
        name = f"entry_{step:010d}"
        entry = root.create_group(name)
        entry.attrs.put({"_index": step, "_group_name": name, "_meta": {"step": step},
                         "step": step, "step_size": 86400.0, "time": 86400.0 * step})
        pressure, water = fields(shape, step, steps)
        arrays = {
            "model/grid_shape": np.array(shape),
            "model/cell_dimension": np.array([100.0, 100.0]),
            "model/thickness_grid": thickness,
            "model/fluid_properties/pressure_grid": pressure,
            "model/fluid_properties/water_saturation_grid": water,
            "model/rock_properties/porosity_grid": porosity,
            "model/rock_properties/absolute_permeability/x": permeability,
        }
        for key, value in arrays.items():
            entry.create_dataset(key, data=value, chunks=value.shape, compressor=compressor)
        entry["model"].attrs.put({"dip_angle": 2.0, "dip_azimuth": 60.0})
        for group, tag, well, i in WELLS:
            i %= shape[0]
            made = entry.create_group(f"wells/{group}/{well}/{tag}")
            made.attrs.put({"name": well, "is_active": True})
            column = [i, 0 if i == 0 else shape[1] - 1]
            ends = np.array([[[*column, 0], [*column, shape[2] - 1]]])
            made.create_dataset("perforating_intervals", data=ends, compressor=None)
    root.attrs.put({"count": steps})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("path")
    parser.add_argument("shape", nargs=3, type=int)
    parser.add_argument("--steps", type=int, default=21)
    parser.add_argument("--uneven", action="store_true")
    options = parser.parse_args()
    write(options.path, tuple(options.shape), options.steps, options.uneven)
