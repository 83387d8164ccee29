// SPDX-License-Identifier: MIT
// Fences: a line over the sample's boxes and a corner-point grid, whose cells are found here by looking which cell
// lies at points along the line, from the grid's own numbers.

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { POLL, resize, serve } from '../viewer-driver.mjs';
import { expected } from '../viewer-pictures.mjs';
import { eclipseRuns } from '../../helpers/fixtures.js';

/** @import { Case } from '../viewer.mjs' */
/** @import { ViewerPage } from '../viewer-driver.mjs' */

const WATER = 'model.fluid_properties.water_saturation_grid';

/** @param {ViewerPage} page @param {number} pieces */
const cut = (page, pieces) => page.page.waitForFunction((least) => (/** @type {any} */ (
  document.querySelector('bores-viewer')).viewer.state.now.curtain?.count ?? -1) >= least, POLL, pieces);

/** Until it is cut along the line that goes on to the grid's sides. @param {ViewerPage} page */
const extended = (page) => page.until((_root, viewer) => {
  const { curtain: { points }, run: { bounds: { min, max } } } = viewer.state.now;
  const isOutside = (/** @type {number[]} */ at) => [0, 1].some((axis) => at[axis] < min[axis] || at[axis] > max[axis]);
  return isOutside(points[0]) && isOutside(points.at(-1));
});

/** Which columns of the sample a line passes, by a thousand points on it. @param {number[][]} points */
function columnsBy(points) {
  const [dx, dy] = expected.cellDimension;
  const seen = new Set();
  for (let n = 0; n + 1 < points.length; n += 1) {
    const [[x0, y0], [x1, y1]] = [points[n], points[n + 1]];
    for (let t = 0.0005; t < 1; t += 0.001) {
      const [i, j] = [Math.floor((x0 + t * (x1 - x0)) / dx), Math.floor((y0 + t * (y1 - y0)) / dy)];
      if (i >= 0 && j >= 0 && i < expected.shape[0] && j < expected.shape[1]) seen.add(`${i} ${j}`);
    }
  }
  return [...seen].sort();
}

/** @type {Case[]} */
export const cases = [{
  name: 'fence: a line through the sample shows the cells below it, in both pictures, in the table and in the file',
  async run({ open, browser }) {
    const page = await open();
    const line = [[110, 75], [500, 415], [880, 650]];
    await page.sample(`&t=12&p=${WATER}&fo=1&fence=${line.map(String).join('~')}`);
    await cut(page, 1);
    await page.shown();
    const { cells, columns, alone, heights } = await page.run((root, viewer) => {
      const { curtain, run, cells: _ } = viewer.state.now;
      const found = [...curtain.cells].map((cell) => run.grid.cellOf(cell));
      // Of each piece: its tops lie where the column's layer does, by the grid's own depth of that cell.
      const wrong = found.filter((cell, n) => {
        const own = curtain.stations.subarray(3 * curtain.firsts[n], 3 * curtain.firsts[n + 1]);
        const middle = (Math.min(own[1], own[own.length - 2]) + Math.max(own[2], own[own.length - 1])) / 2;
        const dip = Math.abs(run.grid.slope[0]) + Math.abs(run.grid.slope[1]);
        return Math.abs(middle - run.grid.depthOf(cell)) > dip;
      });
      return { cells: found.length, columns: [...new Set(found.map(([i, j]) => `${i} ${j}`))].sort(),
        alone: /** @type {HTMLElement} */ (root.querySelector('.cells-note')).innerText, heights: wrong };
    });
    assert.deepEqual(columns, columnsBy(line));
    assert.ok(cells >= 4 * columns.length, 'all layers of each column');
    assert.deepEqual(heights, []);
    // Where there is no 3-D picture nothing is left out of one.
    assert.match(alone, browser === 'chromium' ? /only along the fence/ : /^$/);
    // The curtain's pixels have the colours of its cells: the middle of some pieces.
    const pixels = await page.run((root, viewer) => {
      const { curtain, run } = viewer.state.now;
      const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('canvas.curtain'));
      const box = canvas.getBoundingClientRect();
      const middles = [0, Math.floor(curtain.count / 2), curtain.count - 1].map((n) => {
        const [from, top, bottom] = curtain.stations.subarray(3 * curtain.firsts[n]);
        const to = curtain.stations[3 * (curtain.firsts[n + 1] - 1)];
        const part = (from + to) / 2 / curtain.length;
        const [last, lastTop, lastBottom] = curtain.stations.subarray(3 * (curtain.firsts[n + 1] - 1));
        return { part, depth: (top + bottom + lastTop + lastBottom) / 4, cell: run.grid.cellOf(curtain.cells[n]), last };
      });
      return { box: { x: box.left, y: box.top, width: box.width, height: box.height }, middles };
    });
    const depths = await page.run((_root, viewer) => {
      const { stations } = viewer.state.now.curtain;
      const all = [...stations];
      return [Math.min(...all.filter((_, n) => n % 3 === 1)), Math.max(...all.filter((_, n) => n % 3 === 2))];
    });
    const [left, right, top, bottom] = [58, 12, 24, 34]; // room of the axes
    for (const { part, depth, cell } of pixels.middles) {
      const { x, y, width, height } = pixels.box;
      await page.page.mouse.click(x + left + part * (width - left - right),
        y + top + (depth - depths[0]) / (depths[1] - depths[0]) * (height - top - bottom));
      assert.deepEqual((await page.state()).cell, cell, 'what is clicked is what lies there');
      await page.says('.curtain-box .tip', new RegExp(`\\[${cell.join(', ')}\\]`));
    }
    // Keys go from cell to cell.
    const [i, j, k] = /** @type {number[]} */ ((await page.state()).cell);
    await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('canvas.curtain')).focus());
    await page.page.keyboard.press(k > 0 ? 'ArrowUp' : 'ArrowDown');
    assert.deepEqual((await page.state()).cell, [i, j, k > 0 ? k - 1 : 1]);
    await page.click('.fence button:has(.icon-table)');
    await page.find('.slice-table td');
    const rows = await page.run((root) => [...root.querySelectorAll('.slice-table tbody tr')].map((row) =>
      [row.querySelector('th')?.textContent, Number(/** @type {HTMLElement} */ (row.lastElementChild).dataset.value)]));
    assert.equal(rows.length, cells);
    const wrong = await page.run((_root, viewer, shown) => shown.filter((/** @type {any} */ [cell, value]) => {
      const { run, shown: { values } } = viewer.state.now;
      return values.data[run.grid.indexOf(cell.split(',').map(Number))] !== value;
    }), rows);
    assert.deepEqual(wrong, []);
    // The picture that is saved has the legend beside the section: the map's colours one above the other.
    const saved = await page.run(async (root) => {
      const made = URL.createObjectURL;
      /** @type {Blob} */ const blob = await new Promise((resolve) => {
        URL.createObjectURL = (/** @type {any} */ file) => { resolve(file); return made.call(URL, file); };
        /** @type {HTMLElement} */ (root.querySelector('.fence .icon-image')?.closest('button')).click();
      });
      URL.createObjectURL = made;
      const bitmap = await createImageBitmap(blob);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
      context.drawImage(bitmap, 0, 0);
      const section = /** @type {HTMLCanvasElement} */ (root.querySelector('canvas.curtain'));
      const { data } = context.getImageData(section.width + 16, 0, 1, bitmap.height);
      const colours = new Set(Array.from({ length: bitmap.height }, (_, y) => [...data.slice(4 * y, 4 * y + 3)].join()));
      return { wider: bitmap.width - section.width, colours: [...colours] };
    });
    assert.ok(saved.wider >= 140, `${saved.wider}`);
    // The map has more colours than the ramp has pixels: its ends are near those of the map.
    for (const end of [expected.viridis[0], expected.viridis[10]]) {
      assert.ok(saved.colours.some((colour) => colour.split(',').every((c, part) => Math.abs(Number(c) - end[part]) <= 4)),
        `${end} is not among ${saved.colours.join(' ')}`);
    }
    // The 3-D picture has the curtain alone, seen from both sides.
    if (browser === 'chromium') {
      await page.run((root, viewer) => {
        /** @type {HTMLDialogElement} */ (root.querySelector('.slice-table')).close();
        viewer.select(null);
      });
      await page.frames(3);
      await page.remember('alone');
      await page.run((_root, viewer) => viewer.setFence({ solid: 'cells' }));
      await page.frames(4);
      await page.remember('cells');
      assert.ok(await page.difference('alone', 'cells') > 0.02, 'cells hide the curtain');
      await page.run((_root, viewer) => viewer.setFence({ solid: 'off' }));
      await page.frames(4);
      await page.remember('off');
      assert.ok(await page.difference('cells', 'off') < 0.02, 'without a fence all cells are left');
    }
    assert.deepEqual(page.complaints, []);
  },
}, {
  name: 'fence: it is drawn by clicks, wells and keys, stands in the link, and is found there again',
  async run({ open }) {
    const page = await open();
    await page.sample('&t=22&fo=1');
    await page.find('canvas.plan');
    await page.frames(3);
    const add = async (/** @type {number} */ fx, /** @type {number} */ fy) => {
      const box = await page.box('canvas.plan');
      await page.page.mouse.click(box.x + fx * box.width, box.y + fy * box.height);
    };
    await add(0.4, 0.7);
    await add(0.6, 0.4);
    await cut(page, 4);
    const wells = await page.run((_root, viewer) => viewer.state.now.wells.map((/** @type {any} */ well) => well.name));
    await page.run((root, _viewer, name) => {
      const select = /** @type {HTMLSelectElement} */ (root.querySelector('[aria-label="Add a well to the fence"]'));
      select.value = name;
      select.dispatchEvent(new Event('change'));
    }, wells[0]);
    // Decimals as they are written in German.
    await page.run((root) => {
      const [x, y] = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('.fence-point input')]);
      [x.value, y.value] = ['812,5', '1.000,25'];
      /** @type {HTMLFormElement} */ (root.querySelector('.fence-point')).requestSubmit();
    });
    const line = await page.run((_root, viewer) => viewer.state.now.fence.line);
    assert.equal(line.length, 4);
    assert.deepEqual(line.slice(2), [wells[0], [812.5, 1000.25]]);
    await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('canvas.plan')).focus());
    await page.page.keyboard.press('Backspace');
    await page.page.keyboard.press('ArrowLeft');
    await page.page.keyboard.press('Enter');
    const drawn = await page.run((_root, viewer) => viewer.state.now.fence.line);
    assert.equal(drawn.length, 4);
    assert.equal(typeof drawn[3], 'object');
    await page.run((_root, viewer) => viewer.setFence({ extend: true, stretch: 5 }));
    const names = await page.page.waitForFunction(() => (location.hash.includes('fz=5') ? location.hash : null), POLL);
    const hash = String(await names.jsonValue());
    await extended(page);
    const before = await page.run((_root, viewer) => [...viewer.state.now.curtain.cells]);
    await page.load(hash.slice(1));
    await page.shown();
    await extended(page);
    await cut(page, before.length);
    assert.deepEqual(await page.run((_root, viewer) => [...viewer.state.now.curtain.cells]), before);
    await page.says('.fence-caption', /heights ×5/);
    assert.deepEqual(page.complaints, []);
  },
}, {
  name: 'fence: a link shows its panel on a phone; on a low page slice and colours keep their room, and depths are whole',
  async run({ open, browser }) {
    const page = await open({ viewport: { width: 390, height: 844 } });
    const seen = () => page.run((root) => Object.fromEntries(['.fence', '.results', '.slice-panel', '.panel.foldable']
      .map((name) => [name, /** @type {HTMLElement} */ (root.querySelector(name)).offsetHeight > 0])));
    await page.sample('&t=12&fo=1&fence=110,75~500,415');
    await cut(page, 1);
    assert.deepEqual([(await seen())['.fence'], (await seen())['.results']], [true, false]);
    await page.click('.results-button');
    await page.frames(2);
    assert.deepEqual([(await seen())['.fence'], (await seen())['.results']], [false, true]);
    await page.click('.results-button');
    await page.frames(2);
    assert.equal((await seen())['.results'], false);
    if (browser === 'chromium') { // without WebGL there are no depths beside a box
      await page.run((_root, viewer) => {
        const { run } = viewer.state.now;
        run.bounds.depthOfZero += 12_000; // as deep as many reservoirs are
        viewer.state.set({ metric: true, run: Object.create(run) }); // so that its bounds are looked at again
      });
      await page.frames(3);
      const cutOff = await page.run((root) => {
        const { left } = /** @type {HTMLElement} */ (root.querySelector('.labels')).getBoundingClientRect();
        const texts = [...root.querySelectorAll('.label-tick')];
        return { count: texts.length, cut: texts.filter((text) => text.getBoundingClientRect().left < left)
          .map((text) => text.textContent) };
      });
      assert.ok(cutOff.count > 1);
      assert.deepEqual(cutOff.cut, []);
    }
    await resize(page.page, { width: 1280, height: 720 });
    await page.sample('&t=12&c=3,3,1&fo=1&fence=110,75~500,415');
    await cut(page, 1);
    await page.find('.history canvas');
    await page.settled();
    const below = await page.run((root) => [...root.querySelectorAll('.side')].map((side) =>
      side.scrollHeight - side.clientHeight));
    assert.deepEqual(below, [0, 0]);
    // The results take the fence's place, and nothing of the panels' beside the picture.
    await (await page.find('.results-button')).click();
    await page.find('.results .result-plot');
    await page.frames(3);
    const { sides, results, chart } = await page.run((root) => {
      const boxOf = (/** @type {string} */ name) => /** @type {Element} */ (root.querySelector(name)).getBoundingClientRect();
      const bar = boxOf('.time-bar');
      return { sides: ['.side.left', '.side.right'].map((name) => Math.round(bar.top - boxOf(name).bottom)),
        results: boxOf('.results').left - boxOf('.side.left').right, chart: boxOf('.results-chart').width };
    });
    assert.deepEqual([sides, results], [[0, 0], 0]);
    assert.ok(chart > 400, `${chart}`);
    assert.deepEqual(page.complaints, []);
  },
}, {
  name: 'fence: a faulted corner-point grid is cut where its own corners lie',
  async run({ open }) {
    const folder = mkdtempSync(path.join(tmpdir(), 'bores-fence-'));
    cpSync(path.join(eclipseRuns(), 'FAULT'), folder, { recursive: true });
    const server = await serve({ '/run': folder });
    try {
      const page = await open({ url: server.url });
      await page.load('bores=1&src=run/FAULT.UNRST&t=2&fo=1');
      await page.shown();
      // From side to side, askew; the cells are those whose corners lie on both sides of the line.
      const { line, crossed } = await page.run((_root, viewer) => {
        const { grid } = viewer.state.now.run;
        const { min, max } = grid.bounds;
        const [ox, oy] = grid.mapOrigin;
        const ends = [[min[0] + 11, min[1] + 7], [max[0] - 23, max[1] - 5]];
        viewer.setFence({ line: ends.map(([x, y]) => [x + ox, y + oy]) });
        const [[x0, y0], [x1, y1]] = ends;
        const aside = (/** @type {number[]} */ [x, y]) => Math.sign((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0));
        const found = [];
        for (let cell = 0; cell < grid.size; cell += 1) {
          const at = grid.cellOf(cell);
          const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((corner) => grid.cornerOf(at, corner));
          if (!grid.isActive(at)) continue;
          const along = corners.map(([x, y]) => ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / Math.hypot(x1 - x0, y1 - y0) ** 2);
          if (new Set(corners.map(aside)).size > 1 && Math.max(...along) > 0.02 && Math.min(...along) < 0.98) found.push(cell);
        }
        return { line: ends, crossed: found };
      });
      assert.equal(line.length, 2);
      await cut(page, 1);
      const cells = await page.run((_root, viewer) => [...new Set(viewer.state.now.curtain.cells)]);
      assert.deepEqual(crossed.filter((/** @type {number} */ cell) => !cells.includes(cell)), []);
      assert.ok(cells.length - crossed.length <= 8, `${cells.length} cells, ${crossed.length} of them expected`);
      assert.deepEqual(page.complaints, []);
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
}];
