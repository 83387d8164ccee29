// SPDX-License-Identifier: MIT
// Where output goes: standard output, or a file that appears only when it is complete.

import { createWriteStream, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The output file cannot be written. */
export class OutputError extends Error {
  /**
   * @param {string} file
   * @param {NodeJS.ErrnoException} cause
   */
  constructor(file, cause) {
    super(`cannot write ${file}: ${cause.message.split(',')[0]}`, { cause });
  }
}

/**
 * Writes all pieces and waits for each to be taken, so that a slow reader bounds the memory.
 *
 * @param {AsyncGenerator<string | Uint8Array, number | void>} pieces
 * @param {string | undefined} file  undefined or '-': standard output
 * @param {AbortSignal} [signal]
 * @returns {Promise<number>}  what the generator returned, or 0
 * @throws whatever the generator throws; OutputError; EPIPE when standard output was closed
 */
export async function writeOutput(pieces, file, signal) {
  let result = 0;
  const source = Readable.from((async function* relay() {
    result = (yield* pieces) ?? 0;
  })(), { objectMode: true });
  if (file === undefined || file === '-') {
    await pipeline(source, process.stdout, { signal, end: false });
  } else {
    await writeFile(source, file, signal);
  }
  return result;
}

/**
 * @param {Readable} source
 * @param {string} file
 * @param {AbortSignal} [signal]
 */
async function writeFile(source, file, signal) {
  const existing = statSync(file, { throwIfNoEntry: false });
  const special = existing !== undefined && !existing.isFile(); // /dev/null, a named pipe
  const target = special ? file : `${file}.part-${process.pid}`;
  try {
    await pipeline(source, createWriteStream(target), { signal });
    if (!special) await rename(target, file);
  } catch (cause) {
    if (!special) await rm(target, { force: true });
    const error = /** @type {NodeJS.ErrnoException} */ (cause);
    throw error?.path === target ? new OutputError(file, error) : error;
  }
}
