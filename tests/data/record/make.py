#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes records.json beside it: array records of every encoding, and the elements NumPy says they
have, as {"record": {..}, "dtype": "<f8", "shape": [..], "hex": "little-endian, C order"}.

bores.json, also here, holds records that BORES itself wrote (head 5a0ede4 and guide 4dc7e65), with
the values that BORES's own load() gives for them: minimum, maximum, sum and three elements.

Made with Python 3.11.2, NumPy 1.24.2.
"""
import base64
import json
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
RANDOM = np.random.RandomState(5)  # pylint: disable=no-member


def text(array):
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


def case(array, encoding, dtype=None, **fields):
    """A record of `array`, and what it must become."""
    native = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"))
    return {"record": {"__ndarray__": True, "dtype": dtype or array.dtype.str,
                       "shape": list(array.shape), "encoding": encoding, **fields},
            "dtype": native.dtype.str, "shape": list(array.shape), "hex": native.tobytes().hex()}


def layered(shape, axis, dtype):
    profile = RANDOM.normal(size=shape[axis]).astype(dtype)
    view = [1] * len(shape)
    view[axis] = shape[axis]
    return case(np.broadcast_to(profile.reshape(view), shape), "layered", axis=axis,
                data=text(profile))


def sparse(shape, dtype, fill, indices):
    array = np.full(shape, fill, dtype)
    values = RANDOM.normal(size=len(indices)).astype(dtype)
    array.reshape(-1)[indices] = values
    return case(array, "sparse", fill=None if fill != fill else fill,
                indices=text(np.array(indices, "<i4")), values=text(values))


def nested(array, **fields):
    return case(array, "list", data=array.tolist(), **fields)


def cases():
    grid = RANDOM.normal(size=(3, 4, 2))
    with_nan = np.array([[1.5, np.nan], [np.inf, -0.0]])
    yield case(np.zeros((0,)), "empty")
    yield case(np.zeros((3, 0, 2), "<i4"), "empty")
    yield case(np.full((3, 2), 200.5), "scalar", value=200.5)
    yield case(np.full((3, 2), 7.0, "<f4"), "scalar", value=7)
    yield case(np.full((2, 2), np.nan), "scalar", value=None)
    yield case(np.full((2, 2), np.nan), "scalar", value=float("nan"))
    yield case(np.full((4,), -3, "<i8"), "scalar", value=-3)
    yield case(np.full((2, 3), True), "scalar", value=True)
    yield case(np.full((2, 3), 0.1, "<f2"), "scalar", value=0.1)
    yield case(np.array(2.5), "scalar", value=2.5)
    yield case(np.full((2,), 2**64 - 1, "<u8"), "scalar", value=2**64 - 1)
    yield layered((3,), 0, "<f8")
    for axis in range(3):
        yield layered((4, 3, 5), axis, "<f8")
    yield layered((4, 3, 5), 1, ">f4")
    yield layered((2, 1, 3, 2), 2, "<f2")
    yield layered((2, 0, 3), 2, "<f8")
    yield sparse((5, 4, 3), "<f8", 0.0, [0, 7, 59])
    yield sparse((5, 4, 3), "<f4", float("nan"), [58])
    yield sparse((5, 4), ">f8", 1270.0, [3, 4])
    yield sparse((5, 4), "<i2", 9, [])
    yield case(grid, "dense", data=text(grid))
    yield case(grid.astype(">f4"), "base64", data=text(grid.astype(">f4")))
    yield case(grid > 0, "base64", dtype="bool", data=text(grid > 0))
    yield case(grid.astype("<f4"), "base64", dtype="float32", data=text(grid.astype("<f4")))
    for count in range(5):  # every padding of base64
        raw = RANDOM.randint(0, 255, count).astype("|u1")
        yield case(raw, "dense", data=text(raw))
    pairs = (grid + 1j * grid).astype(">c16")
    yield case(pairs, "dense", data=text(pairs))
    words = np.array(["a", "\u2192b"], "<U2")
    yield case(words, "dense", data=text(words))
    yield nested(grid)
    yield nested(np.arange(6, dtype="<i8").reshape(2, 3))
    yield nested(np.array([True, False]), dtype="bool")
    yield nested(np.array(4.5))
    yield nested(np.zeros((2, 0)))
    yield nested(np.zeros((0,)))
    yield case(grid, "list", data=grid.reshape(-1).tolist())
    yield case(with_nan, "list", data=[[1.5, None], [float("inf"), -0.0]])


def main():
    lines = ",\n".join(json.dumps(c) for c in cases())
    (HERE / "records.json").write_text(f"[\n{lines}\n]\n", encoding="ascii")


if __name__ == "__main__":
    main()
