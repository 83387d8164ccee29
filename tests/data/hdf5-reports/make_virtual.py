# SPDX-License-Identifier: MIT
"""virtual.h5: a virtual dataset for each pair of an integer and a float type; virtual.json: what h5py reads
of each (h5py 3.7.0, HDF5 1.10.8: conversions in C). names.h5 is by h5py, too: names in latin-1."""
import json
import h5py
import numpy as np

INTEGERS = [f"{order}{kind}{size}" for kind in "iu" for size in (1, 2, 4, 8) for order in "<>"]
FLOATS = [f"{order}f{size}" for size in (4, 8) for order in "<>"]
expected = {}
with h5py.File("virtual.h5", "w", libver="latest") as file:
    for number, (source, target) in enumerate([(a, b) for a in INTEGERS for b in FLOATS]
                                              + [(b, a) for a in INTEGERS for b in FLOATS]):
        if np.dtype(source).kind == "f":
            values = np.array([0, 1.9, -1.9, 100, -300, 70000, 3e9, -5e9, 1e20, -1e20], source)
        else:
            info = np.iinfo(source)
            values = np.array([0, 1, info.max, info.min, info.max // 3, min(info.max, 2**24 + 1)], source)
        file.create_dataset(f"s{number}", data=values)
        layout = h5py.VirtualLayout(shape=values.shape, dtype=target)
        layout[:] = h5py.VirtualSource(".", f"s{number}", shape=values.shape, dtype=source)
        file.create_virtual_dataset(f"v{number}", layout)
        expected[f"v{number}"] = f"{source} {target}"
with h5py.File("virtual.h5") as file:
    rows = {name: [what, file[name][:].astype(np.dtype(what.split()[1]).newbyteorder("<")).tobytes().hex()]
            for name, what in expected.items()}
with open("virtual.json", "w", encoding="ascii") as out:
    json.dump(rows, out, indent=0)
