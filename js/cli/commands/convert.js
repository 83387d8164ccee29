// SPDX-License-Identifier: MIT
// bores convert: a store, or a part of one, in another format.

import { convertStore, withoutPasswords } from '../../index.js';
import { CASE_OPTION, assertSeparate, passedOver, withStore } from '../arguments.js';
import { formatBytes, formatJson } from '../format.js';
import { parseCompressor } from '../selection.js';
import { advise, choice, lostText, select } from './copy.js';

/** @import { Command } from '../usage.js' */

/** @type {Command} */
export const convert = {
  name: 'convert',
  synopsis: 'SOURCE TARGET',
  operands: [2, 2],
  locations: 2,
  summary: 'write states, all or some, in another format',
  description: `SOURCE is any LOCATION. TARGET's name says the format: .zarr (a folder), .zip (Zarr in one
file), .h5, .json, .yaml. The file or folder appears when it is complete; in the end every state of
it is compared with the source.`,
  options: {
    steps: { type: 'string', value: 'STEPS', help: "which states: '0,-1', '::10', 'step=40', '5:20'" },
    fields: { type: 'string', value: 'PATHS', help: "only these: 'pressure_grid,model.rock_properties'" },
    layout: { type: 'string', value: 'LAYOUT', help: "Zarr: 'nested' (default) or 'flat'" },
    'zarr-format': { type: 'string', value: 'N', help: 'Zarr: 2 (default, as BORES reads) or 3' },
    shards: { type: 'string', value: 'X,Y,Z', help: 'Zarr 3: lengths of what is one file, of several chunks' },
    compressor: { type: 'string', value: 'CODEC', help: "Zarr: 'zstd:5', 'gzip:9', 'blosc:lz4:1:bit', 'none'" },
    arrays: { type: 'string', value: 'FORM', help: "'raw' or 'record'; default: what BORES can read of the format" },
    ...CASE_OPTION,
    units: { type: 'string', value: 'UNITS', help: "of an ECLIPSE run: 'bores' (default: psi, ft …) or 'file'" },
    force: { type: 'boolean', short: 'f', help: 'replace what TARGET has, when the new one is complete' },
  },
  examples: [
    ['bores convert run.zarr run.json', 'a run as text'],
    ['bores convert run.zarr run.zarr.zip', 'a run in one file, for a web page'],
    ['bores convert CASE.UNRST run.zarr', "an ECLIPSE or OPM run, in BORES's field units"],
    ['bores convert run.yaml run.zarr --steps -1', 'the last state, as BORES reads it fastest'],
  ],
  async* run({ operands: [from, to], options, signal, place, progress }) {
    const zarrFormat = choice('zarr-format', options['zarr-format'], ['2', '3'], convert);
    const form = {
      layout: choice('layout', options.layout, ['nested', 'flat'], convert),
      arrays: choice('arrays', options.arrays, ['raw', 'record'], convert),
      ...(zarrFormat !== undefined && { zarrFormat: /** @type {2 | 3} */ (Number(zarrFormat)) }),
      ...(options.shards !== undefined && { shards: options.shards.split(',').map(Number) }),
      ...(options.compressor !== undefined && { compressor: parseCompressor(options.compressor) }),
    };
    const units = choice('units', options.units, ['bores', 'file'], convert);
    await assertSeparate(from, to);
    yield* withStore(from, { signal, place }, async function* work(source) {
      const { selection, ...chosen } = await select(source, options, signal);
      const result = await convertStore(source, to, {
        ...form, ...chosen, ...place, replace: options.force, signal,
        onProgress: ({ phase, done, total }) => progress.update(phase, done, total),
      }).catch(advise);
      progress.clear();
      const { backend, entries, verified, lost, bytes, keys } = result;
      yield options.json
        ? formatJson({ from: source.location, to: withoutPasswords(to), backend, states: entries,
            verified, lost, bytes: bytes ?? null, files: keys ?? null })
        : `${entries} states written as ${backend} and compared`
          + `${bytes === undefined ? '' : `, ${formatBytes(bytes)}`}
${lostText(lost)}${await passedOver(source, signal)}`;
    }, { units, case: options.case });
  },
};
