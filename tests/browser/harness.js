// SPDX-License-Identifier: MIT
// The harness of browser tests. A file tests/browser/NAME.browser.js is one page of its own:
//
//     import { host, parameters, test } from './harness.js';
//     import { bytesEqual, equal, fails } from '../helpers/storage/assert.js';
//
//     export const contexts = ['page', 'worker'];   // where it runs; without it: ['page']
//
//     test('what must hold', async () => { equal(1 + 1, 2); });
//
// Tests run one after the other, each at most 5 minutes, so that a busy machine decides nothing
// (`test(name, run, { timeoutMs })`). A test fails by throwing. The module fails as a whole by an
// unhandled rejection, an error event or a violation of the content security policy, which is strict:
// no eval, no inline code, and no cross-origin isolation. Measurements are shown with `note('text')`.
//
// `parameters.server` is the address of tests/helpers/storage/test-server.js on another origin, over
// `sampleContent()`. `host(command, …)` asks the runner for what a page cannot do; `commands.mjs`
// has the list. Run them with `node tests/browser/run.mjs [--browser chromium|firefox] [filter]`.

/** @typedef {{ name: string, error?: string, ms: number, notes: string[] }} Result */

/** @type {{ name: string, run: () => unknown, timeoutMs: number }[]} */
const tests = [];
/** @type {string[]} */
let notes = [];

/** What the runner says in the address of the page, which workers get as well. */
export const parameters = Object.fromEntries(new URL(globalThis.location.href).searchParams);

/** Where this runs: 'page' or 'worker'. */
export const context = 'document' in globalThis ? 'page' : 'worker';

/**
 * @param {string} name
 * @param {() => unknown} run  may return a promise
 * @param {{ timeoutMs?: number }} [options]
 */
export function test(name, run, { timeoutMs = 300_000 } = {}) {
  tests.push({ name, run, timeoutMs });
}

/** @param {string} text  shown beside the test that is running */
export function note(text) {
  notes.push(text);
}

/**
 * @param {string} command  of those in run.mjs
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
export function host(command, ...args) {
  return /** @type {any} */ (globalThis).askHost(command, ...args);
}

/**
 * Loads a test module and runs what it registers.
 * @param {string} module  URL
 * @param {(result: Result) => void} report  called as tests end
 * @returns {Promise<string[]>}  the contexts that the module wants
 */
export async function runModule(module, report) {
  const outside = { name: 'outside of any test', ms: 0, notes: [] };
  for (const type of ['error', 'unhandledrejection', 'securitypolicyviolation']) {
    globalThis.addEventListener(type, (event) => {
      report({ ...outside, error: describeEvent(event) });
    });
  }
  const { contexts = ['page'] } = await import(module);
  if (contexts.includes(context)) {
    for (const { name, run, timeoutMs } of tests) report(await runTest(name, run, timeoutMs));
  }
  return contexts;
}

/**
 * @param {string} name
 * @param {() => unknown} run
 * @param {number} timeoutMs
 * @returns {Promise<Result>}
 */
async function runTest(name, run, timeoutMs) {
  notes = [];
  const started = performance.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {string | undefined} */
  let error;
  try {
    await Promise.race([run(), new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took more than ${timeoutMs} ms`)), timeoutMs);
    })]);
  } catch (reason) {
    error = describe(reason);
  } finally {
    clearTimeout(timer);
  }
  return { name, error, ms: performance.now() - started, notes };
}

/** @param {unknown} reason */
function describe(reason) {
  if (!(reason instanceof Error)) return String(reason);
  const text = `${reason.name}: ${reason.message}`;
  const stack = reason.stack ?? '';
  return stack.includes(reason.message) ? stack : `${text}\n${stack}`; // Firefox leaves it out
}

/** @param {any} event */
function describeEvent(event) {
  if (event.type === 'securitypolicyviolation') {
    return `content security policy: ${event.violatedDirective} forbids ${event.blockedURI}`;
  }
  return describe(event.reason ?? event.error ?? event.message);
}
