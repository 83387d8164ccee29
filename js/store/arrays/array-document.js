// SPDX-License-Identifier: MIT
// What createArray() is told, as the metadata documents of an array of either version of Zarr.
// Sources: Zarr specifications version 2 and 3; what is left out is as zarr-python has it.

import { BoresError } from '../../core/errors.js';
import { describeValue, dtypeInfo, dtypeName } from '../../values/dtypes.js';

/**
 * @typedef {object} ArrayOptions
 * @property {readonly number[]} shape
 * @property {string} dtype  a NumPy type string or name: '<f8', '>i2', 'float32', 'datetime64[s]'
 * @property {readonly number[]} [chunks]  default: the whole array
 * @property {readonly number[] | null} [shards]  version 3: chunks of so much are stored as one
 * @property {Record<string, any> | null} [compressor]  numcodecs' form: {id: 'zstd', level: 3}; null: none
 * @property {readonly Record<string, any>[] | null} [filters]  the same form
 * @property {readonly any[]} [codecs]  version 3: the whole list, instead of the two
 * @property {unknown} [fillValue]  0 by default
 * @property {'C' | 'F'} [order]
 * @property {readonly (string | null)[] | null} [dimensionNames]
 * @property {Record<string, any>} [attributes]
 * @property {2 | 3} [zarrFormat]  3 by default
 */

/** @param {string} name @param {unknown} value @param {string} wanted @returns {never} */
function refuse(name, value, wanted) {
  throw new BoresError('ERR_ARGUMENT', `createArray: '${name}' must be ${wanted}, got ${describeValue(value)}`);
}

/** @param {string} name @param {any} value @param {number} least @param {number} [rank] */
function lengths(name, value, least, rank = value?.length) {
  if (!Array.isArray(value) || value.length !== rank
    || !value.every((length) => Number.isSafeInteger(length) && length >= least)) {
    refuse(name, value, `a list of ${rank ?? 'whole'} lengths, each at least ${least}`);
  }
  return [...value];
}

/**
 * NumPy's type string of a dtype.
 * @param {any} dtype
 */
export function typestrOf(dtype) {
  if (typeof dtype !== 'string') return refuse('dtype', dtype, 'a NumPy type');
  if (/^[<>|]/.test(dtype)) return dtypeName(dtype) && dtype;
  if (dtype === 'float16') return '<f2';
  const { typestr } = dtypeInfo(dtype);
  return typestr || refuse('dtype', dtype, 'a type of elements of a fixed size');
}

/** Numbers that JSON does not have. @param {unknown} value @returns {unknown} */
function plain(value) {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return Array.isArray(value) ? value.map(plain) : value;
}

/**
 * @param {ArrayOptions} options
 * @returns {{ document: Record<string, any>, attributes: Record<string, any>, zarrFormat: 2 | 3 }}
 * @throws {BoresError} ERR_ARGUMENT naming the option; what the core does not accept it says itself
 */
export function arrayDocument(options) {
  const { zarrFormat = 3, attributes = {}, order = 'C', fillValue = 0 } = options;
  if (zarrFormat !== 2 && zarrFormat !== 3) refuse('zarrFormat', zarrFormat, '2 or 3');
  if (order !== 'C' && order !== 'F') refuse('order', order, "'C' or 'F'");
  const shape = lengths('shape', options.shape, 0);
  const chunks = lengths('chunks', options.chunks ?? shape.map((n) => Math.max(n, 1)), 1, shape.length);
  const typestr = typestrOf(options.dtype);
  const common = { shape, chunks, typestr, order, fill: fill(typestr, fillValue) };
  return { zarrFormat, attributes,
    document: zarrFormat === 2 ? version2(options, common) : version3(options, common, attributes) };
}

/**
 * As zarr-python has it in its documents: it takes no number for what is none.
 * @param {string} typestr
 * @param {any} value
 */
function fill(typestr, value) {
  const kind = typestr[1];
  if (kind === 'c' && typeof value === 'number') return plain([value, 0]);
  if (value !== 0) return plain(value);
  if (kind === 'V') return btoa('\0'.repeat(itemsizeOf(typestr)));
  return kind === 'b' ? false : kind === 'S' || kind === 'U' ? '' : 0;
}

/** @param {ArrayOptions} options @param {any} common */
function version2({ compressor = { id: 'zstd', level: 3 }, filters = null, shards, codecs, dimensionNames }, common) {
  if (shards) refuse('shards', shards, 'left out in Zarr version 2, which has none');
  if (codecs) refuse('codecs', codecs, "left out in Zarr version 2, which has 'compressor' and 'filters'");
  if (dimensionNames) {
    refuse('dimensionNames', dimensionNames, 'left out in Zarr version 2 (xarray: the attribute _ARRAY_DIMENSIONS)');
  }
  const { shape, chunks, typestr, order, fill: fillValue } = common;
  const { checksum, ...settings } = compressor ?? {}; // numcodecs before 0.13 refuses one of zstd's, whatever it says
  return { zarr_format: 2, shape, chunks, dtype: typestr, compressor: compressor && (checksum ? compressor : settings),
    filters: filters?.length ? filters : null, fill_value: fillValue, order, dimension_separator: '.' };
}

/** @param {ArrayOptions} options @param {any} common @param {Record<string, any>} attributes */
function version3(options, common, attributes) {
  const { shape, chunks, typestr, fill: fillValue } = common;
  const { shards = null, dimensionNames = null } = options;
  let grid = chunks, codecs = options.codecs ?? codecList(options, common);
  if (shards) {
    grid = lengths('shards', shards, 1, shape.length);
    codecs = [{ name: 'sharding_indexed', configuration: { chunk_shape: chunks, codecs,
      index_codecs: [{ name: 'bytes', configuration: { endian: 'little' } }, { name: 'crc32c' }],
      index_location: 'end' } }];
  }
  return { zarr_format: 3, node_type: 'array', shape, data_type: dataType(typestr),
    chunk_grid: { name: 'regular', configuration: { chunk_shape: grid } },
    chunk_key_encoding: { name: 'default', configuration: { separator: '/' } },
    fill_value: fillValue, codecs, attributes, ...(dimensionNames && { dimension_names: [...dimensionNames] }),
    storage_transformers: [] };
}

/** @param {ArrayOptions} options @param {any} common */
function codecList({ compressor = { id: 'zstd', level: 3 }, filters }, { shape, typestr, order }) {
  const itemsize = itemsizeOf(typestr);
  const endian = typestr[0] === '>' ? 'big' : 'little';
  return [
    ...(order === 'F' && shape.length > 1
      ? [{ name: 'transpose', configuration: {
        order: shape.map((/** @type {number} */ _, /** @type {number} */ d) => shape.length - 1 - d) } }] : []),
    ...(filters ?? []).map((filter) => codec3(filter, itemsize)),
    itemsize > 1 || filters?.length ? { name: 'bytes', configuration: { endian } } : { name: 'bytes' },
    ...(compressor ? [codec3(compressor, itemsize)] : []),
  ];
}

/** numcodecs' form to version 3's. @param {Record<string, any>} codec @param {number} itemsize */
function codec3({ id, ...settings }, itemsize) {
  if (id === 'zstd') {
    return { name: id, configuration: { level: settings.level ?? 0, checksum: settings.checksum ?? false } };
  }
  if (id === 'gzip') return { name: id, configuration: { level: settings.level ?? 1 } };
  if (id === 'crc32c') return { name: id };
  if (id !== 'blosc') return { name: `numcodecs.${id}`, configuration: settings };
  const { cname = 'lz4', clevel = 5, shuffle = 1, blocksize = 0 } = settings;
  const word = ['noshuffle', 'shuffle', 'bitshuffle'][shuffle < 0 ? (itemsize === 1 ? 2 : 1) : shuffle];
  return { name: id, configuration: { cname, clevel, shuffle: word, typesize: itemsize, blocksize } };
}

/** @param {string} typestr */
export function itemsizeOf(typestr) {
  const [, kind, size] = /^[<>|](.)(\d+)/.exec(typestr) ?? [];
  return Number(size) * (kind === 'U' ? 4 : 1);
}

/** @param {string} typestr */
function dataType(typestr) {
  const [, kind, , unit] = /^[<>|](.)(\d+)(?:\[(.+)\])?/.exec(typestr) ?? [];
  const size = itemsizeOf(typestr);
  const sized = /** @type {Record<string, string>} */ (
    { S: 'null_terminated_bytes', U: 'fixed_length_utf32', V: 'raw_bytes' });
  if (kind in sized) return { name: sized[kind], configuration: { length_bytes: size } };
  if (kind === 'M' || kind === 'm') {
    const [, scale, name] = /^(\d*)(.+)$/.exec(unit ?? 'generic') ?? [];
    return { name: kind === 'M' ? 'numpy.datetime64' : 'numpy.timedelta64',
      configuration: { unit: name, scale_factor: Number(scale || 1) } };
  }
  return dtypeName(typestr);
}

/** @param {any} type  of version 3 */
export function typestrOfV3(type) {
  const name = type?.name ?? type, { length_bytes: size, unit, scale_factor: scale = 1 } = type?.configuration ?? {};
  const sized = /** @type {Record<string, string>} */ ({ null_terminated_bytes: 'S', raw_bytes: 'V' });
  if (name in sized) return `|${sized[name]}${size}`;
  if (name === 'fixed_length_utf32') return `<U${size / 4}`;
  if (/^numpy\.(date|time)/.test(name)) return `<${name[6] === 'd' ? 'M' : 'm'}8[${scale === 1 ? '' : scale}${unit}]`;
  const [, letters, bits] = /^([a-z]+)(\d*)$/.exec(name) ?? [];
  const kind = /** @type {Record<string, string>} */ (
    { bool: 'b', int: 'i', uint: 'u', float: 'f', complex: 'c', r: 'V' })[letters];
  return `<${kind}${bits ? Number(bits) / 8 : 1}`;
}

/** Of what NdArray converts; undefined else. @param {string} typestr */
export function nameOf(typestr) {
  const [, kind, size] = /^[<>|](.)(\d+)$/.exec(typestr) ?? [];
  const base = /** @type {Record<string, string>} */ ({ i: 'int', u: 'uint', f: 'float' })[kind];
  return base && !(kind === 'f' && size === '2') ? `${base}${Number(size) * 8}` : undefined;
}
