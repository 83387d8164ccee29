// SPDX-License-Identifier: MIT
// For `node --import`: a process that gets the signal KILLED_WITH just before it renames something to
// a name that ends with KILLED_BEFORE, both of the environment, in whichever of its threads.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const { KILLED_BEFORE = '', KILLED_WITH = 'SIGKILL' } = process.env;
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  if (String(to).endsWith(KILLED_BEFORE)) process.kill(process.pid, KILLED_WITH);
  renameSync(from, to);
};
syncBuiltinESMExports();
