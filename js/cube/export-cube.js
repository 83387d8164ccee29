// SPDX-License-Identifier: MIT
// A run as a cube: each property one array (step, x, y, z), as xarray and Dask open it. It is written by
// slabs of steps, the coordinates of a slab last: what they count is there. So an export that was
// interrupted goes on where it was, and later steps are appended the same way.

import { BoresError } from '../core/errors.js';
import { Signals } from '../core/signals.js';
import { openStorage } from '../storage/location.js';
import { assertApart } from '../storage/location-relation.js';
import { describeLocation } from '../storage/parse-location.js';
import { documentBytes } from '../formats/zarr/document-text.js';
import { DataStore } from '../store/data-store.js';
import { EclipseStore } from '../store/eclipse/eclipse-store.js';
import { checkCall } from '../store/known-options.js';
import { arrayDocument } from '../store/arrays/array-document.js';
import { openChunkEncoder } from '../store/arrays/chunk-encoder.js';
import { WritableArray, defining, extending } from '../store/arrays/writable-array.js';
import { cubeDepth } from './cube-depth.js';
import { cubePieces, cubeProperties, moreRates } from './cube-layout.js';
import { assertStored, readSlab, togetherInMemory } from './cube-slab.js';

/**
 * @import { CubeProperty, Pieces } from './cube-layout.js'
 * @import { Encoder } from '../store/arrays/chunk-encoder.js'
 * @import { Change } from '../store/arrays/writable-array.js'
 * @import { Storage, Writer } from '../storage/base/storage.js'
 * @typedef {object} CubeOptions
 * @property {readonly string[]} [fields]  ends of paths: only these properties
 * @property {boolean} [rates]  sparse rates and what belongs to them as grids, too: openCube() then tells what flows
 * @property {2 | 3} [zarrFormat]  3; 2 has no shards, and dimensions as xarray's attribute
 * @property {readonly number[]} [chunks]  [steps, x, y, z]
 * @property {readonly number[]} [shards]
 * @property {boolean} [verify]  every slab is read again and compared (true)
 * @property {import('../storage/s3/s3-bucket.js').S3Options} [s3]  of a cube in a bucket
 * @property {import('../storage/http/http-client.js').HttpOptions} [http]
 * @property {AbortSignal} [signal]
 * @property {(progress: { done: number, total: number }) => void} [onProgress]  steps
 * @typedef {{ steps: number, appended: number, properties: string[], chunks: number[],
 *   shards: number[] | null }} CubeResult
 */

const AXES = ['step', 'x', 'y', 'z'];
/** Numbers of a state's grid, which become attributes of the cube. */
const DATUM = ['datum_depth', 'dip_angle', 'dip_azimuth'];

/**
 * @param {DataStore} source
 * @param {unknown} location  of the cube; steps that one there lacks are appended
 * @param {CubeOptions} [options]
 * @returns {Promise<CubeResult>}
 * @throws {BoresError} ERR_NOT_EMPTY where there is something else, ERR_NOT_FOUND without grids,
 *   ERR_CORRUPT naming an array that differs when it is read again
 */
export async function exportCube(source, location, options = {}) {
  checkCall('exportCube()', options);
  await assertApart(location, source.source, { target: describeLocation(location), source: source.location });
  const copied = source instanceof EclipseStore ? source.asCopied() : source; // units are BORES's in a cube, too
  try {
    return await exportStates(copied, location, options);
  } finally {
    if (copied !== source) await copied.close();
  }
}

/**
 * @param {DataStore} source
 * @param {unknown} location
 * @param {CubeOptions} options
 */
async function exportStates(source, location, options) {
  const entries = await source.entries({ signal: options.signal });
  if (entries.length === 0) throw new BoresError('ERR_NOT_FOUND', `${source.location} has no states`);
  const { s3, http, signal, rates } = options;
  const items = await source.inventory(entries[0].idx, { signal });
  if (rates) items.push(...await moreRates(source, entries, items, signal));
  const { shape, properties } = cubeProperties(items, options.fields, rates);
  const storage = await openStorage(location, { create: true, s3, http, signal });
  if (!storage.openWriter) {
    await storage.close();
    throw new BoresError('ERR_READ_ONLY', `${storage.location} cannot be written to`);
  }
  const writer = await storage.openWriter({ signal: options.signal });
  /** @type {Encoder | undefined} */ let encoder;
  try {
    encoder = await openChunkEncoder({ checked: options.verify ?? true, worker: source.options.worker });
    return await new Cube(source, storage, writer, encoder, shape, properties, options).write(entries);
  } finally {
    encoder?.close();
    await writer.close();
    await storage.close();
  }
}

class Cube {
  /**
   * @param {DataStore} source
   * @param {Storage} storage
   * @param {Writer} writer
   * @param {Encoder} encoder
   * @param {number[]} shape
   * @param {CubeProperty[]} properties
   * @param {CubeOptions} options
   */
  constructor(source, storage, writer, encoder, shape, properties, options) {
    this.source = source;
    this.storage = storage;
    this.writer = writer;
    this.encoder = encoder;
    this.shape = shape;
    this.properties = properties;
    this.options = options;
    this.format = options.zarrFormat ?? 3;
    /** @type {Map<string, WritableArray>} */ this.arrays = new Map();
  }

  /** @param {import('../store/store-types.js').EntryMeta[]} entries @returns {Promise<CubeResult>} */
  async write(entries) {
    const { signal, onProgress } = this.options;
    const pieces = this.#pieces(entries.length);
    await this.#open(pieces);
    const done = await this.#agreed(entries);
    const first = this.#of(this.properties[0].name);
    const [slab] = first.grid; // of the cube that is there, whatever is asked for now
    for (let from = done; from < entries.length;) {
      signal?.throwIfAborted();
      const to = Math.min(entries.length, (Math.floor(from / slab) + 1) * slab);
      await this.#slab(entries.slice(from, to), from);
      from = to;
      onProgress?.({ done: to, total: entries.length });
    }
    await this.#consolidate();
    return { steps: entries.length, appended: entries.length - done,
      properties: this.properties.map(({ name }) => name), ...await layoutOf(first) };
  }

  /** @param {number} steps @returns {Pieces} */
  #pieces(steps) {
    const own = cubePieces(this.shape, 8, steps, this.format);
    const chunks = [...(this.options.chunks ?? own.chunks)];
    const shards = this.options.shards ?? (this.options.chunks
      ? own.shards.map((n, d) => Math.ceil(n / chunks[d]) * chunks[d]) : own.shards);
    return { chunks, shards: [...shards] };
  }

  /** Makes what is not there. @param {Pieces} pieces */
  async #open(pieces) {
    const names = ((await this.storage.list?.('')) ?? []).filter((name) => !name.startsWith('.bores-'));
    const isThere = await this.storage.get(this.#documentOf('step')) !== undefined;
    if (!isThere && names.length > 0) {
      throw new BoresError('ERR_NOT_EMPTY', `${this.storage.location} is no cube of zarr_format ${this.format}`);
    }
    // First of all: by it a cube is known, also one whose export was ended here.
    const step = await this.#array('step', { dtype: '<i8', shape: [0], chunks: [4096] }, ['step'],
      { long_name: 'time step number' });
    if (isThere) await this.#assertSameProperties(names, step.shape[0]);
    await this.#array('time', { dtype: '<f8', shape: [0], chunks: [4096], fillValue: NaN }, ['step'],
      { long_name: 'time since the start of the run', units: 'days' });
    await this.#array('step_size', { dtype: '<f8', shape: [0], chunks: [4096], fillValue: NaN }, ['step'],
      { long_name: 'length of the step', units: 'days' });
    /** @type {Change[]} */ const made = [];
    for (const { name, dtype, attributes } of this.properties) {
      const { change } = await this.#defining(name, { dtype, shape: [0, ...this.shape], chunks: pieces.chunks,
        ...(this.format === 3 && { shards: pieces.shards }), fillValue: /f\d$/.test(dtype) ? NaN : 0 },
      AXES, attributes);
      if (change) made.push(change);
    }
    await this.#commit(made);
    for (const [d, name] of AXES.slice(1).entries()) {
      const axis = await this.#array(name, { dtype: '<i8', shape: [this.shape[d]] }, [name],
        { long_name: `cell index along ${name}` });
      await axis.write(BigInt64Array.from({ length: this.shape[d] }, (_, i) => BigInt(i)));
    }
    await this.#depth();
  }

  /** Where the cells are, as far as the run says it. */
  async #depth() {
    const depth = await cubeDepth(this.source, this.shape, this.options.signal);
    if (!depth) return;
    const array = await this.#array('depth', { dtype: '<f8', shape: this.shape, fillValue: NaN }, AXES.slice(1),
      { long_name: "depth of the cell's centre", units: 'ft', positive: 'down' });
    await array.write(depth);
  }

  /** The arrays of a cube are as long as each other. @param {string[]} names  at its root @param {number} steps */
  async #assertSameProperties(names, steps) {
    const wanted = this.properties.map(({ name }) => name);
    const other = names.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1))
      .find((name) => ![...AXES, 'time', 'step_size', 'depth', ...wanted].includes(name));
    if (other !== undefined) {
      throw new BoresError('ERR_NOT_EMPTY', `${this.storage.location} has '${other}', which is not exported now`,
        { path: other });
    }
    for (const name of steps > 0 ? wanted : []) {
      if (await this.storage.get(this.#documentOf(name)) === undefined) {
        throw new BoresError('ERR_NOT_EMPTY', `${this.storage.location} has ${steps} steps without '${name}'`,
          { path: name });
      }
    }
  }

  /**
   * How many steps are there. The last commit of a slab are its step numbers, after the one that makes room
   * for them: where an export was ended between the two they are 0, and the slab is written again.
   *
   * @param {import('../store/store-types.js').EntryMeta[]} entries
   */
  async #agreed(entries) {
    const [steps, days] = await Promise.all(['step', 'time'].map(async (name) =>
      [...(await (await this.#of(name).node()).read()).data]));
    const differs = (/** @type {number} */ at) => new BoresError('ERR_NOT_EMPTY', `${this.storage.location} has `
      + `another run: at ${at} step ${steps[at]}, day ${days[at]}, the run `
      + (at < entries.length ? `step ${stepOf(entries[at])}, day ${dayOf(entries[at])}` : `${at} steps`));
    if (steps.length > entries.length) throw differs(entries.length);
    let done = steps.findIndex((step, at) => BigInt(Number(step)) !== stepOf(entries[at]));
    if (done < 0) done = steps.length;
    if (steps.slice(done).some((step) => Number(step) !== 0)) throw differs(done);
    const moved = steps.slice(0, done).findIndex((_, at) => !Object.is(Number(days[at]), dayOf(entries[at])));
    if (moved >= 0) throw differs(moved);
    return done;
  }

  /** @param {string} name */
  #documentOf(name) {
    return `${name}/${this.format === 3 ? 'zarr.json' : '.zarray'}`;
  }

  /**
   * @param {string} name
   * @param {any} options
   * @param {string[]} axes
   * @param {Record<string, any>} attributes
   */
  async #array(name, options, axes, attributes) {
    const { array, change } = await this.#defining(name, options, axes, attributes);
    if (change) await this.#commit([change]);
    return array;
  }

  /**
   * An array that is there, or what makes it.
   * @param {string} name
   * @param {any} options
   * @param {string[]} axes
   * @param {Record<string, any>} attributes
   * @returns {Promise<{ array: WritableArray, change?: Change }>}
   */
  async #defining(name, options, axes, attributes) {
    const array = new WritableArray(this.storage, this.writer, name, { shares: true, encoder: this.encoder });
    this.arrays.set(name, array);
    if (await this.storage.get(this.#documentOf(name))) {
      await array.load();
      return { array };
    }
    const made = arrayDocument({ ...options, zarrFormat: this.format,
      // xarray takes the fill value of version 2 for "missing": no integer is.
      ...(this.format === 2 && !/f\d$/.test(options.dtype) && { fillValue: null }),
      compressor: { id: 'blosc', cname: 'zstd', clevel: 3, shuffle: 1 },
      ...(this.format === 3 && { dimensionNames: axes }),
      attributes: { ...attributes, ...(this.format === 2 && { _ARRAY_DIMENSIONS: axes }) } });
    return { array, change: await defining(array, made.document, made.attributes, this.format, false) };
  }

  /** Of several arrays, at once. @param {readonly Change[]} changes */
  async #commit(changes) {
    if (changes.length === 0) return;
    await this.writer.commit({ puts: changes.flatMap(({ puts }) => puts),
      deletes: changes.flatMap(({ deletes }) => deletes) }, { signal: this.options.signal });
    await this.storage.refresh?.();
    for (const { done } of changes) done();
  }

  /** @param {string} name */
  #of(name) {
    return /** @type {WritableArray} */ (this.arrays.get(name));
  }

  /**
   * @param {import('../store/store-types.js').EntryMeta[]} entries
   * @param {number} from
   */
  async #slab(entries, from) {
    const { signal, verify = true } = this.options;
    const slice = /** @type {[number, number]} */ ([from, from + entries.length]);
    for (const group of togetherInMemory(this.properties, this.#elementsIn(slice))) {
      const slabs = await readSlab(this.source, entries, group, this.shape, signal);
      const changes = await this.#extend(group, slice, slabs);
      await this.#commit(changes);
      for (let n = 0; verify && n < group.length; n += 1) {
        await assertStored(this.storage, changes[n], group[n].name, signal);
      }
    }
    await this.#coordinate('time', slice, Float64Array.from(entries, dayOf));
    await this.#coordinate('step_size', slice, await this.#sizes(entries));
    await this.#coordinate('step', slice, BigInt64Array.from(entries, stepOf));
  }

  /**
   * @param {readonly CubeProperty[]} group
   * @param {[number, number]} slice
   * @param {readonly ArrayBufferView[]} slabs
   */
  async #extend(group, slice, slabs) {
    const signals = new Signals(this.options.signal);
    try {
      return await Promise.all(group.map(async ({ name }, n) => {
        const under = signals.open();
        const change = await extending(this.#of(name), slice, slabs[n], under.signal);
        signals.close(under);
        return change;
      }));
    } finally {
      signals.abort(); // after a failure the others are encoded in vain
    }
  }

  /**
   * Of a property, that are held to write some steps: also those that their shard has already.
   * @param {[number, number]} slice
   */
  #elementsIn([from, to]) {
    const [slab] = this.#of(this.properties[0].name).grid;
    return this.shape.reduce((product, n) => product * n, to - from + from % slab);
  }

  /** Days. @param {import('../store/store-types.js').EntryMeta[]} entries */
  async #sizes(entries) {
    const sizes = new Float64Array(entries.length);
    const states = this.source.load({ as: 'raw', fields: [], indices: entries.map(({ idx }) => idx),
      signal: this.options.signal });
    let at = 0;
    for await (const { step_size: size } of states) sizes[at++] = size === undefined ? NaN : Number(size) / 86_400;
    return sizes;
  }

  /** What an analysis needs of the first state beside its grids. @returns {Promise<Record<string, unknown>>} */
  async #model() {
    const [{ idx }] = await this.source.entries();
    for await (const { model } of this.source.load({ as: 'raw', indices: [idx],
      fields: [...DATUM.map((name) => `model.${name}`), 'model.cell_dimension',
        'model.rock_properties.compressibility'] })) {
      const sides = model?.cell_dimension, compressibility = model?.rock_properties?.compressibility;
      const datum = DATUM.filter((name) => Number.isFinite(model?.[name])).map((name) => [name, model[name]]);
      return { ...Object.fromEntries(datum), ...(sides && { cell_dimension: Array.from(sides.data ?? sides, Number) }),
        ...(Number.isFinite(compressibility) && { rock_compressibility: compressibility }) };
    }
    return {};
  }

  /** @param {string} name @param {[number, number]} slice @param {ArrayBufferView} values */
  async #coordinate(name, slice, values) {
    await this.#of(name).resize([slice[1]]);
    await this.#of(name).write(values, { slice: [slice] });
  }

  /** All documents in one: a plain web server serves the cube with one request to open it. */
  async #consolidate() {
    const decode = async (/** @type {string} */ key) => {
      const bytes = await this.storage.get(key);
      return bytes && JSON.parse(new TextDecoder().decode(bytes));
    };
    const attributes = { Conventions: 'CF-1.8', bores_cube: 1, coordinates: 'time step_size depth',
      source: this.source.location, ...await this.#model() };
    /** @type {Record<string, any>} */ const metadata = {};
    for (const name of [...this.arrays.keys()].sort()) {
      for (const file of this.format === 3 ? ['zarr.json'] : ['.zarray', '.zattrs']) {
        const document = await decode(`${name}/${file}`);
        if (document) metadata[this.format === 3 ? name : `${name}/${file}`] = document;
      }
    }
    /** @type {[string, Uint8Array][]} */ const puts = this.format === 3
      ? [['zarr.json', documentBytes({ zarr_format: 3, node_type: 'group', attributes,
        consolidated_metadata: { kind: 'inline', must_understand: false, metadata } })]]
      : [['.zgroup', documentBytes({ zarr_format: 2 })], ['.zattrs', documentBytes(attributes)],
        ['.zmetadata', documentBytes({ zarr_consolidated_format: 1,
          metadata: { '.zattrs': attributes, '.zgroup': { zarr_format: 2 }, ...metadata } })]];
    await this.writer.commit({ puts });
  }
}

/** @param {import('../store/store-types.js').EntryMeta} entry */
const dayOf = ({ time }) => (time ?? NaN) / 86_400;

/** @param {import('../store/store-types.js').EntryMeta} entry */
const stepOf = ({ step, meta, idx }) => BigInt(Math.trunc(Number(step ?? meta.step ?? idx)));

/** @param {WritableArray} array */
async function layoutOf(array) {
  const { chunks, shards } = await array.node();
  return { chunks: [...chunks], shards: shards && [...shards] };
}
