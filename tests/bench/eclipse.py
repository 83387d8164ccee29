# SPDX-License-Identifier: MIT
"""All PRESSURE arrays of a restart, read by resfo or by resdata: seconds, and the sum of their first values.

    python3 eclipse.py resfo|resdata FILE
"""
import sys
import time

peer, path = sys.argv[1:]
if peer == "resfo":
    import resfo
else:
    from resdata.resfile import ResdataFile
start = time.perf_counter()
total = 0.0
if peer == "resfo":
    for entry in resfo.lazy_read(path):
        if entry.read_keyword() == "PRESSURE":
            total += float(entry.read_array()[0])
else:
    restart = ResdataFile(path)
    for n in range(restart.num_named_kw("PRESSURE")):
        total += float(restart.iget_named_kw("PRESSURE", n).numpy_view()[0])
print(time.perf_counter() - start, total)
