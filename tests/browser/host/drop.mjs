// SPDX-License-Identifier: MIT
// Drops files or folders on a page, as a file manager does. Chromium only: WebDriver BiDi has nothing for it.

/** @import { Page } from 'puppeteer-core' */

const TRIES = 10;

/**
 * A busy page may answer a dragOver so late that the browser lets nothing fall on it, so the hand tries again as long
 * as the page saw no drop.
 * @param {Page} page
 * @param {{ x: number, y: number }} at
 * @param {string[]} files  paths
 */
export async function dropFiles(page, at, files) {
  const session = await page.createCDPSession();
  const data = { items: [], files, dragOperationsMask: 1 };
  const drag = (/** @type {'dragEnter' | 'dragOver' | 'dragCancel' | 'drop'} */ type) =>
    session.send('Input.dispatchDragEvent', { type, ...at, data });
  await page.evaluate(() => {
    const here = /** @type {any} */ (globalThis);
    here.sawDrop = false;
    document.addEventListener('drop', () => { here.sawDrop = true; }, { capture: true, once: true });
  });
  const sawDrop = () => page.evaluate(() => /** @type {any} */ (globalThis).sawDrop);
  for (let hand = 0; hand < TRIES && !await sawDrop(); hand += 1) {
    if (hand > 0) await drag('dragCancel');
    await drag('dragEnter');
    await drag('dragOver');
    await drawn(page);
    await drag('drop');
    await drawn(page);
  }
  await session.detach();
  if (!await sawDrop()) throw new Error(`the page saw no drop of ${files}`);
}

/** Until it has drawn twice, or shows that nobody draws it. @param {Page} page */
function drawn(page) {
  return page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, 1000);
  }));
}
