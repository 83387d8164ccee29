// SPDX-License-Identifier: MIT
// bores consolidate: all metadata in one document, for web servers.

import { withStore } from '../arguments.js';
import { formatBytes, formatJson } from '../format.js';

/** @import { Command } from '../usage.js' */

/** @type {Command} */
export const consolidate = {
  name: 'consolidate',
  synopsis: 'LOCATION',
  operands: [1, 1],
  summary: 'make a store readable over HTTP',
  description: `Writes .zmetadata, which holds all metadata of the store. A web server cannot list
folders: with that document beside the data it serves the store as it is. It is the one
that zarr-python's consolidate_metadata() writes, and any Zarr 2 hierarchy can have it.
States that BORES adds afterwards are found all the same, as long as the root counts them.`,
  options: {},
  examples: [
    ['bores consolidate run.zarr && rsync -r run.zarr www:/srv/', 'publish a run'],
  ],
  async* run({ operands: [location], options, signal, place }) {
    yield* withStore(location, { signal, place }, async function* work(store) {
      const { bytes } = await store.consolidate({ signal });
      yield options.json ? formatJson({ location: store.location, bytes })
        : `wrote .zmetadata, ${formatBytes(bytes)}\n`;
    }, { mode: 'r+', plain: true });
  },
};
