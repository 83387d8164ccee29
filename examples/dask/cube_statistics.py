# SPDX-License-Identifier: MIT
"""A run's cube, opened lazily by xarray and worked on by Dask: in this process's threads, on a cluster of
this machine's processes (--local-cluster), or on any scheduler (--scheduler tcp://HOST:8786).

    bores export run.zarr cube.zarr --layout cube --zarr-format 2
    python3 examples/dask/cube_statistics.py cube.zarr

Of all steps: the mean pressure, the recovery factor (oil in place by pore volume, saturation and formation
volume factor, against that of the first step; all cells have the same area), and of each cell the
lowest pressure it ever had. Prints JSON.
"""
import argparse
import contextlib
import json

import xarray as xr


def cluster(options):
    if options.scheduler is None and not options.local_cluster:
        return contextlib.nullcontext()
    from dask.distributed import Client

    return Client(options.scheduler) if options.scheduler else Client(n_workers=2, threads_per_worker=1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("cube")
    parser.add_argument("--scheduler", help="address of a Dask scheduler")
    parser.add_argument("--local-cluster", action="store_true")
    options = parser.parse_args()
    with cluster(options):
        cube = xr.open_zarr(options.cube, chunks={})
        cells = ["x", "y", "z"]
        pore = cube.porosity_grid * cube.net_to_gross_ratio_grid * cube.thickness_grid
        oil = (pore * cube.oil_saturation_grid / cube.oil_formation_volume_factor_grid).sum(cells)
        results = xr.Dataset({
            "mean_pressure": cube.pressure_grid.mean(cells),
            "recovery_factor": 1 - oil / oil.isel(step=0),
            "lowest_pressure": cube.pressure_grid.min("step"),
        }).compute()
    print(json.dumps({name: values.values.tolist() for name, values in results.items()}))


if __name__ == "__main__":
    main()
