# SPDX-License-Identifier: MIT
"""Further cases, of two writers: `python3 make_more.py OUT` with Debian's zarr-python 2.13.6 writes those of
version 2, with zarr-python 3.4.2 (numcodecs 0.17.1) those of version 3, one after the other into OUT/cases.json.
What is expected is what the writer reads back.

v2_struct_aligned  NumPy's padding is a field without a name
v3_delta_i4        types named without a byte order, as numcodecs' users give them
v3_astype_transpose, v3_delta_transpose_same  an order of axes behind filters
v3_order_*         byte orders of filters and of "bytes" that are not the same
"""
import json
import os
import sys
import warnings

import numpy as np
import zarr

warnings.simplefilter("ignore")
out = sys.argv[1]
os.makedirs(f"{out}/expected", exist_ok=True)
listed = f"{out}/cases.json"
cases = json.load(open(listed)) if os.path.exists(listed) else []


def note(name, array):
    values = array[...]
    with open(f"{out}/expected/{name}.bin", "wb") as file:
        file.write(np.ascontiguousarray(values.astype(values.dtype.newbyteorder("<"))).tobytes())
    cases.append({"case": name, "kind": "array", "path": f"more/{name}.zarr", "array": "",
                  "shape": list(values.shape), "expected": {
                      "file": f"more/expected/{name}.bin", "encoding": "raw", "itemsize": values.dtype.itemsize}})


if zarr.__version__.startswith("2."):
    aligned = np.dtype([("a", ">i2"), ("b", "<f8"), ("c", "|b1")], align=True)
    z = zarr.create((5,), chunks=(2,), dtype=aligned, store=zarr.DirectoryStore(f"{out}/v2_struct_aligned.zarr"))
    rows = np.zeros(5, aligned)
    rows["a"], rows["b"], rows["c"] = range(5), np.linspace(-1, 1, 5), [1, 0, 1, 1, 0]
    z[:] = rows.view(z.dtype)
    note("v2_struct_aligned", zarr.open(f"{out}/v2_struct_aligned.zarr", mode="r"))
else:
    from zarr.codecs import BytesCodec, GzipCodec, TransposeCodec
    from zarr.codecs.numcodecs import AsType, Delta, FixedScaleOffset

    def make(name, dtype, codecs, shape=(7, 5, 4), chunks=(3, 5, 2)):
        z = zarr.create(store=f"{out}/{name}.zarr", shape=shape, chunks=chunks, dtype=dtype, zarr_format=3,
                        codecs=codecs)
        z[...] = (np.arange(np.prod(shape)).reshape(shape) * 3 % 101 - 20).astype(dtype)
        note(name, zarr.open(f"{out}/{name}.zarr", mode="r"))

    make("v3_delta_i4", "int32", [Delta(dtype="i4", astype="=i8"), BytesCodec(), GzipCodec(level=1)])
    make("v3_scale_f4", "float32", [FixedScaleOffset(dtype="f4", astype="i2", offset=0, scale=10), BytesCodec()])
    make("v3_astype_transpose", "float64",
         [AsType(encode_dtype=">f4", decode_dtype="f8"), TransposeCodec(order=(2, 0, 1)), BytesCodec(endian="big")])
    make("v3_delta_transpose_same", "int16", [Delta(dtype="<i2"), TransposeCodec(order=(0,)), BytesCodec()],
         (50,), (20,))
    for at, (filters, endian) in enumerate([
            ([Delta(dtype=">i4")], "big"), ([Delta(dtype=">i4")], "little"),
            ([Delta(dtype="<i4", astype=">i8")], "big"), ([Delta(dtype="<i4", astype=">i8")], "little"),
            ([AsType(encode_dtype=">f4", decode_dtype="<i4")], "little"),
            ([FixedScaleOffset(dtype="<i4", astype=">i2", scale=2, offset=1)], "big"),
            ([AsType(encode_dtype=">f4", decode_dtype="<i4"), AsType(encode_dtype="<f8", decode_dtype=">f4")], "big")]):
        make(f"v3_order_{at}", "int32", [*filters, BytesCodec(endian=endian)], (50,), (20,))

with open(listed, "w") as file:
    json.dump(cases, file, indent=1)
