# SPDX-License-Identifier: MIT
"""Writes szip.h5 and, in szip.json, what is read from it: both by Debian 12's python3-h5py 3.7.0, whose
HDF5 1.10.8 has libaec 1.0.6."""
import json
import pathlib

import h5py
import numpy as np
from h5py import h5d, h5p, h5s, h5t

here = pathlib.Path(__file__).parent
ENTROPY, NEAREST = 4, 32  # option masks: no prediction, and prediction from the sample before
rng = np.random.default_rng(121)


def walk(count, dtype):
    return np.cumsum(rng.integers(-4, 5, count)).astype(dtype)


def mixed(count, dtype):
    """Noise, then few values, then a ramp, then zeros to the end."""
    a = np.zeros(count, dtype)
    a[: count // 8] = np.frombuffer(rng.bytes(count // 8 * a.itemsize), dtype)
    a[count // 8 : count // 4] = rng.integers(0, 3, count // 4 - count // 8)
    a[count // 4 : count // 2] = np.arange(count // 2 - count // 4)
    return a


def numbers(count, dtype):
    return (np.sin(np.arange(count) / 7) * 1000).astype(dtype)


with h5py.File(here / "szip.h5", "w") as file:

    def put(name, data, chunks, options, block, **kwargs):
        opts = ("nn" if options == NEAREST else "ec", block)
        file.create_dataset(name, data=data, chunks=chunks, compression="szip", compression_opts=opts, **kwargs)

    put("nn_u1", walk(600, "u1").reshape(20, 30), (20, 30), NEAREST, 8)
    put("ec_i2", mixed(640, "<i2").reshape(16, 40), (16, 40), ENTROPY, 16)
    put("nn_i2", mixed(640, "<i2").reshape(16, 40), (7, 40), NEAREST, 2)
    put("nn_be2", walk(480, ">i2").reshape(8, 6, 10), (8, 6, 10), NEAREST, 8)
    put("nn_i4", walk(300, "<i4").reshape(10, 30), (6, 30), NEAREST, 30)
    put("nn_be8", numbers(120, ">f8"), (120,), NEAREST, 4)
    put("ec_f4", numbers(300, "<f4"), (70,), ENTROPY, 10)
    put("nn_i8", mixed(200, "<i8"), (200,), NEAREST, 32)
    put("zeros", np.zeros((90, 100), "u1"), (90, 100), ENTROPY, 4)
    put("all", mixed(256, "<u2").reshape(16, 16), (16, 16), NEAREST, 8, shuffle=True, fletcher32=True)
    for name, base, bits in (("bits_5", h5t.STD_U8LE, 5), ("bits_12", h5t.STD_U16LE, 12), ("bits_20", h5t.STD_U32BE, 20)):
        kind = base.copy()
        kind.set_precision(bits)
        plist = h5p.create(h5p.DATASET_CREATE)
        plist.set_chunk((25, 7))
        plist.set_szip(NEAREST, 8)
        data = (walk(350, "i8") % (1 << bits)).astype(f"u{kind.get_size()}").reshape(50, 7)
        h5d.create(file.id, name.encode(), kind, h5s.create_simple((50, 7)), plist).write(h5s.ALL, h5s.ALL, data)

with h5py.File(here / "szip.h5") as file:
    for name, dataset in file.items():
        assert any(dataset.id.get_chunk_info(i).filter_mask == 0 for i in range(dataset.id.get_num_chunks())), name
    read = {name: {"shape": item.shape, "data": item[()].ravel().tolist()} for name, item in file.items()}
(here / "szip.json").write_text(json.dumps(read, separators=(",", ":")) + "\n")
