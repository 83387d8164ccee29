#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Reads with zarr-python what built-states.test.js has built in JavaScript and appended.

check_built_states.py STORE nested|flat FLOAT_DTYPE COUNT

The formulas are those of the test, written down again in NumPy. Prints the number of arrays that were
equal, or fails.
"""
import json
import sys

import numpy as np
import zarr

SHAPE = (4, 3, 2)
INJECTOR = "INJ-1 Ærøskøbing"


def grid(formula, dtype):
    return np.fromfunction(formula, SHAPE).astype(dtype)


def expected_arrays(step, dtype):
    yield "model/grid_shape", np.array(SHAPE, "<i8")
    yield "model/cell_dimension", np.array([100.0, 80.0])
    yield "model/thickness_grid", grid(lambda i, j, k: 20 + 0 * i + k, dtype)
    pressure = grid(lambda i, j, k: 3000 + 10 * i + 0.5 * j - k + step / 3, dtype)
    if step == 2:
        pressure[1, 2, 0] = 9.75
    yield "model/fluid_properties/pressure_grid", pressure
    water = grid(lambda i, j, k: 0.25 + 0.01 * (i + j + k), dtype)
    yield "model/fluid_properties/water_saturation_grid", water
    yield "model/fluid_properties/oil_saturation_grid", grid(
        lambda i, j, k: 0.75 - 0.01 * (i + j + k), dtype)
    yield "model/fluid_properties/gas_saturation_grid", grid(lambda i, j, k: 0 * i, dtype)
    yield "model/saturation_history/water_imbibition_flag_grid", grid(
        lambda i, j, k: (i + j + k) % 2 == 0, bool)
    yield "timer_state/rejections", np.array([1, -2, 3], "<i4")


def arrays_of(group, prefix=""):
    for name, item in group.items():
        path = f"{prefix}/{name}" if prefix else name
        if isinstance(item, zarr.Array):
            yield path.replace("→", "/"), item
        else:
            yield from arrays_of(item, path)


def attributes_of(group, prefix=""):
    """All attributes by path, of groups in groups or of flat keys."""
    found = {}
    for name, value in group.attrs.asdict().items():
        path = f"{prefix}/{name}" if prefix else name
        found[path.replace("→", "/")] = value
    for name, item in group.groups():
        found.update(attributes_of(item, f"{prefix}/{name}" if prefix else name))
    return found


def check(condition, *message):
    if not condition:
        sys.exit(" ".join(map(str, message)))


def check_arrays(entry, step, dtype):
    stored = dict(arrays_of(entry))
    count = 0
    for path, expected in expected_arrays(step, dtype):
        check(path in stored, "no array", path, "in", sorted(stored))
        values = stored.pop(path)[...]
        check(values.dtype == expected.dtype, path, values.dtype, expected.dtype)
        check(values.shape == expected.shape, path, values.shape, expected.shape)
        check(values.tobytes() == expected.tobytes(), path, values, expected)
        count += 1
    intervals = [path for path in stored if path.endswith("perforating_intervals")]
    check(len(intervals) == 1 and len(stored) == 1, "more arrays:", sorted(stored))
    check(stored[intervals[0]][...].tolist() == [[[0, 0, 0], [0, 0, 1]]], intervals[0])
    return count + 1


def check_attributes(entry, index, step, layout):
    found = attributes_of(entry)
    none = None if layout == "flat" else "__NONE_SENTINEL__"
    well = f"wells/injection_wells/{INJECTOR}/injection_well"
    check(found["_index"] == index and found["_meta"] == {"step": step, "run": "built"}, found)
    for path, value in (
            ("step", step), ("step_size", 86400.0), ("time", step * 86400.0),
            ("model/dip_angle", 1.5), ("model/fluid_properties/reservoir_gas", "methane"),
            (f"{well}/name", INJECTOR), (f"{well}/radius", 0.25), (f"{well}/is_active", True),
            (f"{well}/skin_factor", 2.0), ("timer_state/use_constant", none)):
        if value is None:
            vtypes = json.dumps(found.get("_vtypes"))
            check("none" in vtypes, path, "is not marked as None:", vtypes)
            continue
        check(path in found, "no attribute", path, "in", sorted(found))
        check(found[path] == value and type(found[path]) is type(value), path, repr(found[path]),
              repr(value))


def main():
    store, layout, dtype, count = sys.argv[1:]
    root = zarr.open_group(zarr.DirectoryStore(store), mode="r")
    check(root.attrs.asdict() == {"count": int(count)}, root.attrs.asdict())
    arrays = 0
    for index in range(int(count)):
        entry = root[f"entry_{index:010d}"]
        arrays += check_arrays(entry, index, np.dtype(dtype))
        check_attributes(entry, index, index, layout)
    print(arrays, "arrays")


main()
