// SPDX-License-Identifier: MIT
// A session over the files of an ECLIPSE run, which are only read. Their keywords are found when it is
// opened, and again when the files have grown; what decodes is a module of its own (bores-eclipse.wasm).

import { Core } from '../../core/core.js';
import { runOperation } from '../../core/driver.js';
import { BoresError } from '../../core/errors.js';
import { instanceOf } from '../../core/instances.js';
import { instantiateEclipse } from '../../core/load.js';
import { packTree, unpackTree } from '../../core/pack.js';
import { describeLocation } from '../../storage/parse-location.js';
import { SessionBase, StoreHandle } from '../session.js';
import { findCase, findIncluded, openOneFile } from './eclipse-files.js';

/**
 * @import { PackedTree } from '../../core/pack.js'
 * @import { ByteSource } from '../../storage/base/byte-source.js'
 * @import { Storage } from '../../storage/base/storage.js'
 * @import { LocationOptions } from '../../storage/media.js'
 * @import { CallOptions, Session, SessionWriter } from '../session.js'
 * @typedef {{ name: string, role: string, number: number, source: ByteSource }} OpenFile
 * @typedef {{ index: Index, keywords: any[], named: Map<string, any> }} Nodes  `named`: the keywords by name
 */

/**
 * The module that decodes, loaded with the first such file.
 * @param {import('../../core/load.js').WasmOptions} [options]
 */
const loadEclipse = async (options) => new Core(await instantiateEclipse(options));

/** Operations over keywords as they are, which need no other file. */
const NODES = new Set(['node', 'children', 'array', 'bytes']);
/** Files of a run that are opened at a time. */
const OPENED_AT_ONCE = 16;
/** NumPy's names of the types that have one. @type {Record<string, string>} */
const DTYPES = { INTE: '<i4', REAL: '<f4', DOUB: '<f8', LOGI: '|b1' };

/** Files as they were when they were opened, and what is known of them. */
class Index extends StoreHandle {
  /** @param {Core} core @param {OpenFile[]} files  ours to close */
  constructor(core, files) {
    super(core);
    this.files = files;
    this.storage = rangesOf(files);
    /** Another text where a file may be another, as far as its source can tell. */
    this.version = files.map(({ name, source }) => `${name} ${source.size} ${source.tag ?? ''}`).join('\n');
  }

  /** @override */
  async free() {
    await super.free();
    for (const { source } of this.files) await source.close();
  }
}

/** @implements {Session} */
export class EclipseSession extends SessionBase {
  #location;
  #options;
  #units;
  /** @type {Index | undefined} */ #index;
  /** Who looks for the files now; the next one waits. @type {Promise<unknown>} */ #looking = Promise.resolve();
  /** @type {PackedTree | undefined} */ #root;
  /** Of the one file alone. @type {Promise<Nodes> | undefined} */ #nodes;
  writer;

  /**
   * @param {unknown} location
   * @param {LocationOptions & { units?: 'file' | 'bores', case?: string }} [options]
   */
  static async open(location, options = {}) {
    return new EclipseSession(location, options);
  }

  /** @param {unknown} location @param {LocationOptions & { units?: 'file' | 'bores', case?: string }} options */
  constructor(location, { units, ...options }) {
    super({ kind: 'eclipse', location: describeLocation(location), close: async () => {} });
    this.#location = location;
    this.#options = options;
    this.#units = units;
    this.writer = readOnly(describeLocation(location));
  }

  /**
   * @param {string} name
   * @param {unknown} params
   * @param {CallOptions} [options]
   * @returns {Promise<PackedTree>}
   */
  async run(name, params, options) {
    this.assertOpen();
    if (NODES.has(name)) return this.#runNode(name, /** @type {any} */ (params), options);
    const index = await this.#hold(name === 'open', options);
    try {
      if (name === 'open') return copyOf(/** @type {PackedTree} */ (this.#root));
      const given = this.#units === 'bores' ? { .../** @type {object} */ (params), units: 'bores' } : params;
      return await runOperation(index.core, index.pointer, index.storage, `ecl.${name}`, given, options);
    } finally {
      await index.release();
    }
  }

  /** @override */
  async version() {
    return this.#index?.version;
  }

  /** @param {string} [prefix] */
  async usage(prefix = '') {
    const index = await this.#hold(false);
    try {
      const bytes = index.files.reduce((sum, { source }) => sum + source.size, 0);
      return prefix === '' ? { bytes, keys: index.files.length } : undefined;
    } finally {
      await index.release();
    }
  }

  /** @override */
  async closeWriter() {}

  /** @override */
  async release() {
    await this.#index?.retire();
    const nodes = await this.#nodes?.catch(() => undefined);
    if (nodes) await end(nodes.index);
  }

  /**
   * The files' index, held for the caller.
   * @param {boolean} fresh  of what is there now
   * @param {CallOptions} [options]
   */
  #hold(fresh, options) {
    const held = this.#looking.then(() => this.#holdNext(fresh, options));
    this.#looking = held.catch(() => {});
    return held;
  }

  /** @param {boolean} fresh @param {CallOptions} [options] */
  async #holdNext(fresh, options) {
    const core = await instanceOf(loadEclipse);
    const known = this.#index;
    if (known?.core === core && !fresh) return known.hold();
    const files = await this.#open(options);
    const index = new Index(core, files);
    if (known?.core === core && known.version === index.version) {
      await end(index);
      return known.hold();
    }
    try {
      const given = { files: files.map(parameterOf) };
      this.#root = await runOperation(core, index.pointer, index.storage, 'ecl.open', given, options);
    } catch (error) {
      await end(index);
      throw error;
    }
    await known?.retire();
    this.#index = index;
    await index.release();
    return index.hold();
  }

  /** @param {CallOptions} [options] @returns {Promise<OpenFile[]>} */
  async #open(options) {
    const found = await findCase(this.#location, { ...this.#options, ...options });
    /** @type {OpenFile[]} */ const files = [];
    const openOne = async (/** @type {import('./eclipse-files.js').CaseFile} */ { name, role, number, open }) =>
      ({ name, role, number, source: await open() });
    try {
      for (let at = 0; at < found.length; at += OPENED_AT_ONCE) { // in their order; a server takes its time for each
        const opened = await Promise.allSettled(found.slice(at, at + OPENED_AT_ONCE).map(openOne));
        files.push(...opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
        for (const one of opened) if (one.status === 'rejected') throw one.reason;
      }
      if (files.some(({ role }) => role === 'grdecl')) await this.#openIncluded(files, options);
      return files;
    } catch (error) {
      for (const { source } of files) await source.close();
      throw error;
    }
  }

  /**
   * Adds what a GRDECL includes, and what that includes; what is not there, reading the grid will say.
   * @param {OpenFile[]} files
   * @param {CallOptions} [options]
   */
  async #openIncluded(files, options) {
    const core = await instanceOf(loadEclipse);
    const storage = rangesOf(files);
    for (let missing = ['']; missing.length > 0;) {
      const store = core.storeNew();
      try {
        await runOperation(core, store, storage, 'ecl.open', { files: files.map(parameterOf) }, options);
        missing = /** @type {string[]} */ (unpackTree(
          await runOperation(core, store, storage, 'ecl.includes', {}, options), noArray));
      } finally {
        if (!core.dead) core.storeFree(store);
      }
      for (const name of missing) {
        const source = await findIncluded(this.#location, name, { ...this.#options, ...options });
        if (!source) return;
        files.push({ name, role: 'any', number: -1, source });
        storage.add(files[files.length - 1]);
      }
    }
  }

  /**
   * Keywords as nodes: the file is a group, its keywords are arrays.
   * @param {string} name
   * @param {{ path: string, slice?: unknown }} params
   * @param {CallOptions} [options]
   */
  async #runNode(name, { path, slice = null }, options) {
    this.#nodes ??= this.#openNodes(options).catch((error) => {
      this.#nodes = undefined;
      throw error;
    });
    const { index, keywords, named } = await this.#nodes;
    if (path === '' && name === 'node') return packed({ kind: 'group', attributes: {} });
    if (path === '' && name === 'children') {
      return packed(keywords.map((keyword) => ({ name: keyword.name, kind: 'array' })));
    }
    const keyword = named.get(path) ?? named.get(path.replace(/\[0\]$/, ''));
    if (!keyword) {
      throw new BoresError('ERR_NOT_FOUND', `${describeLocation(this.#location)} has no keyword '${path}'`, { path });
    }
    if (keyword.error) {
      const message = `${describeLocation(this.#location)}: ${keyword.error.message}`;
      throw new BoresError(keyword.error.code, message, { path });
    }
    if (name === 'node') return packed(documentOf(keyword));
    if (name === 'bytes') {
      throw new BoresError('ERR_UNSUPPORTED', `'${path}': keywords of ECLIPSE's files are read as values`);
    }
    const given = { file: 0, name: keyword.name, slice };
    return runOperation(index.core, index.pointer, index.storage, 'ecl.array', given, options);
  }

  /** @param {CallOptions} [options] */
  async #openNodes(options) {
    const core = await instanceOf(loadEclipse);
    const source = await openOneFile(this.#location, { ...this.#options, ...options });
    const file = { name: source.location, role: 'any', number: -1, source };
    const index = new Index(core, [file]);
    let keywords;
    try {
      await runOperation(core, index.pointer, index.storage, 'ecl.open', { files: [parameterOf(file)] }, options);
      const children = await runOperation(core, index.pointer, index.storage, 'ecl.children', { file: 0 }, options);
      keywords = /** @type {any[]} */ (unpackTree(children, noArray));
    } catch (error) {
      await end(index);
      throw error;
    }
    const last = keywords[keywords.length - 1];
    if (last?.error) { // it may have the name of one before
      const same = keywords.filter(({ name }) => name.replace(/\[\d+\]$/, '') === last.name).length - 1;
      if (same > 0) last.name += `[${same}]`;
    }
    return { index, keywords, named: new Map(keywords.map((keyword) => [keyword.name, keyword])) };
  }
}

/** Closes an index that nobody else holds. @param {Index} index */
async function end(index) {
  await index.retire();
  await index.release();
}

/** @returns {never} */
const noArray = () => { throw new BoresError('ERR_INTERNAL', 'an array where none is expected'); };

/** @param {OpenFile} file */
const parameterOf = ({ name, role, number, source }) => ({ name, role, number, size: source.size });

/** @param {unknown} tree @returns {PackedTree} */
const packed = (tree) => ({ packed: packTree(tree).packed, buffers: [] });

/** @param {any} keyword */
function documentOf({ name, type, count, offset }) {
  return { kind: 'array', name: name.replace(/\[\d+\]$/, ''), attributes: { type, offset }, shape: [count],
    dtype: DTYPES[type] ?? 'str', chunks: [count], fill_value: null, filters: null };
}

/** @param {string} location @returns {SessionWriter} */
function readOnly(location) {
  const refuse = async () => {
    throw new BoresError('ERR_READ_ONLY', `${location}: files of an ECLIPSE run are only read`);
  };
  return {
    lock: refuse, commit: refuse, consolidate: refuse, replaceBegin: refuse, replaceAdd: refuse, replaceEnd: refuse,
    staging: async () => undefined, unlock: async () => {}, replaceAbort: async () => {},
    isConsolidated: async () => false,
    recover: async () => ({ dropped: [], restored: [] }), leftovers: async () => ({ dropped: [], restored: [] }),
  };
}

/**
 * Files as a storage that answers ranges of them, by their names.
 * @param {OpenFile[]} files
 * @returns {Storage & { add: (file: OpenFile) => void }}
 */
function rangesOf(files) {
  const sources = new Map(files.map(({ name, source }) => [name, source]));
  const find = (/** @type {string} */ key) => /** @type {ByteSource} */ (sources.get(key));
  const within = (/** @type {string} */ key, /** @type {any} */ range) => {
    const { size } = find(key), offset = range.offset ?? Math.max(0, size - range.suffixLength);
    return { offset, length: Math.min(range.length ?? range.suffixLength, size - offset) };
  };
  return /** @type {any} */ ({
    kind: 'eclipse', location: files[0]?.source.location ?? 'nothing', closed: false,
    async get(/** @type {string} */ key, /** @type {CallOptions} */ options) {
      return find(key).read(0, find(key).size, options);
    },
    async getRange(/** @type {string} */ key, /** @type {any} */ range, /** @type {CallOptions} */ options) {
      const { offset, length } = within(key, range);
      return find(key).read(offset, length, options);
    },
    ...(files.every(({ source }) => source.readSync) && {
      getRangeSync(/** @type {string} */ key, /** @type {any} */ range,
        /** @type {(length: number) => Uint8Array} */ reserve) {
        const { offset, length } = within(key, range);
        find(key).readSync?.(offset, [reserve(length)]);
        return true;
      },
    }),
    add(/** @type {OpenFile} */ { name, source }) {
      sources.set(name, source);
    },
    async close() {},
  });
}

/**
 * Results may be transferred to another thread, which takes them away.
 * @param {PackedTree} tree
 */
function copyOf({ packed: bytes, buffers }) {
  return { packed: bytes.slice(), buffers: buffers.map((buffer) => buffer.slice(0)) };
}
