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
const timesKnown = (page) => page.until((_root, viewer) => viewer.state.now.timesRead === viewer.state.now.stepCount);

/** @param {ViewerPage} page @param {number} step */
async function goTo(page, step) {
  await page.run((_root, viewer, wanted) => viewer.setStep(wanted), step);
  await page.shown();
}

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
      await page.says('.time-text', /^29 Feb 2016\s+day 1 · step 4 of the simulator, state 1 of 3$/);
      await page.click('.time-menu-box > button');
      await page.click('.time-menu input[value=time]');
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
      await page.says('.time-text', /^9 Mar 2016/);
      await page.page.waitForFunction(() => /time=1/.test(location.hash), POLL);
      const hash = await page.page.evaluate(() => location.hash.slice(1));
      assert.doesNotMatch(hash, /rd=/, 'what the run itself says is not in the link');
      const again = await open({ url });
      await again.load(`${hash}&rd=2020-01-01`);
      await again.shown();
      await timesKnown(again);
      await again.says('.time-text', /^11 Jan 2020/);
      assert.equal(await slider(again, (input) => Number(input.max)), 864_000);
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
      // A mean step is 10/3 days and half a second: 1, 1 and 8 days are 150, 150 and 1200 ms. A busy machine is late
      // with any of them, so that it plays until it was not.
      for (let again = 0, seen = [NaN]; !(seen[2] > 800 && seen[2] > 2 * Math.min(seen[0], seen[1])); again += 1) {
        assert.ok(again < 40, `${seen} ms`);
        await goTo(page, 0);
        const came = /** @type {number[][]} */ (await page.run((_root, viewer) => new Promise((resolve) => {
          /** @type {number[][]} */ const times = [];
          const stop = viewer.state.watch(['step', 'playing'], (/** @type {any} */ { step, playing }) => {
            if (times.at(-1)?.[0] !== step) times.push([step, performance.now()]);
            if (step !== 3 || playing) return;
            stop();
            resolve(times);
          });
          viewer.togglePlay();
        })));
        assert.deepEqual(came.map(([step]) => step), [0, 1, 2, 3]);
        seen = [1, 2, 3].map((n) => came[n][1] - came[n - 1][1]);
      }
    });
  },
}];
