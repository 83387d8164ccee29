// SPDX-License-Identifier: MIT
// Which colour a value has: along a row of eleven cells, in the slice, in the 3-D picture and in the legend.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ModelState, NdArray, openStore } from '../../../js/index.js';
import { POLL, serve } from '../viewer-driver.mjs';
import { expected } from '../viewer-pictures.mjs';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

/** Kelly's colours of the numbers 0 to 10 (web/plot/colormaps.js has the paper). */
const CATEGORIES = ['F3C300', '875692', 'F38400', 'A1CAF1', 'BE0032', 'C2B280', '008856', 'E68FAC', '0067A5', 'F99379',
  '604E97'].map((hex) => [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16)));

/** A row of eleven cells, whose values lie at tenths of a range. @param {string} folder */
async function writeProbes(folder) {
  const of = (/** @type {(n: number) => number} */ value, Class = Float64Array) =>
    new NdArray(Class.from({ length: 11 }, (_, n) => value(n)), [11, 1, 1]);
  const store = await openStore(folder, { mode: 'w' });
  await store.append(ModelState.from({ step: 0, step_size: 1, time: 0,
    wells: { injection_wells: {}, production_wells: {} },
    model: { grid_shape: [11, 1, 1], cell_dimension: [100, 300], dip_angle: 0, dip_azimuth: 0, datum_depth: 0,
      thickness_grid: of(() => 20), linear: of((n) => 3 + n / 10 * 4), ratios: of((n) => 0.01 * 10 ** (n / 2)),
      fluid_properties: Object.fromEntries(['oil', 'gas', 'water'].map((phase, part) =>
        [`${phase}_saturation_grid`, of((n) => (TERNARY[n] ?? [0.25, 0.25, 0.5])[part])])),
      middles: of((n) => n + 0.5), below: of((n) => n - 5), whole: of((n) => n, Int32Array) },
  }));
  await store.close();
}

/** Runs of one colour along the middle of each picture. @param {ViewerPage} page */
function probed(page) {
  return page.run(async (root) => {
    /** @type {Record<string, number[][]>} */ const found = {};
    const runsOf = (/** @type {ImageData} */ { data, width, height }, /** @type {boolean} */ up) => {
      /** @type {{ colour: number[], length: number }[]} */ const runs = [];
      for (let n = 0; n < (up ? height : width); n += 1) {
        const at = 4 * (up ? (height - 1 - n) : Math.floor(height / 2) * width + n);
        const colour = [...data.subarray(at, at + 3)];
        const last = runs[runs.length - 1];
        if (last && last.colour.every((c, part) => c === colour[part])) last.length += 1;
        else runs.push({ colour, length: 1 });
      }
      return runs;
    };
    const pixelsOf = (/** @type {HTMLCanvasElement} */ canvas) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext('2d'));
      context.drawImage(canvas, 0, 0);
      return context.getImageData(0, 0, copy.width, copy.height);
    };
    const cells = (/** @type {ImageData} */ picture) => runsOf(picture, false).filter(({ length }) => length > 5)
      .slice(1, -1).map(({ colour }) => colour);
    found.slice = cells(pixelsOf(/** @type {HTMLCanvasElement} */ (root.querySelector('canvas.slice'))));
    const scene = /** @type {HTMLCanvasElement | null} */ (root.querySelector('.canvas-box canvas'));
    if (scene) {
      root.querySelector('.stage')?.dispatchEvent(new Event('themechange')); // it draws again
      await new Promise((resolve) => requestAnimationFrame(() => { found.scene = cells(pixelsOf(scene)); resolve(null); }));
    }
    found.ramp = runsOf(pixelsOf(/** @type {HTMLCanvasElement} */ (root.querySelector('.legend .ramp'))), true)
      .map(({ colour }) => colour);
    return found;
  });
}

/** Oil, gas and water: the corners, the centroid, the middle of a side, and what does not add up to one. */
const TERNARY = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0], [0.5, 0.2, 0.2]];

/** The top of the probes, filling the picture. @param {ViewerPage} page */
async function fromTheTop(page) {
  await page.run((_root, viewer) => {
    viewer.setSlice(2, 0);
    viewer.look({ azimuth: 180, elevation: 90, distance: 6, target: [0, 0, 0] });
  });
  await page.frames(4);
}

/** @type {Case[]} */
export const cases = [{
  // Check 14; that the range stays over steps: viewer-pictures.mjs.
  name: 'cells: a legend that is linear, logarithmic or in levels has the map\'s colours at eleven places',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-legend-'));
    await writeProbes(path.join(folder, 'run.h5'));
    const server = await serve({ '/run': folder });
    try {
      const page = await open({ url: server.url });
      await page.load();
      for (const [property, more] of [['linear', ''], ['ratios', '&log=1'], ['middles', '&lv=11&r=0,11'],
        ['below', '&sym=1&m=viridis'], ['whole', '&cat=0&lv=11'], ['whole', '']]) {
        await page.follow(`bores=1&src=run/run.h5&p=model.${property}&edges=0${more}`);
        await page.settled();
        await fromTheTop(page);
        const seen = await probed(page);
        const wanted = property === 'whole' && more === '' ? CATEGORIES : expected.viridis;
        // Of the slice and, where there is one, the 3-D picture, from west to east; of the ramp from its lower end.
        const pictures = [seen.slice, ...(seen.scene ? [seen.scene] : []), ...(/lv|^$/.test(more) && property !== 'linear'
          ? [seen.ramp] : [])];
        for (const colours of pictures) {
          assert.equal(colours.length, 11, `${property}: ${JSON.stringify(colours)}`);
          colours.forEach((colour, n) => colour.forEach((c, part) => assert.ok(Math.abs(c - wanted[n][part]) <= 1,
            `${property} ${more} ${n}: ${colour}, not ${wanted[n]}`)));
        }
        if (property === 'below') assert.deepEqual((await page.state()).range, [-5, 5]);
        if (more.includes('lv=11&r')) assert.match(await page.text('.legend'), /\n0\n1\n2\n3\n[^]*\n11\n/);
      }
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}, {
  // Check 16.
  name: 'cells: three saturations are one colour, exact at the corners, and what does not add up to one is told',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-ternary-'));
    await writeProbes(path.join(folder, 'run.h5'));
    const server = await serve({ '/run': folder });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=run/run.h5&p=ternary&edges=0');
      await page.shown();
      await fromTheTop(page);
      const seen = await probed(page);
      // Gas is red, oil green, water blue (ResInsight's), so the centroid is a grey of a third.
      const wanted = [[0, 255, 0], [255, 0, 0], [0, 0, 255], [85, 85, 85], [128, 128, 0], [255, 41, 135], [64, 64, 128]];
      assert.deepEqual(seen.slice, wanted);
      if (seen.scene) assert.deepEqual(seen.scene, wanted);
      assert.match(await page.text('.legend'), /sum is not 1: 1 cells/);
      await page.run((_root, viewer) => viewer.select([3, 0, 0]));
      await page.says('.cell-panel', /Oil saturation\s+0\.3333333/);
      await page.run((_root, viewer) => viewer.select([5, 0, 0]));
      await page.says('.cell-panel', /Sum, which should be 1\s+0\.9/);
      // What is copied and listed are the saturations, and not the number of their colour.
      await page.run((root, viewer) => {
        /** @type {any} */ (navigator.clipboard).writeText = async (/** @type {string} */ text) => {
          /** @type {any} */ (globalThis).copied = text;
        };
        viewer.select([1, 0, 0]);
        viewer.ask({ pins: [[0, 0, 0]] });
        /** @type {HTMLElement} */ (root.querySelectorAll('.cell-actions button')[1]).click();
      });
      assert.equal(await page.run(() => /** @type {any} */ (globalThis).copied), '0, 1, 0');
      await page.until((root) => root.querySelector('.pin-value')?.getAttribute('data-value') === '1, 0, 0');
      if (!seen.scene) return; // without a 3-D picture there is nothing beside it
      await page.load('bores=1&src=run/run.h5&p=ternary&bt=0&bm=beside&c=1,0,0');
      await page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
        .viewer.state.now.shown?.values.pair, POLL);
      const facts = await page.says('.cell-panel', /Gas saturation\s+1\s/);
      assert.match(facts, /A · [^\n]*\s+So 0, Sg 1, Sw 0\s+B · [^\n]*\s+So 0, Sg 1, Sw 0/);
      assert.doesNotMatch(facts, /B − A/);
      assert.match(await page.text('.legend'), /sum is not 1: 1 cells/);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}];
