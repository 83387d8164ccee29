// SPDX-License-Identifier: MIT
// A folder of Node's file system that is written ahead of the commit that puts it, in whichever thread has
// made what is in it. Nobody reads there, and nothing is synced: the commit moves it, and does.

import { checkBatch } from '../base/batch.js';
import { loadNode } from '../../core/host.js';
import { NodeFiles, checkFileKey } from './node-files.js';

/** @import { Put, Staged, Staging } from '../base/storage.js' */

/**
 * @param {Staging} staging
 * @param {string} folder  that all keys are in
 * @param {readonly Put[]} puts
 * @returns {Promise<Staged>}
 * @throws {BoresError} as a commit of the puts
 */
export async function stageFolder({ path, location }, folder, puts) {
  const checked = checkBatch({ puts });
  for (const [key] of checked.puts) checkFileKey(key);
  const node = await loadNode();
  const files = new NodeFiles(node, location);
  const place = files.attempt(folder, () => {
    makeUnlessThere(node.fs, path);
    return node.path.basename(node.fs.mkdtempSync(`${path}/`));
  });
  const inside = checked.puts.map(([key, bytes]) => /** @type {const} */ ([key.slice(folder.length + 1), bytes, key]));
  try {
    await files.write(`${path}/${place}`, inside, { durable: false, made: new Set() });
  } catch (error) {
    await files.remove(`${path}/${place}`).catch(() => undefined); // the first error says more
    throw error;
  }
  return { folder, place, keys: inside.length, bytes: checked.bytes };
}

/**
 * In the folder of the writer, which is not made: without one, nothing is to be written.
 * @param {import('../../core/host.js').Node['fs']} fs
 * @param {string} path
 */
function makeUnlessThere(fs, path) {
  try {
    fs.mkdirSync(path);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
}
