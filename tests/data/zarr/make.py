#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the Zarr goldens beside it: small arrays by zarr-python, slices of them by NumPy.

cases.txt says what a reader is given and what it must get; OFFSET and LEN are of data.bin:

    case NAME RANK OFFSET LEN                    the `.zarray` document
    chunk KEY OFFSET LEN                         once for each stored chunk
    slice START,.. COUNT,.. STEP,.. OFFSET LEN   the elements, little-endian and in C order;
                                                 "-" instead of no numbers (rank 0)

fills.txt holds fill values as JSON, and the element that zarr-python and NumPy make of them:

    DTYPE HEX JSON

Made with Python 3.11.2, zarr 2.13.6, numcodecs 0.11.0, NumPy 1.24.2.
"""
import base64
import json
import pathlib
import warnings

import numcodecs
import numpy as np
import zarr

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.RandomState(20)  # pylint: disable=no-member

BLOSC = numcodecs.Blosc(cname="lz4", clevel=1, shuffle=numcodecs.Blosc.BITSHUFFLE)
ZLIB = numcodecs.Zlib(level=6)


def numbers(shape, dtype):
    """Values that differ in all their bytes."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if dtype.kind == "b":
        return RANDOM.randint(0, 2, count).astype(dtype).reshape(shape)
    if dtype.kind in "SU":
        texts = ["", "a", "\u00e9\u2192" if dtype.kind == "U" else "bc", "xyz"]
        return np.array([texts[i % 4] for i in range(count)], dtype).reshape(shape)
    if dtype.kind == "f":
        return RANDOM.normal(size=count).astype(dtype).reshape(shape)
    if dtype.kind == "c":
        pairs = RANDOM.normal(size=count) + 1j * RANDOM.normal(size=count)
        return pairs.astype(dtype).reshape(shape)
    raw = RANDOM.bytes(count * dtype.itemsize)
    return np.frombuffer(raw, dtype).reshape(shape)


# name, shape, chunks, dtype, further arguments of zarr.create; "drop": chunks that are removed
CASES = [
    ("c_edges", (7, 5, 4), (3, 2, 4), "<f8", {"compressor": BLOSC}),
    ("c_bores", (8, 9, 5), (5, 5, 5), "<f8", {"compressor": BLOSC}),
    ("c_whole", (3, 5, 2), (3, 5, 2), "<f8", {"compressor": ZLIB}),
    ("c_slabs", (6, 5, 4), (2, 5, 4), ">f4", {"compressor": ZLIB}),
    ("c_slabs_edge", (5, 3), (2, 3), "<i2", {"compressor": None}),
    ("c_larger_chunk", (5, 3), (8, 4), "<u4", {"compressor": ZLIB}),
    ("f_edges", (7, 5, 4), (3, 2, 4), "<f4", {"order": "F", "compressor": ZLIB}),
    ("f_big_endian", (40, 70), (40, 50), ">i2", {"order": "F", "compressor": ZLIB}),
    ("f_1d", (10,), (4,), "<f8", {"order": "F", "compressor": None}),
    ("f_4d", (3, 4, 3, 2), (2, 3, 2, 2), "|i1", {"order": "F", "compressor": None}),
    ("be_f8_raw", (5, 4), (2, 3), ">f8", {"compressor": None}),
    ("be_c16", (5, 4), (2, 3), ">c16", {"compressor": ZLIB}),
    ("be_text", (6, 2), (4, 2), ">U3", {"compressor": ZLIB}),
    ("be_dates", (9,), (4,), ">M8[ns]", {"compressor": ZLIB}),
    ("bytes", (6, 2), (4, 2), "|S3", {"compressor": None, "fill_value": b"ab"}),
    ("opaque", (4, 4), (3, 2), "|V6", {"compressor": None}),
    ("bools", (6, 7), (4, 4), "|b1", {"compressor": BLOSC, "fill_value": True, "drop": ["1.0"]}),
    ("halves", (6, 7), (4, 4), "<f2",
     {"compressor": None, "fill_value": 0.1, "drop": ["0.0", "1.1"]}),
    ("missing_nan", (5, 6), (2, 4), ">f8",
     {"compressor": ZLIB, "fill_value": "NaN", "drop": ["0.1", "2.0"]}),
    ("missing_pair", (5, 6), (2, 4), "<c8",
     {"compressor": ZLIB, "fill_value": 1.5 - 2j, "drop": ["0.1", "2.0"]}),
    ("missing_max", (3, 4), (2, 2), "<u8",
     {"compressor": None, "fill_value": 2**64 - 1, "drop": ["0.0"]}),
    ("missing_f", (5, 6), (2, 4), "<i4",
     {"compressor": None, "order": "F", "fill_value": -7, "drop": ["0.1", "2.0"]}),
    ("missing_all", (3, 5), (2, 2), "<i8", {"compressor": ZLIB, "fill_value": 42, "drop": "all"}),
    ("missing_null", (3, 5), (2, 2), "<i8",
     {"compressor": ZLIB, "fill_value": None, "drop": ["0.0"]}),
    ("slashes", (4, 5), (2, 2), "<i4", {"compressor": None, "dimension_separator": "/"}),
    ("scalar", (), (), ">f8", {"compressor": ZLIB}),
    ("scalar_missing", (), (), "<f8", {"compressor": ZLIB, "fill_value": 2.5, "drop": "all"}),
    ("empty", (0,), (1,), "|i1", {"compressor": BLOSC}),
    ("empty_axis", (3, 0, 2), (2, 1, 2), "<f8", {"compressor": BLOSC}),
]

STRIDES = [1, 1, 1, 2, 3, 5, -1, -1, -2, -3, -7]


def random_slice(length):
    """A slice of any direction, often beyond the ends, as Python allows; seldom an empty one."""
    for _ in range(6):
        bounds = [None if RANDOM.randint(4) == 0 else int(RANDOM.randint(-length - 2, length + 3))
                  for _ in range(2)]
        part = slice(bounds[0], bounds[1], int(RANDOM.choice(STRIDES)))
        if len(range(length)[part]) > 0:
            break
    return part


def slices_of(shape):
    """The whole, the whole backwards, every third, single elements, and random ones."""
    yield tuple(slice(None) for _ in shape)
    if not shape:
        return
    yield tuple(slice(None, None, -1) for _ in shape)
    yield tuple(slice(None, None, 3) for _ in shape)
    yield tuple(slice(n - 1, n) for n in shape)
    yield tuple(slice(n // 2, n // 2) for n in shape)
    for _ in range(10):
        yield tuple(random_slice(n) for n in shape)


def little(array):
    """The bytes of an array as BORES's core holds them."""
    return np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()


def row(values):
    return ",".join(str(v) for v in values) or "-"


def put(data, part):
    """Appends bytes to data.bin; where they are."""
    data.extend(part)
    return f"{len(data) - len(part)} {len(part)}"


def write_case(name, shape, chunks, dtype, options, lines, data):
    options = {"fill_value": None if "V" in dtype else 0, **options}
    drop = options.pop("drop", [])
    store = {}
    array = zarr.create(shape, chunks=chunks, dtype=dtype, store=store, **options)
    if 0 not in shape:
        array[...] = numbers(shape, dtype)
    for key in [k for k in store if k != ".zarray"] if drop == "all" else drop:
        del store[key]
    lines.append(f"case {name} {len(shape)} {put(data, store['.zarray'])}")
    lines.extend(f"chunk {key} {put(data, bytes(store[key]))}" for key in store if key != ".zarray")
    elements = np.asarray(zarr.open(store, mode="r")[...], dtype)
    if drop and options["fill_value"] is None:
        elements[:chunks[0], :chunks[1]] = 0  # undefined there, see bores/zarr.h
    for parts in slices_of(shape):
        ranges = [range(n)[s] for n, s in zip(shape, parts)]
        lines.append(f"slice {row(r.start for r in ranges)} {row(len(r) for r in ranges)} "
                     f"{row(r.step for r in ranges)} {put(data, little(elements[parts]))}")


FILLS = [
    ("<f8", [0, 0.0, 1, -7, 0.1, True, "NaN", "Infinity", "-Infinity", float("nan"), 1e308,
             9007199254740993, 2**63, 2**64 - 1]),
    ("<f4", [0.1, -7, "NaN", "Infinity", 1e39, 3.4028235677973366e38, 3.4028235677973362e38,
             1e-46, 16777217]),
    ("<f2", [0.1, 1, 65504, 65519.99, 65520, 1e300, -1e300, "NaN", "-Infinity", 2**-24, 2**-25,
             2.98023223876953125e-08 * 1.0001, 2**-14, 6.1e-05, 6.097555160522461e-05, 2049, 2051,
             0.33325195, 1023.75, -0.0]),
    ("|b1", [True, False, 0, 1, 7, 0.0, 0.5]),
    ("|i1", [0, 127, -128, True, 1.9, -1.9, -128.5]),
    ("<i2", [-32768, 32767, 1e3]),
    ("<i4", [-7, 2147483647, -2147483648, 2147483647.5]),
    ("<i8", [-9223372036854775808, 9223372036854775807, 1e18, False]),
    ("|u1", [0, 255, 255.9, True]),
    ("<u2", [65535]),
    ("<u4", [4294967295, 4e9]),
    ("<u8", [18446744073709551615, 9223372036854775808, 12, 1e19]),
    ("<c8", [[0.0, 0.0], ["NaN", "NaN"], ["-Infinity", 2]]),
    ("<c16", [[0.1, -0.5], ["Infinity", 1]]),
    ("|S5", [0, "", base64.b64encode(b"ab/").decode(), base64.b64encode(b"abcde").decode()]),
    ("|V3", [0, base64.b64encode(b"\x00\xff\x01").decode()]),
    ("<U2", [0, "", "a", "\u2192\u00e9", "\U0001F600x"]),
    ("<M8[ns]", [0, -9223372036854775808, 1600000000000000000, "NaT"]),
    ("<m8[s]", [-5]),
    # Numbers as text, as writers in Java have them; text of |S that is no base64.
    ("<f8", ["1.5", "0", " -2.5e-3 "]), ("<f4", ["nan"]), ("<f8", ["-inf", "Infinity"]), ("<f4", ["+.5"]),
    ("<f2", ["7."]), ("<i2", ["0", "-7"]), ("<i4", ["+12"]), ("<i8", ["-9223372036854775808"]),
    ("<u8", ["18446744073709551615"]), ("|u1", [" 255 "]), (">i4", ["258"]), ("<c8", ["1.5"]), ("|S2", ["Y"]),
]


def element(dtype, value):
    """As zarr.meta.Metadata2.decode_fill_value() and zarr.util.normalize_fill_value() do."""
    dtype = np.dtype(dtype)
    if value == 0 and dtype.kind in "SUV":
        return np.zeros((), dtype)
    decoded = zarr.meta.Metadata2.decode_fill_value(value, dtype)
    return np.array(decoded, dtype)


def write_fills():
    lines = []
    for dtype, values in FILLS:
        for value in values:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                raw = little(element(dtype, value)).hex()
            lines.append(f"{dtype} {raw} {json.dumps(value)}")
    (HERE / "fills.txt").write_text("\n".join(lines) + "\n", encoding="ascii")


def main():
    lines, data = [], bytearray()
    for case in CASES:
        write_case(*case, lines, data)
    (HERE / "cases.txt").write_text("\n".join(lines) + "\n", encoding="ascii")
    (HERE / "data.bin").write_bytes(bytes(data))
    write_fills()


if __name__ == "__main__":
    main()
