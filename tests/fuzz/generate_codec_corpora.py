# SPDX-License-Identifier: MIT
"""Makes the codec targets' seed corpora out of the goldens in tests/data/codec.

A seed is the length that is due (u16) and a stream; see codec_input.h. Seeds are small, so
they come from short slices, compressed here by the same libraries as the goldens.
"""
import gzip
import pathlib
import zlib

import numcodecs
import numpy as np

corpus = pathlib.Path(__file__).parent / "corpus"
plain = (np.arange(1100) ** 2 % 97).astype("<i4")


def seed(target, name, length, stream):
    folder = corpus / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(length.to_bytes(2, "little") + bytes(stream))


for cname in ("blosclz", "lz4", "lz4hc", "zlib", "zstd"):
    for shuffle in (0, 1, 2):
        stream = numcodecs.Blosc(cname, 5, shuffle).encode(plain[:256])
        seed("blosc", f"{cname}_{shuffle}", 1024, stream)
    blocks = numcodecs.Blosc(cname, 5, 1, blocksize=512).encode(plain)
    seed("blosc", f"{cname}_blocks", 4400, blocks)
seed("blosc", "stored", 1024, numcodecs.Blosc("lz4", 0, 0).encode(plain[:256]))
for level in (-9, 1, 19):
    seed("zstd", f"level_{level}", 4400, numcodecs.Zstd(level).encode(plain))
raw = plain.tobytes()
seed("deflate", "gzip", 4400, gzip.compress(raw, mtime=0))
seed("deflate", "members", 4400, gzip.compress(raw[:9], mtime=0) + gzip.compress(raw[9:], mtime=0))
seed("deflate", "zlib", 4400, zlib.compress(raw))
seed("deflate", "zlib_stored", 4400, zlib.compress(raw, 0))
seed("lz4", "block", 4400, numcodecs.LZ4().encode(plain))
for codec in range(6):
    for inner in range(5):
        settings = bytes([codec, inner, 5, 2, 3, codec * 4])
        folder = corpus / "codec_round_trip"
        folder.mkdir(parents=True, exist_ok=True)
        if codec == 1 or inner == 0:
            (folder / f"{codec}_{inner}").write_bytes(settings + raw[:600])
