// SPDX-License-Identifier: MIT
// Shows an address in the user's browser.

import { spawn } from 'node:child_process';

/** Only where there is a screen to show it on. @param {string} url */
export function openBrowser(url) {
  const [program, ...args] = process.platform === 'darwin' ? ['open']
    : process.platform === 'win32' ? ['cmd', '/c', 'start', '']
      : process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ['xdg-open'] : [];
  if (program === undefined) return;
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => { /* the address is on the screen */ }).unref();
}
