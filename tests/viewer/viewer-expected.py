# SPDX-License-Identifier: MIT
"""What the viewer must show of web/samples/waterflood.zarr.zip, read by zarr-python.

    /usr/bin/python3 tests/viewer/viewer-expected.py > tests/viewer/viewer-expected.json

Needs Debian's python3-zarr and python3-matplotlib (the colour table). Depths follow BORES's
documented grid: datum + thicknesses above + half of its own + the dip's offset.
"""
import json
from pathlib import Path

import numpy as np
import zarr
from matplotlib import colormaps

SAMPLE = Path(__file__).parents[2] / "web" / "samples" / "waterflood.zarr.zip"
PRESSURE = "model/fluid_properties/pressure_grid"
GAS = "model/fluid_properties/gas_saturation_grid"
CELLS = [(0, 0, 0), (8, 6, 0), (4, 3, 0), (2, 5, 0), (7, 1, 0)]

root = zarr.open_group(zarr.ZipStore(str(SAMPLE), mode="r"), mode="r")
entries = [root[name] for name in sorted(root.group_keys())]
first = entries[0]
thickness = first["model/thickness_grid"][:]
dx, dy = first["model/cell_dimension"][:]
dip, azimuth = (np.radians(first["model"].attrs[name]) for name in ("dip_angle", "dip_azimuth"))


def depth(i, j, k):
    offset = (i * dx * np.sin(azimuth) + j * dy * np.cos(azimuth)) * np.tan(dip)
    return thickness[i, j, :k].sum() + thickness[i, j, k] / 2 + offset


def values(step, path):
    return {str(list(cell)): float(entries[step][path][cell]) for cell in CELLS}


WATER, PERMEABILITY = "model/fluid_properties/water_saturation_grid", "model/rock_properties/absolute_permeability/x"


def asked(step):
    """Cells of water saturation 0.121 to 0.5 and permeability of at most 700 mD, less those of 3060 to 3065 psi."""
    entry = entries[step]
    water, pressure, permeability = (entry[path][:] for path in (WATER, PRESSURE, PERMEABILITY))
    shown = (water >= 0.121) & (water <= 0.5) & (permeability <= 700) & ~((pressure >= 3060) & (pressure <= 3065))
    bulk = entry["model/thickness_grid"][:] * dx * dy
    pore = bulk * entry["model/rock_properties/porosity_grid"][:] * entry["model/rock_properties/net_to_gross_ratio_grid"][:]
    values = pressure[shown]
    return {"count": int(shown.sum()), "bulk": float(bulk[shown].sum()), "pore": float(pore[shown].sum()),
            "mean": float(values.mean()), "percentiles": np.percentile(values, [10, 50, 90]).tolist(),
            "meanByPores": float(np.average(values, weights=pore[shown])), "mask": shown.astype(int).ravel().tolist()}


expected = {
    "shape": list(thickness.shape),
    "cellDimension": [float(dx), float(dy)],
    "thickness": float(thickness.sum(axis=2).mean()),
    "days": [float(entry.attrs["time"]) / 86400 for entry in entries],
    "cells": [{"cell": list(cell), "depth": float(depth(*cell))} for cell in CELLS],
    "pressure": {str(step): values(step, PRESSURE) for step in (0, 7, 22)},
    "history": {"cell": [4, 3, 0], "path": GAS.replace("/", "."),
                "values": [float(entry[GAS][4, 3, 0]) for entry in entries]},
    "range": [float(min(entry[GAS][:].min() for entry in entries)),
              float(max(entry[GAS][:].max() for entry in entries))],
    "topGas": entries[-1][GAS][:, :, 0].tolist(),
    "topDepth": [[float(depth(i, j, 0)) for j in range(thickness.shape[1])] for i in range(thickness.shape[0])],
    "wells": {"INJ-1": [[0, 0, 2], [0, 0, 3]], "PROD-1": [[8, 6, 1]],
              "PROD-2 Ærøskøbing": [[4, 6, 1]]},
    "asked": {str(step): asked(step) for step in (7, 22)},
    "viridis": [[round(255 * c) for c in colormaps["viridis"](t / 10)[:3]] for t in range(11)],
}
# A line each: a change of the sample shows in a diff.
lines = (f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in expected.items())
print("{\n" + ",\n".join(lines) + "\n}")
