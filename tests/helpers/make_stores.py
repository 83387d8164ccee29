# SPDX-License-Identifier: MIT
"""
Other forms of a Zarr directory store, by other people's code:

    make_stores.py zip FOLDER OUT            stored, keys at the root (Python's zipfile)
    make_stores.py consolidate FOLDER OUT    its .zmetadata (zarr-python's consolidate_metadata)
"""
import sys
import zipfile
from pathlib import Path


def keys(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def make_zip(folder, out):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for key in keys(folder):
            archive.writestr(zipfile.ZipInfo(key), (folder / key).read_bytes())


def consolidate(folder, out):
    import zarr

    documents = {".zgroup", ".zarray", ".zattrs"}
    store = {key: (folder / key).read_bytes()
             for key in keys(folder) if key.rpartition("/")[2] in documents}
    zarr.consolidate_metadata(store)
    out.write_bytes(store[".zmetadata"])


def main():
    command, folder, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    {"zip": make_zip, "consolidate": consolidate}[command](folder, out)


main()
