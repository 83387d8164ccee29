// SPDX-License-Identifier: MIT
// The element as one file that needs nothing beside it: the library, its worker and its modules are inside. For a
// plain `<script type="module">`, a notebook, a page without a bundler. The build gives `inline:`.

// @ts-expect-error it is made by the build
import modules from 'inline:modules';
// @ts-expect-error it is made by the build
import worker from 'inline:worker';
import { configureWasm, configureWorker } from '../js/index.js';

/** @param {string} packed  gzip in base64 @returns {Promise<ArrayBuffer>} */
function unpacked(packed) {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

const entries = await Promise.all(Object.entries(/** @type {Record<string, string>} */ (modules))
  .map(async ([name, packed]) => [name, await unpacked(packed)]));
configureWasm(Object.fromEntries(entries));
configureWorker(() => {
  const url = URL.createObjectURL(new Blob([worker], { type: 'text/javascript' }));
  const made = new Worker(url, { type: 'module' });
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // once it has been fetched
  return made;
});
export const { BoresViewer } = await import('./viewer.js');
