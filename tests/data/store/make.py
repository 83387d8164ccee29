# SPDX-License-Identifier: MIT
"""
Writes nested.kv, flat.kv, wire.kv and steps.kv: two entries of a store of each of BORES's
layouts with a few of their values, for tests in C, which read no folders; and one entry with
fewer of them to ../../fuzz/corpus/entry, once for a host that lists and once for one that does not.

    python3 make.py FIXTURES    (the unpacked archives of ../bores, e.g. build/tests/fixtures)

A .kv file is a byte of flags (1: the host cannot list) and then (u16 key length, key, u32 value length, value) each,
little-endian. Stored bytes are kept as they are, but for the flat entries' `.zattrs`, which keep
only the attributes of the chosen paths. `.zmetadata` is by zarr-python's consolidate_metadata().

Prints what zarr-python reads at the places that store_test.c checks.
"""
import json
import struct
import sys
from pathlib import Path

import numpy as np
import zarr

HERE = Path(__file__).parent
SEEDS = HERE / "../../fuzz/corpus/entry"
ARROW = "\u2192"
CHOSEN = [
    "step", "step_size", "time", "grid_shape", "model/grid_shape", "model/dip_angle",
    "model/fluid_properties/pressure_grid", "model/fluid_properties/reservoir_gas",
    "model/fluid_properties/solvent_concentration_grid",
    "model/saturation_history/water_imbibition_flag_grid",
    "model/hysteresis_state/water_imbibition_flag_grid", "injection/water", "production/oil",
    "rates/injection_rates/water", "rates/injection_rates/gas", "timer_state/recent_metrics",
    "timer_state/maximum_steps", "timer_state/last_step_failed", "timer_state/failed_step_sizes",
    "wells/production_wells/PROD-1", "wells/production_wells/PROD-2 \u00c6r\u00f8sk\u00f8bing",
]


SEEDED = [
    "step", "model/grid_shape", "model/dip_angle", "rates/injection_rates/water",
    "timer_state/maximum_steps", "timer_state/failed_step_sizes",
    "model/fluid_properties/solvent_concentration_grid", "wells/production_wells/PROD-1",
]


def chosen(path, choice):
    return any(path == c or path.startswith(c + "/") for c in choice)


def keep(path, name, choice):
    """A file of an entry: groups on the way to what is chosen, and that itself."""
    on_the_way = path == "" or any(c.startswith(path + "/") for c in choice)
    return chosen(path, choice) or (on_the_way and name in (".zgroup", ".zattrs"))


def cut_attributes(data, choice):
    attributes = json.loads(data)
    if not any(ARROW in key for key in attributes):
        return data
    attributes = {key: value for key, value in attributes.items()
                  if key.startswith("_") or chosen(key.replace(ARROW, "/"), choice)}
    tags = attributes["_vtypes"]
    attributes["_vtypes"] = {key: tag for key, tag in tags.items() if key in attributes}
    return json.dumps(attributes, indent=1).encode()


def read(folder, entries, choice):
    store = {key: (folder / key).read_bytes() for key in (".zgroup", ".zattrs")}
    for entry in entries:
        for file in sorted((folder / entry).rglob("*")):
            path, _, name = file.relative_to(folder / entry).as_posix().rpartition("/")
            if file.is_file() and keep(path.replace(ARROW, "/"), name, choice):
                data = file.read_bytes()
                if path == "" and name == ".zattrs":
                    data = cut_attributes(data, choice)
                store[file.relative_to(folder).as_posix()] = data
    return store


def consolidated(store):
    documents = {k: v for k, v in store.items() if k.rpartition("/")[2].startswith(".z")}
    zarr.consolidate_metadata(documents)
    return {**store, ".zmetadata": documents[".zmetadata"]}


def write(file, store, flags=0):
    out = bytearray([flags])
    for key, value in store.items():
        encoded = key.encode()
        out += struct.pack("<H", len(encoded)) + encoded + struct.pack("<I", len(value)) + value
    file.write_bytes(out)
    print(f"{file.name}: {len(store)} keys, {len(out)} bytes")


def report(store, entry, path):
    values = np.asarray(zarr.open_group(dict(store), mode="r")[f"{entry}/{path}"])
    print(f"  {entry}/{path}: {values.shape} {values.dtype.str} first {values.ravel()[0]!r} "
          f"last {values.ravel()[-1]!r} sum {float(values.sum())!r}")


def make(fixtures, name, archive, run, entries, paths):
    (folder,) = fixtures.glob(f"bores-{archive}-*")
    store = read(folder / f"{run}.zarr", entries, CHOSEN)
    write(HERE / f"{name}.kv", consolidated(store))
    for path in paths:
        report(store, entries[1], path)
    seed = read(folder / f"{run}.zarr", entries[1:], SEEDED)
    write(SEEDS / f"{name}.kv", seed)
    write(SEEDS / f"{name}-unlisted.kv", consolidated(seed), flags=1)


def main():
    fixtures = Path(sys.argv[1])
    entries = ["entry_0000000000", "entry_0000000005"]
    pressure = "model/fluid_properties/pressure_grid"
    make(fixtures, "nested", "guide-chunks4", "guide/wf_f64_chunks4_lzf", entries,
         [pressure, "injection/water", "model/grid_shape"])
    make(fixtures, "flat", "head-f64", "head/wf_f64", entries,
         [pressure.replace("/", ARROW), f"rates{ARROW}injection_rates{ARROW}water{ARROW}keys"])
    make(fixtures, "wire", "head-wire", "head/wf_f64_wire", entries, [])
    make(fixtures, "steps", "wheel", "wheel/wf_f64", ["step_000000", "step_000005"], [pressure])


main()
