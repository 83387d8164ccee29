# SPDX-License-Identifier: MIT
"""load-bores.py STORE: processor time that BORES takes to load every state, printed as JSON."""
import json
import sys
import time

import bores

begun = time.process_time()
for state in bores.ZarrStore(sys.argv[1]).load(bores.ModelState):
    pass
print(json.dumps({"seconds": time.process_time() - begun}))
