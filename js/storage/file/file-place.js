// SPDX-License-Identifier: MIT
// Where a file is, for a format that needs one file read at any place: what opens it, says whether it has
// changed, and writes it. tests/js/storage runs one suite over every place that can be written.

import { BoresError } from '../../core/errors.js';
import { PagedFile } from './paged-file.js';
import { SourceFile } from './sync-file.js';

/**
 * @import { ByteSource } from '../base/byte-source.js'
 * @import { OverlayFile } from './overlay-file.js'
 * @import { ReadOptions, Recovery, Usage, WriterOptions } from '../base/storage.js'
 * @import { SyncFile } from './sync-file.js'
 * @import { Replacement } from './file-committer.js'
 *
 * A file as it was. Reading it when it has changed since may bring anything; `version` tells.
 * @typedef {{ file: SyncFile, version: string, close: () => void }} Snapshot
 *
 * @typedef {object} FilePlace
 * @property {string} kind      'file', 'opfs', 'idb', 'memory', 'http', 'bytes'
 * @property {string} location  what a message calls it
 * @property {boolean} closed
 * @property {(options?: ReadOptions) => Promise<Snapshot | undefined>} snapshot
 *   undefined when it is absent and may be made. ERR_NOT_FOUND
 * @property {(options?: ReadOptions & { refresh?: boolean }) => Promise<string>} version  as it is now; ''
 *   when absent. refresh: even where that takes a request
 * @property {(options?: ReadOptions) => Promise<Usage | undefined>} usage
 * @property {(options?: WriterOptions) => Promise<FileWriter>} [openWriter]  ERR_LOCKED
 * @property {(options?: ReadOptions) => Promise<Recovery>} [leftovers]
 * @property {() => Promise<void>} close  idempotent
 *
 * The only one of its file.
 * @typedef {object} FileWriter
 * @property {Recovery} recovered  what was put right when it was opened
 * @property {(overlay: OverlayFile, options?: ReadOptions & { version?: string }) => Promise<void>} commit
 *   of an overlay over the file's snapshot as it is, that of `version`: all or nothing, for readers and
 *   across a kill. ERR_LOCKED when another has written, or removed the file, since
 * @property {() => Promise<Replacement>} replace  a new content, beside the old one until it is published
 * @property {() => Promise<Recovery>} recover  finishes or drops what an earlier commit could not put right
 * @property {() => Promise<void>} close  idempotent
 */

/** What is only read, and does not change: bytes, a File, what is on a web server. @implements {FilePlace} */
export class SourcePlace {
  closed = false;
  #source;
  #file;
  #version;

  /**
   * @param {string} kind
   * @param {ByteSource & { version?: (options?: ReadOptions) => Promise<string> }} source  ours to close
   */
  constructor(kind, source) {
    this.kind = kind;
    this.location = source.location;
    this.#source = source;
    this.#file = kind === 'bytes' ? new SourceFile(source) : new PagedFile(source);
    this.#version = `${source.size}`;
  }

  /** @param {ReadOptions} [options] */
  async snapshot(options) {
    assertOpen(this, options);
    return { file: this.#file, version: this.#version, close: () => {} };
  }

  /** @param {ReadOptions} [options] */
  async version(options) {
    assertOpen(this, options);
    return this.#version;
  }

  async usage() {
    return { bytes: this.#source.size, keys: 1 };
  }

  async close() {
    if (this.closed) return;
    this.closed = true;
    await this.#source.close();
  }
}

/**
 * @param {{ closed: boolean, location: string }} place
 * @param {ReadOptions} [options]
 */
export function assertOpen({ closed, location }, options) {
  if (closed) throw new BoresError('ERR_CLOSED', `${location} is closed`);
  options?.signal?.throwIfAborted();
}
