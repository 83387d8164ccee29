// SPDX-License-Identifier: MIT
// What is asked of the cells: filters, counts, volumes, histogram and percentiles. Expected values are
// NumPy's (viewer-expected.py), or counted here over arrays that were written for it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ModelState, NdArray, openStore } from '../../../js/index.js';
import { POLL, serve } from '../viewer-driver.mjs';
import { expected } from '../viewer-pictures.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

const FLUID = 'model.fluid_properties';
/** As asked() in viewer-expected.py. */
const FILTERS = `${FLUID}.water_saturation_grid@0.121,0.5~model.rock_properties.absolute_permeability.x@,700`
  + `~!${FLUID}.pressure_grid@3060,3065`;

/** Until the cells of the step that is shown have been asked. @param {ViewerPage} page */
async function answered(page) {
  await page.page.waitForFunction(() => {
    const { cells, shown, ask, busy } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
    return !busy && cells && shown && cells.step === shown.step && cells.property === shown.property
      && cells.filtered === ask.filters.some((/** @type {any} */ { on }) => on);
  }, POLL);
  await page.frames(2);
}

/** What was answered, and what the panel shows of it. @param {ViewerPage} page */
function told(page) {
  return page.run((root, viewer) => {
    const { cells, faces, run } = viewer.state.now;
    const { mask, count, active, bulk, pore, distribution } = cells;
    return {
      mask: [...mask], count, active, bulk, pore, distribution,
      drawn: [...new Set([...faces.codes].map((code) => code & 0x1fffffff))], size: run.grid.size,
      shown: [...root.querySelectorAll('.ask [data-value]')].map((element) => Number(element.dataset.value)),
      note: /** @type {HTMLElement} */ (root.querySelector('.cells-note span')).textContent,
      rows: [...root.querySelectorAll('.twin tbody tr')].map((row) => Number(row.children[1].textContent)),
    };
  });
}

/** @param {number} actual @param {number} value */
function near(actual, value) {
  assert.ok(Math.abs(actual - value) <= 1e-12 * Math.abs(value), `${actual} is not ${value}`);
}

/** @param {ViewerPage} page @param {any} numpy */
async function checkAsked(page, numpy) {
  const { mask, count, active, bulk, pore, distribution, drawn, shown, rows } = await told(page);
  assert.deepEqual(mask, numpy.mask);
  assert.equal(count, numpy.count);
  assert.equal(active, 252);
  near(bulk, numpy.bulk);
  near(pore, numpy.pore);
  near(distribution.mean, numpy.mean);
  distribution.percentiles.forEach((/** @type {number} */ value, /** @type {number} */ n) =>
    near(value, numpy.percentiles[n]));
  assert.equal(distribution.counts.reduce((/** @type {number} */ sum, /** @type {number} */ n) => sum + n, 0), count);
  // What is drawn is of these cells, and the panel tells the same.
  assert.ok(drawn.length > 0 && drawn.every((cell) => numpy.mask[cell] === 1));
  const [panelCount, panelBulk, panelPore, , p10, p50, mean, p90] = shown;
  assert.deepEqual([panelCount, panelBulk, panelPore, p10, p50, mean, p90],
    [count, bulk, pore, ...distribution.percentiles.slice(0, 2), distribution.mean, distribution.percentiles[2]]);
  assert.deepEqual(rows, distribution.counts);
}

/**
 * A run of two steps with inactive cells and whole numbers, and its arrays.
 * @param {string} folder
 */
async function writeRun(folder) {
  const shape = [4, 3, 5], size = 60;
  const thickness = Float64Array.from({ length: size }, (_, n) => (n % 7 === 0 ? 0 : 10 + n % 3));
  const region = Int32Array.from({ length: size }, (_, n) => (n * 5) % 4 + 1);
  const pressure = [0, 1].map((step) => Float32Array.from({ length: size }, (_, n) => 2000 + 10 * ((n * 13) % 60) + 300 * step));
  const array = (/** @type {any} */ data) => new NdArray(data, shape);
  const store = await openStore(folder, { mode: 'w' });
  for (const [step, values] of pressure.entries()) await store.append(ModelState.from({
    step, step_size: 86400, time: step * 86400, wells: { injection_wells: {}, production_wells: {} },
    model: { grid_shape: shape, cell_dimension: [100, 100], dip_angle: 0, dip_azimuth: 0, datum_depth: 1000,
      thickness_grid: array(thickness), regions: { fip_region: array(region) },
      fluid_properties: { pressure_grid: array(values) }, rock_properties: {} },
  }));
  await store.close();
  return { thickness, region, pressure };
}

/**
 * Bytes of what the panel saves.
 * @param {ViewerPage} page @param {string} what @param {string} [format] @returns {Promise<number[]>}
 */
function saved(page, what, format = 'csv') {
  return page.run(async (root, _viewer, choice, wanted) => {
    const select = /** @type {HTMLSelectElement} */ (root.querySelector('.data-choice'));
    select.value = choice;
    select.dispatchEvent(new Event('change'));
    const ending = /** @type {HTMLSelectElement} */ (select.nextElementSibling);
    ending.value = wanted;
    const made = URL.createObjectURL;
    /** @type {Blob} */
    const blob = await new Promise((resolve) => {
      URL.createObjectURL = (/** @type {any} */ file) => { resolve(file); return made.call(URL, file); };
      /** @type {HTMLElement} */ (ending.nextElementSibling).click();
    });
    URL.createObjectURL = made;
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, what, format);
}

/** As numpy.load reads it: magic, version, a dict in text, the elements. @param {ViewerPage} page @param {string} what */
async function savedArray(page, what) {
  const npy = Buffer.from(await saved(page, what, 'npy'));
  assert.equal(npy.subarray(0, 8).toString('latin1'), '\x93NUMPY\x01\x00');
  const start = 10 + npy.readUInt16LE(8);
  const [, shape] = /'descr': '<f8', 'fortran_order': False, 'shape': \(([\d, ]+)\)/.exec(npy.subarray(10, start).toString()) ?? [];
  const values = Array.from({ length: (npy.length - start) / 8 }, (_, n) => npy.readDoubleLE(start + 8 * n));
  return { shape: String(shape).split(',').filter(Boolean).map(Number), values };
}

/** The same as rows of fields. @param {ViewerPage} page @param {string} what */
async function savedText(page, what) {
  return Buffer.from(await saved(page, what)).toString().trimEnd().split('\r\n').map((line) => line.split(','));
}

/** @type {Case[]} */
export const cases = [{
  // Checks 12 and 13; of inactive cells: below.
  name: 'cells: filters, volumes, histogram and percentiles are NumPy\'s, and follow the step',
  async run({ open }) {
    const page = await open();
    await page.sample(`&t=7&ask=1&f=${FILTERS}`);
    await answered(page);
    await checkAsked(page, expected.asked[7]);
    assert.match((await told(page)).note ?? '', /^67 of 252 cells: Water saturation 0\.121 to 0\.5; .*not Pressure 3060 to 3065/);
    await page.run((_root, viewer) => viewer.setStep(22));
    await page.shown();
    await answered(page);
    await checkAsked(page, expected.asked[22]);
    await page.run((_root, viewer) => viewer.ask({ byPores: true }));
    await page.page.waitForFunction(() => {
      const { distribution, pore } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now.cells;
      return distribution.weight !== distribution.count && Math.abs(distribution.weight - pore) < 1e-6 * pore;
    }, POLL);
    near((await told(page)).distribution.mean, expected.asked[22].meanByPores);
    // With index ranges, too.
    const [lo, hi] = [[1, 0, 1], [8, 6, 3]];
    await page.run((_root, viewer, ...ends) => viewer.setBox({ lo: ends[0], hi: ends[1] }), lo, hi);
    const [, ny, nz] = expected.shape;
    const inside = expected.asked[22].mask.map((/** @type {number} */ shown, /** @type {number} */ n) => {
      const cell = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
      return shown === 1 && cell.every((at, axis) => at >= lo[axis] && at < hi[axis]);
    });
    const count = inside.filter(Boolean).length;
    await page.until((_root, viewer, wanted) => viewer.state.now.cells?.count === wanted, count);
    await page.frames(2);
    const { drawn } = await told(page);
    assert.ok(count > 0 && drawn.length > 0 && drawn.every((cell) => inside[cell]));
  },
}, {
  name: 'cells: filters survive a reload by the link, and can be switched off',
  async run({ open }) {
    const page = await open();
    await page.sample('&t=7');
    await page.click('[aria-label="Filter and statistics"]');
    await answered(page);
    assert.equal((await told(page)).count, 252);
    // As a person does it: a property, a filter, its upper end typed.
    await page.until((root) => {
      const select = /** @type {HTMLSelectElement} */ (root.querySelector('.filter-add select'));
      return select.value = 'model.fluid_properties.water_saturation_grid';
    });
    await page.click('.filter-add button');
    await page.find('.filter .ends .number');
    await page.run((root) => {
      const [, high] = /** @type {NodeListOf<HTMLInputElement>} */ (root.querySelectorAll('.filter .ends .number'));
      high.value = '0,3'; // a comma, as in many countries
      high.dispatchEvent(new Event('change'));
    });
    await answered(page);
    const { count } = await told(page);
    assert.ok(count > 0 && count < 252);
    await page.page.waitForFunction(() => location.hash.includes('f=model'), POLL);
    const hash = await page.page.evaluate(() => location.hash.slice(1));
    await page.load(hash);
    await page.shown();
    await answered(page);
    assert.equal((await told(page)).count, count);
    await page.click('.cells-note .icon-button');
    await answered(page);
    assert.equal((await told(page)).count, 252);
    assert.equal(await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.cells-note')).offsetHeight), 0);
  },
}, {
  name: 'cells: categories, shown or hidden, without inactive cells',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-cells-'));
    const { thickness, region, pressure } = await writeRun(path.join(folder, 'run.h5'));
    const server = await serve({ '/run': folder });
    try {
      const page = await open({ url: server.url });
      for (const [sign, step] of /** @type {const} */ ([['', 0], ['!', 1]])) {
        await page.load(`bores=1&src=run/run.h5&t=${step}&p=${FLUID}.pressure_grid&ask=1`
          + `&f=${sign}model.regions.fip_region=2,3~${FLUID}.pressure_grid@2100,2500`);
        await page.shown();
        await answered(page);
        const mask = Array.from(thickness, (h, n) => Number(h > 0 && (sign === '') === [2, 3].includes(region[n])
          && pressure[step][n] >= 2100 && pressure[step][n] <= 2500));
        const answer = await told(page);
        assert.deepEqual(answer.mask, mask);
        assert.equal(answer.count, mask.filter(Boolean).length);
        assert.equal(answer.active, thickness.filter((h) => h > 0).length);
        assert.ok(answer.drawn.every((cell) => thickness[cell] > 0 && mask[cell] === 1));
        assert.ok(!(answer.pore > 0)); // there is no porosity
        assert.match(await page.text('.ask'), /porosity is not in this run/);
        assert.equal(await page.run((root) => root.querySelectorAll('.categories input').length), 4);
      }
      await page.run((_root, viewer) => viewer.setProperty('model.regions.fip_region'));
      await page.shown();
      await answered(page);
      const { distribution, mask } = await told(page);
      assert.deepEqual(distribution.counts, [1, 2, 3, 4].map((value) =>
        mask.filter((shown, n) => shown && region[n] === value).length));
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}, {
  name: 'cells: pinned cells have curves, and values are saved to the last digit',
  async run({ open }) {
    const page = await open();
    const { cell, path: property, values } = expected.history;
    await page.sample(`&t=7&p=${property}&c=4,3,0&pin=2,5,0~0,0,0&ask=1&f=${FILTERS}`);
    await answered(page);
    // The selected cell is pinned by its button, another by a click with Ctrl on the slice.
    await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.cell-actions button')).click());
    await page.page.waitForFunction(() => {
      const { pinned } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
      return pinned.length === 3 && pinned.every((/** @type {any} */ pin) => pin.values !== null);
    }, POLL);
    const pinned = await page.run((root, viewer) => ({ cells: viewer.state.now.ask.pins,
      curves: viewer.state.now.pinned.map((/** @type {any} */ pin) => pin.values),
      shown: [...root.querySelectorAll('.pin-value')].map((element) => Number(element.dataset.value)),
      colours: [...root.querySelectorAll('.pins .swatch')].map((element) => element.style.background) }));
    assert.deepEqual(pinned.cells, [[2, 5, 0], [0, 0, 0], cell]);
    assert.deepEqual(pinned.curves[2], values);
    assert.equal(pinned.shown[2], values[7]);
    assert.equal(new Set(pinned.colours).size, 3);
    const curves = await savedText(page, 'curves');
    assert.deepEqual(curves.map((row) => Number(row[4])), [NaN, ...values]); // a head, and a line a step
    assert.deepEqual(curves.slice(1).map((row) => Number(row[1])), expected.days);
    const cells = await savedText(page, 'cells');
    const { data, shape } = await page.run((_root, viewer) => ({ data: [...viewer.state.now.shown.values.data],
      shape: viewer.state.now.run.grid.shape }));
    const flat = (/** @type {string[]} */ [i, j, k]) => (Number(i) * shape[1] + Number(j)) * shape[2] + Number(k);
    assert.equal(cells.length - 1, expected.asked[7].count);
    for (const row of cells.slice(1)) {
      assert.equal(expected.asked[7].mask[flat(row)], 1);
      assert.equal(Number(row[4]), data[flat(row)]);
    }
    const column = await savedText(page, 'column');
    assert.deepEqual(column.slice(1).map(([i, j, k]) => [i, j, k].map(Number)), [0, 1, 2, 3].map((k) => [4, 3, k]));
    assert.deepEqual(await savedArray(page, 'all'), { shape, values: data });
    assert.deepEqual((await savedText(page, 'all')).slice(1).map((row) => Number(row[4])), data);
    const at = (/** @type {number[]} */ [i, j, k]) => data[flat([i, j, k].map(String))];
    assert.deepEqual(await savedArray(page, 'column'), { shape: [4], values: [0, 1, 2, 3].map((k) => at([4, 3, k])) });
    const slice = await savedArray(page, 'slice');
    const k = await page.run((_root, viewer) => viewer.state.now.sliceAt[2]);
    assert.deepEqual(slice.shape, [9, 7]);
    assert.deepEqual([slice.values[0], slice.values[3 * 7 + 5]], [at([0, 0, k]), at([3, 5, k])]);
    // A well's cells, in the order in which it goes through them.
    const [well] = await page.run((_root, { state: { now: { wells } } }) => wells);
    assert.ok(well.cells.length > 1);
    assert.deepEqual((await savedText(page, `well:${well.name}`)).slice(1).map((row) => [...row.slice(0, 3), row[4]].map(Number)),
      well.cells.map((/** @type {number[]} */ ends) => [...ends, at(ends)]));
    assert.deepEqual(await savedArray(page, `well:${well.name}`), { shape: [well.cells.length], values: well.cells.map(at) });
    const history = await savedArray(page, 'curves');
    assert.deepEqual(history.shape, [values.length, 3]);
    assert.deepEqual(history.values.filter((_, n) => n % 3 === 2), values);
    // The curves as a table, and as a drawing of lines with as many points.
    await page.click('.curve-data [aria-expanded]');
    const rows = await page.until((root) => {
      const found = [...root.querySelectorAll('.curve-rows tbody tr')];
      return found.length > 0 && found.map((row) => [row.hasAttribute('aria-current'),
        Number(/** @type {HTMLElement} */ (row.children[4]).dataset.value)]);
    });
    assert.deepEqual(rows, values.map((/** @type {number} */ value, /** @type {number} */ n) => [n === 7, value]));
    const svg = await page.run(async (root) => {
      const made = URL.createObjectURL;
      /** @type {Blob} */
      const blob = await new Promise((resolve) => {
        URL.createObjectURL = (/** @type {any} */ file) => { resolve(file); return made.call(URL, file); };
        /** @type {HTMLElement} */ (root.querySelector('.curve-data [title="Save the curves as SVG"]')).click();
      });
      URL.createObjectURL = made;
      const drawing = new DOMParser().parseFromString(await blob.text(), 'image/svg+xml');
      return { texts: [...drawing.querySelectorAll('text')].map(({ textContent }) => textContent),
        curves: [...drawing.querySelectorAll('path[fill=none]')].map((path) => path.getAttribute('d')?.match(/[ML]/g)?.length) };
    });
    assert.deepEqual(svg.curves, Array(3).fill(values.length));
    assert.ok(svg.texts.includes(`cell ${cell.join(', ')} (Gas saturation)`), svg.texts.join('; '));
  },
}, {
  name: 'cells: what is still being read, or cannot be, is neither saved nor counted as known',
  async run({ open }) {
    const page = await open();
    const { cell, path: property } = expected.history;
    await page.sample(`&p=${property}&c=${cell}&ask=1`);
    await answered(page);
    const curve = (/** @type {string} */ id) => page.page.waitForFunction((wanted) => {
      const { history } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
      return history?.status === 'ready' && history.property.id === wanted;
    }, POLL, id);
    await curve(property);
    const save = () => page.run((root) => {
      const select = /** @type {HTMLSelectElement} */ (root.querySelector('.data-choice'));
      select.value = 'curves';
      /** @type {HTMLElement} */ (select.nextElementSibling?.nextElementSibling).click();
    });
    // The curve of a cell that was just pinned does not come.
    await page.run((_root, viewer) => {
      viewer.state.now.run.history = () => new Promise(() => {});
      viewer.ask({ pins: [[2, 5, 0]] });
    });
    await page.find('.pins li');
    await save();
    await page.says('.stage .trouble', /^Nothing is saved: the curves are still being read/);
    // Curves of a property that is not shown yet are not headed by the one that is.
    await page.run((_root, viewer, id) => {
      const { run } = viewer.state.now;
      delete run.history;
      run.values = () => new Promise(() => {});
      viewer.ask({ pins: [] });
      viewer.setProperty(id);
    }, `${FLUID}.water_saturation_grid`);
    await curve(`${FLUID}.water_saturation_grid`);
    const rows = await savedText(page, 'curves');
    assert.equal(rows[0][2], `Water saturation of cell ${cell.join(' ')}`);
    const [shown, values] = await page.run((_root, { state: { now } }) => [now.shown.property.id, now.history.values]);
    assert.equal(shown, property);
    assert.deepEqual(rows.slice(1).map((row) => Number(row[2])), values);
    // A curve that is not whole says so.
    await page.run((_root, viewer, of) => {
      viewer.state.now.run.history = async () => ({ values: [1, NaN, 3], problem: new Error('chunk 0.1 is gone') });
      viewer.select(null);
      viewer.select(of);
    }, cell);
    await page.frames(3);
    assert.match((await savedText(page, 'curves'))[0][2], /some of it cannot be read: chunk 0\.1 is gone/);
  },
}, {
  name: 'cells: nothing is counted of a step that cannot be read',
  async run({ open }) {
    const page = await open();
    await page.sample('&ask=1');
    await answered(page);
    assert.match(await page.text('.cells-count'), /of 252 active cells shown/);
    await page.run((_root, viewer) => {
      viewer.state.now.run.values = async () => { throw new Error('chunk 0.1 is gone'); };
      viewer.setStep(3);
    });
    await page.page.waitForFunction(() => {
      const { shown, cells, busy } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
      return shown === null && cells === null && !busy;
    }, POLL);
    await page.frames(2);
    assert.equal(await page.text('.cells-count'), '');
    assert.deepEqual(await page.run((root) => [...root.querySelectorAll('.ask [role=status] dd')].length), 0);
  },
}, {
  name: 'cells: what has no value at a step is hidden from the moment on that the step is shown',
  async run({ open }) {
    const page = await open();
    await page.sample();
    const seen = await page.run(async (_root, viewer) => {
      const { run } = viewer.state.now;
      const read = run.values.bind(run);
      run.values = async (/** @type {number} */ step, /** @type {any} */ property) => {
        const values = await read(step, property);
        const data = values.data.map((/** @type {number} */ value, /** @type {number} */ n) => ((n + step) % 3 === 0 ? NaN : value));
        return { ...values, data, missing: data.filter(Number.isNaN).length };
      };
      viewer.setHideMissing(true);
      /** @type {[number, number][]} */ const found = [];
      const stop = viewer.state.watch(['shown'], (/** @type {any} */ { shown, faces }) => {
        if (shown.step > 0) found.push([shown.step, [...faces.codes].filter((code) =>
          Number.isNaN(shown.values.data[code & 0x1fffffff])).length]);
      });
      for (const step of [1, 2, 3]) {
        viewer.setStep(step);
        while (viewer.state.now.shown.step !== step) await new Promise((resolve) => { setTimeout(resolve, 5); });
      }
      await new Promise(requestAnimationFrame);
      stop();
      return found;
    });
    assert.deepEqual(seen, [[1, 0], [2, 0], [3, 0]]); // no side of a cell without a value
  },
}, {
  // Check 11: of random cells as many sides are drawn as have no neighbour, counted one by one.
  name: 'cells: the skin of twenty random masks has the sides that brute force finds',
  async run({ open }) {
    const page = await open();
    await page.sample();
    const found = await page.run(async (_root, viewer) => {
      const { run } = viewer.state.now;
      const { shape: [nx, ny, nz] } = run.grid;
      const read = run.values.bind(run);
      let seed = 12345;
      const random = () => (seed = (1103515245 * seed + 12345) % 2 ** 31) / 2 ** 31;
      /** @type {boolean[][]} */ const masks = [];
      run.values = async (/** @type {number} */ step, /** @type {any} */ property) => {
        const values = await read(step, property);
        masks[step] ??= Array.from(values.data, () => random() < step / 21);
        const data = values.data.map((/** @type {number} */ value, /** @type {number} */ n) => (masks[step][n] ? value : NaN));
        return { ...values, data, missing: data.filter(Number.isNaN).length };
      };
      viewer.setHideMissing(true);
      /** @type {unknown[]} */ const wrong = [];
      let quads = 0;
      for (let step = 1; step <= 20; step += 1) {
        const box = step % 2 ? { lo: [0, 0, 0], hi: [nx, ny, nz] } : { lo: [1, 2, 1], hi: [8, 6, 4] };
        viewer.setBox(box);
        viewer.setStep(step);
        const shows = (/** @type {number[]} */ cell) => cell.every((at, axis) => at >= box.lo[axis] && at < box.hi[axis])
          && masks[step][(cell[0] * ny + cell[1]) * nz + cell[2]];
        const wanted = new Map();
        const settle = () => new Promise((resolve) => { setTimeout(resolve, 5); });
        while (viewer.state.now.shown?.step !== step) await settle();
        for (let n = 0; n < nx * ny * nz; n += 1) {
          const cell = [Math.floor(n / (ny * nz)), Math.floor(n / nz) % ny, n % nz];
          if (!shows(cell)) continue;
          const open = [0, 1, 2].flatMap((axis) => [-1, 1].map((by) =>
            cell.map((at, other) => (other === axis ? at + by : at)))).filter((next) => !shows(next)).length;
          if (open > 0) wanted.set(n, open);
        }
        const total = [...wanted.values()].reduce((sum, open) => sum + open, 0);
        // They come with the step or, of another box, after it; others would stay.
        for (let n = 0; n < 400 && viewer.state.now.faces?.count !== total; n += 1) await settle();
        const { faces } = viewer.state.now;
        const drawn = new Map();
        for (const code of faces.codes.subarray(0, faces.count)) drawn.set(code & 0x1fffffff, (drawn.get(code & 0x1fffffff) ?? 0) + 1);
        if (faces.count !== total || [...wanted].some(([cell, open]) => drawn.get(cell) !== open)) {
          wrong.push({ step, quads: faces.count, total });
        }
        quads += total;
      }
      return { wrong, quads };
    });
    assert.deepEqual(found.wrong, []);
    assert.ok(found.quads > 2000);
  },
}, {
  name: 'cells: a brush in the cross-plot leaves its cells, and the column has its depths',
  async run({ open }) {
    const page = await open();
    const [porosity, pressure] = ['model.rock_properties.porosity_grid', `${FLUID}.pressure_grid`];
    await page.sample(`&t=7&ask=1&xp=${porosity}~${pressure}&c=4,3,0`);
    await answered(page);
    await page.settled();
    const box = await page.run((root) => {
      const element = /** @type {Element} */ (root.querySelector('.cross-box'));
      element.scrollIntoView();
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });
    // Across the middle, as a hand draws it; then the count is that of the values themselves.
    await page.page.mouse.move(box.x + 0.25 * box.width, box.y + 0.8 * box.height);
    await page.page.mouse.down();
    await page.page.mouse.move(box.x + 0.75 * box.width, box.y + 0.3 * box.height, { steps: 4 });
    await page.page.mouse.up();
    await page.until((_root, viewer) => viewer.state.now.cells?.filtered);
    const { brush, count, mask, plotted, x, y } = await page.run((_root, viewer) => {
      const { ask, cells } = viewer.state.now;
      return { brush: ask.cross.brush, count: cells.count, mask: [...cells.mask], plotted: [...cells.cross.mask],
        x: [...cells.cross.x.data], y: [...cells.cross.y.data] };
    });
    const inside = x.map((/** @type {number} */ value, /** @type {number} */ n) => Number(value >= brush[0]
      && value <= brush[1] && y[n] >= brush[2] && y[n] <= brush[3]));
    assert.deepEqual(mask, inside);
    assert.equal(count, inside.filter(Boolean).length);
    assert.ok(count > 0 && count < 252);
    assert.equal(plotted.filter(Boolean).length, 252); // the plot keeps the others
    const [lo, hi] = [Math.min(...x), Math.max(...x)];
    assert.ok(Math.abs((brush[0] - lo) / (hi - lo) - 0.25) < 0.02, 'the brush is where the hand drew it');
    // Round numbers stand along both axes where they are: two of them tell where a value is.
    const marks = await page.run((root) => ['x', 'y'].map((axis) => [...root.querySelectorAll(`.cross-${axis} span`)].map((tick) => {
      const { style, textContent } = /** @type {HTMLElement} */ (tick);
      return [Number(textContent), parseFloat(style.left || style.bottom) / 100];
    })));
    for (const [n, all] of [x, y].entries()) {
      const [[a, first], [b, second]] = [marks[n][0], marks[n].at(-1)];
      const partOf = (/** @type {number} */ value) => first + (value - a) / (b - a) * (second - first);
      const [least, most] = [partOf(Math.min(...all)), partOf(Math.max(...all))];
      assert.ok(b > a && least > 0.01 && least < 0.06 && most > 0.94 && most < 0.99, JSON.stringify(marks));
    }
    // A click where a cell is selects it.
    const [{ at: [u, v], cell: there }] = await page.run((root, viewer) => {
      const { cells, run } = viewer.state.now;
      const n = cells.cross.x.data.indexOf(Math.max(...cells.cross.x.data));
      return [{ cell: run.grid.cellOf(n), at: [cells.cross.x.data[n], cells.cross.y.data[n]] }];
    });
    const place = (/** @type {number} */ axis, /** @type {number} */ value) => {
      const [[a, first], [b, second]] = [marks[axis][0], marks[axis].at(-1)];
      return first + (value - a) / (b - a) * (second - first);
    };
    await page.page.mouse.click(box.x + place(0, u) * box.width, box.y + (1 - place(1, v)) * box.height);
    await page.until((_root, viewer, wanted) => viewer.state.now.cell?.join() === String(wanted), there);
    await page.run((_root, viewer) => viewer.select([4, 3, 0]));
    // The column: top to bottom, as the file has it.
    const rows = await page.run((root) => [...root.querySelectorAll('[aria-label="Column profile"] tbody tr')].map((row) =>
      [row.children[0].textContent, Number(/** @type {HTMLElement} */ (row.children[2]).dataset.value)]));
    assert.deepEqual(rows.map(([cell]) => cell), ['4, 3, 0', '4, 3, 1', '4, 3, 2', '4, 3, 3']);
    assert.equal(rows[0][1], expected.pressure[7]['[4, 3, 0]']);
  },
}];
