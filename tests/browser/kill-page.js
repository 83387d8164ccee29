// SPDX-License-Identifier: MIT
// The writer of kill.browser.js as a page, which the runner closes.

import { write } from './kill-writer.js';

const { name, ...task } = Object.fromEntries(new URL(location.href).searchParams);
const channel = new BroadcastChannel(name);
write(/** @type {any} */ ({ ...task, name, count: Number(task.count) }),
  (said) => channel.postMessage(said))
  .catch((error) => channel.postMessage(`failed: ${error.stack}`));
