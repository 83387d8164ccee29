# SPDX-License-Identifier: MIT
"""
Writes guide.json, head.json and wheel.json: one state each, as three versions of BORES wrote
it (the wheel 0.0.1b0, the guide's commit, the repository's newest), with every grid cut down
to its corner of 2 x 3 x 2 cells and the padded grids to 4 x 5 x 4. Names, nesting, dtypes,
scalars and values are theirs. Needs zarr-python 2 and directory stores that BORES wrote:

    python3 make.py GUIDE.zarr HEAD.zarr WHEEL.zarr

Arrays become {"$array": dtype, "shape", "data"}, NaN {"$nan": true}.
"""
import base64
import json
import math
import sys
from pathlib import Path

import numpy as np
import zarr

HERE = Path(__file__).parent
STEP = 5
NONE = "__NONE_SENTINEL__"
CORNER = (2, 3, 2)
PADDED = tuple(n + 2 for n in CORNER)


def plain(value):
    if isinstance(value, float) and math.isnan(value):
        return {"$nan": True}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return None if value == NONE else value


def array(path, values, grid):
    if path.endswith("grid_shape"):
        values = np.array(CORNER, dtype=values.dtype)
    elif values.shape == grid:
        values = values[tuple(slice(n) for n in CORNER)]
    elif values.shape == tuple(n + 2 for n in grid):
        values = values[tuple(slice(n) for n in PADDED)]
    data = [plain(v) for v in values.ravel().tolist()]
    return {"$array": values.dtype.name, "shape": list(values.shape), "data": data}


def nested(group, grid, path=""):
    tree = {}
    for name, value in group.attrs.items():
        if not (path == "" and name in ("_meta", "_index", "_group_name")):
            tree[name] = plain(value)
    for name, child in group.items():
        below = f"{path}/{name}"
        tree[name] = (array(below, child[...], grid) if isinstance(child, zarr.Array)
                      else nested(child, grid, below))
    if tree and all(name.isdigit() for name in tree):
        return [tree[name] for name in sorted(tree, key=int)]
    return tree


def flat(group, grid):
    """The newest layout: one level, names joined with U+2192."""
    items = {k: plain(v) for k, v in group.attrs.items()
             if k not in ("_meta", "_index", "_group_name", "_vtypes")}
    types = group.attrs["_vtypes"]
    for key, kind in types.items():
        if kind == "json":
            items[key] = plain(json.loads(items[key]))
        elif kind == "none":
            items[key] = None
    for key, child in group.arrays():
        items[key] = array(key, child[...], grid)
    tree = {}
    for key, value in items.items():
        *above, last = key.replace("%25", "%").split("\u2192")
        node = tree
        for name in above:
            node = node.setdefault(name, {})
        node[last] = value
    return tree


def shrink_tensors(node):
    """Sparse tensors: the shape of the corner; keys moved to its last layer, as many as fit."""
    if isinstance(node, list):
        for item in node:
            shrink_tensors(item)
    if not isinstance(node, dict) or "$array" in node:
        return
    for name, child in node.items():
        if isinstance(child, dict) and {"keys", "values", "default"} <= child.keys():
            values = child["values"]
            data = values["data"] if "$array" in values else record_values(values)
            kept = data[: CORNER[2]]
            cells = [CORNER[0] - 1, CORNER[1] - 1]
            node[name] = {
                "shape": list(CORNER), "dtype": child["dtype"], "default": child["default"],
                "keys": ({"$array": "int64", "shape": [len(kept), 3],
                          "data": [i for k in range(len(kept)) for i in (*cells, k)]}
                         if kept else {"$array": "int8", "shape": [0], "data": []}),
                "values": {"$array": "float64", "shape": [len(kept)], "data": kept},
            }
        else:
            shrink_tensors(child)


def record_values(values):
    """Values of tensors are array records in the newest layout, always of one axis."""
    shape = values["shape"]["data"] if isinstance(values["shape"], dict) else values["shape"]
    count = int(np.prod(shape))
    if values["encoding"] == "empty":
        return []
    if values["encoding"] == "scalar":
        return [values["value"]] * count
    if values["encoding"] in ("dense", "layered"):  # the same for one axis
        return [plain(v) for v in
                np.frombuffer(base64.b64decode(values["data"]), dtype=values["dtype"]).tolist()]
    raise ValueError(f"unexpected encoding {values['encoding']}")


def main(guide, head, wheel):
    for name, location in (("guide", guide), ("head", head), ("wheel", wheel)):
        root = zarr.open(location, mode="r")
        group = root[sorted(root.group_keys())[STEP]]
        is_flat = "_vtypes" in group.attrs
        thickness = "model\u2192thickness_grid" if is_flat else "model/thickness_grid"
        tree = (flat if is_flat else nested)(group, group[thickness].shape)
        if isinstance(tree["model"]["grid_shape"], list):
            tree["model"]["grid_shape"] = list(CORNER)
        shrink_tensors(tree)
        text = json.dumps(tree, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        (HERE / f"{name}.json").write_text(text + "\n")


main(*sys.argv[1:])
