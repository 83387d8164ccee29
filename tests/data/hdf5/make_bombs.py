# SPDX-License-Identifier: MIT
"""Writes bombs.h5 by h5py 3.16.0: datasets of 100 bytes whose one chunk holds 64 MiB (gzip: 4), by Python's bz2 and
zlib, python-blosc2 4.14.1, and for szip by the size in front alone."""
import bz2
import pathlib
import zlib

import blosc2
import h5py
import numpy as np

SIZE = 64 << 20
zeros = bytes(SIZE)
frame = blosc2.zeros(SIZE, dtype="u1", chunks=(1 << 20,), blocks=(1 << 16,)).to_cframe()
ramp = blosc2.SChunk(chunksize=SIZE, data=np.zeros(SIZE, "u1"), contiguous=True, cparams={"typesize": 1}).to_cframe()
bombs = {
    "bzip2": (307, (9,), bz2.compress(zeros)),
    "gzip": (1, (9,), zlib.compress(bytes(4 << 20), 9)),
    "blosc2_array": (32026, (1, 0, 1, 100, 5, 1, 1), frame),
    "blosc2_chunk": (32026, (1, 0, 1, 100, 5, 1, 1), ramp),
    "szip": (4, (133, 8, 8, 100), SIZE.to_bytes(4, "little") + bytes(200)),
}

with h5py.File(pathlib.Path(__file__).parent / "bombs.h5", "w") as file:
    for name, (number, settings, stored) in bombs.items():
        plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        plist.set_chunk((100,))
        plist.set_filter(number, h5py.h5z.FLAG_OPTIONAL, settings)
        space = h5py.h5s.create_simple((100,))
        made = h5py.h5d.create(file.id, name.encode(), h5py.h5t.STD_U8LE, space, plist)
        made.write_direct_chunk((0,), stored)
        print(name, len(stored))
