# SPDX-License-Identifier: MIT
"""Runs write_codec_samples and decodes what it writes with numcodecs.

The plain bytes come from the generator of the codec goldens, in NumPy.
"""
import pathlib
import subprocess
import sys
import tempfile

import numcodecs

data = pathlib.Path(__file__).parent.parent / "data" / "codec"
sys.path.insert(0, str(data))
sys.dont_write_bytecode = True
import generate  # noqa: E402  (found by the line above)

decoders = {
    "blosc": numcodecs.Blosc(),
    "zstd": numcodecs.Zstd(),
    "gzip": numcodecs.GZip(),
    "zlib": numcodecs.Zlib(),
    "lz4": numcodecs.LZ4(),
}

with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.argv[1], folder], check=True)
    samples = sorted(pathlib.Path(folder).iterdir())
    wrong = []
    for sample in samples:
        plain, _, codec = sample.name.split(".")
        if bytes(decoders[codec].decode(sample.read_bytes())) != generate.plains[plain].tobytes():
            wrong.append(sample.name)

print(f"{len(samples)} samples, wrong: {wrong}")
sys.exit(len(samples) == 0 or len(wrong) > 0)
