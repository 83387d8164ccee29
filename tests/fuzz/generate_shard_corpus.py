# SPDX-License-Identifier: MIT
"""Makes the seeds of shard_fuzz.c with zarr-python 3: the number of its document, then the shard of
chunk (0, 0). Also the seeds of zarr_meta that are documents of version 3."""
import json
import pathlib
import sys
import tempfile
import warnings

import numpy as np
import zarr
from zarr.codecs import BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec

warnings.simplefilter("ignore")
corpus = pathlib.Path(__file__).parent / "corpus"
little, big = BytesCodec(endian="little"), BytesCodec(endian="big")


def shards(length, where, *codecs):
    return ShardingCodec(chunk_shape=length, codecs=codecs, index_codecs=[little],
                         index_location=where)


arrays = [
    ("int16", 7, {"serializer": shards((3, 2), "end", little)}),
    ("int16", 7, {"serializer": shards((3, 2), "start", big, Crc32cCodec())}),
    ("uint8", 1, {"filters": [TransposeCodec(order=(1, 0))],
                  "serializer": shards((2, 2), "end", BytesCodec(endian=None), GzipCodec(level=5))}),
    ("int16", 7, {"serializer": shards((6, 2), "start", shards((3, 1), "end", little))}),
    ("float32", float("nan"), {"serializer": shards((3, 4), "end", little),
                               "compressors": [Crc32cCodec()]}),
]
numbers = [0, 1, 2, 3, 5]
for number, (dtype, fill, codecs) in zip(numbers, arrays):
    with tempfile.TemporaryDirectory() as folder:
        a = zarr.create_array(folder, shape=(7, 5), chunks=(6, 4), dtype=dtype, fill_value=fill,
                              **{"compressors": None, **codecs})
        for name, values in (("whole", np.arange(35).reshape(7, 5)), ("part", None)):
            if values is None:
                a[:] = fill
                a[0:2, 0:2] = 3
            else:
                a[:] = values.astype(dtype)
            shard = pathlib.Path(folder, "c/0/0").read_bytes()
            (corpus / "shard" / f"{number}_{name}").write_bytes(bytes([number]) + shard)
        document = json.loads(pathlib.Path(folder, "zarr.json").read_text())
        (corpus / "zarr_meta" / f"v3_{number}").write_text(json.dumps(document))
