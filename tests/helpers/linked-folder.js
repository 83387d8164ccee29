// SPDX-License-Identifier: MIT
// A directory store with many entries that takes the disk space of one: the chunks of all entries
// are hard links to those of the first.

import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { groupName } from './synthetic-store.js';

/**
 * @param {string} folder
 * @param {Map<string, Uint8Array>} content  a store of one entry
 * @param {number} count
 */
export function writeLinked(folder, content, count) {
  const first = groupName(0);
  for (const [key, value] of content) {
    const isChunk = /\/[0-9.]+$/.test(key);
    const entries = key.startsWith(first) ? count : 1;
    for (let index = 0; index < entries; index++) {
      const file = path.join(folder, key.replace(first, groupName(index)));
      mkdirSync(path.dirname(file), { recursive: true });
      if (isChunk && index > 0) linkSync(path.join(folder, key), file);
      else writeFileSync(file, value);
    }
  }
}
