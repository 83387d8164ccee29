// SPDX-License-Identifier: MIT
// What keeps a file and what lies beside it while it is changed: Node's file system, the origin-private
// one. `file-committer.js` commits over any of them.

import { xxh32 } from '../base/xxh32.js';

/**
 * @import { SyncFile } from './sync-file.js'
 *
 * '': the file itself; the others lie beside it.
 * @typedef {'' | '.journal' | '.new'} Part
 *
 * @typedef {object} MediumFile
 * @property {() => number} size
 * @property {(offset: number, length: number, view: Uint8Array) => void} read
 * @property {(offset: number, bytes: Uint8Array) => void} write  all of them
 * @property {(size: number) => void} truncate
 * @property {() => Promise<void>} sync  makes its content durable
 * @property {() => void} close
 *
 * Its errors are BoresErrors that name the file.
 * @typedef {object} Medium
 * @property {string} location
 * @property {(part: Part) => string} nameOf  for messages
 * @property {(part: Part, options?: { create?: boolean }) => Promise<MediumFile | undefined>} open
 *   create: an absent file is made, one that is there is emptied; without it undefined when absent
 * @property {(part: Part) => Promise<void>} remove  what is absent is removed already
 * @property {(part: Part, file: MediumFile) => Promise<void>} [assertThere]  ERR_STORAGE when what is open
 *   is not any more what others find under its name
 * @property {() => Promise<void>} syncNames  makes durable which files there are
 * @property {(from: Part, to: Part) => Promise<void>} [rename]  at once, also over what is there
 */

const COPY_BYTES = 1024 * 1024;

/**
 * @param {MediumFile} from
 * @param {MediumFile} to
 */
export async function copyAll(from, to) {
  const part = new Uint8Array(COPY_BYTES);
  const size = from.size();
  for (let at = 0; at < size; at += part.length) {
    const length = Math.min(part.length, size - at);
    from.read(at, length, part);
    to.write(at, part.subarray(0, length));
  }
  to.truncate(size);
  await to.sync();
}

/** @param {MediumFile} file */
export function checksumOf(file) {
  const part = new Uint8Array(COPY_BYTES);
  const size = file.size();
  let sum = 0;
  for (let at = 0; at < size; at += part.length) {
    const length = Math.min(part.length, size - at);
    file.read(at, length, part);
    sum = xxh32(part.subarray(0, length), sum);
  }
  return sum;
}

/**
 * @param {Medium} medium
 * @param {Part} part
 */
export async function readAll(medium, part) {
  const file = await medium.open(part);
  if (!file) return undefined;
  try {
    const bytes = new Uint8Array(file.size());
    file.read(0, bytes.length, bytes);
    return bytes;
  } finally {
    file.close();
  }
}

/**
 * @param {MediumFile} file
 * @param {string} location
 * @returns {SyncFile}
 */
export function toSyncFile(file, location) {
  return {
    location, size: () => file.size(),
    read: (offset, length, view) => file.read(offset, length, view),
    write: (offset, bytes) => file.write(offset, bytes),
    truncate: (size) => file.truncate(size),
  };
}
