# SPDX-License-Identifier: MIT
"""Writes latest.h5 and latest_source.h5 by h5py 3.16.0 (HDF5 2.0.0) in that version's newest format, and
latest.json with what it reads from them: compound types, and virtual datasets whose mappings share names."""
import json
import os
import pathlib

import h5py
import numpy as np

here = pathlib.Path(__file__).parent
os.chdir(here)
LONG = "a_name_that_is_worth_sharing"


def virtual(file, name, pairs):
    layout = h5py.VirtualLayout((len(pairs), 3), "<i4")
    for row, (source, dataset) in enumerate(pairs):
        layout[row] = h5py.VirtualSource(source, dataset, (3,))
    file.create_virtual_dataset(name, layout, fillvalue=-1)


with h5py.File("latest_source.h5", "w", libver="latest") as file:
    file[LONG] = np.arange(3, dtype="<i4") * 100
    file["b"] = np.arange(3, dtype="<i4") * 1000

with h5py.File("latest.h5", "w", libver="latest") as file:
    file["a"] = np.arange(3, dtype="<i4")
    file[LONG] = np.arange(3, dtype="<i4") + 10
    virtual(file, "same_file", [(".", LONG), (".", "a"), (".", LONG), (".", LONG)])
    source = "latest_source.h5"
    virtual(file, "other_file", [(source, LONG), (source, "b"), (".", "a"), (source, LONG), (source, "absent")])
    pair = np.array([(1, 0.5), (-2, 1e300)], dtype=[("n", "<i4"), ("x", "<f8")])
    file["compound"] = pair
    file["nested"] = np.array([((3, 4.5), 7)], dtype=[("pair", pair.dtype), ("k", "u1")])
    file.attrs["compound"] = pair[1]
    numbers = np.array([1 + 2j, -0.5j, 1e10])
    for name, kind in (("complex", h5py.h5t.COMPLEX_IEEE_F64LE), ("complex_be", h5py.h5t.COMPLEX_IEEE_F32BE)):
        made = h5py.h5d.create(file.id, name.encode(), kind, h5py.h5s.create_simple((3,)))
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, numbers, mtype=h5py.h5t.NATIVE_DOUBLE_COMPLEX)


def plain(value):
    if isinstance(value, np.void):
        return {name: plain(value[name]) for name in value.dtype.names}
    if value.ndim > 0:
        return [plain(item) for item in value]
    return [value.real.item(), value.imag.item()] if value.dtype.kind == "c" else value.item()


with h5py.File("latest.h5") as file:
    read = {name: plain(item[()]) for name, item in file.items()}
    read["attribute"] = plain(file.attrs["compound"])
(here / "latest.json").write_text(json.dumps(read, indent=1) + "\n")
