# SPDX-License-Identifier: MIT
"""Writes the archives beside it with Python's zipfile and zarr-python's ZipStore: what other
programs make of a zip, for tests/js/storage/zip/zip.test.js. Run with the system's python3.

CONTENT is what every archive holds, unless its name says otherwise.
"""

import io
import pathlib
import zipfile

HERE = pathlib.Path(__file__).parent
CONTENT = {
    ".zgroup": b'{"zarr_format": 2}',
    "a→b/.zarray": b'{"shape": [3]}',
    "a→b/0": bytes(range(256)) * 4,
    "wells/PROD-2 Ærøskøbing/rate": b"",
    "z": b"abc" * 100,
}


class Unseekable(io.RawIOBase):
    """A stream: zipfile then writes data descriptors behind the values."""

    def __init__(self, raw):
        self.raw = raw

    def writable(self):
        return True

    def write(self, data):
        return self.raw.write(data)


def write(name, content=CONTENT, method=zipfile.ZIP_STORED, folder="", target=None, comment=b""):
    """`target`: a stream instead of a file; folders get entries of their own where there is one."""
    with zipfile.ZipFile(target or HERE / name, "w", method) as archive:
        if folder:
            archive.writestr(zipfile.ZipInfo(folder, (2020, 1, 1, 0, 0, 0)), b"")
        for key, value in content.items():
            info = zipfile.ZipInfo(folder + key, (2020, 1, 1, 0, 0, 0))
            info.compress_type = method
            archive.writestr(info, value)
        archive.comment = comment


def write_zip64():
    """Every size, offset and count as Zip64, by making the limits small."""
    saved = zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = 40, 2
    write("zip64.zip")
    zipfile.ZIP64_LIMIT, zipfile.ZIP_FILECOUNT_LIMIT = saved


def main():
    write("stored.zip", comment=b"a comment behind the end record")
    write("deflated.zip", method=zipfile.ZIP_DEFLATED)
    write("bzip2.zip", method=zipfile.ZIP_BZIP2)
    write("folder.zip", folder="results/run.zarr/")
    write_zip64()
    streamed = io.BytesIO()
    write(None, method=zipfile.ZIP_DEFLATED, target=Unseekable(streamed))
    (HERE / "streamed.zip").write_bytes(streamed.getvalue())
    stored = (HERE / "stored.zip").read_bytes()
    (HERE / "prefixed.zip").write_bytes(b"#!/bin/sh\nexit 1\n" + stored)
    with zipfile.ZipFile(HERE / "duplicates.zip", "w") as archive:
        for text in ("first", "second"):
            archive.writestr(zipfile.ZipInfo(".zgroup"), text)


main()
