// SPDX-License-Identifier: MIT
// What a session is: a format over a medium. It is the same object in this thread and, behind js/worker,
// in another one; what crosses is plain data. Here is what the sessions of all formats share.

import { Core } from '../core/core.js';
import { BoresError } from '../core/errors.js';
import * as geometry from '../core/geometry.js';
import { instanceOf } from '../core/instances.js';
import { nearestName } from '../core/options.js';
import { repacked } from '../core/pack.js';
import { Digesters } from './digesters.js';

/**
 * @import { Puts } from '../core/encode.js'
 * @import { PackedParams, PackedTree } from '../core/pack.js'
 * @import { DigesterSeed } from './digesters.js'
 * @import { ReadOptions, Recovery, Staged, Staging, Usage, WriterOptions } from '../storage/base/storage.js'
 * @typedef {{ signal?: AbortSignal }} CallOptions
 *
 * What turns entries into keys and bytes, in this thread or in others. `pack` makes the parameters of
 * the format's `encode`; it is called when it is the entry's turn.
 * @typedef {object} Encoder
 * @property {number} capacity  how many entries it can work on at a time
 * @property {(pack: () => PackedParams, options?: CallOptions) => Promise<Puts>} encode
 * @property {(pack: () => PackedParams, staging: Staging, options?: CallOptions) => Promise<Staged>} [stage]
 *   the same, and writes them, all of one folder
 * @property {() => void} close
 *
 * @typedef {object} Change
 * @property {Puts[]} puts        of entries
 * @property {Staged[]} [staged]  entries that were written ahead
 * @property {string[]} [deletes] groups
 * @property {unknown} root       parameters of `zarr.root`
 *
 * The writing half: of one writer at a time, from lock() to unlock().
 * @typedef {object} SessionWriter
 * @property {(options?: WriterOptions) => Promise<Recovery>} lock  what a killed writer had left;
 *   ERR_LOCKED naming the other writer, ERR_READ_ONLY
 * @property {() => Promise<void>} unlock
 * @property {(change: Change, options?: CallOptions) => Promise<void>} commit  all or nothing
 * @property {() => Promise<Staging | undefined>} staging  where threads may write entries ahead, until unlock()
 * @property {() => Promise<boolean>} isConsolidated  whether there are consolidated metadata, old or not
 * @property {(puts: Puts, options?: CallOptions) => Promise<void>} consolidate  puts: of `zarr.consolidate`
 * @property {() => Promise<void>} replaceBegin  nothing of a new content is visible before replaceEnd()
 * @property {(puts: Puts) => Promise<void>} replaceAdd  resolves when the next are wanted
 * @property {(root: unknown) => Promise<void>} replaceEnd  parameters of `zarr.root`
 * @property {() => Promise<void>} replaceAbort  leaves what was there, as a kill does
 * @property {() => Promise<Recovery>} recover  after a commit that failed: finishes it or rolls it back
 * @property {(options?: CallOptions) => Promise<Recovery>} leftovers  of a killed writer; changes nothing
 *
 * @typedef {object} Session
 * @property {() => Promise<{ kind: string, location: string }>} describe  where it is and what it is in
 * @property {(name: string, params: unknown, options?: CallOptions) => Promise<PackedTree>} run
 *   an operation (ARCHITECTURE.md, "Operations"), less the prefix, which is the format's
 * @property {(key: number, name: string, params: unknown, options?: CallOptions) => Promise<PackedTree>} digest
 *   of an operation that gives an entry: what the analysis of that key keeps of its state
 * @property {(key: number, seed: DigesterSeed) => Promise<void>} openDigester  before digest() is asked with it
 * @property {(key: number) => Promise<void>} closeDigester  idempotent
 * @property {() => Promise<string | undefined>} version  of the file, where it is one: another text where its
 *   content may be another; as it is read, not as it is now
 * @property {(prefix?: string, options?: CallOptions) => Promise<Usage | undefined>} usage  stored bytes and
 *   keys below a folder; undefined where the medium cannot tell
 * @property {() => Promise<number>} received  bytes that have come over a network so far
 * @property {(name: keyof typeof geometry | 'askCells' | 'gridFence', args: unknown[]) => Promise<any>} compute
 * @property {SessionWriter} writer
 * @property {() => Promise<void>} close  idempotent
 * @property {boolean} [isRemote]  in another thread
 */

/**
 * The methods that a worker is asked for by name, less close().
 * @typedef {object} Method
 * @property {number} [options]  which argument has the signal, if any has
 * @property {boolean} [sends]   whether what else the options hold matters to the session
 * @property {boolean} [settles] whether an aborted call is waited for: it may have been done
 * @property {(...args: any[]) => Puts} [moves]  what goes to the worker instead of being copied
 */

/** @type {Record<string, Method>} */
export const METHODS = {
  run: { options: 2 },
  digest: { options: 3 },
  openDigester: {},
  closeDigester: {},
  version: {},
  usage: { options: 1 },
  received: {},
  compute: {},
  'writer.lock': { options: 0, sends: true },
  'writer.unlock': {},
  'writer.commit': { options: 1, settles: true, moves: (change) => change.puts.flat() },
  'writer.staging': {},
  'writer.isConsolidated': {},
  'writer.consolidate': { options: 1, settles: true, moves: (puts) => puts },
  'writer.replaceBegin': {},
  'writer.replaceAdd': { moves: (puts) => puts },
  'writer.replaceEnd': {},
  'writer.replaceAbort': {},
  'writer.recover': {},
  'writer.leftovers': { options: 0 },
};

/** A session's own half of what Session says; its format does the rest. */
export class SessionBase {
  #medium;
  /** Made for the first analysis. @type {Digesters | undefined} */ #digesters;
  #closed = false;

  /** @param {{ kind: string, location: string, close: () => Promise<void> }} medium  ours to close */
  constructor(medium) {
    this.#medium = medium;
  }

  async describe() {
    return { kind: this.#medium.kind, location: this.#medium.location };
  }

  /** @returns {Promise<string | undefined>} */
  async version() {
    return undefined;
  }

  /** Whoever opens it puts a count in its place (`openBackend`). */
  async received() {
    return 0;
  }

  /** @type {Session['compute']} */
  async compute(name, args) {
    return compute(name, args);
  }

  /**
   * The format's.
   * @abstract
   * @type {Session['run']}
   */
  async run() {
    throw new BoresError('ERR_INTERNAL', 'a session has operations');
  }

  /** @type {Session['digest']} */
  async digest(key, name, params, options) {
    return this.lend(name, params, options, (entry) => this.#analyses().digest(key, entry));
  }

  /**
   * What is made of an operation's result; formats that have it in a heap lend it from there, uncopied.
   * @protected
   * @template T
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions | undefined} options
   * @param {(result: PackedParams) => T} use
   * @returns {Promise<T>}
   */
  async lend(name, params, options, use) {
    return use(repacked(await this.run(name, params, options)));
  }

  /** @type {Session['openDigester']} */
  async openDigester(key, seed) {
    await this.#analyses().open(key, seed);
  }

  /** @type {Session['closeDigester']} */
  async closeDigester(key) {
    this.#digesters?.close(key);
  }

  #analyses() {
    return this.#digesters ??= new Digesters();
  }

  async close() {
    if (this.#closed) return;
    this.#closed = true;
    this.#digesters?.closeAll();
    try {
      await this.closeWriter();
    } finally {
      await this.release();
      await this.#medium.close();
    }
  }

  get closed() {
    return this.#closed;
  }

  /** @throws {BoresError} ERR_CLOSED */
  assertOpen() {
    if (this.#closed) throw new BoresError('ERR_CLOSED', `${this.#medium.location} is closed`);
  }

  /** @protected */
  async closeWriter() {}

  /** Lets go of what is kept in the core. @protected */
  async release() {}
}

/**
 * The writing half over a medium's own writer.
 * @template {{ recovered: Recovery, recover: () => Promise<Recovery>, close: () => Promise<void>,
 *   staging?: () => Staging | undefined }} W
 */
export class WriterBase {
  #medium;
  /** @type {Promise<W> | undefined} */ #writer;

  /**
   * @param {{ kind: string, location: string, openWriter?: (options?: WriterOptions) => Promise<W>,
   *   leftovers?: (options?: ReadOptions) => Promise<Recovery> }} medium  borrowed
   */
  constructor(medium) {
    this.#medium = medium;
  }

  /** @type {SessionWriter['lock']} */
  async lock(options = {}) {
    const { location } = this.#medium;
    if (!this.#medium.openWriter) {
      throw new BoresError('ERR_READ_ONLY', `${location} is read-only: ${this.cannotBeWritten}`);
    }
    this.#writer ??= this.#medium.openWriter(options).catch((error) => {
      this.#writer = undefined;
      throw error;
    });
    return (await this.#writer).recovered;
  }

  async unlock() {
    await this.replaceAbort();
    const writer = this.#writer;
    this.#writer = undefined;
    await (await writer?.catch(() => undefined))?.close();
  }

  async isConsolidated() {
    return false;
  }

  async staging() {
    return (await this.locked()).staging?.();
  }

  async recover() {
    return (await this.locked()).recover();
  }

  /** @type {SessionWriter['leftovers']} */
  async leftovers(options) {
    return await this.#medium.leftovers?.(options) ?? { dropped: [], restored: [] };
  }

  /** @abstract */
  async replaceAbort() {}

  /** Of a medium without a writer, for a message. @protected */
  get cannotBeWritten() {
    return `'${this.#medium.kind}' cannot be written`;
  }

  /**
   * @protected
   * @returns {Promise<W>}
   */
  locked() {
    if (!this.#writer) throw new BoresError('ERR_STATE', 'write without the lock');
    return this.#writer;
  }
}

/**
 * What the core keeps of a store (parsed metadata, where entries are). It is freed when it has been
 * replaced, or the session closed, and the last operation that uses it has ended.
 */
export class StoreHandle {
  #users = 1;
  #retired = false;

  /** @param {Core} core  held by the caller, who ends that with release() */
  constructor(core) {
    this.core = core;
    this.pointer = core.storeNew();
  }

  hold() {
    this.#users++;
    return this;
  }

  async release() {
    this.#users--;
    await this.#end();
  }

  async retire() {
    this.#retired = true;
    await this.#end();
  }

  /** @protected */
  async free() {
    if (!this.core.dead) this.core.storeFree(this.pointer);
    this.pointer = 0;
  }

  async #end() {
    if (this.#retired && this.#users <= 0 && this.pointer !== 0) await this.free();
  }
}

/**
 * Calls a function of js/core/geometry.js, js/core/cells.js or js/core/fence.js.
 * @type {Session['compute']}
 */
export async function compute(name, args) {
  if (name === 'askCells') { // not everybody does: it is fetched with the first question
    const [{ askCells }, core] = await Promise.all([import('../core/cells.js'), instanceOf(Core.loadAnalysis)]);
    const [grid, question] = /** @type {any[]} */ (args);
    return askCells(core, grid, question);
  }
  if (name === 'gridFence') {
    const [{ gridFence }, core] = await Promise.all([import('../core/fence.js'), instanceOf(Core.loadAnalysis)]);
    const [grid, points] = /** @type {any[]} */ (args);
    return gridFence(core, grid, points);
  }
  const core = await instanceOf(Core.load);
  const run = /** @type {(core: Core, ...args: unknown[]) => unknown} */ (geometry[name]);
  if (typeof run !== 'function') {
    const near = nearestName(String(name), Object.keys(geometry));
    const hint = near ? `; there is '${near}'` : '';
    throw new BoresError('ERR_ARGUMENT', `there is no computation '${String(name)}'${hint}`);
  }
  return run(core, ...args);
}
