// SPDX-License-Identifier: MIT
// What one does with the viewer.

import assert from 'node:assert/strict';

import { runFolder } from '../helpers/fixtures.js';
import { POLL, withoutHandles } from './viewer-driver.mjs';
import { expected, fromAbove } from './viewer-pictures.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const PRESSURE = 'model.fluid_properties.pressure_grid';

/** @param {ViewerPage} page @param {{ x: number, y: number }} at */
async function clickPicture(page, at) {
  const box = await page.box('.canvas-box');
  await page.page.mouse.click(box.x + at.x, box.y + at.y);
  await page.frames(2);
}

/** The facts that the cell's panel tells. @param {ViewerPage} page */
async function facts(page) {
  return page.run((root) => [...root.querySelectorAll('.facts dd')].map((dd) =>
    /** @type {HTMLElement} */ (dd).dataset.value));
}

/** @param {ViewerPage} page */
async function focusPicture(page) {
  await page.run((root) => /** @type {HTMLElement} */ (
    root.querySelector('.canvas-box') ?? root.querySelector('canvas.slice')).focus());
}

/** A number that stands for a remembered picture: pictures do not survive a reload. */
const hashInPage = (/** @type {unknown} */ _root, /** @type {unknown} */ _viewer,
  /** @type {string} */ name) => {
  let hash = 7;
  for (const value of /** @type {any} */ (globalThis).pictures[name].data) {
    hash = (hash * 31 + value) % 2147483647;
  }
  return hash;
};

/** @type {Case[]} */
export const cases = [1, 10].map((exaggeration) => ({
  // Check 9: 126 pixels, whose cell, value and depth are those of the file, however heights are drawn.
  name: `a clicked cell has the file's value and its true depth, heights × ${exaggeration}`,
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample(`&t=22&p=${expected.history.path}&z=${exaggeration}&wells=0`);
    const at = await fromAbove(page);
    const box = await page.box('.canvas-box');
    for (const [i, row] of expected.topGas.entries()) {
      for (const [j, gas] of row.entries()) {
        const { x, y } = at([i, j]);
        await page.page.mouse.click(box.x + x, box.y + y);
        assert.deepEqual(await page.run((_root, { state: { now } }) => now.cell), [i, j, 0]);
        const [value, depth] = await facts(page);
        assert.equal(Number(value), gas);
        const wanted = expected.topDepth[i][j];
        assert.ok(Math.abs(Number(depth) - wanted) < 1e-9, `${i}, ${j}: ${depth}, not ${wanted}`);
      }
    }
    await clickPicture(page, { x: 500, y: 12 });
    assert.equal((await page.state()).cell, null);
  },
}));

cases.push({
  // Check 10.
  name: "the selected cell's curve is the file's series, and a click on it goes there",
  async run({ open }) {
    const page = await open();
    const { cell, path, values } = expected.history;
    await page.sample(`&p=${path}&c=${cell}`);
    await page.find('.plot canvas');
    await page.settled();
    const { history } = await page.state();
    assert.deepEqual(history.values, values);
    const days = await page.run((_root, viewer) =>
      viewer.state.now.run.steps.map((/** @type {any} */ step) => step.time / 86400));
    assert.deepEqual(days, expected.days);
    const over = await page.box('.u-over');
    await page.page.mouse.click(over.x + over.width - 2, over.y + 40);
    await page.shown();
    assert.equal((await page.state()).step, 22);
    // Where the mark of the step is drawn, and where its day lies between the first and the last.
    const places = await page.run(async (root, viewer) => {
      const { arc } = CanvasRenderingContext2D.prototype;
      const plot = root.querySelector('.plot canvas');
      /** @type {number} */ let drawn = NaN;
      CanvasRenderingContext2D.prototype.arc = function spied(...args) {
        if (this.canvas === plot) [drawn] = args;
        return arc.apply(this, args);
      };
      /** @type {number[]} */ const found = [];
      for (const step of [0, 7, 15, 22]) {
        viewer.setStep(step);
        while (viewer.state.now.shown?.step !== step) await new Promise((resolve) => { setTimeout(resolve, 5); });
        await new Promise((resolve) => { setTimeout(resolve); });
        found.push(drawn / devicePixelRatio);
      }
      CanvasRenderingContext2D.prototype.arc = arc;
      return found;
    });
    const { left, width } = await page.run((root) => {
      const { offsetLeft, offsetWidth } = /** @type {HTMLElement} */ (root.querySelector('.plot .u-over'));
      return { left: offsetLeft, width: offsetWidth };
    });
    [0, 7, 15, 22].forEach((step, n) => assert.ok(Math.abs(places[n]
      - left - width * expected.days[step] / expected.days[22]) <= 1, `step ${step}: ${places[n]}`));
  },
}, {
  // Check 8.
  name: 'keys move in time, letters that are typed do not',
  async run({ open }) {
    const page = await open();
    await page.sample();
    await focusPicture(page);
    for (const [key, step] of /** @type {const} */ ([['ArrowRight', 1], ['ArrowRight', 2],
      ['ArrowLeft', 1], ['PageUp', 11], ['End', 22], ['ArrowRight', 22], ['PageDown', 12],
      ['Home', 0]])) {
      await page.page.keyboard.press(key);
      assert.equal((await page.state()).step, step, key);
    }
    await page.focus('.time-slider');
    await page.page.keyboard.press('PageUp');
    assert.equal((await page.state()).step, 10);
    await page.focus('.search-field');
    await page.page.keyboard.type('we l');
    const { showEdges, showWells, loop } = await page.run((_root, viewer) => viewer.state.now);
    assert.deepEqual([showEdges, showWells, loop], [true, true, false]);
    await focusPicture(page);
    await page.page.keyboard.press('w');
    assert.equal(await page.run((_root, viewer) => viewer.state.now.showWells), false);
    await page.page.keyboard.press('?');
    assert.equal(await page.run((root) => root.querySelector('dialog')?.open), true);
  },
}, {
  name: 'everything can be reached with Tab, and says what it is',
  async run({ open }) {
    const page = await open();
    await page.sample('&c=1,1,1');
    const nameless = await page.run((root) =>
      [...root.querySelectorAll('button, input, select, canvas[role]')]
      .filter((element) => element.getClientRects().length > 0)
      .filter((element) => {
        const control = /** @type {HTMLInputElement} */ (element);
        const label = control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent
          ?? control.textContent;
        return !label?.trim();
      }).map((element) => element.outerHTML));
    assert.deepEqual(nameless, []);
    const names = ['search-field', 'time-slider', 'slice', 'index'];
    /** @type {Set<string>} */ const reached = new Set();
    const missing = () => names.filter((name) => ![...reached].some((classes) => classes.includes(name)));
    const tabs = async () => {
      for (let n = 0; n < 100 && missing().length > 0; n += 1) {
        await page.page.keyboard.press('Tab');
        reached.add(await page.run((root) => root.activeElement?.className ?? ''));
      }
    };
    await focusPicture(page);
    await tabs(); // to the end, where Firefox stays
    await page.page.keyboard.down('Shift');
    await tabs();
    await page.page.keyboard.up('Shift');
    assert.deepEqual(missing(), []);
  },
}, {
  // Checks 6 and 7; how evenly it goes is measured.
  name: 'playback shows every step once, in order, and stops; repeated it starts over',
  async run({ open }) {
    const page = await open();
    await page.sample('&v=20');
    // Until it stops by itself, or has shown so many.
    const play = (/** @type {number} */ most) => page.run(async (_root, viewer, enough) => {
      /** @type {number[]} */ const seen = [];
      viewer.togglePlay();
      await new Promise((resolve) => {
        viewer.state.watch(['shown'], (/** @type {any} */ { shown }) => {
          if (seen.length < enough) seen.push(shown.step);
          if (seen.length === enough) resolve(undefined);
        });
        viewer.state.watch(['playing'], (/** @type {any} */ { playing }) => { if (!playing) resolve(undefined); });
      });
      return { seen, playing: viewer.state.now.playing };
    }, most);
    const once = await play(1000);
    assert.deepEqual(once.seen, Array.from({ length: 23 }, (_, n) => n));
    assert.equal(once.playing, false);
    await page.until((root) => ['One step forward', 'Last step'].every((name) =>
      /** @type {HTMLButtonElement} */ (root.querySelector(`.time-bar [aria-label="${name}"]`)).disabled));
    await page.run((_root, viewer) => viewer.set({ loop: true }));
    const { seen, playing } = await play(30);
    assert.equal(playing, true);
    assert.equal(seen.length, 30);
    seen.forEach((step, n) => { if (n > 0) assert.equal(step, (seen[n - 1] + 1) % 23); });
  },
}, {
  // Check 19, of a link; of a session and without a network: viewer-film.mjs, viewer-offline.mjs.
  name: 'a reload shows what was shown',
  async run({ open }) {
    const page = await open();
    await page.sample();
    await page.run((_root, viewer) => {
      viewer.setProperty('model.fluid_properties.gas_saturation_grid');
      viewer.setStep(9);
      viewer.setMap('cividis');
      viewer.setTypedRange(0.01, 0.8);
      viewer.setBox({ lo: [1, 0, 1], hi: [8, 7, 4] });
      viewer.setExaggeration(4);
      viewer.select([3, 2, 1]);
      viewer.look({ azimuth: 140, elevation: 40, distance: 2.5, target: [0.1, 0, 0] });
    });
    await page.shown();
    await page.page.waitForFunction(() => /c=3,2,1/.test(location.hash), POLL); // all of it is written at once
    const before = await page.state();
    const link = page.page.url().split('#')[1];
    await page.remember('before');
    const old = await page.run(hashInPage, 'before');
    await page.load(link);
    await page.shown();
    await page.find('.plot canvas');
    const after = await page.state();
    for (const name of /** @type {const} */ (['step', 'property', 'cell', 'map', 'rangeMode',
      'range', 'box', 'exaggeration', 'view'])) assert.deepEqual(after[name], before[name], name);
    await page.remember('after');
    const now = await page.run(hashInPage, 'after');
    assert.equal(now, old, 'the pictures differ');
  },
}, {
  name: 'the property list can be searched and chosen from with the keyboard',
  async run({ open }) {
    const page = await open();
    await page.sample();
    await page.focus('.search-field');
    await page.page.keyboard.type('perm');
    const names = await page.run((root) =>
      [...root.querySelectorAll('.option')].map(({ textContent }) => textContent));
    assert.ok(names.length >= 6 && names.every((name) => /perm/i.test(name ?? '')), names.join());
    await page.page.keyboard.press('ArrowDown');
    await page.page.keyboard.press('Enter');
    await page.shown();
    assert.equal((await page.state()).property, 'model.rock_properties.absolute_permeability.y');
    assert.equal(await page.run((_root, viewer) => viewer.state.now.log), true);
  },
}, {
  name: 'index ranges take cells away, and what is behind them can be picked',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample('&wells=0&box=0-8,0-6,2-3');
    const at = await fromAbove(page);
    await clickPicture(page, at([4, 3]));
    assert.deepEqual((await page.state()).cell, [4, 3, 2]);
    await page.run((root) => {
      const [low] = root.querySelectorAll('.range-slider .end-first');
      const input = /** @type {HTMLInputElement} */ (low);
      input.value = '6';
      input.dispatchEvent(new Event('input'));
    });
    // Its faces come after it: of 9 × 7 × 4 cells.
    await page.until((_root, viewer) => [...viewer.state.now.faces.codes].every((code) =>
      Math.floor((code & 0x1fffffff) / (7 * 4)) >= 6));
    await page.frames(2);
    assert.deepEqual((await page.state()).box, { lo: [6, 0, 2], hi: [9, 7, 4] });
    await clickPicture(page, at([2, 3]));
    assert.equal((await page.state()).cell, null);
  },
}, {
  name: 'a cell is picked on the slice too',
  async run({ open }) {
    const page = await open();
    await page.sample('&s=k0&t=22');
    await page.frames(5);
    const box = await page.box('canvas.slice');
    // The middle of what the axes leave: 46 and 8 pixels beside it, 8 and 30 above and below.
    await page.page.mouse.click(box.x + 19 + box.width / 2, box.y - 11 + box.height / 2);
    assert.deepEqual((await page.state()).cell, [4, 3, 0]);
    const [value] = await facts(page);
    assert.equal(Number(value), expected.pressure[22]['[4, 3, 0]']);
  },
}, {
  name: 'a dropped folder is kept in the browser, listed, opened again and forgotten',
  only: 'chromium', // folders cannot be dropped over WebDriver BiDi
  async run({ open }) {
    const page = await open({ before: withoutHandles });
    await page.load();
    await page.drop([runFolder('guide/wf_f64_ckpt')]);
    await page.shown();
    await page.page.waitForFunction(() => location.hash.includes('src=idb:wf_f64_ckpt.zarr~'), POLL);
    await page.page.reload();
    await page.find('.app');
    await page.shown();
    const { phase, source } = await page.state();
    assert.equal(phase, 'ready');
    assert.match(source, /^idb:wf_f64_ckpt\.zarr~[0-9a-z]{10}$/);
    await page.run((_root, viewer) => viewer.close());
    await page.click('.recent-run');
    await page.shown();
    assert.equal((await page.state()).phase, 'ready');
    await page.run((_root, viewer) => viewer.close());
    await page.click('.recent .icon-button');
    await page.page.waitForFunction(() => location.hash === ''
      && !document.querySelector('bores-viewer')?.shadowRoot?.querySelector('.recent-run'), POLL);
  },
}, {
  name: 'a run is opened from a file, with its pressure as the file has it',
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.run(async () => {
      const response = await fetch('samples/waterflood.zarr.zip');
      const file = new File([await response.arrayBuffer()], 'dropped.zarr.zip');
      const element = /** @type {any} */ (document.querySelector('bores-viewer'));
      element.open(file, { name: file.name, source: null });
    });
    await page.shown();
    const values = await page.run((_root, viewer) => {
      const { run, shown } = viewer.state.now;
      return { id: shown.property.id, value: shown.values.data[run.grid.indexOf([8, 6, 0])] };
    });
    assert.deepEqual(values, { id: PRESSURE, value: expected.pressure[0]['[8, 6, 0]'] });
  },
});
