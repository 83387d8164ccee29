// SPDX-License-Identifier: MIT
// "Save as": the run in another format, as a download where the page may not write files.

import assert from 'node:assert/strict';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

/** @param {ViewerPage} page  keeps what is downloaded in `globalThis.saved` */
async function keepDownloads(page) {
  await page.page.evaluate(() => {
    const here = /** @type {any} */ (globalThis);
    delete here.showSaveFilePicker;
    here.showSaveFilePicker = undefined;
    here.saved = [];
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (/** @type {any} */ blob) => {
      here.saved.push(blob);
      return make(blob);
    };
    HTMLAnchorElement.prototype.click = function click() {};
  });
}

/** @param {ViewerPage} page @param {string} ending @param {string} steps */
async function save(page, ending, steps) {
  await page.run((root) =>
    /** @type {HTMLElement} */ (root.querySelector('button[aria-label^="Save as"]')).click());
  await page.find('.save-dialog[open]');
  await page.run((root, _viewer, wantedEnding, wantedSteps) => {
    const dialog = /** @type {HTMLDialogElement} */ (root.querySelector('.save-dialog'));
    const [format, which] = /** @type {HTMLSelectElement[]} */ ([...dialog.querySelectorAll('select')]);
    format.value = String(wantedEnding);
    which.value = String(wantedSteps);
    /** @type {HTMLElement} */ (dialog.querySelector('button[type=submit]')).click();
  }, ending, steps);
}

/** @param {ViewerPage} page */
async function closed(page) {
  for (let i = 0; i < 600; i += 1) {
    const { open, says } = await page.run((root) => ({
      open: /** @type {HTMLDialogElement} */ (root.querySelector('.save-dialog')).open,
      says: root.querySelector('.save-dialog [role=status]')?.textContent ?? '',
    }));
    if (!open) return;
    if (/could not/.test(says)) throw new Error(says);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
  throw new Error('it is still saving');
}

/** @type {Case[]} */
export const cases = [
  {
    name: 'the step that is shown is saved as zip, HDF5, JSON and YAML',
    async run({ open }) {
      const page = await open();
      await page.sample('&t=3');
      await keepDownloads(page);
      const begins = { '.zarr.zip': 'PK', '.h5': '\ufffdHDF\r\n', '.json': '[\n  {\n    "_index": 0,', '.yaml': '- _index: 0\n' };
      for (const [ending, begin] of Object.entries(begins)) {
        await save(page, ending, 'this');
        await closed(page);
        await page.says('.toast', new RegExp(`Saved: .*\\${ending}, \\d`));
        const text = await page.page.evaluate(async () => {
          const blob = /** @type {any} */ (globalThis).saved.at(-1);
          return blob.slice(0, 1000).text();
        });
        assert.ok(text.startsWith(begin), `${ending}: ${text.slice(0, 40)}`);
      }
      const saved = await page.page.evaluate(async () => {
        const [entry, ...others] = JSON.parse(await /** @type {any} */ (globalThis).saved[2].text());
        return { group: entry._group_name, others: others.length, names: Object.keys(entry.data) };
      });
      assert.equal(saved.group, 'entry_0000000000');
      assert.equal(saved.others, 0);
      assert.ok(saved.names.includes('model'));
    },
  },
];
