// SPDX-License-Identifier: MIT
import { readdirSync } from 'node:fs';
import path from 'node:path';

/**
 * All files of a folder and those in it.
 * @param {string} folder
 * @returns {string[]}  their names below it, with '/'
 */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    // Node before 20.12 knows `path` alone, Node 24 does not know it any more.
    .map((item) => path.relative(folder, path.join(item.parentPath ?? item.path, item.name)).replaceAll(path.sep, '/'));
}
