# SPDX-License-Identifier: MIT
"""
Writes slices.json: parts of arrays of v2.tar.br, taken by NumPy from the cases' expected elements.

    python3 make_slices.py UNPACKED    (the unpacked archive)

An item of a slice is null (all), an integer (the axis goes) or [start, stop, step] with nulls for
defaults. `bytes` is the hexadecimal of the elements, little-endian, in C order.
"""
import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CASES = {
    "v2_C_3d": [[0], [-1, None, 0], [[1, 6, 2], [None, None, -1], [-3, -1, 1]], [[5, 1, -3]],
                [[4, 4, 1]], [None, [100, 200, 1]], [None, [-100, 100, 3], 1]],
    "v2_F_4d": [[1, 0, None, -1], [[None, None, -2], [1, None, 1], [0, 1, 1], [None, None, -1]]],
    "v2_F_be_f8": [[[6, None, -1], 2], [-7, [None, 3, 2], [3, None, -2]]],
    "v2_sep_slash": [[3, [1, 4, 1], [0, 4, 3]]],
    "v2_blosc_multiblock": [[-1], [[-1, None, -50000]], [[10, 200000, 65537]]],
    "v2_fill_F": [[[2, 7, 1], [1, 4, 1]]],
    "v2_all_missing": [[0, 0, 0], [[None, None, 4], 1]],
    "v2_dt_U5": [[[1, 6, 3], [4, 0, -2]]],
    "v2_dt_le_c16": [[-2, [None, None, 2]]],
    "v2_zero_len_2d": [[None], [[0, 5, 1]]],
    "v2_0d": [[]],
}


def index(slice_):
    return tuple(item if isinstance(item, int) else slice(*(item or (None,))) for item in slice_)


def main():
    folder = Path(sys.argv[1])
    cases = {case["case"]: case for case in json.loads((folder / "cases.json").read_text())}
    out = []
    for name, slices in CASES.items():
        case = cases[name]
        data = (folder / Path(*Path(case["expected"]["file"]).parts[1:])).read_bytes()
        dtype = np.dtype(case["dtype"]).newbyteorder("<")
        array = np.frombuffer(data, dtype).reshape(case["shape"])
        for slice_ in slices:
            part = np.ascontiguousarray(array[index(slice_)])
            shape = list(array[index(slice_)].shape)
            out.append({"case": name, "slice": slice_, "shape": shape, "bytes": part.tobytes().hex()})
    text = ",\n".join(json.dumps(item) for item in out)
    (HERE / "slices.json").write_text(f"[\n{text}\n]\n")


main()
