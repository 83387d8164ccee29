// SPDX-License-Identifier: MIT
// Consolidated metadata of a Zarr 2 store in a folder, made when it is asked for: BORES does
// not write any, and a web server cannot list. Nothing is stored.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const DOCUMENTS = new Set(['.zgroup', '.zarray', '.zattrs']);

/**
 * @param {string} folder
 * @returns {Buffer | null}  the `.zmetadata` document; null if this is no Zarr 2 group
 */
export function consolidatedMetadata(folder) {
  if (!existsSync(path.join(folder, '.zgroup'))) return null;
  /** @type {string[]} */ const parts = [];
  collect(folder, '', parts);
  return Buffer.from(`{"zarr_consolidated_format":1,"metadata":{${parts.join(',')}}}`);
}

/**
 * Documents go in as they are: BORES writes bare NaN, which JSON.parse() would refuse.
 * @param {string} folder
 * @param {string} prefix
 * @param {string[]} parts
 */
function collect(folder, prefix, parts) {
  const items = readdirSync(folder, { withFileTypes: true });
  for (const item of items) {
    if (!item.isFile() || !DOCUMENTS.has(item.name)) continue;
    const text = readFileSync(path.join(folder, item.name), 'utf8');
    parts.push(`${JSON.stringify(prefix + item.name)}:${text}`);
  }
  // Below an array are only chunks.
  if (items.some(({ name }) => name === '.zarray')) return;
  for (const item of items) {
    if (item.isDirectory()) collect(path.join(folder, item.name), `${prefix}${item.name}/`, parts);
  }
}
