// SPDX-License-Identifier: MIT
// Pictures and films that go out. Frames are counted in the file itself, by the containers' own formats: GIF 89a,
// EBML and Matroska (RFC 8794, RFC 9559), ISO/IEC 14496-12.

import assert from 'node:assert/strict';

import { PRESSURE, withRuns } from './made-runs.mjs';
import { POLL } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

/** At two steps a second a mean step of 10/3 days is half a second: 150, 150, 1200 ms, and the last one 500 ms. */
const RUN = { days: [0, 1, 2, 10] };
const DURATIONS = [150, 150, 1200, 500];
const LINK = 'bores=1&src=runs/a.zarr&time=1&v=2';

/** What is saved stays in the page. @param {ViewerPage} page */
async function keepDownloads(page) {
  await page.run(() => {
    const make = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob) => {
      /** @type {any} */ (globalThis).saved = blob;
      return make(blob);
    };
    HTMLAnchorElement.prototype.click = () => {};
  });
}

/** Opens the dialog. @param {ViewerPage} page @param {'picture' | 'film'} kind */
async function ask(page, kind) {
  await page.click('button[aria-label="Save a picture, a film or the session"]');
  await page.click(`.film-dialog[open] input[value=${kind}]`);
}

/** Chooses, saves, and waits for the file. @param {ViewerPage} page @param {Record<string, string>} choices */
async function save(page, choices) {
  await page.run((root, _viewer, wanted) => {
    for (const [label, value] of Object.entries(wanted)) {
      const select = /** @type {HTMLSelectElement} */ (root.querySelector(`.film-dialog select[aria-label="${label}"]`));
      select.value = String(value);
    }
    /** @type {any} */ (globalThis).saved = null;
    /** @type {HTMLElement} */ (root.querySelector('.film-dialog .primary')).click();
  }, choices);
  await page.page.waitForFunction(() => /** @type {any} */ (globalThis).saved
    || document.querySelector('bores-viewer')?.shadowRoot?.querySelector('.film-dialog [role=status]')?.textContent
      ?.startsWith('It could'), POLL);
  const text = await page.run(async (root) => {
    const { saved } = /** @type {any} */ (globalThis);
    if (!saved) return root.querySelector('.film-dialog [role=status]')?.textContent ?? '';
    const bytes = new Uint8Array(await saved.arrayBuffer());
    let binary = '';
    for (let n = 0; n < bytes.length; n += 8192) binary += String.fromCharCode(...bytes.subarray(n, n + 8192));
    return `${saved.type};${btoa(binary)}`;
  });
  const [type, base64] = text.split(';');
  assert.ok(base64, text);
  return { type, bytes: Buffer.from(base64, 'base64') };
}

/** Size of a GIF and how long each of its frames is shown, ms. @param {Buffer} gif */
function gifFrames(gif) {
  assert.equal(gif.toString('latin1', 0, 6), 'GIF89a');
  const table = (/** @type {number} */ flags) => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  const size = [gif.readUInt16LE(6), gif.readUInt16LE(8)];
  /** @type {number[]} */ const delays = [];
  let delay = NaN;
  let at = 13 + table(gif[10]);
  const skip = () => {
    while (gif[at] !== 0) at += gif[at] + 1;
    at += 1;
  };
  while (gif[at] !== 0x3b) {
    if (gif[at] === 0x21) {
      if (gif[at + 1] === 0xf9) delay = 10 * gif.readUInt16LE(at + 4);
      at += 2;
      skip();
    } else {
      assert.equal(gif[at], 0x2c);
      delays.push(delay);
      at += 10 + table(gif[at + 9]) + 1;
      skip();
    }
  }
  return { size, delays };
}

/** When each frame of a WebM begins, ms. @param {Buffer} webm */
function webmTimes(webm) {
  /** @type {number[]} */ const times = [];
  const number = (/** @type {number} */ at, /** @type {boolean} */ keepMark) => {
    const length = Math.clz32(webm[at]) - 23;
    let value = keepMark ? webm[at] : webm[at] & (0xff >> length);
    for (let n = 1; n < length; n += 1) value = value * 256 + webm[at + n];
    return { value, length };
  };
  let cluster = 0;
  const walk = (/** @type {number} */ from, /** @type {number} */ to) => {
    for (let at = from; at < to;) {
      const id = number(at, true);
      const size = number(at + id.length, false);
      const body = at + id.length + size.length;
      const unknown = size.value === 2 ** (7 * size.length) - 1;
      const end = unknown ? to : body + size.value;
      if (id.value === 0xe7) cluster = Number(`0x${webm.toString('hex', body, end)}`);
      if (id.value === 0xa3 || id.value === 0xa1) times.push(cluster + webm.readInt16BE(body + number(body, false).length));
      if ([0x18538067, 0x1f43b675, 0xa0].includes(id.value)) walk(body, end);
      at = end;
    }
  };
  walk(0, webm.length);
  return times;
}

/** How long each frame of an MP4 is shown, ms. @param {Buffer} mp4 */
function mp4Durations(mp4) {
  /** @type {number[]} */ const durations = [];
  let scale = 0;
  const walk = (/** @type {number} */ from, /** @type {number} */ to) => {
    for (let at = from; at < to;) {
      const size = mp4.readUInt32BE(at) || to - at;
      const type = mp4.toString('latin1', at + 4, at + 8);
      const body = at + 8;
      if (['moov', 'trak', 'mdia', 'minf', 'stbl'].includes(type)) walk(body, at + size);
      if (type === 'mdhd') scale = mp4.readUInt32BE(body + (mp4[body] === 1 ? 20 : 12));
      if (type === 'stts') {
        for (let n = 0; n < mp4.readUInt32BE(body + 4); n += 1) {
          const [count, delta] = [0, 4].map((offset) => mp4.readUInt32BE(body + 8 + 8 * n + offset));
          for (let k = 0; k < count; k += 1) durations.push(1000 * delta / scale);
        }
      }
      at += size;
    }
  };
  walk(0, mp4.length);
  return durations;
}

/** @type {Case[]} */
export const cases = [{
  name: 'film: each format has a frame a step, which lasts as long as in playback by time',
  async run({ browser, open }) {
    await withRuns({ a: RUN }, async (url) => {
      const page = await open({ url });
      await page.load(LINK);
      await page.shown();
      await keepDownloads(page);
      await ask(page, 'film');
      await page.page.waitForFunction(() => document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelector('.film-dialog option[value=gif]:not(:only-child), .film-dialog p:not([hidden], [role])'), POLL);
      const formats = await page.run((root) => [...root.querySelectorAll('.film-dialog select[aria-label=Format] option')]
        .map((option) => /** @type {HTMLOptionElement} */ (option).value));
      assert.equal(formats.at(-1), 'gif');
      if (browser === 'chromium') assert.ok(formats.includes('webm'), `${formats}`);
      for (const format of formats) {
        if (format !== formats[0]) await ask(page, 'film');
        const { type, bytes } = await save(page, { Format: format, 'Size of the film': '854x480' });
        if (format === 'gif') {
          assert.deepEqual(gifFrames(bytes), { size: [854, 480], delays: DURATIONS });
        } else if (format === 'webm') {
          assert.equal(type, 'video/webm');
          assert.deepEqual(webmTimes(bytes), [0, 150, 300, 1500]);
        } else {
          assert.deepEqual(mp4Durations(bytes).map(Math.round), DURATIONS);
        }
        await page.page.waitForFunction(() => !document.querySelector('bores-viewer')?.shadowRoot
          ?.querySelector('.film-dialog[open]'), POLL);
      }
      assert.equal((await page.state()).step, 0, 'the step that was shown before is shown again');
    });
  },
}, {
  name: 'film: where a browser encodes no video that is said, and a GIF can be made; each frame is of its own step',
  async run({ open }) {
    await withRuns({ a: RUN }, async (url) => {
      const page = await open({ url, before: (/** @type {import('puppeteer-core').Page} */ own) =>
        own.evaluateOnNewDocument(() => { delete /** @type {any} */ (globalThis).VideoEncoder; }) });
      await page.load(LINK);
      await page.shown();
      await keepDownloads(page);
      await ask(page, 'film');
      await page.page.waitForFunction(() => /cannot encode video/.test(document.querySelector('bores-viewer')?.shadowRoot
        ?.querySelector('.film-dialog p:not([hidden], [role])')?.textContent ?? ''), POLL);
      // Step 1 cannot be read, and the next one takes its time: that of step 1 is not told of it.
      await page.run((_root, viewer) => {
        const { run } = viewer.state.now;
        const read = run.values.bind(run);
        run.values = async (/** @type {number} */ step, /** @type {any} */ property) => {
          if (step === 1) throw new Error('chunk 0.1 is gone');
          await new Promise((resolve) => { setTimeout(resolve, 100); });
          return read(step, property);
        };
        const { fillText } = CanvasRenderingContext2D.prototype;
        const captions = /** @type {any} */ (globalThis).captions = /** @type {string[]} */ ([]);
        CanvasRenderingContext2D.prototype.fillText = function (...args) {
          if (/^Step \d/.test(args[0])) captions.push(args[0]);
          return fillText.apply(this, args);
        };
      });
      const { bytes } = await save(page, { 'First step': '1', 'Last step': '2', 'Size of the film': '854x480' });
      assert.deepEqual(gifFrames(bytes).delays, [150, 500]);
      const [missed, good, ...more] = await page.page.evaluate(() => /** @type {any} */ (globalThis).captions);
      assert.match(missed, /^Step 1 of 3.*Pressure of step 1 cannot be read: chunk 0\.1 is gone/);
      assert.match(good, /^Step 2 of 3/);
      assert.doesNotMatch(good, /cannot be read/);
      assert.deepEqual(more, []);
    });
  },
}, {
  name: 'film: a picture of 4K has that many pixels, and the cells of the screen’s',
  async run({ open }) {
    const page = await open();
    await page.sample('&t=15');
    await keepDownloads(page);
    await ask(page, 'picture');
    const { bytes } = await save(page, { 'Size of the picture': '3840x2160' });
    assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [3840, 2160]);
    // Not one colour: of the reservoir's part of the picture, in steps of 40 pixels.
    const colours = await page.run(async () => {
      const picture = await createImageBitmap(/** @type {any} */ (globalThis).saved);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(picture.width, picture.height)
        .getContext('2d'));
      context.drawImage(picture, 0, 0);
      const found = new Set();
      for (let x = 400; x < 2600; x += 40) {
        for (let y = 400; y < 2000; y += 40) found.add(context.getImageData(x, y, 1, 1).data.join());
      }
      return found.size;
    });
    assert.ok(colours > 20, `${colours} colours`);
    await page.frames(3);
    const [now, screen] = await page.run((root) => {
      const canvas = root.querySelector('.canvas-box canvas') ?? root.querySelector('canvas.slice');
      const { width, clientWidth } = /** @type {HTMLCanvasElement} */ (canvas);
      return [width, clientWidth];
    });
    assert.equal(now, screen, 'the picture on the screen is as it was');
  },
}, {
  name: 'film: a session file restores what was shown, the comparison too',
  async run({ open }) {
    await withRuns({ a: RUN, b: { ...RUN, base: 3100 } }, async (url) => {
      const page = await open({ url });
      await page.load(`${LINK}&t=2&c=1,1,1&b=runs/b.zarr&p=${PRESSURE}`);
      await page.shown();
      await keepDownloads(page);
      await ask(page, 'session');
      const { bytes } = await save(page, {});
      const session = JSON.parse(bytes.toString());
      assert.deepEqual(session.runs.map((/** @type {any} */ { role, location }) => [role, location]),
        [['shown', `${url}runs/a.zarr`], ['compared', `${url}runs/b.zarr`]]);
      const again = await open({ url });
      await again.load();
      await again.run((root, _viewer, text) => {
        const data = new DataTransfer();
        data.items.add(new File([text], 'session.json'));
        root.querySelector('.app')?.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true,
          cancelable: true }));
      }, bytes.toString());
      await again.page.waitForFunction(() => {
        const { lens, shown, step } = /** @type {any} */ (document.querySelector('bores-viewer')).viewer.state.now;
        return lens && shown?.step === 2 && step === 2;
      }, POLL);
      const { byTime, speed, cell, data } = await again.run((_root, viewer) => {
        const { byTime: time, speed: fast, cell: picked, shown } = viewer.state.now;
        return { byTime: time, speed: fast, cell: picked, data: [...new Set(shown.values.data)] };
      });
      assert.deepEqual([byTime, speed, cell, data], [true, 2, [1, 1, 1], [100]]);
    });
  },
}];
