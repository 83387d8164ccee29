# SPDX-License-Identifier: MIT
"""
Writes ../../fuzz/corpus/entry/zarr3*.kv: an entry of three arrays in version 3 of Zarr, once for a host that
lists and once for one that does not, in the form that make.py tells.

    python3 make_zarr3_seeds.py STORE.zarr    (of ../bores/zarr3.tar.br, the consolidated one)
"""
import json
import struct
import sys
from pathlib import Path

SEEDS = Path(__file__).parent / "../../fuzz/corpus/entry"
STORE = Path(sys.argv[1])
ENTRY = "entry_0000000000"
SHOWN = 3


def trimmed(document):
    attributes = document["attributes"]
    kept = {key: attributes[key] for key in list(attributes)[:12]}
    for key in ("_index", "_group_name", "_meta", "count"):
        if key in attributes:
            kept[key] = attributes[key]
    tags = attributes.get("_vtypes", {})
    return {**document, "attributes": {**kept, **({"_vtypes": {k: v for k, v in tags.items() if k in kept}} if tags else {})}}


def record(key, value):
    name = key.encode()
    return struct.pack("<H", len(name)) + name + struct.pack("<I", len(value)) + value


root = json.loads((STORE / "zarr.json").read_text())
nodes = root["consolidated_metadata"]["metadata"]
arrays = [key for key in sorted(nodes) if key.startswith(f"{ENTRY}/")][:SHOWN]
kept = {key: trimmed(nodes[key]) if key == ENTRY else nodes[key] for key in [ENTRY, *arrays]}
root = trimmed({**root, "consolidated_metadata": {**root["consolidated_metadata"], "metadata": kept}})
values = {"zarr.json": json.dumps(root).encode()}
for key, document in kept.items():
    values[f"{key}/zarr.json"] = json.dumps(document).encode()
for key in arrays:
    for chunk in sorted((STORE / key).rglob("c*")):
        if chunk.is_file():
            values[str(chunk.relative_to(STORE))] = chunk.read_bytes()
body = b"".join(record(key, value) for key, value in values.items())
(SEEDS / "zarr3.kv").write_bytes(b"\0" + body)
(SEEDS / "zarr3-unlisted.kv").write_bytes(b"\1" + body)
