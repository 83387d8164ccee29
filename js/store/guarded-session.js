// SPDX-License-Identifier: MIT
// A session whose errors are ours: what a browser throws on the way (DOMExceptions of its storages, in
// this thread or handed over by a worker) has no code that says more than its name.

import { METHODS } from '../formats/session.js';
import { withBrowserErrors } from '../storage/base/browser-errors.js';

/** @import { Session } from '../formats/session.js' */

/**
 * @param {Session} session
 * @param {string} location  what messages call it
 * @param {boolean} [isRemote]  in another thread
 * @returns {Session}
 */
export function guarded(session, location, isRemote = false) {
  /** @type {any} */
  const copy = { isRemote, writer: {} };
  for (const method of ['describe', 'close', ...Object.keys(METHODS)]) {
    const [name, owner] = method.split('.').reverse();
    const target = /** @type {any} */ (owner === undefined ? session : session.writer);
    (owner === undefined ? copy : copy.writer)[name] = (/** @type {any[]} */ ...args) => (
      withBrowserErrors(location, async () => target[name](...args), { signal: signalIn(args) }));
  }
  return copy;
}

/** @param {any[]} args  the last may be options @returns {AbortSignal | undefined} */
function signalIn(args) {
  const last = args[args.length - 1];
  return last?.signal instanceof AbortSignal ? last.signal : undefined;
}
