# SPDX-License-Identifier: MIT
"""repeat-entries.py STORE OUT COUNT: a store of COUNT entries, those of STORE again and again, a day apart."""
import json
import os
import shutil
import sys

source, out, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
names = sorted(name for name in os.listdir(source) if name.startswith("entry_"))
os.makedirs(out)
for name in (".zgroup", ".zattrs"):
    shutil.copy(os.path.join(source, name), out)
root = os.path.join(out, ".zattrs")
with open(root) as file:
    attributes = json.load(file)
attributes["count"] = count
with open(root, "w") as file:
    json.dump(attributes, file)
for index in range(count):
    group = f"entry_{index:010d}"
    target = os.path.join(out, group)
    shutil.copytree(os.path.join(source, names[index % len(names)]), target, copy_function=os.link)
    path = os.path.join(target, ".zattrs")
    with open(path) as file:
        attributes = json.load(file)
    attributes.update(step=index, time=86400.0 * index, step_size=86400.0, _index=index,
                      _group_name=group)
    os.remove(path)  # a link to the other store's
    with open(path, "w") as file:
        json.dump(attributes, file)
