// SPDX-License-Identifier: MIT
// A worker that writes a log for a page (`opfs-remote.js`): one call after the other.

import { OpfsLog } from './opfs-log.js';

/** @type {OpfsLog | undefined} */
let log;
/** @type {Promise<void>} */
let last = Promise.resolve();

globalThis.onmessage = ({ data }) => {
  last = last.then(() => answer(data));
};

/** @param {{ method: string, args: any[] }} call */
async function answer({ method, args }) {
  try {
    if (method === 'open') log ??= new OpfsLog(args[0], args[1], args[2]);
    const result = await /** @type {any} */ (log)[method](...args);
    globalThis.postMessage({ result });
  } catch (error) {
    const { code, name, message } = /** @type {any} */ (error);
    globalThis.postMessage({ error: { code, name, message } });
  }
}
