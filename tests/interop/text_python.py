# SPDX-License-Identifier: MIT
"""Text stores as Python reads them, and scalars as PyYAML resolves them: one JSON document each.

    text_python.py json|yaml FILE     the values of a store, floats and arrays as hexadecimal digits
    text_python.py resolve            lines of stdin as plain scalars
"""
import base64
import json
import math
import sys

import numpy as np
import yaml


class Loader(yaml.SafeLoader):
    """With BORES's two tags."""


def ndarray(loader, node):
    record = loader.construct_mapping(node, deep=True)
    if isinstance(record["data"], str):
        flat = np.frombuffer(base64.b64decode(record["data"]), record["dtype"])
    else:
        flat = np.array(record["data"], record["dtype"])
    return flat.reshape(record["shape"])


def np_scalar(loader, node):
    record = loader.construct_mapping(node, deep=True)
    return np.dtype(record["dtype"]).type(record["value"])


Loader.add_constructor("!ndarray", ndarray)
Loader.add_constructor("!np_scalar", np_scalar)


def decode(record):
    """An array record, by bores's encodings."""
    dtype, shape = np.dtype(record["dtype"]), tuple(record["shape"])
    raw = lambda field, kind=dtype: np.frombuffer(base64.b64decode(record[field]), kind)
    encoding = record["encoding"]
    if encoding == "list":
        return np.array(record["data"], dtype).reshape(shape)
    if encoding in ("dense", "base64"):
        return raw("data").reshape(shape)
    if encoding == "empty":
        return np.zeros(shape, dtype)
    if encoding == "scalar":
        return np.full(shape, record["value"], dtype)
    if encoding == "layered":
        axes = [1] * len(shape)
        axes[record["axis"]] = -1
        return np.broadcast_to(raw("data").reshape(axes), shape)
    assert encoding == "sparse", encoding
    flat = np.full(shape, record["fill"], dtype).ravel()
    flat[raw("indices", np.dtype("<i4"))] = raw("values")
    return flat.reshape(shape)


def describe(value):
    if isinstance(value, dict) and value.get("__ndarray__") is True:
        value = decode(value)
    if isinstance(value, np.ndarray):
        if value.ndim == 0:
            return describe(value.item())
        return {"dtype": value.dtype.name, "shape": list(value.shape),
                "hex": np.ascontiguousarray(value).tobytes().hex()}
    if isinstance(value, dict):
        return {key: describe(item) for key, item in value.items()}
    if isinstance(value, list):
        return [describe(item) for item in value]
    if isinstance(value, float):
        return "nan" if math.isnan(value) else "f" + np.float64(value).tobytes().hex()
    if isinstance(value, int) and not isinstance(value, bool):
        return "i" + str(value)
    return value


def resolve(text):
    try:
        value = yaml.load(text, Loader)
    except (yaml.YAMLError, ValueError):
        return {"error": text}  # no scalar, or one that PyYAML resolves and cannot construct
    kind = type(value).__name__
    if kind in ("dict", "list") or text == "---":
        return {"error": text}
    return describe(value) if kind in ("bool", "int", "float", "NoneType", "str") else text


def main():
    if sys.argv[1] == "resolve":
        result = [resolve(line) for line in sys.stdin.read().split("\n")]
    else:
        with open(sys.argv[2], encoding="utf-8") as file:
            store = json.load(file) if sys.argv[1] == "json" else yaml.load(file, Loader)
        result = describe(store)
    print(json.dumps(result))


main()
