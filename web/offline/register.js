// SPDX-License-Identifier: MIT
// Makes the page one that works without a network. Not on this machine's own servers ('bores view'), which
// come and go on ports that others use, too; there `?offline` asks for it.

const HERE = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/** Milliseconds after the page was loaded: its first picture is not to wait. */
const PAUSE = 3000;

export function registerOffline() {
  const { serviceWorker } = navigator;
  const asked = new URLSearchParams(location.search).has('offline');
  if (!serviceWorker || (HERE.test(location.hostname) && !asked)) return;
  setTimeout(() => {
    serviceWorker.register(new URL('service-worker.js', document.baseURI)).catch((error) =>
      console.warn('bores-viewer: it will not work without a network:', error));
  }, asked ? 0 : PAUSE);
}
