// SPDX-License-Identifier: MIT
// Time as dates, as days and as steps. Expected dates: the calendar's.

import assert from 'node:assert/strict';

import { withRuns } from './made-runs.mjs';
import { POLL } from './viewer-driver.mjs';

/** @import { Case } from './viewer.mjs' */
/** @import { ViewerPage } from './viewer-driver.mjs' */

/** Steps that last 1, 1, 8 days: every fourth of the simulator's. */
const RUN = { days: [0, 1, 2, 10], steps: [0, 4, 8, 12], start: '2016-02-28' };

/** @param {ViewerPage} page */
const timesKnown = (page) => page.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
  .viewer.state.now.run.steps.every((/** @type {any} */ { time }) => time !== null), POLL);

/** @param {ViewerPage} page @param {(slider: HTMLInputElement) => unknown} what */
const slider = (page, what) => page.run(`(root) => (${what})(root.querySelector('.time-slider'))`);

/** @type {Case[]} */
export const cases = [{
  name: 'time: dates and the simulator’s own step are shown, the slider goes by time, and a link restores that',
  async run({ open }) {
    await withRuns({ a: RUN }, async (url) => {
      const page = await open({ url });
      await page.load('bores=1&src=runs/a.zarr&t=1');
      await page.shown();
      await timesKnown(page);
      await page.frames(2);
      assert.match(await page.text('.time-text'), /^29 Feb 2016\s+day 1 · step 4 of the simulator, state 1 of 3$/);
      await (await page.find('.time-menu-box > button')).click();
      await page.run((root) => /** @type {HTMLElement} */ (
        root.querySelector('.time-menu input[value=time]')).click());
      await page.frames(2);
      // 2 of 10 days, where by steps it would be 2 of 3.
      await page.run((_root, viewer) => viewer.setStep(2));
      await page.frames(2);
      const done = await slider(page, (input) => input.style.getPropertyValue('--done'));
      assert.equal(done, '20%');
      await slider(page, (input) => {
        input.value = String(7 * 86_400); // nearer to day 10 than to day 2
        input.dispatchEvent(new Event('input'));
      });
      assert.equal((await page.state()).step, 3);
      await page.shown();
      assert.match(await page.text('.time-text'), /^9 Mar 2016/);
      await page.page.waitForFunction(() => /time=1/.test(location.hash), POLL);
      const hash = await page.page.evaluate(() => location.hash.slice(1));
      assert.doesNotMatch(hash, /rd=/, 'what the run itself says is not in the link');
      const again = await open({ url });
      await again.load(`${hash}&rd=2020-01-01`);
      await again.shown();
      await timesKnown(again);
      await again.frames(2);
      assert.equal(await slider(again, (input) => Number(input.max)), 864_000);
      assert.match(await again.text('.time-text'), /^11 Jan 2020/);
    });
  },
}, {
  name: 'time: played by time, steps last as long as they are',
  async run({ open }) {
    await withRuns({ a: RUN }, async (url) => {
      const page = await open({ url });
      await page.load('bores=1&src=runs/a.zarr&time=1&v=2');
      await page.shown();
      await timesKnown(page);
      // A mean step is 10/3 days and half a second: 1, 1 and 8 days are 150, 150 and 1200 ms.
      const came = await page.run((_root, viewer) => new Promise((resolve) => {
        /** @type {number[][]} */ const times = [];
        viewer.state.watch(['step', 'playing'], (/** @type {any} */ { step, playing }) => {
          if (times.at(-1)?.[0] !== step) times.push([step, performance.now()]);
          if (step === 3 && !playing) resolve(times);
        });
        viewer.togglePlay();
      }));
      const steps = /** @type {number[][]} */ (came);
      assert.deepEqual(steps.map(([step]) => step), [0, 1, 2, 3]);
      const [first, second, last] = [1, 2, 3].map((n) => steps[n][1] - steps[n - 1][1]);
      // A busy machine is late, never early: not before it is due, counted from where playback began.
      assert.ok(last > 800 && last > 2 * Math.min(first, second), `${first}, ${second}, ${last} ms`);
    });
  },
}];
