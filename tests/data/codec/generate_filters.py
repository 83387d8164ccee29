# SPDX-License-Identifier: MIT
"""Writes filters.json: what numcodecs makes of arrays with each of its filters and checksums, and of
bz2 and lzma. `plain` is what decoding gives in numcodecs (for lossy filters not what was encoded),
`source` what was encoded, both as hex; `dtype` the array's.

Made with numcodecs 0.16.6 and NumPy 2 (google-crc32c for crc32c).
"""
import json
import lzma
import pathlib

import numcodecs
import numpy as np
from numcodecs.registry import get_codec

rng = np.random.default_rng(7)
ramp = (np.arange(37) ** 2 % 211)
wild = rng.integers(-2**31, 2**31, 37)
real = rng.normal(300, 80, 37)


def case(config, array, name=None):
    codec = get_codec(dict(config))
    stored = bytes(np.asarray(codec.encode(array)).tobytes()
                   if isinstance(codec.encode(array), np.ndarray) else codec.encode(array))
    if config["id"] in ("delta", "fixedscaleoffset", "quantize", "astype", "categorize"):
        encoded = np.frombuffer(stored, dtype=config.get("astype") or config.get("encode_dtype")
                                or config.get("dtype") or "u1")
    elif config["id"] == "bitround":
        encoded = np.frombuffer(stored, dtype=array.dtype)
    else:
        encoded = np.frombuffer(stored, dtype="u1")
    plain = np.asarray(codec.decode(encoded))
    return {"config": config, "dtype": array.dtype.str, "source": array.tobytes().hex(),
            "stored": stored.hex(), "plain": plain.tobytes().hex()}


cases = []
for dtype in ("|i1", "|u1", "<i2", ">i2", "<u4", ">u4", "<i4", "<i8", ">i8", "<u8"):
    cases.append(case({"id": "delta", "dtype": dtype, "astype": dtype}, wild.astype(dtype)))
for dtype in ("<f2", "<f4", ">f4", "<f8", ">f8"):
    cases.append(case({"id": "delta", "dtype": dtype, "astype": dtype}, real.astype(dtype)))
cases.append(case({"id": "delta", "dtype": "<i8", "astype": "|i1"}, (ramp % 60).astype("<i8")))
cases.append(case({"id": "delta", "dtype": "<u2", "astype": "<i4"}, ramp.astype("<u2")))
cases.append(case({"id": "delta", "dtype": "<f8", "astype": "<f4"}, real))
cases.append(case({"id": "delta", "dtype": "|b1", "astype": "|b1"}, ramp % 3 == 0))
for scale, offset, dtype, astype in (
        (10, 1000, "<f8", "<i2"), (1, 0, "<f4", "|u1"), (0.5, 300.25, "<f4", "<i4"),
        (100.0, 250, ">f8", ">i4"), (3, -7.5, "<f2", "<i2"), (4, 12, "<f8", "<f4"),
        (0.1, 5, "<f4", "<f4"), (1000, 12.5, "<f8", "<i8"), (7, 100, "<i8", "<i2")):
    cases.append(case({"id": "fixedscaleoffset", "scale": scale, "offset": offset, "dtype": dtype,
                       "astype": astype}, real.astype(dtype)))
for digits, dtype, astype in ((2, "<f4", "<f4"), (0, "<f8", "<f8"), (5, "<f8", "<f4"),
                              (-1, "<f8", "<f8"), (3, ">f8", ">f8"), (1, "<f2", "<f2")):
    cases.append(case({"id": "quantize", "digits": digits, "dtype": dtype, "astype": astype},
                      real.astype(dtype)))
for decoded, encoded in (("<i2", "<i4"), ("<f8", "<f4"), ("<f4", "<f8"), (">i8", "<i2"),
                         ("<f8", "<i4"), ("<i4", "<f8"), ("|u1", ">u2"), ("<f4", "<f2"),
                         ("<u8", "|u1"), ("|i1", "<f4"), ("|b1", "|u1")):
    values = ramp if decoded == "|u1" else ramp - 100 if decoded[1] != "u" else ramp
    values = ramp % 2 if decoded == "|b1" else values
    cases.append(case({"id": "astype", "encode_dtype": encoded, "decode_dtype": decoded},
                      values.astype(decoded)))
for count in (1, 7, 8, 9, 37):
    cases.append(case({"id": "packbits"}, (ramp % 3 == 1)[:count]))
for keepbits, dtype in ((7, "<f4"), (0, "<f4"), (23, "<f4"), (20, "<f8"), (52, "<f8"), (3, "<f2")):
    cases.append(case({"id": "bitround", "keepbits": keepbits}, real.astype(dtype)))
for size in (0, 1, 2, 4, 8):
    cases.append(case({"id": "shuffle", "elementsize": size}, wild[:36].astype("<i4")))
cases.append(case({"id": "shuffle", "elementsize": 3}, wild[:36].astype("<i4")))
long = (np.arange(4500) * 7 % 251).astype("u1")
for name in ("crc32", "crc32c", "adler32"):
    for location in (None, "start", "end"):
        config = {"id": name} if location is None else {"id": name, "location": location}
        cases.append(case(config, wild.astype("<i4")))
cases.append(case({"id": "crc32c"}, long))
for array in (wild.astype("<i4"), long[:1001], long[:360 * 2 + 2], ramp.astype("u1")[:5]):
    cases.append(case({"id": "fletcher32"}, array))
for count in range(1, 27):
    cases.append(case({"id": "jenkins_lookup3", "initval": count * 12345, "prefix": None},
                      ramp.astype("u1")[:count]))
for count in (1, 2, 3, 37):
    cases.append(case({"id": "base64"}, ramp.astype("u1")[:count]))
labels = ["→ a", "bb", "ccc"]
words = np.array(["bb", "→ a", "", "ccc", "other", "bb"])
for dtype, astype in (("<U5", "|u1"), (">U3", "<i2"), ("<U2", "|u1")):
    cases.append(case({"id": "categorize", "labels": labels, "dtype": dtype, "astype": astype},
                      words.astype(dtype)))
for level in (1, 9):
    cases.append(case({"id": "bz2", "level": level}, long[:3000]))
cases.append(case({"id": "bz2", "level": 1}, wild.astype("<i4")))
cases.append(case({"id": "lzma", "format": 1, "check": -1, "preset": None, "filters": None}, long))
for check in (lzma.CHECK_NONE, lzma.CHECK_CRC32, lzma.CHECK_SHA256):
    cases.append(case({"id": "lzma", "format": 1, "check": check, "preset": 1, "filters": None},
                      wild.astype("<i4")))
cases.append(case({"id": "lzma", "format": 2, "check": -1, "preset": 0, "filters": None}, long))
for filters in ([{"id": lzma.FILTER_DELTA, "dist": 4}, {"id": lzma.FILTER_LZMA2, "preset": 1}],
                [{"id": lzma.FILTER_LZMA1, "dict_size": 4096, "lc": 1, "lp": 2, "pb": 0}],
                [{"id": lzma.FILTER_X86}, {"id": lzma.FILTER_LZMA2, "preset": 6}]):
    cases.append(case({"id": "lzma", "format": 3, "check": -1, "preset": None, "filters": filters},
                      wild.astype("<i4")))

lines = ",\n".join(json.dumps(c, ensure_ascii=False) for c in cases)
pathlib.Path(__file__).with_name("filters.json").write_text(f"[\n{lines}\n]\n")
print(len(cases), "cases")
