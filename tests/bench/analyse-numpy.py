# SPDX-License-Identifier: MIT
"""analyse-numpy.py STORE: in place, averages, rates and sweep of each state, by NumPy over zarr-python."""
import json
import sys
import time

import numpy as np
import zarr

BARREL = 5.614583
begun = time.process_time()
root = zarr.open_group(sys.argv[1], mode="r")
ARROW = "\u2192"


def read(entry, path):
    for name in (path.replace("/", ARROW), path.replace("/", "%E2%86%92")):
        if name in entry:
            return entry[name][:]
    raise KeyError(path)


def fluid(entry, name):
    return read(entry, "model/fluid_properties/" + name)


first = None
produced = 0.0
report = []
for name in sorted(root.group_keys()):
    entry = root[name]
    h = read(entry, "model/thickness_grid")
    phi = read(entry, "model/rock_properties/porosity_grid")
    ntg = read(entry, "model/rock_properties/net_to_gross_grid")
    v = 300.0 * 250.0 * h * phi * ntg
    p, pb = fluid(entry, "pressure_grid"), fluid(entry, "oil_bubble_point_pressure_grid")
    so, sw, sg = (fluid(entry, f"{x}_saturation_grid") for x in ("oil", "water", "gas"))
    bo, bw, bg = (fluid(entry, f"{x}_formation_volume_factor_grid") for x in ("oil", "water", "gas"))
    rs, rsw = fluid(entry, "solution_gas_to_oil_ratio_grid"), fluid(entry, "gas_solubility_in_water_grid")
    cw, z = fluid(entry, "water_compressibility_grid"), fluid(entry, "gas_compressibility_factor_grid")
    mu = [fluid(entry, f"{x}_viscosity_grid") for x in ("oil", "water", "gas")]
    kr = [read(entry, f"relative_permeabilities/{x}_relative_permeability") for x in ("oil", "water", "gas")]
    for axis in "xyz":
        read(entry, f"model/rock_properties/absolute_permeability/{axis}")
    solvent = fluid(entry, "solvent_concentration_grid")
    oil, water = (v * so / (BARREL * bo)), (v * sw / (BARREL * bw))
    state = {
        "oil": oil.sum(), "water": water.sum(), "free": (v * sg / bg).sum(),
        "dissolved": (oil * rs).sum() + (water * rsw).sum(), "pv": v.sum(), "hcpv": (v * (so + sg)).sum(),
        "p": p.mean(), "pb": pb.mean(), "pw": (p * so).sum() / so.sum(), "bo": (bo * so).sum() / so.sum(),
        "rs": (rs * so).sum() / so.sum(), "bgc": (bg * sg).sum() / max(sg.sum(), 1e-300), "cw": cw.mean(),
        "z": z.mean(), "mobility": [(a / b).mean() for a, b in zip(kr, mu)],
    }
    if first is None:
        first = (so, sw, sg, oil)
    for contacted in (sw - first[1] > 0.02, (sg - first[2] > 0.01) | (solvent > 0.01), first[0] - so > 0):
        n0 = np.where(contacted, first[3], 0)
        state.setdefault("sweep", []).append((n0.sum(), contacted.any(axis=2).mean()))
    for kind in ("production", "injection"):
        for phase in ("oil", "water", "gas"):
            base = f"rates/{kind}_rates/{phase}/"
            try:
                keys, values = read(entry, base + "keys"), read(entry, base + "values")
                produced += float(np.sum(values)) if len(keys) else 0.0
            except KeyError:
                pass
    report.append(state)
print(len(report), report[-1]["oil"], produced)
print(json.dumps({"seconds": time.process_time() - begun}))
