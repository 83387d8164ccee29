# SPDX-License-Identifier: MIT
"""
Writes zarr3.tar.br's content: stores of BORES copied node by node into version 3 of Zarr by zarr-python 3.

    python3 make_zarr3.py SOURCE.zarr TARGET.zarr [--shards] [--consolidate]

Needs zarr-python 3 (3.1.6, numcodecs 0.16.6). What BORES's values of a run are does not change by it.
"""
import sys
import warnings

import numpy as np
import zarr

warnings.simplefilter("ignore")
(source, target), options = sys.argv[1:3], sys.argv[3:]


def copy_array(parent, name, array):
    chunks = tuple(max(1, min(n, 4)) for n in array.shape) if "--shards" in options else array.chunks
    shards = tuple(-(-max(n, 1) // c) * c for n, c in zip(array.shape, chunks)) if "--shards" in options else None
    made = parent.create_array(
        name, shape=array.shape, dtype=array.dtype, chunks=tuple(max(1, c) for c in chunks), fill_value=0,
        shards=shards if array.ndim and 0 not in array.shape else None,
        compressors=zarr.codecs.BloscCodec(cname="zstd", clevel=3, shuffle="bitshuffle"), attributes=dict(array.attrs))
    if array.size:
        made[...] = np.asarray(array[...])


def copy_group(old, new):
    for name, member in sorted(old.members()):
        if isinstance(member, zarr.Array):
            copy_array(new, name, member)
        else:
            copy_group(member, new.create_group(name, attributes=dict(member.attrs)))


old = zarr.open_group(source, mode="r", zarr_format=2, use_consolidated=False)
new = zarr.create_group(target, zarr_format=3, attributes=dict(old.attrs))
copy_group(old, new)
if "--consolidate" in options:
    zarr.consolidate_metadata(target, zarr_format=3)
