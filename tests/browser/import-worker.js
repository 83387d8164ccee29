// SPDX-License-Identifier: MIT
// Imports an endless run under the name it is told, and tells how many bytes it has copied, until
// it is terminated.

import { importRun } from '../../js/storage/indexeddb/indexeddb.js';
import { noise } from '../helpers/storage/content.js';

const value = noise(500_000, 1);

/** A million values of half a megabyte: nobody waits for its end. */
const source = {
  kind: 'custom', location: 'endless', closed: false,
  get: async () => value,
  list: async () => Array.from({ length: 1_000_000 }, (_, i) => String(i)),
  close: async () => undefined,
};

globalThis.onmessage = ({ data }) => {
  void importRun(source, data, { onProgress: ({ bytes }) => postMessage(bytes) });
};
