# SPDX-License-Identifier: MIT
"""
Compares two Zarr directory stores as zarr-python reads them:

    compare_stores.py ORIGINAL OURS [loose]

Same groups and arrays, same attributes with their types, same dtypes, shapes and fill values, the
same elements bit for bit; unless `loose`, also the same chunks and compressor. Prints the
differences, and last how many arrays there are.
"""
import sys

import numpy as np
import zarr


def typed(value):
    """JSON with its types: 2 is not 2.0, nor is True 1."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [typed(item) for item in value]
    return type(value).__name__, repr(value)


def compare(path, a, b, loose, out):
    if type(a) is not type(b):
        out.append(f"{path}: {type(b).__name__}, expected {type(a).__name__}")
        return 0
    if typed(dict(a.attrs)) != typed(dict(b.attrs)):
        out.append(f"{path}: attributes differ")
    if isinstance(a, zarr.Array):
        strict = [] if loose else ["chunks", "compressor"]
        for name in ["shape", "dtype", "fill_value", "order", *strict]:
            if repr(getattr(a, name)) != repr(getattr(b, name)):
                out.append(f"{path}: {name} {getattr(b, name)!r}, expected {getattr(a, name)!r}")
        if np.asarray(a).tobytes() != np.asarray(b).tobytes():
            out.append(f"{path}: elements differ")
        return 1
    if sorted(a) != sorted(b):
        out.append(f"{path}: {sorted(set(a) ^ set(b))} in one of them only")
    return sum(compare(f"{path}/{name}", a[name], b[name], loose, out) for name in a if name in b)


def main():
    original, ours = (zarr.open_group(name, mode="r") for name in sys.argv[1:3])
    differences = []
    count = compare("", original, ours, "loose" in sys.argv[3:], differences)
    print("\n".join([*differences, f"{count} arrays"]))
    sys.exit(1 if differences else 0)


main()
