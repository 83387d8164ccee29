// SPDX-License-Identifier: MIT
// Two runs, or two steps of one. Expected values follow from what made-runs.mjs writes.

import assert from 'node:assert/strict';
import path from 'node:path';

import { PRESSURE, pressureAt, withRuns } from './made-runs.mjs';
import { POLL } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const A = { days: [0, 10, 30, 60, 100], start: '2020-01-01' };
/** Begins five days later, and has other steps. */
const B = { days: [0, 12, 55, 90], start: '2020-01-06', base: 2950, rate: 1.5 };
/** Which of B's steps is nearest to each of A's by date, and how many days later it is. */
const MATCHES = [[0, 5], [0, -5], [1, -13], [2, 0], [3, -5]];

/** Until what is compared is on the screen. @param {ViewerPage} page @param {string} [how] */
async function compared(page, how = 'difference') {
  await page.page.waitForFunction((wanted) => {
    const { lens, shown, step, property, busy } = /** @type {any} */ (document.querySelector('bores-viewer'))
      .viewer.state.now;
    return lens?.how === wanted && !busy && shown?.step === step && shown.property === property && shown.values.pair;
  }, POLL, how);
  await page.frames(3);
}

/** @param {ViewerPage} page */
const shown = (page) => page.run((_root, viewer) => {
  const { shown: { values }, range, map, log, property } = viewer.state.now;
  return { data: [...values.data], range, map, log, name: property.name };
});

/** @param {ViewerPage} page @param {number} step */
async function goTo(page, step) {
  await page.run((_root, viewer, wanted) => viewer.setStep(wanted), step);
  await page.shown();
}

/** The colour just beside the middle of each picture. @param {ViewerPage} page */
function middles(page) {
  // Drawn again in the frame in which they are read, since a drawn frame is not kept.
  return page.run(async (root) => {
    root.querySelector('.stage')?.dispatchEvent(new Event('themechange'));
    return new Promise((resolve) => requestAnimationFrame(() => resolve([...root.querySelectorAll('.canvas-box canvas')]
      .map((canvas) => {
        const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, height)
          .getContext('2d'));
        context.drawImage(/** @type {HTMLCanvasElement} */ (canvas), 0, 0);
        return [...context.getImageData(width / 2 - 4, height / 2 + 4, 1, 1).data.slice(0, 3)];
      }))));
  });
}

/** @type {Case[]} */
export const cases = [{
  // Check 15, with the next one.
  name: 'compare: the difference of a run with itself is zero everywhere, at every step and against itself as base',
  async run({ open }) {
    await withRuns({ a: A }, async (url) => {
      const page = await open({ url });
      await page.load(`bores=1&src=runs/a.zarr&b=runs/a.zarr&p=${PRESSURE}`);
      await compared(page);
      for (const step of A.days.keys()) {
        await goTo(page, step);
        assert.deepEqual(new Set((await shown(page)).data), new Set([0]), `step ${step}`);
      }
      assert.deepEqual((await shown(page)).range.map(Math.abs), [0, 0]);
      await page.run((_root, viewer) => viewer.set({ compare: { ...viewer.state.now.compare, source: null, location: null,
        base: 4 } }));
      await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
        .viewer.state.now.lens?.sides.forward === false, POLL);
      await compared(page);
      assert.deepEqual(new Set((await shown(page)).data), new Set([0]));
      await goTo(page, 1); // 90 days earlier, by 1 psi a day
      assert.deepEqual(new Set((await shown(page)).data), new Set([-90]));
      assert.match((await shown(page)).name, /change since step 4/);
    });
  },
}, {
  name: 'compare: runs with other steps are matched by date, the gap is told, the difference is exact, a link has it',
  async run({ open }) {
    await withRuns({ a: A, b: B }, async (url) => {
      const page = await open({ url });
      await page.load(`bores=1&src=runs/a.zarr&p=${PRESSURE}&c=1,2,1`);
      await page.shown();
      await page.run((_root, viewer) => viewer.set({ compare: { source: 'runs/b.zarr', location: 'runs/b.zarr',
        name: 'b.zarr', base: null, how: 'difference', at: 0.5 } }));
      await compared(page);
      const largest = Math.max(...MATCHES.map(([match], step) =>
        Math.abs(pressureAt(B, B.days[match], 0) - pressureAt(A, A.days[step], 0))));
      for (const [step, [match, later]] of MATCHES.entries()) {
        await goTo(page, step);
        const { data } = await shown(page);
        assert.deepEqual(data, data.map((_, cell) =>
          pressureAt(B, B.days[match], cell) - pressureAt(A, A.days[step], cell)), `step ${step}`);
        const gap = await page.text('.compare-gap');
        if (later === 0) assert.doesNotMatch(gap, /later|earlier/);
        else assert.match(gap, new RegExp(`${Math.abs(later)} days ${later > 0 ? 'later' : 'earlier'}`));
      }
      await page.settled();
      const facts = await page.run((root) => [...root.querySelectorAll('.cell-panel dd')]
        .map((fact) => Number(fact.getAttribute('data-value'))));
      const cell = (1 * 3 + 2) * 2 + 1; // of 4 × 3 × 2
      const [a, b] = [pressureAt(A, 100, cell), pressureAt(B, 90, cell)];
      assert.deepEqual(facts.slice(0, 3), [b - a, a, b]);
      const curve = await page.run((_root, viewer) => viewer.state.now.history.values);
      assert.deepEqual(curve, MATCHES.map(([match], step) =>
        pressureAt(B, B.days[match], cell) - pressureAt(A, A.days[step], cell)));
      const { range, map, log } = await shown(page);
      assert.deepEqual([range, map, log], [[-largest, largest], 'coolwarm', false]);
      await page.page.waitForFunction(() => /b=runs/.test(location.hash) && /t=4/.test(location.hash), POLL);
      const hash = await page.page.evaluate(() => location.hash.slice(1));
      const again = await open({ url });
      await again.load(hash);
      await compared(again);
      assert.deepEqual((await shown(again)).data, (await shown(page)).data);
      assert.equal((await shown(again)).map, 'coolwarm');
      await again.run((_root, viewer) => viewer.set({ compare: null }));
      await again.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
        .viewer.state.now.lens === null, POLL);
      await again.shown();
      const plain = await shown(again);
      assert.deepEqual([plain.data[cell], plain.map, plain.name], [a, 'viridis', 'Pressure']);
    });
  },
}, {
  name: 'compare: grids that do not fit are told, and not drawn; so is a run that is not there',
  complains: true, // of the address that is not there
  async run({ open }) {
    await withRuns({ a: A, c: { days: [0, 1], shape: [3, 4, 2] } }, async (url) => {
      const page = await open({ url });
      await page.load(`bores=1&src=runs/a.zarr&b=runs/c.zarr&p=${PRESSURE}`);
      await page.page.waitForFunction(() => /c\.zarr cannot be compared: its grid has 3 × 4 × 2 cells, and not 4 × 3 × 2/
        .test(document.querySelector('bores-viewer')?.shadowRoot?.querySelector('.compare-note')?.textContent ?? ''), POLL);
      await page.shown();
      const { data, map, name } = await shown(page);
      assert.deepEqual([data[0], map, name], [3000, 'viridis', 'Pressure']);
      await page.run((_root, viewer) => viewer.set({ compare: { ...viewer.state.now.compare, source: 'runs/none.zarr',
        location: 'runs/none.zarr', name: 'none.zarr' } }));
      await page.page.waitForFunction(() => /none\.zarr cannot be compared: ./.test(document.querySelector('bores-viewer')
        ?.shadowRoot?.querySelector('.compare-note')?.textContent ?? ''), POLL);
    });
  },
}, {
  name: 'compare: the curves of the second run are in the Results panel, and go with it',
  async run({ open }) {
    const page = await open({ viewport: { width: 1400, height: 900 } });
    await page.sample('&b=samples/waterflood.zarr.zip&rq=OPT');
    await compared(page);
    const curves = (/** @type {number} */ count) => page.page.waitForFunction((wanted) => document
      .querySelector('bores-viewer')?.shadowRoot?.querySelectorAll('.result-legend .now').length === wanted, POLL, count);
    await curves(2);
    await page.run((_root, viewer) => viewer.set({ compare: null }));
    await curves(1);
  },
}, {
  name: 'compare: side by side and in a swipe both pictures have one camera, and each its own values',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    await withRuns({ a: A, b: B }, async (url) => {
      const page = await open({ url });
      await page.load(`bores=1&src=runs/a.zarr&b=runs/b.zarr&p=${PRESSURE}&bm=beside&edges=0&m=viridis&r=3030,3130`);
      await compared(page, 'beside');
      await page.run((_root, viewer) => viewer.look({ azimuth: 180, elevation: 90, distance: 3, target: [0, 0, 0] }));
      await page.frames(4);
      // West of the middle is cell (1, 1) of the top layer: 3080 psi in A, 3030 in B. matplotlib's viridis(0.5), (0).
      assert.deepEqual(await middles(page), [[33, 145, 140], [68, 1, 84]]);
      // The camera of the second moves the first.
      const box = await page.box('.canvas-box.second');
      await page.page.mouse.move(box.x + 100, box.y + 200);
      await page.page.mouse.down();
      await page.page.mouse.move(box.x + 160, box.y + 150, { steps: 3 });
      await page.page.mouse.up();
      await page.frames(10);
      const { view, look } = await page.run((_root, viewer) => viewer.state.now);
      assert.ok(Math.abs(view.azimuth - 180) > 5 && look.azimuth === view.azimuth);
      await page.run((_root, viewer) => viewer.set({ compare: { ...viewer.state.now.compare, how: 'swipe', at: 0.25 } }));
      await compared(page, 'swipe');
      const stage = await page.box('.stage');
      const handle = await page.box('.swipe-handle');
      assert.ok(Math.abs(handle.x + handle.width / 2 - stage.x - stage.width / 4) < 2);
      await page.focus('.swipe-handle');
      await page.page.keyboard.press('End');
      assert.equal(await page.run((_root, viewer) => viewer.state.now.compare.at), 1);
      await page.page.waitForFunction(() => /bm=swipe&bw=1/.test(location.hash), POLL);
      // A link divides where the picture was divided, and both are seen as a whole from as far.
      const again = await open({ url });
      await again.load(`bores=1&src=runs/a.zarr&b=runs/b.zarr&p=${PRESSURE}&bm=swipe&bw=0.3`);
      await compared(again, 'swipe');
      const [whole, divider] = [await again.box('.stage'), await again.box('.swipe-handle')];
      assert.ok(Math.abs(divider.x + divider.width / 2 - whole.x - 0.3 * whole.width) < 2);
      const ticks = await again.run((root) => [...root.querySelectorAll('.canvas-box')].map((box) =>
        [...box.querySelectorAll('.label-tick')].map((tick) => /** @type {HTMLElement} */ (tick).style.transform)));
      assert.ok(ticks[0].length > 1);
      assert.deepEqual(ticks[1], ticks[0]);
    });
  },
}, {
  name: 'compare: the second picture has levels and flat sides like the first, and tells of wells that it has not',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    await withRuns({ a: { ...A, wells: { P1: [0, 0, 0] } }, b: { ...B, wells: { P1: [0, 0, 0], P9: [9, 9, 0] } } },
      async (url) => {
        const page = await open({ url });
        await page.load(`bores=1&src=runs/a.zarr&b=runs/b.zarr&p=${PRESSURE}&bm=beside&edges=0&m=viridis&r=3000,3100`);
        await compared(page, 'beside');
        await page.page.waitForFunction(() => /Not drawn in b\.zarr: P9/.test(document.querySelector('bores-viewer')
          ?.shadowRoot?.querySelector('.stage .trouble')?.textContent ?? ''), POLL);
        await page.run((_root, viewer) => {
          viewer.setScale({ levels: 2 });
          viewer.look({ azimuth: 180, elevation: 90, distance: 3, target: [0, 0, 0] });
        });
        await page.frames(4);
        // The cell west of the middle has 3080 psi in A and 3030 in B: one is above 3050, the other below. The
        // colours are those of matplotlib's viridis(1.0) and viridis(0.0).
        const [high, low] = [[253, 231, 37], [68, 1, 84]];
        assert.deepEqual(await middles(page), [high, low]);
        // A side, as bright as the legend.
        await page.run((_root, viewer) => {
          viewer.set({ flat: true });
          viewer.look({ azimuth: 180, elevation: 0, distance: 2, target: [0, 0, 0] });
        });
        await page.frames(4);
        for (const colour of await middles(page)) assert.ok([high, low].some((known) => `${known}` === `${colour}`), `${colour}`);
        await page.run((_root, viewer) => {
          viewer.state.now.lens.sides.other.wells = async () => { throw new Error('chunk 0.1 is gone'); };
          viewer.setStep(4);
        });
        await page.page.waitForFunction(() => /The wells of b\.zarr cannot be read: chunk 0\.1 is gone/.test(document
          .querySelector('bores-viewer')?.shadowRoot?.querySelector('.stage .trouble')?.textContent ?? ''), POLL);
        await page.frames(3);
        assert.deepEqual(await page.run((root) => [...root.querySelectorAll('.canvas-box')].map((box) =>
          [...box.querySelectorAll('.label-well')].map((label) => label.textContent))), [['▲ P1'], []]);
      });
  },
}, {
  name: 'compare: of two runs dropped at once the second is compared with the first',
  only: 'chromium', // files cannot be dropped over WebDriver BiDi
  async run({ open }) {
    await withRuns({ a: A, b: B }, async (url, folder) => {
      const page = await open({ url });
      await page.load();
      await page.drop(['a.zarr', 'b.zarr'].map((name) => path.join(folder, name)));
      await compared(page);
      assert.match(await page.text('.compare-bar'), /A\s+a\.zarr\s+B\s+b\.zarr/);
      assert.equal((await shown(page)).data[0], -50);
    });
  },
}];
