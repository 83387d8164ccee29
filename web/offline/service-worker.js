// SPDX-License-Identifier: MIT
// The page without a network: its own files, as they were when it was last here, and its sample. With a network
// nothing comes from here, so that a new build is there at the next load. What is no file of the page (runs,
// other servers) is never looked at. The build writes FILES and VERSION before this text.

/** @type {any} */ const worker = globalThis;
/** Names relative to the page. @type {readonly string[]} */ const files = worker.FILES;
const scope = new URL(worker.registration.scope);
const STORE = `bores-page ${scope.pathname}`;
const store = `${STORE} ${worker.VERSION}`;

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil((async () => {
  const cache = await caches.open(store);
  await cache.addAll(files.map((name) => new Request(new URL(name, scope), { cache: 'no-cache' })));
  await worker.skipWaiting();
})()));

worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil((async () => {
  const old = (await caches.keys()).filter((name) => name.startsWith(`${STORE} `) && name !== store);
  await Promise.all(old.map((name) => caches.delete(name)));
  await worker.clients.claim();
})()));

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  const name = decodeURIComponent(url.pathname.slice(scope.pathname.length)) || 'index.html';
  if (files.includes(name)) event.respondWith(answer(request, name));
});

/** @param {Request} request @param {string} name */
async function answer(request, name) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(store)).match(new URL(name, scope).href);
    if (!kept) throw error;
    return partOf(kept, request.headers.get('range'));
  }
}

/**
 * What a range asks for, of a file that is kept as a whole.
 * @param {Response} kept
 * @param {string | null} range
 */
async function partOf(kept, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  // A response of its own has no address: Firefox would take the kept one's, less the fragment, for the page's.
  if (!asked) return new Response(kept.body, { headers: kept.headers });
  const blob = await kept.blob();
  const [, from, to] = asked;
  const start = from === '' ? Math.max(0, blob.size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? blob.size : Math.min(blob.size, Number(to) + 1);
  if (start >= end) return new Response(null, { status: 416, headers: { 'Content-Range': `bytes */${blob.size}` } });
  const headers = new Headers(kept.headers);
  headers.set('Content-Range', `bytes ${start}-${end - 1}/${blob.size}`);
  headers.set('Content-Length', String(end - start));
  return new Response(blob.slice(start, end), { status: 206, headers });
}
