# SPDX-License-Identifier: MIT
"""Writes blosc2_*.bin beside this file: contiguous frames by python-blosc2 4.14.1 (c-blosc2 3.3.5).

What is in them is what generate.py has formulas for, or what tests/c/blosc2_test.c says.
"""
import pathlib

import blosc2
import numpy as np

from generate import plains

here = pathlib.Path(__file__).parent
F = blosc2.Filter
PIPELINES = {"0": [], "1": [F.SHUFFLE], "2": [F.BITSHUFFLE]}
corpus = here.parents[1] / "fuzz" / "corpus" / "blosc2"
SEED_BYTES = 1400


def write(name, frame):
    """Small ones are seeds of the fuzz target as well."""
    (here / f"blosc2_{name}.bin").write_bytes(bytes(frame))
    if len(frame) <= SEED_BYTES:
        (corpus / name).write_bytes(bytes(frame))


def settings(array, codec=blosc2.Codec.LZ4, filters=(F.SHUFFLE,), meta=None, **more):
    return {
        "codec": codec,
        "clevel": 5,
        "typesize": array.dtype.itemsize,
        "filters": list(filters),
        "filters_meta": meta or [0] * len(filters),
        "nthreads": 1,
        **more,
    }


def chunks(name, array, chunksize, **kwargs):
    storage = {"contiguous": True, "cparams": settings(array, **kwargs)}
    schunk = blosc2.SChunk(chunksize=chunksize, data=array, **storage)
    write(name, schunk.to_cframe())


def grid(name, array, chunks, blocks, **kwargs):
    made = blosc2.asarray(array, chunks=chunks, blocks=blocks, cparams=settings(array, **kwargs))
    write(name, made.to_cframe())


f8, i2, u1 = plains["f8"], plains["i2"], plains["u1"]
for codec in ("BLOSCLZ", "LZ4", "LZ4HC", "ZLIB", "ZSTD"):
    for number, pipeline in PIPELINES.items():
        chunks(f"{codec.lower()}_{number}_i2", i2, 10000, codec=blosc2.Codec[codec], filters=pipeline, blocksize=2048)
# Chunks of which the last is shorter, blocks likewise, with and without streams for each byte.
for mode in ("ALWAYS_SPLIT", "NEVER_SPLIT"):
    chunks(f"chunks_{mode[:6].strip('_').lower()}_i2", i2, 3000, blocksize=1024, splitmode=blosc2.SplitMode[mode])
chunks("delta_i2", i2, 10000, filters=[F.DELTA, F.SHUFFLE], blocksize=2048)
chunks("delta_u1", u1, 3001, filters=[F.DELTA], blocksize=512)
chunks("bytedelta_f8", f8[:1000], 8000, filters=[F.SHUFFLE, F.BYTEDELTA], meta=[0, 8], codec=blosc2.Codec.ZSTD)
chunks("trunc_f8", f8[:1000], 8000, filters=[F.TRUNC_PREC, F.BITSHUFFLE], meta=[40, 0])
chunks("stored_u1", u1, 3001, clevel=0)
chunks("noise", plains["noise"], 1000)
chunks("s12", plains["s12"], 3600, codec=blosc2.Codec.ZSTD)
chunks("dictionary", i2, 10000, codec=blosc2.Codec.ZSTD, use_dict=True, blocksize=1024)

# Arrays: blocks that do not fill their chunks, chunks that do not fill the array.
grid("grid_i2", i2.reshape(20, 25, 10), (20, 25, 10), (6, 7, 4))
grid("grid_rows_i2", i2.reshape(20, 250), (20, 250), (3, 250))
grid("grid_chunks_i2", i2.reshape(20, 25, 10), (7, 25, 6), (3, 8, 6), codec=blosc2.Codec.ZSTD)
grid("grid_flat_f8", f8[:1000], (1000,), (300,), filters=[F.BITSHUFFLE])
grid("grid_delta_i2", i2.reshape(100, 50), (100, 50), (32, 16), filters=[F.DELTA, F.SHUFFLE])

# Values that are not stored one by one.
write("zeros", blosc2.zeros((40, 50), dtype="f8", chunks=(16, 50), blocks=(8, 50)).to_cframe())
write("nans", blosc2.nans((40, 50), dtype="f4", chunks=(16, 50), blocks=(5, 7)).to_cframe())
write("value", blosc2.full((41, 50), -2.5, dtype="f8", chunks=(16, 50), blocks=(8, 25)).to_cframe())
write("uninit", blosc2.uninit((40, 50), dtype="i4", chunks=(40, 50), blocks=(8, 50)).to_cframe())
runs = np.zeros(4096, "<u4")
runs[1024:2048] = 0x01010101
runs[2048:3072] = 7
runs[3072:] = np.arange(1024)
chunks("runs", runs, 16384, blocksize=4096, splitmode=blosc2.SplitMode.ALWAYS_SPLIT)
chunks("runs_whole", runs, 16384, blocksize=4096, splitmode=blosc2.SplitMode.NEVER_SPLIT, filters=[])

# Seeds of each codec and filter.
small = (np.arange(360) ** 2 % 97).astype("<i2").reshape(10, 6, 6)
for number, codec in enumerate(("BLOSCLZ", "LZ4", "ZLIB", "ZSTD")):
    pipeline = [[F.SHUFFLE], [F.DELTA, F.BITSHUFFLE], [F.SHUFFLE, F.BYTEDELTA], []][number]
    array = blosc2.asarray(small, chunks=(6, 6, 6), blocks=(4, 4, 4), cparams=settings(small, blosc2.Codec[codec], pipeline))
    (corpus / f"grid_{codec.lower()}").write_bytes(array.to_cframe())
