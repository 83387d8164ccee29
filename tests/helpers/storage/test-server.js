// SPDX-License-Identifier: MIT
// A real web server over a Map of values, that can misbehave on demand: a spoiler may change each
// answer before it is sent. It answers ranges as RFC 9110 asks, and takes note of every request.

import http from 'node:http';

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {Record<string, string | number>} headers
 * @property {Uint8Array} body
 * @property {number} [cutAfter]  the connection breaks after this many bytes of the body
 * @property {number} [delayMs]   before the answer begins
 * @property {number} [stallAfter]  silence after this many bytes of the body
 */

/** @typedef {(reply: Reply, count: number, request: http.IncomingMessage) => void} Spoiler */
/**
 * A request: its key, its query with the question mark.
 * @typedef {object} Seen
 * @property {string} key
 * @property {string} query
 * @property {string | undefined} range
 * @property {http.IncomingHttpHeaders} headers
 */

/**
 * @param {Map<string, Uint8Array>} content
 * @param {{ cors?: boolean }} [options]
 */
export async function startServer(content, { cors = false } = {}) {
  /** @type {Map<string, Spoiler>} */
  const spoilers = new Map();
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @type {Seen[]} */
  const seen = [];
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://host');
    const key = url.pathname.split('/').slice(2).map(decodeURIComponent).join('/');
    const { range } = request.headers;
    seen.push({ key, query: url.search, range, headers: request.headers });
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    const reply = answer(content.get(key), range);
    if (cors) {
      reply.headers['Access-Control-Allow-Origin'] = '*';
      reply.headers['Access-Control-Expose-Headers'] = 'Content-Range, ETag';
    }
    spoilers.get(key)?.(reply, count, request);
    void send(response, reply);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/run.zarr`,
    content,
    seen,
    /**
     * @param {string} key
     * @param {Spoiler} spoiler  called with each reply, and how often the key was asked for
     */
    spoil(key, spoiler) {
      spoilers.set(key, spoiler);
      counts.delete(key);
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve(undefined)));
    },
  };
}

/**
 * @param {Uint8Array | undefined} value
 * @param {string | undefined} range
 * @returns {Reply}
 */
function answer(value, range) {
  if (value === undefined)
    return { status: 404, headers: {}, body: new TextEncoder().encode('no such key') };
  const headers = { 'Content-Type': 'application/octet-stream', ETag: `"${value.length}"` };
  const match = /^bytes=(\d*)-(\d*)$/.exec(range ?? '');
  if (!match) return whole(value, headers);
  const [from, to] = [match[1], match[2]];
  const start = from === '' ? Math.max(0, value.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? value.length : Math.min(Number(to) + 1, value.length);
  if (start >= end) {
    return {
      status: 416,
      headers: { 'Content-Range': `bytes */${value.length}` },
      body: new Uint8Array(0),
    };
  }
  const contentRange = `bytes ${start}-${end - 1}/${value.length}`;
  const body = value.subarray(start, end);
  return {
    status: 206,
    headers: { ...headers, 'Content-Range': contentRange, 'Content-Length': body.length },
    body,
  };
}

/**
 * All of a value, as a server answers that knows no ranges.
 * @param {Uint8Array} value
 * @param {Record<string, string | number>} [headers]
 * @returns {Reply}
 */
export function whole(value, headers = {}) {
  return { status: 200, headers: { ...headers, 'Content-Length': value.length }, body: value };
}

/**
 * @param {http.ServerResponse} response
 * @param {Reply} reply
 */
async function send(response, { status, headers, body, cutAfter, delayMs, stallAfter }) {
  if (delayMs !== undefined) {
    await new Promise((resolve) => {
      // a client that has gone ends the wait
      setTimeout(resolve, delayMs).unref();
      response.on('close', resolve);
    });
  }
  response.writeHead(status, headers);
  const end = cutAfter ?? stallAfter;
  if (end === undefined) {
    response.end(body);
    return;
  }
  response.flushHeaders();
  response.write(body.subarray(0, end));
  // The bytes must leave before the connection breaks.
  if (cutAfter !== undefined) setTimeout(() => response.destroy(), 20);
}
