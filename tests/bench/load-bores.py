# SPDX-License-Identifier: MIT
"""load-bores.py STORE: seconds that BORES takes to load every state, printed as JSON."""
import json
import sys
import time

import bores

begun = time.perf_counter()
for state in bores.ZarrStore(sys.argv[1]).load(bores.ModelState):
    pass
print(json.dumps({"seconds": time.perf_counter() - begun}))
