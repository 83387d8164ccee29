#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How fast numcodecs, whose c-blosc BORES decodes with, decodes the chunks of a file that
blosc-decode.mjs makes, in one thread. Prints bytes a second."""
import struct
import sys
import time

import numpy as np
from numcodecs import blosc

SECONDS = 1.0
ROUNDS = 3


def read_chunks(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        length, = struct.unpack_from("<I", data, at)
        chunk = data[at + 4:at + 4 + length]
        yield chunk, struct.unpack_from("<I", chunk, 4)[0]
        at += 4 + length


blosc.use_threads = False
chunks = list(read_chunks(sys.argv[1]))
out = np.empty(max(size for _, size in chunks), np.uint8)
best = 0
for _ in range(ROUNDS):
    start = time.perf_counter()
    decoded = 0
    while time.perf_counter() - start < SECONDS:
        for chunk, size in chunks:
            blosc.decompress(chunk, out[:size])
            decoded += size
    best = max(best, decoded / (time.perf_counter() - start))
print(f"{best:.0f}")
