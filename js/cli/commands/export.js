// SPDX-License-Identifier: MIT
// bores export: a run in a form that other programs work with.

import { exportCube } from '../../index.js';
import { CASE_OPTION, assertSeparate, passedOver, withStore } from '../arguments.js';
import { formatJson } from '../format.js';
import { UsageError } from '../usage.js';

/** @import { Command } from '../usage.js' */

/** @type {Command} */
export const exportCommand = {
  name: 'export',
  synopsis: 'SOURCE TARGET',
  operands: [2, 2],
  locations: 2,
  summary: 'write a run as a cube for xarray and Dask',
  description: `Each property of SOURCE becomes one array (step, x, y, z) of the Zarr store TARGET, with
coordinates and units. Steps that a cube at TARGET lacks are appended, so an export that was
interrupted goes on. Every part is read again and compared.`,
  options: {
    layout: { type: 'string', value: 'LAYOUT', help: "'cube', which is all there is" },
    fields: { type: 'string', value: 'PATHS', help: "only these: 'pressure_grid,oil_saturation_grid'" },
    rates: { type: 'boolean', help: "sparse rates as grids, too: for 'bores analyse TARGET'" },
    'zarr-format': { type: 'string', value: '2|3', help: '3 (sharded) by default; 2 for zarr-python before 3' },
    chunks: { type: 'string', value: 'S,X,Y,Z', help: 'lengths of a chunk' },
    shards: { type: 'string', value: 'S,X,Y,Z', help: 'of version 3: lengths of what is one file, of whole chunks' },
    ...CASE_OPTION,
    zip: { type: 'boolean', help: "TARGET is one file, to mail; so it is where its name ends in '.zip'" },
  },
  examples: [
    ['bores export run.zarr cube.zarr --layout cube', 'for xarray.open_zarr()'],
    ['bores export run.zarr cube2.zarr --zarr-format 2', "for Debian's xarray and Dask"],
    ['bores export run.zarr cube.zarr --zip', 'one file, cube.zarr.zip'],
  ],
  async* run({ operands: [from, given], options, signal, place, progress }) {
    if ((options.layout ?? 'cube') !== 'cube') {
      throw new UsageError(`--layout: '${options.layout}' is not 'cube'`, exportCommand);
    }
    const zarrFormat = options['zarr-format'] === undefined ? 3 : Number(options['zarr-format']);
    if (zarrFormat !== 2 && zarrFormat !== 3) {
      throw new UsageError(`--zarr-format: '${options['zarr-format']}' is neither 2 nor 3`, exportCommand);
    }
    const chunks = options.chunks?.split(',').map(Number), shards = options.shards?.split(',').map(Number);
    const to = options.zip && !/\.zip$/i.test(given) ? `${given}.zip` : given;
    await assertSeparate(from, to);
    yield* withStore(from, { signal, place }, async function* work(source) {
      const result = await exportCube(source, to, { zarrFormat, signal, chunks, shards, rates: options.rates === true,
        ...place, fields: options.fields?.split(','),
        onProgress: ({ done, total }) => progress.update('exporting', done, total) });
      progress.clear();
      yield options.json ? formatJson({ from, to, ...result })
        : `${result.appended} steps of ${result.properties.length} properties written and compared, `
          + `${result.steps} in all; chunks of ${result.chunks.join(' × ')}\n${await passedOver(source, signal)}`;
    }, { case: options.case });
  },
};
