// SPDX-License-Identifier: MIT
// Where output goes: standard output, or a file that appears only when it is complete.

import { createWriteStream, realpathSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What is printed or written cannot go where it should. */
export class OutputError extends Error {
  /**
   * @param {string} where
   * @param {NodeJS.ErrnoException} cause
   */
  constructor(where, cause) {
    super(`cannot write ${where}: ${cause.message.split(',')[0]}`, { cause });
  }
}

/** Whether output goes to a file. @param {string | undefined} file */
export function toFile(file) {
  return file !== undefined && file !== '-';
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
  /** @type {{ error: unknown } | undefined} */
  let failure;
  const source = Readable.from((async function* relay() {
    try {
      result = (yield* pieces) ?? 0;
    } catch (error) {
      failure = { error };
      throw error;
    }
  })(), { objectMode: true });
  try {
    if (toFile(file)) await writeFile(source, /** @type {string} */ (file), signal);
    else await pipeline(source, process.stdout, { signal, end: false });
  } catch (error) {
    throw failure ? failure.error : fromOutput(error, file, signal);
  }
  return result;
}

/**
 * @param {string | Uint8Array} content
 * @param {string | undefined} file  undefined: standard output
 * @param {AbortSignal} [signal]
 * @returns {Promise<number>}  as writeOutput()
 */
export function writeOnce(content, file, signal) {
  return writeOutput((async function* once() { yield content; })(), file, signal);
}

/**
 * What the place that output goes to has said: a full disk is no bug of ours.
 * @param {any} error
 * @param {string | undefined} file
 * @param {AbortSignal} [signal]
 */
function fromOutput(error, file, signal) {
  if (signal?.aborted || error?.syscall === undefined || error.code === 'EPIPE') return error;
  return new OutputError(toFile(file) ? /** @type {string} */ (file) : 'standard output', error);
}

/**
 * @param {Readable} source
 * @param {string} name
 * @param {AbortSignal} [signal]
 */
async function writeFile(source, name, signal) {
  const file = endOfLinks(name);
  const existing = statSync(file, { throwIfNoEntry: false });
  const special = existing !== undefined && !existing.isFile(); // /dev/null, a named pipe
  const target = special ? file : `${file}.part-${process.pid}`;
  try {
    await pipeline(source, createWriteStream(target), { signal });
    if (!special) await rename(target, file);
  } catch (error) {
    if (!special) await rm(target, { force: true });
    throw error;
  }
}

/**
 * What a link leads to is written, and the link stays.
 * @param {string} file
 */
function endOfLinks(file) {
  try {
    return realpathSync.native(file);
  } catch {
    return file; // it is not there yet
  }
}
