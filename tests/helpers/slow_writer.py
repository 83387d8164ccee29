#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes entries as BORES does: key by key, the entry's own attributes last, `count` at the end.

slow_writer.py STORE FIRST LAST PAUSE [--layout nested|flat] [--stop-in ENTRY] [--no-count] [--paced]

Each entry has four grids that hold its number. After each entry, and within it between the grids,
it waits for PAUSE seconds and prints what it has done. --stop-in: ends in the middle of that
entry, as a kill does. --paced: in the middle of each entry but the first it waits for a line.
"""
import argparse
import os
import sys
import time

import numpy as np
import zarr

GRIDS = ("pressure_grid", "oil_saturation_grid", "water_saturation_grid", "gas_saturation_grid")


def write_entry(group, index, options):
    for attribute, value in (("step", index), ("step_size", 60.0), ("time", index * 60.0)):
        group.attrs[attribute] = value
    for place, name in enumerate(GRIDS):
        path = ("model", "fluid_properties", name)
        key = "/".join(path) if options.layout == "nested" else "→".join(path)
        group.create_dataset(key, data=np.full((6, 5, 4), float(index)), chunks=(3, 5, 4))
        print("grid", index, place, flush=True)
        if options.stop_in == index and place == 2:
            os._exit(0)
        time.sleep(options.pause)
        if options.paced and place == 1 and index > options.first:
            sys.stdin.readline()
    group.attrs["_meta"] = {"step": index}
    group.attrs["_index"] = index
    group.attrs["_group_name"] = f"entry_{index:010d}"
    print("entry", index, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("store")
    parser.add_argument("first", type=int)
    parser.add_argument("last", type=int)
    parser.add_argument("pause", type=float)
    parser.add_argument("--layout", default="nested")
    parser.add_argument("--stop-in", type=int, default=-1)
    parser.add_argument("--no-count", action="store_true")
    parser.add_argument("--paced", action="store_true")
    options = parser.parse_args()
    root = zarr.open_group(zarr.DirectoryStore(options.store), mode="a")
    for index in range(options.first, options.last + 1):
        write_entry(root.create_group(f"entry_{index:010d}"), index, options)
        time.sleep(options.pause)
    if not options.no_count:
        root.attrs["count"] = options.last + 1
    print("done", flush=True)


sys.exit(main())
