// SPDX-License-Identifier: MIT
// The example page, with its own markup and script, on a file that a visitor chooses: two
// states of a run that BORES wrote (tests/data/store).

import { buildZip } from '../helpers/storage/zip-writer.js';
import { equal } from '../helpers/storage/assert.js';
import { test } from './harness.js';

/**
 * Keys and values of a .kv file (tests/data/store/make.py).
 * @param {ArrayBuffer} buffer
 */
function* readKv(buffer) {
  const view = new DataView(buffer);
  for (let at = 1; at < buffer.byteLength;) {
    const keyLength = view.getUint16(at, true);
    const name = new TextDecoder().decode(new Uint8Array(buffer, at + 2, keyLength));
    const length = view.getUint32(at + 2 + keyLength, true);
    at += 2 + keyLength + 4;
    yield { name, data: new Uint8Array(buffer, at, length) };
    at += length;
  }
}

/** @param {BlobPart} content @param {string} name */
function choose(content, name) {
  const transfer = new DataTransfer();
  transfer.items.add(new File([content], name));
  const input = /** @type {HTMLInputElement} */ (document.querySelector('input[accept]'));
  input.files = transfer.files;
  input.dispatchEvent(new Event('change'));
}

/**
 * What the page shows once it matches.
 * @param {RegExp} done
 */
async function shown(done) {
  const output = /** @type {HTMLElement} */ (document.querySelector('pre'));
  while (!done.test(output.textContent ?? '')) {
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return output.textContent ?? '';
}

test('the example page shows a run', async () => {
  const html = await (await fetch('../../examples/browser/index.html')).text();
  const page = new DOMParser().parseFromString(html, 'text/html');
  document.body.replaceChildren(...page.body.childNodes); // its script does not run from here
  await import('../../examples/browser/main.js');

  const kv = await (await fetch('../data/store/nested.kv')).arrayBuffer();
  choose(buildZip([...readKv(kv)]), 'run.zarr.zip');
  // numpy: the means of the pressures that zarr-python reads
  equal(await shown(/\n.*\n/), '0.00 days: 3070.51 psi\n3.04 days: 3068.30 psi\n');

  choose('no zip', 'notes.zip');
  equal((await shown(/zip/)).includes('notes.zip'), true, 'the page says what is wrong');
});
