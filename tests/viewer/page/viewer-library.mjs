// SPDX-License-Identifier: MIT
// Runs as things one owns: one's own folders and files are read where they lie, and found again.

import assert from 'node:assert/strict';

import { runFolder } from '../../helpers/fixtures.js';
import { POLL } from '../viewer-driver.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

/**
 * A handle of a file, as a browser gives it for what was dropped: here of one of the page's own file system,
 * which every browser has.
 * @param {ViewerPage} page
 * @param {string} folder  of the file
 * @param {boolean} [beside]  on the right half, to be compared
 */
function dropHandle(page, folder, beside = false) {
  return page.run(async (root, _viewer, where, right) => {
    const response = await fetch('samples/five-spot.zarr.zip');
    const top = await navigator.storage.getDirectory();
    const place = await top.getDirectoryHandle(where, { create: true });
    const handle = await place.getFileHandle('mine.zarr.zip', { create: true });
    const stream = await handle.createWritable();
    await stream.write(await response.blob());
    await stream.close();
    const file = await handle.getFile();
    const event = new Event('drop', { bubbles: true, cancelable: true });
    Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], items: [{ kind: 'file',
      getAsFile: () => file, webkitGetAsEntry: () => null, getAsFileSystemHandle: async () => handle }] } });
    if (right) Object.defineProperty(event, 'clientX', { value: innerWidth - 10 });
    /** @type {HTMLElement} */ (root.querySelector('.app')).dispatchEvent(event);
  }, folder, beside);
}

/** @param {ViewerPage} page */
async function ownLink(page) {
  await page.page.waitForFunction(() => location.hash.includes('src=own:'), POLL);
  await page.shown();
  return page.page.url().split('#')[1];
}

/** Until a picture of a run has been made for the list, and kept. @param {ViewerPage} page */
const looked = (page) => page.until(() => new Promise((resolve, reject) => {
  const opening = indexedDB.open('bores-library'); // which is there, since the run has an address in it
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const { result: database } = opening;
    const reading = database.transaction('runs').objectStore('runs').getAll();
    reading.onerror = () => reject(reading.error);
    reading.onsuccess = () => {
      database.close();
      resolve(reading.result.some(({ look }) => look));
    };
  };
}));

/** @param {ViewerPage} page */
const rows = (page) => page.run((root) => [...root.querySelectorAll('.recent-run')].map((row) =>
  ({ text: /** @type {HTMLElement} */ (row).innerText, look: row.querySelector('canvas') !== null })));

/** @type {Case[]} */
export const cases = [{
  name: 'library: a file of one’s own is not copied, is found again after a reload, and listed with its picture',
  async run({ open }) {
    const page = await open();
    await page.load();
    await dropHandle(page, 'a');
    const first = await ownLink(page);
    await page.run((_root, viewer) => viewer.setStep(5));
    await page.page.waitForFunction(() => location.hash.includes('t=5'), POLL);
    await looked(page);
    await page.page.reload();
    await page.find('.app');
    await page.shown();
    assert.equal((await page.state()).step, 5);
    assert.equal(await page.text('.copy-badge'), '');
    // Another file of the same name is another run; the same file again is the same.
    await page.load();
    await dropHandle(page, 'b');
    const second = await ownLink(page);
    await page.load();
    await dropHandle(page, 'a');
    const again = await ownLink(page);
    const sourceOf = (/** @type {string} */ link) => /src=([^&]*)/.exec(link)?.[1];
    assert.notEqual(sourceOf(second), sourceOf(first));
    assert.equal(sourceOf(again), sourceOf(first));
    await page.load();
    await page.find('.recent-run');
    const listed = await rows(page);
    assert.equal(listed.length, 2);
    assert.ok(listed.every(({ text }) => /mine\.zarr\.zip[\s\S]*your own file, not copied/.test(text)),
      JSON.stringify(listed));
    assert.ok(listed.some(({ look }) => look), 'it has a picture');
    await page.click('.recent .icon-button');
    await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
      ?.querySelectorAll('.recent-run').length === 1, POLL);
  },
}, {
  name: 'library: two files of one’s own are compared by a link, which says that it works here only; others are offered',
  async run({ open }) {
    const page = await open({ before: (tab) => tab.evaluateOnNewDocument(() => {
      Object.defineProperty(navigator, 'clipboard', { value: { writeText: async () => {} } });
    }) });
    await page.load();
    await dropHandle(page, 'a');
    await ownLink(page);
    await dropHandle(page, 'b', true);
    await page.page.waitForFunction(() => /[#&]b=own:/.test(location.hash), POLL);
    await page.until((_root, { state: { now } }) => now.lens && now.shown);
    await page.page.reload();
    await page.until((_root, { state: { now } }) => now.lens && now.shown);
    const { names, cells } = await page.run((_root, { state: { now } }) => ({ names: now.lens.names,
      cells: [now.shown.values.lo, now.shown.values.hi, now.shown.property.difference] }));
    assert.deepEqual([names, cells], [{ first: 'mine.zarr.zip', second: 'mine.zarr.zip' }, [0, 0, true]]);
    await page.click('[aria-label^="Copy"]');
    await page.says('.toast', /Link copied: it works in this browser only$/);
    // What has no address is not in the link, and that is said.
    await page.run((_root, viewer) => viewer.set({ compare: { ...viewer.state.now.compare, source: null, name: 'other.h5' } }));
    await page.click('[aria-label^="Copy"]');
    await page.says('.toast', /leaves out other\.h5, which has no address$/);
    await page.run((_root, viewer) => viewer.set({ compare: null }));
    // The run that is open is not offered, the other one is.
    await page.click('.compare-button');
    await page.until((root) => root.querySelectorAll('.compare-kept button').length === 1);
    await page.click('.compare-kept button');
    await page.until((_root, { state: { now } }) => now.lens && now.shown && now.compare.source.startsWith('own:'));
  },
}, {
  name: 'library: the browser asks again before one’s own file is read, and a forgotten one is told of',
  async run({ open }) {
    const page = await open({ before: (tab) => tab.evaluateOnNewDocument(() => {
      const own = /** @type {any} */ (globalThis.FileSystemHandle)?.prototype;
      if (!own) return;
      // What a driver evaluates counts as an act of the user: only clicks are to.
      Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } });
      const asked = /** @type {any} */ (globalThis).asked = { count: 0 };
      own.queryPermission = async () => 'prompt';
      own.requestPermission = async () => { asked.count += 1; return asked.count < 2 ? 'denied' : 'granted'; };
    }) });
    await page.load();
    await dropHandle(page, 'a');
    const link = await ownLink(page);
    await page.load(`${link}&t=3`);
    const button = '.failure button';
    await page.find(button);
    assert.match(await page.text('.failure'), /mine\.zarr\.zip is on this device[\s\S]*not copied/);
    await page.click(button);
    await page.page.waitForFunction(() => /** @type {any} */ (globalThis).asked.count === 1
      && /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now.phase === 'failed', POLL);
    assert.match(await page.text('.failure'), /mine\.zarr\.zip/, 'it was refused');
    await page.click(button);
    await page.page.waitForFunction(() => /** @type {any} */ (
      document.querySelector('bores-viewer')).viewer.state.now.phase === 'ready', POLL);
    await page.shown();
    assert.deepEqual([(await page.state()).phase, (await page.state()).step], ['ready', 3]);
    await page.load('bores=1&src=own:nobodyhas1');
    await page.find('.failure');
    assert.match(await page.text('.failure'), /not known here/);
  },
}, {
  name: 'library: what the browser is asked during an act of the user and allows is opened; an error is no endless wait',
  async run({ open }) {
    const page = await open({ before: (tab) => tab.evaluateOnNewDocument(() => {
      const own = /** @type {any} */ (globalThis.FileSystemHandle)?.prototype;
      if (!own) return;
      Object.defineProperty(navigator, 'userActivation', { value: { isActive: true } });
      const broken = location.hash.includes('t=4');
      own.queryPermission = async () => { if (broken) throw new Error('broken'); return 'prompt'; };
      own.requestPermission = async () => { if (broken) throw new Error('broken'); return 'granted'; };
    }) });
    await page.load();
    await dropHandle(page, 'a');
    const link = await ownLink(page);
    await page.load(`${link}&t=3`);
    await page.page.waitForFunction(() => !['opening', 'empty'].includes(/** @type {any} */ (
      document.querySelector('bores-viewer')).viewer.state.now.phase), POLL);
    await page.shown();
    assert.deepEqual([(await page.state()).phase, (await page.state()).step], ['ready', 3]);
    await page.load(`${link}&t=4`);
    await page.find('.failure button');
    assert.match(await page.text('.failure button'), /Allow reading mine\.zarr\.zip/);
  },
}, {
  name: 'library: a run that opens while the list of runs does not answer has its address as soon as that does',
  async run({ open }) {
    const page = await open({ before: (tab) => tab.evaluateOnNewDocument(() => {
      const here = /** @type {any} */ (globalThis);
      const answers = new Promise((resolve) => { here.answer = resolve; });
      const { open: opened } = IDBFactory.prototype;
      IDBFactory.prototype.open = function late(name, version) {
        if (name !== 'bores-library') return opened.call(this, name, version);
        const asked = /** @type {any} */ ({});
        answers.then(() => {
          const real = opened.call(this, name, version);
          for (const told of /** @type {const} */ (['onupgradeneeded', 'onsuccess', 'onerror'])) {
            real[told] = (/** @type {any} */ event) => {
              asked.result = real.result;
              asked[told]?.(event);
            };
          }
        });
        return asked;
      };
    }) });
    await page.load();
    await dropHandle(page, 'a');
    await page.shown();
    assert.equal((await page.state()).source, null);
    await page.run(() => /** @type {any} */ (globalThis).answer());
    await ownLink(page);
  },
}, {
  name: 'library: a dropped folder is read where it lies',
  only: 'chromium', // folders cannot be dropped over WebDriver BiDi
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.drop([runFolder('guide/wf_f64_ckpt')]);
    await ownLink(page);
    await new Promise((resolve) => { setTimeout(resolve, 1500); }); // a copy would be made by now
    assert.equal(await page.text('.toast'), '');
    await page.load();
    await page.find('.recent-run');
    assert.match((await rows(page))[0].text, /wf_f64_ckpt\.zarr[\s\S]*your own folder, not copied/);
  },
}, {
  name: 'library: what is large is opened when one says so',
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.run((_root, viewer) => {
      const told = /** @type {any} */ (globalThis).told = [];
      viewer.open(async (/** @type {any} */ { confirm }) => {
        await confirm('It has 50 million cells');
        told.push('went on');
        throw new Error('enough');
      }, { name: 'large', source: null });
    });
    await page.find('.opening .primary:not([hidden])');
    assert.match(await page.text('.opening'), /50 million cells\./);
    await page.click('.opening .primary');
    await page.find('.failure');
    assert.deepEqual(await page.run(() => /** @type {any} */ (globalThis).told), ['went on']);
  },
}];
