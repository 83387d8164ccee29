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

# filter_codec: how many codecs, which rows of its table, the length, the stream of the last.
import bz2  # noqa: E402
import lzma  # noqa: E402

small = raw[:96]
chains = {
    "delta": ([0], numcodecs.Delta(">i2", "<i4").encode(plain[:40].astype(">i2")).tobytes(), 80),
    "scale": ([1], bytes(range(24)), 96),
    "astype": ([2], plain[:24].astype("<f2").tobytes(), 192),
    "quantize": ([3], plain[:24].astype("<f4").tobytes(), 192),
    "packbits": ([4], numcodecs.PackBits().encode(plain[:40] % 2 == 1).tobytes(), 40),
    "shuffle": ([5], small, 96),
    "base64": ([6], bytes(numcodecs.Base64().encode(small)), 96),
    "crc32": ([7], bytes(numcodecs.CRC32().encode(small)), 96),
    "fletcher32": ([8], bytes(numcodecs.Fletcher32().encode(small)), 96),
    "jenkins": ([9], bytes(numcodecs.JenkinsLookup3().encode(small)), 96),
    "categorize": ([10], bytes([0, 1, 2, 3, 1]), 40),
    "bz2": ([11], bz2.compress(raw[:400], 1), 400),
    "lzma": ([12], lzma.compress(raw[:400]), 400),
    "lzma_alone": ([13], lzma.compress(raw[:400], format=lzma.FORMAT_ALONE), 400),
    "lzma_raw": ([14], lzma.compress(raw[:400], format=lzma.FORMAT_RAW, filters=[
        {"id": lzma.FILTER_DELTA, "dist": 2}, {"id": lzma.FILTER_LZMA2, "preset": 1}]), 400),
    "nested": ([5, 15, 12], lzma.compress(zlib.compress(small)), 96),
    "nested_zstd": ([6, 16, 11],
                    bz2.compress(bytes(numcodecs.Zstd().encode(numcodecs.Base64().encode(small)))), 96),
}
for name, (which, stream, length) in chains.items():
    folder = corpus / "filter_codec"
    folder.mkdir(parents=True, exist_ok=True)
    head = bytes([len(which), *which]) + length.to_bytes(2, "little")
    (folder / name).write_bytes(head + bytes(stream))
