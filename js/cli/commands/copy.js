// SPDX-License-Identifier: MIT
// bores copy: a store, or a part of one, to another place, layout or compression.

import { BoresError, copyStore, openStore, withoutPasswords } from '../../index.js';
import { CASE_OPTION, assertSeparate, passedOver, withStore } from '../arguments.js';
import { formatBytes, formatJson } from '../format.js';
import { parseCompression, parseCompressor, selectFields, selectSteps } from '../selection.js';
import { UsageError } from '../usage.js';

/**
 * @import { DataStore } from '../../index.js'
 * @import { Command, Context } from '../usage.js'
 */

/** @type {Command} */
export const copy = {
  name: 'copy',
  synopsis: 'SOURCE TARGET',
  operands: [2, 2],
  locations: 2,
  summary: 'copy states, all or some, to another place, layout or compression',
  description: `SOURCE is any LOCATION, TARGET a folder, or an HDF5 file if its name ends with .h5, that is
made or has no states yet. When a copy was
interrupted, the same command again goes on where it was. In the end every state of the
target is compared with the source, and a folder gets metadata for web servers.`,
  options: {
    steps: { type: 'string', value: 'STEPS', help: "which states: '0,-1', '::10', 'step=40', '5:20'" },
    fields: { type: 'string', value: 'PATHS', help: "only these: 'pressure_grid,model.rock_properties'" },
    layout: { type: 'string', value: 'LAYOUT', help: "'nested' (default) or 'flat', as newer BORES writes" },
    compressor: { type: 'string', value: 'CODEC', help: "'zstd:5', 'gzip:9', 'blosc:lz4:1:bit', 'lzf' (HDF5), 'none'" },
    arrays: { type: 'string', value: 'FORM', help: "'raw' (default) or 'record', as newer BORES has them" },
    ...CASE_OPTION,
    force: { type: 'boolean', short: 'f', help: 'replace what TARGET has, when the copy is complete' },
  },
  examples: [
    ['bores copy https://example.org/run.zarr run.zarr', 'download a run'],
    ["bores copy run.zarr small.zarr --steps ::10 --fields pressure_grid,model.thickness_grid",
      'every tenth pressure, and what a viewer needs to draw it'],
    ['bores copy run.zarr run.h5', 'as one file, to be mailed'],
    ['bores copy old.zarr new.zarr --layout flat --compressor zstd:9', 'as newer BORES has it, smaller'],
  ],
  async* run({ operands: [from, to], options, signal, place, progress }) {
    const form = { layout: choice('layout', options.layout, ['nested', 'flat']),
      arrays: choice('arrays', options.arrays, ['raw', 'record']),
      ...(options.compressor !== undefined && (isHdf5(to) ? parseCompression(options.compressor)
        : { compressor: parseCompressor(options.compressor) })) };
    await assertSeparate(from, to);
    yield* withStore(from, { signal, place }, async function* work(source) {
      const target = await openStore(to, { mode: 'a', worker: true, consolidate: true, ...form, signal, ...place });
      try {
        const result = await copyStore(source, target, {
          ...await select(source, options, signal), replace: options.force, signal,
          onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
        }).catch(advise);
        await target.close();
        progress.clear();
        yield await report(from, to, result, options.json, { signal, ...place });
        if (!options.json) yield await passedOver(source, signal);
      } finally {
        await target.close();
      }
    }, { case: options.case });
  },
};

/** @param {string} location */
const isHdf5 = (location) => /\.(h5|hdf5?|he5)$/i.test(location);

/**
 * @template {string} T
 * @param {string} name
 * @param {string | undefined} value
 * @param {T[]} allowed
 * @param {Command} [command]
 * @returns {T | undefined}
 */
export function choice(name, value, allowed, command = copy) {
  if (value === undefined || allowed.includes(/** @type {T} */ (value))) {
    return /** @type {T | undefined} */ (value);
  }
  throw new UsageError(`--${name} is '${allowed.join("' or '")}', got '${value}'`, command);
}

/**
 * @param {DataStore} source
 * @param {Context['options']} options
 * @param {AbortSignal} signal
 */
export async function select(source, { steps, fields }, signal) {
  const entries = await source.entries({ signal });
  const positions = steps === undefined ? undefined : selectSteps(steps, entries);
  const first = entries[positions ? Math.min(...positions) : 0];
  return {
    selection: steps,
    ...(positions && { select: (/** @type {unknown} */ _, /** @type {number} */ i) => positions.has(i) }),
    ...(fields !== undefined && first && { fields: await selectFields(fields, source, first.idx, signal) }),
  };
}

/**
 * @param {unknown} error
 * @returns {never}
 */
export function advise(error) {
  if (error instanceof BoresError && error.code === 'ERR_NOT_EMPTY') {
    throw new BoresError(error.code, `${error.message}; --force replaces them`, { cause: error });
  }
  throw error;
}

/**
 * @param {string} from
 * @param {string} to
 * @param {Awaited<ReturnType<typeof copyStore>>} result
 * @param {boolean} json
 * @param {Parameters<typeof openStore>[1] & { signal: AbortSignal }} options
 */
async function report(from, to, { entries, resumedAt, verified, lost }, json, options) {
  const store = await openStore(to, { mode: 'r', ...options });
  const usage = await store.usage({ signal: options.signal });
  await store.close();
  if (json) {
    return formatJson({ from: withoutPasswords(from), to: store.location, states: entries, resumedAt,
      verified, lost, bytes: usage?.bytes ?? null, files: usage?.keys ?? null });
  }
  const resumed = resumedAt > 0 ? `, ${resumedAt} of them earlier` : '';
  const size = usage ? `, ${formatBytes(usage.bytes)} in ${usage.keys} files` : '';
  return `${entries} states copied${resumed} and compared${size}\n${lostText(lost)}`;
}

/** @param {string[]} lost  from copyStore() */
export function lostText(lost) {
  return lost.length === 0 ? '' : `the target has no place for these attributes of the root: ${lost.join(', ')}\n`;
}
