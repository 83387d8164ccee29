// SPDX-License-Identifier: MIT
// The slice, the cell cursor, labels, and what a finger is told.

import assert from 'node:assert/strict';

import { POLL } from './viewer-driver.mjs';
import { expected, fromAbove } from './viewer-pictures.mjs';

/** @import { Case } from './viewer.mjs' */

const WATER = 'model.fluid_properties.water_saturation_grid';

/** @type {Case[]} */
export const cases = [{
  name: 'the slice says what it is: indices, depths, how much it is stretched, the value under the pointer',
  async run({ open }) {
    const page = await open();
    await page.sample('&s=j3&t=22');
    await page.settled();
    const section = await page.text('.slice-panel .caption');
    const stretch = Number(/heights ×([\d.]+)/.exec(section)?.[1]);
    // 9 cells of 110 ft, and 4 layers of the file's thickness with the dip, in the room that the axes leave.
    const { width, height, wide, high } = await page.run((root, viewer) => {
      const box = /** @type {HTMLElement} */ (root.querySelector('.slice-box'));
      const { bounds } = viewer.state.now.run.grid;
      return { width: box.clientWidth, height: box.clientHeight, wide: bounds.max[0] - bounds.min[0],
        high: bounds.max[2] - bounds.min[2] };
    });
    const true1 = ((height - 38) / high) / ((width - 54) / wide);
    assert.ok(Math.abs(stretch / true1 - 1) < 0.06, `${section}: ×${true1}`);
    await page.run((_root, viewer) => viewer.setSlice(2, 0));
    await page.frames(3);
    assert.equal(await page.text('.slice-panel .caption'), 'Map, north up');
    const { x, y } = await page.run((root, viewer) => {
      const box = /** @type {HTMLElement} */ (root.querySelector('.slice-box')).getBoundingClientRect();
      // The middle cell of a map that is as wide as the room between the axes, or as high.
      const [nx, ny] = viewer.state.now.run.grid.shape;
      return { x: box.left + 46 + (box.width - 54) / 2, y: box.top + 8 + (box.height - 38) / 2, nx, ny };
    });
    await page.page.mouse.move(x, y);
    const tip = await page.says('.slice-box .tip', /\[4, 3, 0\]/);
    assert.ok(tip.includes(Number(expected.pressure[22]['[4, 3, 0]']).toPrecision(5).slice(0, 4)), tip);
  },
}, {
  name: 'the slice can be read as a table, with the values of the file',
  async run({ open }) {
    const page = await open();
    await page.sample('&s=k0&t=7');
    await page.click('.slice-panel button:has(.icon-table)');
    await page.find('.slice-table td');
    const rows = await page.run((root) => [...root.querySelectorAll('.slice-table tbody tr')].map((row) =>
      [row.querySelector('th')?.textContent, ...[...row.querySelectorAll('td')].map(({ dataset }) => dataset.value)]));
    assert.deepEqual(rows.map(([head]) => head), ['6', '5', '4', '3', '2', '1', '0']); // north is up
    for (const [text, value] of Object.entries(expected.pressure[7])) {
      const [i, j, k] = JSON.parse(text);
      if (k === 0) assert.equal(Number(rows[6 - j][1 + i]), value, text);
    }
    await page.run((_root, viewer) => viewer.setStep(22));
    await page.shown();
    const after = await page.run((root) => /** @type {HTMLElement} */ (
      root.querySelector('.slice-table tbody tr:last-child td')).dataset.value);
    assert.equal(Number(after), await page.run((_root, viewer) => {
      const { run, shown } = viewer.state.now;
      return shown.values.data[run.grid.indexOf([0, 0, 0])];
    }), 'the table follows the step');
  },
}, {
  name: 'keys move from cell to cell, in the picture and in the slice, which follows',
  async run({ open }) {
    const page = await open();
    await page.sample('&box=0-8,0-6,1-3');
    for (const selector of ['.canvas-box', 'canvas.slice']) {
      const there = await page.run((root, viewer, wanted) => {
        viewer.select(null);
        [4, 3, 2].forEach((index, axis) => viewer.setSlice(axis, index));
        const element = /** @type {HTMLElement | null} */ (root.querySelector(wanted));
        element?.focus();
        return element !== null;
      }, selector);
      if (!there) continue; // no 3-D picture
      for (const [key, cell] of /** @type {const} */ ([['i', [4, 3, 2]], ['i', [5, 3, 2]], ['I', [4, 3, 2]],
        ['j', [4, 4, 2]], ['K', [4, 4, 1]], ['K', [4, 4, 1]], ['k', [4, 4, 2]]])) {
        const back = key !== key.toLowerCase();
        if (back) await page.page.keyboard.down('Shift');
        await page.page.keyboard.press(key);
        if (back) await page.page.keyboard.up('Shift');
        assert.deepEqual((await page.state()).cell, cell, `${selector}: ${key}`);
      }
      assert.equal(await page.run((_root, viewer) => viewer.state.now.sliceAt[2]), 2);
    }
  },
}, {
  name: 'a tap tells the value where one tapped',
  only: 'chromium', // Firefox has no touch over WebDriver BiDi
  async run({ open }) {
    const page = await open({ viewport: { width: 390, height: 844, hasTouch: true, isMobile: true } });
    await page.sample('&t=7&z=1&wells=0');
    const at = await fromAbove(page);
    const box = await page.box('.canvas-box');
    const { x, y } = at([4, 3]);
    await page.page.touchscreen.tap(box.x + x, box.y + y);
    await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
      ?.querySelector('.stage > .tip:not([hidden])'), POLL);
    assert.match(await page.text('.stage > .tip'), /psi[\s\S]*\[4, 3, 0\]/);
    const tip = await page.box('.stage > .tip');
    assert.ok(Math.hypot(tip.x - x - box.x, tip.y - y - box.y) < 200);
  },
}, {
  name: 'labels of wells do not cover each other, and stay in the picture when it is near',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open({ viewport: { width: 390, height: 600 } });
    await page.sample('&wells=1');
    for (const view of [{ azimuth: 270, elevation: 2, distance: 0, target: [0, 0, 0] },
      { azimuth: 215, elevation: 28, distance: 0.7, target: [-0.4, -0.3, 0] }]) {
      const { stage, boxes } = await page.run(async (root, viewer, look) => {
        viewer.look(look);
        for (let n = 0; n < 5; n += 1) await new Promise(requestAnimationFrame);
        const rect = (/** @type {Element} */ element) => {
          const { left, top, right, bottom } = element.getBoundingClientRect();
          return { left, top, right, bottom };
        };
        return { stage: rect(/** @type {Element} */ (root.querySelector('.canvas-box'))),
          boxes: [...root.querySelectorAll('.label-well')].filter((label) => !(/** @type {any} */ (label).hidden))
            .map(rect) };
      }, view);
      assert.equal(boxes.length, 3);
      for (const [n, box] of boxes.entries()) {
        assert.ok(box.left >= stage.left && box.right <= stage.right && box.top >= stage.top
          && box.bottom <= stage.bottom, `${JSON.stringify(box)} in ${JSON.stringify(stage)}`);
        for (const other of boxes.slice(n + 1)) {
          assert.ok(box.left >= other.right || other.left >= box.right || box.top >= other.bottom
            || other.top >= box.bottom, `${JSON.stringify(box)} over ${JSON.stringify(other)}`);
        }
      }
    }
  },
}, {
  name: 'flat colours: from the south too a cell has the colour of the legend, and the link keeps it',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample('&wells=0&edges=0&flat=1&r=0,1&z=2'); // all is above the range: 255, 41, 135
    const middle = await page.run(async (root, viewer) => {
      viewer.look({ azimuth: 180, elevation: 0, distance: 0, target: [0, 0, 0] });
      for (let n = 0; n < 5; n += 1) await new Promise(requestAnimationFrame);
      const box = /** @type {HTMLElement} */ (root.querySelector('.canvas-box'));
      return { x: box.clientWidth / 2, y: box.clientHeight / 2 };
    });
    await page.remember('flat');
    const colour = await page.pixel('flat', middle);
    [255, 41, 135].forEach((part, c) => assert.ok(Math.abs(part - colour[c]) <= 2, String(colour)));
    await page.page.waitForFunction(() => location.hash.includes('flat=1'), POLL);
  },
}, {
  name: 'the plane of the slice is drawn in the 3-D picture while one is at the slice',
  only: 'chromium', // needs the 3-D picture
  async run({ open }) {
    const page = await open();
    await page.sample('&s=i4&r=3000,3100');
    await page.remember('without');
    await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('canvas.slice')).focus());
    await page.frames(3);
    await page.remember('with');
    const drawn = await page.difference('without', 'with');
    assert.ok(drawn > 0.0005 && drawn < 0.05, `${drawn} of the picture`);
    await page.run((root) => /** @type {HTMLElement} */ (root.querySelector('.canvas-box')).focus());
    await page.frames(3);
    await page.remember('again');
    assert.equal(await page.difference('without', 'again'), 0);
  },
}, {
  name: 'the sample opens on water that is on its way, not on a slab of one colour',
  async run({ open }) {
    const page = await open();
    await page.load();
    await page.click('.sample');
    await page.shown();
    const { property, step, box } = await page.state();
    assert.equal(property, WATER);
    const { low, high, shape } = await page.run((_root, viewer) => {
      const { run, shown } = viewer.state.now;
      const data = [...shown.values.data].sort((a, b) => a - b);
      return { low: data[Math.floor(data.length / 10)], high: data[Math.floor(0.9 * data.length)],
        shape: run.grid.shape };
    });
    assert.ok(high - low > 0.2, `${low} to ${high} at step ${step}`);
    assert.ok(box.lo[1] > 0 && box.hi[1] === shape[1], 'the near side is cut away');
  },
}, {
  name: 'on a phone on its side the picture has most of the height',
  async run({ open }) {
    const page = await open({ viewport: { width: 844, height: 390 } });
    await page.sample();
    const heights = await page.run((root) => ['.stage', '.property-panel'].map((selector) =>
      root.querySelector(selector)?.getBoundingClientRect().height ?? 0));
    assert.ok(heights[0] > 270 && heights[1] > 180, String(heights));
  },
}, {
  name: 'metric values stand beside the others, in the legend and for a cell, and the link keeps that',
  async run({ open }) {
    const page = await open();
    await page.sample('&t=7&c=4,3,0&si=1');
    const facts = await page.run((root) => [...root.querySelectorAll('.facts dd')].map((dd) => dd.textContent));
    const psi = expected.pressure[7]['[4, 3, 0]'];
    assert.match(String(facts[0]), / psi \((\d+\.?\d*) bar\)$/);
    const bar = Number(/\((\d+\.?\d*) bar/.exec(String(facts[0]))?.[1]);
    assert.ok(Math.abs(bar - psi * 0.06894757) < 0.001 * bar, `${facts[0]}`); // NIST SP 811
    assert.match(String(facts[1]), / ft \(\d+\.?\d* m\)$/);
    assert.match(await page.text('.legend .scale'), /\d \(2\d\d(\.\d+)? bar\)/);
    await page.page.waitForFunction(() => location.hash.includes('si=1'), POLL);
    // What is typed is in bar: the range and a filter. Factors: NIST SP 811.
    await page.settled();
    const typed = await page.run(async (root, viewer) => {
      const [lo, hi] = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('.range .number')]);
      const shown = [lo.value, hi.value];
      [lo.value, hi.value] = ['190,5', '200'];
      lo.dispatchEvent(new Event('change'));
      const { range } = viewer.state.now;
      viewer.ask({ open: true, filters: [{ id: viewer.state.now.property.id, exclude: false, on: true, range: [null, null] }] });
      while (!root.querySelector('.filter-range .number')) await new Promise(requestAnimationFrame);
      const [least] = /** @type {HTMLInputElement[]} */ ([...root.querySelectorAll('.filter-range .number')]);
      least.value = '200';
      least.dispatchEvent(new Event('change'));
      const { filters } = viewer.state.now.ask;
      await new Promise(requestAnimationFrame);
      const { note } = { note: /** @type {HTMLElement} */ (root.querySelector('.cells-note span')).textContent };
      return { shown, range, least: filters[0].range[0], note,
        before: viewer.state.now.found, title: root.querySelector('.filter-name')?.textContent };
    });
    const PSI = 0.06894757;
    assert.ok(Math.abs(Number(typed.shown[1]) - typed.before.hi * PSI) < 0.01, `${typed.shown}`);
    assert.ok(Math.abs(typed.range[0] - 190.5 / PSI) < 0.01 && Math.abs(typed.range[1] - 200 / PSI) < 0.01);
    assert.ok(Math.abs(typed.least - 200 / PSI) < 0.01);
    assert.match(String(typed.title), /Pressure bar/);
    assert.match(String(typed.note), /≥ 200 bar/);
  },
}, {
  name: 'another run is chosen over the one that is open, to which Escape and a button lead back',
  async run({ open }) {
    const page = await open();
    await page.sample('&t=7');
    for (const leave of ['key', 'button']) {
      await page.click('[aria-label="Open another"]');
      await page.find('.start.over .drop-zone');
      if (leave === 'key') await page.page.keyboard.press('Escape');
      else await page.click('.back');
      await page.until((_root, viewer) => !viewer.state.now.choosing);
      await page.frames(2);
      const { phase, step } = await page.state();
      assert.deepEqual([phase, step, await page.run((root) =>
        /** @type {HTMLElement} */ (root.querySelector('.start')).hidden)], ['ready', 7, true]);
    }
  },
}];
