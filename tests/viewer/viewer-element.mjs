// SPDX-License-Identifier: MIT
// The element in somebody's page: examples/browser/embed.html with the module that the package publishes.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { POLL, serve } from './viewer-driver.mjs';
import { expected } from './viewer-pictures.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { Page } from 'puppeteer-core' */

const root = fileURLToPath(new URL('../../', import.meta.url));
const PRESSURE = 'model.fluid_properties.pressure_grid';
const ALL = ['full', 'player', 'left', 'right', 'story', 'small'];

/**
 * @param {(options?: any) => Promise<import('./viewer-driver.mjs').ViewerPage>} open
 * @param {(page: Page) => Promise<void>} use  of the example, once all its runs are shown
 */
async function inExample(open, use) {
  const server = await serve({ '/': root });
  try {
    const { page } = await open({ viewport: { width: 1200, height: 700 } });
    await page.goto(`${server.url}examples/browser/embed.html`);
    await page.waitForFunction((ids) => ids.every((/** @type {string} */ id) => {
      const { viewer } = /** @type {any} */ (document.getElementById(id));
      const { shown, faces, step } = viewer?.state.now ?? {};
      return shown && faces && shown.step === step;
    }) && /^Step 22/.test(document.querySelector('output')?.textContent ?? ''), POLL, ALL);
    await use(page);
  } finally {
    server.close();
  }
}

/** They take their attributes, and nothing of their page. @param {Page} page */
async function attributes(page) {
  const found = await page.evaluate(() => {
    const of = (/** @type {string} */ id) => /** @type {any} */ (document.getElementById(id));
    const { step, property, range, colormap, view, controls } = of('player');
    return { step, property, range, colormap, view, controls, other: of('full').property, scrollY,
      focus: document.activeElement?.tagName, title: document.title, hash: location.hash,
      output: document.querySelector('output')?.textContent };
  });
  assert.deepEqual(found, { step: 22, property: PRESSURE, range: [2000, 3500], colormap: 'cividis', view: 'top',
    controls: 'player', other: 'model.fluid_properties.oil_saturation_grid', scrollY: 0, focus: 'BODY',
    title: 'Runs in a page', hash: '', output: found.output });
  assert.match(String(found.output), /^Step 22 of 22/);
}

/** The layout is that of the room an element has, and of its controls. @param {Page} page */
async function layout(page) {
  const seen = await page.evaluate((ids) => ids.map((/** @type {string} */ id) => {
    const inside = document.getElementById(id)?.shadowRoot;
    return ['.top-bar', '.side.left', '.stage', '.time-slider'].map((selector) =>
      (inside?.querySelector(selector)?.getClientRects().length ?? 0) > 0);
  }), ['full', 'player', 'right', 'small']);
  assert.deepEqual(seen, [[true, true, true, true], [false, false, true, true], [false, false, true, false],
    [false, false, true, true]]);
  const room = await page.evaluate(() => {
    const inside = /** @type {ShadowRoot} */ (document.getElementById('small')?.shadowRoot);
    const { width, height } = /** @type {Element} */ (inside.querySelector('.stage')).getBoundingClientRect();
    return width > 250 && height > 120;
  });
  assert.ok(room, 'the picture has the room');
}

/** Those of a group go together, the others do not. @param {Page} page */
async function group(page) {
  await page.evaluate(() => {
    const left = /** @type {any} */ (document.getElementById('left'));
    left.view = '100,20,3';
    left.property = 'oil_saturation';
    return left.goTo(9);
  });
  await page.waitForFunction(() => {
    const { step, property, view } = /** @type {any} */ (document.getElementById('right'));
    return step === 9 && /oil_saturation_grid$/.test(property) && view === '100,20,3,0,0,0';
  }, POLL);
  assert.equal(await page.evaluate(() => /** @type {any} */ (document.getElementById('small')).step), 0);
}

/** A text moves one. @param {Page} page */
async function text(page) {
  await page.evaluate(() => /** @type {HTMLElement} */ (document.querySelector('a[data-cell]')).click());
  await page.waitForFunction(() => {
    const { step, cell, shown } = /** @type {any} */ (document.getElementById('story')).viewer.state.now;
    return step === 22 && shown?.step === 22 && String(cell) === '1,6,2';
  }, POLL);
  assert.equal(await page.evaluate(() => location.hash), '');
}

/** The manifest is what the element is. @param {Page} page */
async function manifest(page) {
  const { modules: [{ declarations: [told] }] } = JSON.parse(readFileSync(`${root}web/custom-elements.json`, 'utf8'));
  const found = await page.evaluate(() => {
    const viewer = /** @type {any} */ (document.getElementById('full'));
    return { attributes: viewer.constructor.observedAttributes,
      members: Object.getOwnPropertyNames(viewer.constructor.prototype),
      parts: [...viewer.shadowRoot.querySelectorAll('[part]')].map((element) => element.getAttribute('part')),
      styles: viewer.shadowRoot.adoptedStyleSheets.flatMap((/** @type {CSSStyleSheet} */ sheet) =>
        [...sheet.cssRules].map((rule) => rule.cssText)).join('\n') };
  });
  const names = (/** @type {{ name: string }[]} */ list) => list.map(({ name }) => name).sort();
  assert.deepEqual(names(told.attributes), [...found.attributes].sort());
  assert.deepEqual(names(told.cssParts), [...found.parts].sort());
  assert.deepEqual(names(told.members).filter((name) => !found.members.includes(name)), []);
  assert.deepEqual(names(told.cssProperties),
    [...new Set(found.styles.match(/--bores-[\w-]+/g))].sort());
}

/** @type {Case[]} */
export const cases = [{
  name: 'elements take their attributes, the room they have and their group, a text moves them, the manifest is right',
  async run({ open, browser }) {
    await inExample(open, async (page) => {
      await attributes(page);
      await layout(page);
      if (browser === 'chromium') await manifest(page); // without the 3-D picture there are no buttons for its view
      await group(page);
      await text(page);
    });
  },
}, {
  name: 'an element answers: goTo, pick, toImage; what does not fit is refused by name',
  async run({ open }) {
    await inExample(open, async (page) => {
      const [cell] = expected.cells;
      const { depth } = cell;
      const answers = await page.evaluate(async (at) => {
        const viewer = /** @type {any} */ (document.getElementById('full'));
        viewer.property = 'pressure';
        // What is told of a step that cannot be read is not told of the next one.
        const { run } = viewer.viewer.state.now;
        const read = run.values.bind(run);
        run.values = async (/** @type {number} */ step, /** @type {any} */ property) => {
          if (step === 8) throw new Error('chunk 0.1 is gone');
          return read(step, property);
        };
        const missed = await viewer.goTo(8).then(() => 'shown', (/** @type {Error} */ error) => error.message);
        const next = await viewer.goTo(9).then((/** @type {any} */ detail) => detail.step, (/** @type {Error} */ error) => error.message);
        /** @type {any[]} */ const events = [];
        for (const type of ['step', 'pick']) {
          viewer.addEventListener(type, (/** @type {any} */ event) => events.push([type, event.detail]));
        }
        const step = await viewer.goTo(7);
        const picked = await viewer.pick(...at);
        const image = await viewer.toImage();
        const bytes = [...new Uint8Array(await image.arrayBuffer()).slice(1, 4)];
        const refused = [];
        for (const call of [() => viewer.goTo(23), () => viewer.goTo(1.5), () => viewer.pick(99, 0, 0),
          async () => { viewer.property = 'porosityy'; }, async () => { viewer.range = '3,2'; },
          () => viewer.toImage({ typ: 'image/png' }), () => viewer.toImage({ type: 'image/gif' }),
          () => viewer.open('/nothing.zarr.zip', { nme: 'x' }), () => viewer.open('/nothing.zarr.zip')]) {
          refused.push(await call().then(() => 'taken', (/** @type {any} */ error) => [error.name, error.code].join(' ')));
        }
        return { step, picked, events, image: [image.type, image.size > 2000, ...bytes], refused, missed, next };
      }, cell.cell);
      assert.match(answers.missed, /^Pressure of step 8 cannot be read: chunk 0\.1 is gone/);
      assert.equal(answers.next, 9);
      const value = expected.pressure[7][JSON.stringify(cell.cell).replaceAll(',', ', ')];
      assert.equal(answers.step.step, 7);
      assert.equal(answers.step.timeInDays, expected.days[7]);
      assert.deepEqual([answers.picked.cell, answers.picked.value, answers.picked.unit], [cell.cell, value, 'psi']);
      assert.ok(Math.abs(answers.picked.depth - depth) < 1e-9);
      assert.deepEqual(answers.events.filter(([type]) => type === 'pick').map(([, detail]) => detail.value), [value]);
      assert.equal(answers.events.filter(([type]) => type === 'step').at(-1)[1].step, 7);
      assert.deepEqual(answers.image, ['image/png', true, 0x50, 0x4e, 0x47]);
      assert.deepEqual(answers.refused.slice(0, 8), ['BoresError ERR_INDEX_RANGE', 'BoresError ERR_ARGUMENT',
        'BoresError ERR_INDEX_RANGE', 'BoresError ERR_NOT_FOUND', ...Array(4).fill('BoresError ERR_ARGUMENT')]);
      assert.match(answers.refused[8], /^BoresError ERR_/);
    });
  },
  complains: true, // the browser tells of the address that is not there
}, {
  name: 'an element that is removed frees its worker, and comes back as it was',
  async run({ open, browser }) {
    await inExample(open, async (page) => {
      const before = page.workers().length;
      await page.evaluate(async () => {
        const viewer = /** @type {any} */ (document.getElementById('full'));
        await viewer.goTo(5);
        /** @type {any} */ (globalThis).kept = viewer;
        for (const id of ['full', 'player', 'left', 'right', 'story', 'small']) document.getElementById(id)?.remove();
      });
      if (browser === 'chromium') {
        assert.ok(before > 0);
        for (const end = Date.now() + POLL.timeout; page.workers().length > 0 && Date.now() < end;) {
          await new Promise((resolve) => { setTimeout(resolve, POLL.polling); });
        }
        assert.deepEqual(page.workers().map((worker) => worker.url()), []);
      }
      await page.evaluate(() => { document.body.append(/** @type {any} */ (globalThis).kept); });
      await page.waitForFunction(() => {
        const { viewer } = /** @type {any} */ (globalThis).kept;
        const { shown, step, property, faces } = viewer.state.now;
        return step === 5 && shown?.step === 5 && faces && property.name === 'Oil saturation';
      }, POLL);
    });
  },
}];
