# SPDX-License-Identifier: MIT
"""zip-folder.py FOLDER OUT: the files of a folder in one zip, stored, in the order of their names."""
import os
import sys
import zipfile

folder, out = sys.argv[1:]
with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
    for base, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            full = os.path.join(base, name)
            archive.write(full, os.path.relpath(full, folder))
