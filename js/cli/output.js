// SPDX-License-Identifier: MIT
// Where output goes: standard output, or a file that appears only when it is complete.

import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes all pieces and waits for each to be taken, so that a slow reader bounds the memory.
 *
 * @param {AsyncGenerator<string | Uint8Array, number | void>} pieces
 * @param {string | undefined} file  undefined: standard output
 * @param {AbortSignal} signal
 * @returns {Promise<number>}  what the generator returned, or 0
 * @throws whatever the generator throws, and errors of writing
 */
export async function writeOutput(pieces, file, signal) {
  let result = 0;
  const source = Readable.from((async function* relay() {
    result = (yield* pieces) ?? 0;
  })(), { objectMode: true });
  if (file === undefined) {
    await pipeline(source, process.stdout, { signal, end: false });
    return result;
  }
  const partial = `${file}.part-${process.pid}`;
  try {
    await pipeline(source, createWriteStream(partial), { signal });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return result;
}
