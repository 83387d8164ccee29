// SPDX-License-Identifier: MIT
// How browsers and pages end: within a time, by force at last. A connection that is dead answers no
// close(), and a run that waits for it would never end; nor would one that is told to end, while
// the driver takes the signal for itself.

/** @import { Browser } from 'puppeteer-core' */

const END_MS = 20_000;
/** Puppeteer takes signals otherwise, closes the browser, and the run goes on with the next one. */
export const OWN_SIGNALS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };

/** @type {Set<Browser>} */
const running = new Set();
let isListening = false;

/**
 * Ends with this process, whatever ends that.
 * @param {Browser} browser  launched with OWN_SIGNALS
 */
export function endsWithUs(browser) {
  if (!isListening) {
    isListening = true;
    for (const [signal, number] of /** @type {const} */ ([['SIGINT', 2], ['SIGTERM', 15], ['SIGHUP', 1]])) {
      process.once(signal, () => {
        for (const one of running) one.process()?.kill('SIGKILL');
        process.exit(128 + number);
      });
    }
  }
  running.add(browser);
  return browser;
}

/** @param {Browser} browser @param {number} [ms]  that it has */
export async function endBrowser(browser, ms = END_MS) {
  await within(ms, browser.close());
  browser.process()?.kill('SIGKILL'); // nothing, where it has ended
  running.delete(browser);
}

/**
 * Waits for an end, but not for ever; that it fails is nobody's concern any more.
 * @param {number} ms
 * @param {Promise<unknown>} ending
 * @returns {Promise<boolean>}  whether it came in time
 */
export async function within(ms, ending) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((resolve) => { timer = setTimeout(() => resolve(false), ms); });
  const inTime = await Promise.race([ending.then(() => true, () => true), late]);
  clearTimeout(timer);
  return /** @type {boolean} */ (inTime);
}
