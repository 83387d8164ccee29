// SPDX-License-Identifier: MIT
// The viewer in headless Chromium with software GL: how long after a drop the first picture is
// there, how long a step takes to be on the screen, and the longest that the page ever hangs.

import { launch, serve, ViewerPage } from '../viewer/viewer-driver.mjs';
import { line, made, python } from './lib.mjs';
import { makeFaulted } from '../helpers/eclipse/make-faulted.mjs';

export const title = 'Viewer, headless Chromium, software GL, 1280 × 800';

const CASES = [
  { name: '100,000 cells', file: 'viewer-100k.zarr', make: ['50', '50', '40'] },
  { name: '100,000 cells, uneven', file: 'viewer-100k-uneven.zarr',
    make: ['50', '50', '40', '--uneven'] },
  { name: '1,000,000 cells', file: 'viewer-1m.zarr', make: ['100', '100', '100', '--steps', '8'] },
  { name: '1,000,000 corner-point cells, faulted', file: 'eclipse-1m', make: null },
];
const STEPS = 20;

/** Ends each step change when the GPU has drawn it, which a read-back waits for. */
const stepInPage = async (/** @type {ShadowRoot} */ root, /** @type {any} */ viewer) => {
  const canvas = /** @type {HTMLCanvasElement} */ (root.querySelector('.canvas-box canvas'));
  const gl = /** @type {WebGL2RenderingContext} */ (canvas.getContext('webgl2'));
  const { state } = viewer;
  const next = (state.now.step + 1) % state.now.run.steps.length;
  const start = performance.now();
  viewer.setStep(next);
  while (state.now.shown?.step !== next) await new Promise((resolve) => { setTimeout(resolve); });
  await new Promise(requestAnimationFrame);
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  return performance.now() - start;
};

/** Notes when something was dropped, when the picture was there, and every long task. */
const watchInPage = (/** @type {ShadowRoot} */ _root, /** @type {any} */ viewer) => {
  const times = /** @type {any} */ (globalThis).times = { dropped: 0, drawn: 0, longest: 0 };
  document.addEventListener('drop', () => { times.dropped = performance.now(); }, true);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) times.longest = Math.max(times.longest, duration);
  }).observe({ type: 'longtask', buffered: false });
  viewer.state.watch(['shown', 'faces'], async (/** @type {any} */ { shown, faces }) => {
    if (!shown || !faces || times.drawn > 0) return;
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    times.drawn = performance.now();
  });
};

export async function run() {
  const server = await serve();
  const browser = await launch('chromium');
  try {
    for (const { name, file, make } of CASES) {
      const store = made(file, (path) => (make ? python('make-store.py', path, ...make)
        : makeFaulted(path, 100, 8)));
      await measure(await ViewerPage.create(browser, server.url), name, store);
    }
  } finally {
    await browser.close();
    server.close();
  }
}

/** @param {ViewerPage} viewer @param {string} name @param {string} store */
async function measure(viewer, name, store) {
  await viewer.load();
  await viewer.run(watchInPage);
  await viewer.drop([store]);
  await viewer.shown();
  await viewer.frames(4);
  await viewer.run((_root, model) => {
    model.set({ loop: true });
    model.togglePlay();
  });
  await new Promise((resolve) => { setTimeout(resolve, 3000); });
  await viewer.run((_root, model) => model.togglePlay());
  const { dropped, drawn, longest } = await viewer.run(() => /** @type {any} */ (globalThis).times);
  // After that, since the read-backs below hang the page themselves.
  /** @type {number[]} */ const cold = [];
  for (let n = 0; n < STEPS; n += 1) cold.push(await viewer.run(stepInPage));
  const quads = await viewer.run((_root, model) => model.state.now.faces.count);
  line(`${name}: faces`, String(quads));
  line(`${name}: drop to first picture`, `${(drawn - dropped).toFixed(0)} ms`);
  line(`${name}: step change, median of ${STEPS}`, `${median(cold).toFixed(0)} ms`);
  line(`${name}: step change, slowest`, `${Math.max(...cold).toFixed(0)} ms`);
  line(`${name}: longest main-thread task`, `${longest.toFixed(0)} ms`);
  await viewer.page.close();
}

/** @param {number[]} times */
function median(times) {
  return times.toSorted((a, b) => a - b)[times.length >> 1];
}
