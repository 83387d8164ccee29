// SPDX-License-Identifier: MIT
// Runs of ECLIPSE and OPM Flow in the viewer. Expected values (eclipse-expected.json): resfo 5.0.1 and resdata 6.3.5
// of runs of OPM Flow 2026.04; the areas of the skin and the number of faces of a grid without faults are counted from
// corners and ACTNUM alone.

import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { eclipseRuns } from '../helpers/fixtures.js';
import { POLL, serve } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

const expected = JSON.parse(readFileSync(new URL('eclipse-expected.json', import.meta.url), 'utf8'));
const PRESSURE = 'model.fluid_properties.pressure_grid';
const FIELD_OF_VIEW = 32; // as in web/scene/camera.js
const DISTANCE = 5;

/** A folder of some files of the fixtures. @param {readonly string[]} names @param {(folder: string) => Promise<void>} use */
async function withFiles(names, use) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bores-eclipse-'));
  try {
    for (const name of names) copyFileSync(path.join(eclipseRuns(), name.split('.')[0], name), path.join(folder, name));
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const FAULT = ['EGRID', 'INIT', 'UNRST', 'SMSPEC', 'UNSMRY'].map((ending) => `FAULT.${ending}`);

/** @param {ViewerPage} page @param {string} phase */
const until = (page, phase) => page.page.waitForFunction((wanted) => /** @type {any} */ (
  document.querySelector('bores-viewer')).viewer.state.now.phase === wanted, POLL, phase);

/**
 * Opens a run of a folder over HTTP.
 * @param {{ open: (options?: any) => Promise<ViewerPage> }} context
 * @param {readonly string[]} names
 * @param {string} file  that the link names, with what follows it
 * @param {(page: ViewerPage) => Promise<void>} use
 */
const withPage = (context, names, file, use) => withFiles(names, async (folder) => {
  const server = await serve({ '/run': folder });
  try {
    const page = await context.open({ url: server.url });
    await page.load(`bores=1&src=run/${file}`);
    await use(page);
  } finally {
    server.close();
  }
});

/** Areas of what is seen: of the sides, and of tops and bottoms. @param {ViewerPage} page */
const areas = (page) => page.run((_root, viewer) => {
  const { positions, codes, count } = viewer.state.now.faces;
  const sums = { lateral_skin: 0, top_and_bottom_skin: 0 };
  const at = (/** @type {number} */ n) => [0, 1, 2].map((d) => Number(positions[3 * n + d]));
  const STEPS = 24; // a patch between four corners that are in no plane, summed at the middles of its parts
  for (let face = 0; face < count; face += 1) {
    const [a, b, c, d] = [0, 1, 2, 3].map((n) => at(4 * face + n));
    let area = 0;
    for (let u = 0.5 / STEPS; u < 1; u += 1 / STEPS) {
      const [q0, q1, q2] = [0, 1, 2].map((n) => (1 - u) * (d[n] - a[n]) + u * (c[n] - b[n]));
      for (let v = 0.5 / STEPS; v < 1; v += 1 / STEPS) {
        const p0 = (1 - v) * (b[0] - a[0]) + v * (c[0] - d[0]);
        const p1 = (1 - v) * (b[1] - a[1]) + v * (c[1] - d[1]);
        const p2 = (1 - v) * (b[2] - a[2]) + v * (c[2] - d[2]);
        area += Math.sqrt((p1 * q2 - p2 * q1) ** 2 + (p2 * q0 - p0 * q2) ** 2 + (p0 * q1 - p1 * q0) ** 2) / STEPS ** 2;
      }
    }
    sums[codes[face] >>> 29 < 4 ? 'lateral_skin' : 'top_and_bottom_skin'] += area;
  }
  return sums;
});

/** Looks from above. @param {ViewerPage} page @returns {Promise<(world: number[]) => { x: number, y: number }>} */
async function fromAbove(page) {
  const { left, top, width, height, size, exaggeration } = await page.run((root, viewer, distance) => {
    viewer.look({ azimuth: 180, elevation: 90, distance, target: [0, 0, 0] });
    const box = /** @type {HTMLElement} */ (root.querySelector('.canvas-box'));
    const { run, exaggeration: factor } = viewer.state.now;
    const at = box.getBoundingClientRect();
    return { left: at.left, top: at.top, width: box.clientWidth, height: box.clientHeight, exaggeration: factor,
      size: [0, 1, 2].map((n) => run.bounds.max[n] - run.bounds.min[n]) };
  }, DISTANCE);
  await page.frames(3);
  const [lo, hi] = expected.bounds;
  size.forEach((length, n) => assert.ok(Math.abs(length - (hi[n] - lo[n])) < 1e-3, `axis ${n} is ${length} long`));
  const radius = Math.hypot(size[0] / 2, size[1] / 2, size[2] / 2 * exaggeration);
  const focal = Math.min(width, height) / 2 / Math.tan(FIELD_OF_VIEW / 2 * Math.PI / 180);
  return (world) => {
    const [x, y, depth] = world.map((n, axis) => n - (lo[axis] + hi[axis]) / 2);
    const scale = focal / (DISTANCE * radius + depth * exaggeration);
    return { x: left + width / 2 + x * scale, y: top + height / 2 - y * scale };
  };
}

/** @param {number} found @param {number} wanted @param {number} part */
const near = (found, wanted, part) => assert.ok(Math.abs(found - wanted) <= part * Math.abs(wanted), `${found} is not ${wanted}`);

/** @type {Case[]} */
export const cases = [{
  name: 'eclipse: a faulted grid is drawn, what is picked in it has the values of the file',
  async run(context) {
    await withPage(context, FAULT, `FAULT.UNRST&t=${expected.steps.length - 1}`, async (page) => {
      await page.shown();
      const { property, trouble } = await page.state();
      assert.deepEqual([property, trouble], [PRESSURE, '']);
      assert.match(await page.text('.run-facts'), /12 × 10 × 4 cells, 446 active · 8 steps/);
      await page.says('.time-text', /9 Jan 1999[^]*day 300/);
      assert.match(await page.text('.legend-title'), /Pressure \[bar\]/);
      assert.equal(await page.text('.swatches'), '', 'inactive cells are no missing values');
      const found = await areas(page);
      near(found.lateral_skin, expected.skinArea.lateral_skin, 1e-5);
      near(found.top_and_bottom_skin, expected.skinArea.top_and_bottom_skin, 1e-5);
      // What is told of a cell; of the one that a click has chosen where it is null.
      const facts = (/** @type {number[] | null} */ cell) => page.run(async (root, viewer, wanted) => {
        if (wanted) viewer.select(wanted);
        await new Promise(requestAnimationFrame);
        return { cell: viewer.state.now.cell, facts: Object.fromEntries([...root.querySelectorAll('.cell-panel dt')]
          .map((name) => [name.textContent, /** @type {HTMLElement} */ (name.nextElementSibling).dataset.value])) };
      }, cell);
      const at = context.browser === 'chromium' ? await fromAbove(page) : null; // Firefox has no 3-D here
      for (const [cell, world, value] of expected.tops) {
        if (at) {
          await page.run((_root, viewer) => viewer.select(null));
          const { x, y } = at(world);
          await page.page.mouse.click(x, y);
        }
        const told = await facts(at ? null : cell);
        assert.deepEqual(told.cell, cell);
        assert.equal(Number(told.facts.Pressure), value, String(cell));
      }
      for (const [cell, volume, centre] of expected.cells) {
        const { facts: told } = await facts(cell);
        near(Number(told.Volume), volume, 1e-6);
        near(Number(told['Depth of centre']), centre[2], 1e-6);
        String(told['Centre x, y']).split(',').forEach((n, d) => near(Number(n), centre[d], 1e-7));
        assert.equal(told['Numbered from 1'], cell.map((/** @type {number} */ n) => n + 1).join(','));
      }
      assert.deepEqual(page.complaints, []);
    });
  },
}, {
  name: 'eclipse: wells of each step, cells of a box, slices along each axis',
  async run(context) {
    await withPage(context, FAULT, 'FAULT.EGRID', async (page) => {
      await page.shown();
      for (const [step, { wells }] of expected.steps.entries()) {
        await page.run((_root, viewer, n) => viewer.setStep(n), step);
        await page.shown();
        const found = async () => Object.fromEntries((await page.state()).wells.map((/** @type {any} */ well) =>
          [well.name, [well.injector ? `${well.phase} injector` : 'producer', well.open, well.cells]]));
        assert.deepEqual(await found(), wells, `step ${step}`);
      }
      assert.match(await page.text('.run-facts'), /446 active/);
      const one = await page.run(async (_root, viewer, cell) => {
        viewer.setBox({ lo: cell, hi: cell.map((/** @type {number} */ n) => n + 1) });
        while (viewer.state.now.faces.count > 6) await new Promise((resolve) => { setTimeout(resolve, 20); });
        return [...viewer.state.now.faces.codes].map((code) => code & 0x1fffffff);
      }, expected.cells[0][0]);
      const [i, j, k] = expected.cells[0][0];
      assert.deepEqual(one, Array(6).fill((i * 10 + j) * 4 + k));
      for (const axis of [0, 1, 2]) {
        const cells = await page.run((_root, viewer, along) => {
          const { run } = viewer.state.now;
          return [...run.grid.slice(along, 1).cells].map((cell) => run.grid.cellOf(cell));
        }, axis);
        const active = [...expected.actnum].flatMap((on, g) => (on === '1' ? [[g % 12, Math.floor(g / 12) % 10, Math.floor(g / 120)]] : []));
        assert.deepEqual(cells.sort(), active.filter((cell) => cell[axis] === 1).sort(), `slice ${axis}`);
      }
    });
  },
}, {
  name: 'eclipse: a grid without faults has as many faces as ACTNUM says; regions are numbers of active cells',
  async run(context) {
    await withPage(context, ['TINY.EGRID', 'TINY.INIT'], 'TINY.INIT&p=eclipse.SATNUM', async (page) => {
      await page.shown();
      const { faces, range, steps } = await page.run((_root, viewer) => {
        const { faces: { count }, range: ends, run } = viewer.state.now;
        return { faces: count, range: ends, steps: run.steps.length };
      });
      assert.equal(faces, expected.tinyFaces);
      assert.deepEqual([range, steps], [[1, 1], 1], 'of the inactive cell there is no 0');
    });
  },
}, {
  name: 'eclipse: curves of the summary, found by mnemonic and in words, with the units of the file',
  async run(context) {
    await withPage(context, FAULT, 'FAULT.UNRST&rq=OPR&rs=F', async (page) => {
      await page.shown();
      assert.deepEqual(await curveOf(page, 'FOPR'), expected.vectors.FOPR);
      const type = (/** @type {string} */ text) => page.run((root, _viewer, typed) => {
        const input = /** @type {HTMLInputElement} */ (root.querySelector('.vector-search input'));
        input.value = typed;
        input.dispatchEvent(new Event('input'));
        return [...root.querySelectorAll('.found-vectors b')].map((name) => name.textContent);
      }, text);
      assert.deepEqual(await type('bottom-hole p1'), ['WBHP:P1']);
      assert.deepEqual((await type('region 2')).sort(), ['ROIP:2', 'RPR:2']);
      assert.deepEqual(await type('no such thing'), []);
      for (const [name, wanted] of Object.entries(expected.vectors)) {
        assert.ok((await type(name)).includes(name));
        await page.run((root, _viewer, key) => /** @type {any} */ ([...root.querySelectorAll('.found-vectors button')]
          .find((button) => button.querySelector('b')?.textContent === key)).click(), name);
        assert.deepEqual(await curveOf(page, name), wanted);
      }
      assert.match(await page.text('.subjects'), /Field[^]*Groups 2[^]*Wells 4[^]*Regions 2/);
      await page.run((_root, viewer) => viewer.setStep(7));
      await page.shown();
      await page.until((root) => [...root.querySelectorAll('.well-table tbody tr')].some(({ textContent: text }) =>
        text?.startsWith('INJ1') && text.includes('injector')));
      assert.deepEqual(page.complaints, []);
    });
  },
}, {
  name: 'eclipse: a summary alone is its curves, a grid of another case is told and not drawn',
  only: 'chromium', // files cannot be dropped over WebDriver BiDi
  async run({ open }) {
    await withFiles([...FAULT, 'TINY.EGRID', 'TINY.UNRST', 'TINY.SMSPEC', 'TINY.UNSMRY', 'TINY.INIT'], async (folder) => {
      const at = (/** @type {string} */ name) => path.join(folder, name);
      const page = await open();
      await page.load();
      await page.drop(FAULT.map(at));
      await page.shown();
      assert.match(await page.text('.run-facts'), /446 active/);

      await page.load();
      await page.drop([at('FAULT.SMSPEC'), at('FAULT.UNSMRY')]);
      await until(page, 'browsing');
      await page.find('.app > .results .found-vectors');
      await onlyOil(page);
      assert.deepEqual(await curveOf(page, 'FOPR'), expected.vectors.FOPR);
      assert.equal(await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.hierarchy')).hidden), true);

      copyFileSync(at('TINY.EGRID'), at('FAULT.EGRID'));
      await page.load();
      await page.drop(FAULT.map(at));
      await until(page, 'browsing');
      assert.match(await page.text('.hierarchy .note'), /12 x 10 x 4[^]*3 x 4 x 2|3 x 4 x 2[^]*12 x 10 x 4/);
      await onlyOil(page);
      assert.deepEqual(await curveOf(page, 'FOPR'), expected.vectors.FOPR);
      await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelectorAll('[role=treeitem]').length === 6, POLL);

      await page.load();
      await page.drop([at('TINY.UNRST'), at('TINY.SMSPEC'), at('TINY.UNSMRY')]);
      await until(page, 'browsing');
      assert.match(await page.text('.hierarchy .note'), /EGRID/);
      await page.find('.app > .results .found-vectors');
      assert.deepEqual(page.complaints, []);
    });
  },
}];

/** @param {ViewerPage} page */
const onlyOil = (page) => page.run((_root, viewer) => viewer.set({ results: { ...viewer.state.now.results, quantities: ['OPR'] } }));

/**
 * Unit and values of the one curve that is drawn, as its CSV has them.
 * @param {ViewerPage} page
 * @param {string} name  of the vector, for which it waits
 */
async function curveOf(page, name) {
  await page.page.waitForFunction((key) => {
    const items = document.querySelector('bores-viewer')?.shadowRoot?.querySelectorAll('.result-legend li');
    return items?.length === 1 && /** @type {HTMLElement} */ (items[0]).dataset.vector === key;
  }, POLL, name);
  const text = await page.run(async (root) => {
    const make = URL.createObjectURL;
    const blob = await new Promise((resolve) => {
      URL.createObjectURL = (made) => {
        resolve(made);
        return make(/** @type {Blob} */ (made));
      };
      /** @type {HTMLElement} */ (root.querySelector('.exports button')).click();
    });
    URL.createObjectURL = make;
    return blob.text();
  });
  const [head, ...rows] = text.trim().split('\r\n');
  const [, key, unit = ''] = /^step,days,"?([^"(]+?)(?: \(([^)]*)\))?"?$/.exec(head) ?? [];
  assert.equal(key, name);
  return [unit, rows.map((/** @type {string} */ row) => Number(row.split(',')[2]))];
}
