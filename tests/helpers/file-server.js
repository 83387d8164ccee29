// SPDX-License-Identifier: MIT
// A plain web server over folders and files on this disk: GET and byte ranges (RFC 9110), no
// listings, as any static host; and one that knows no ranges and takes its time.

import { existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';

/** sent: bytes of the answer's body. @typedef {{ range: string | undefined, sent: number }} Seen */

/**
 * @param {http.ServerResponse} response
 * @param {Uint8Array | undefined} value
 * @param {string | undefined} range
 * @returns {number}  bytes that are sent
 */
function answer(response, value, range) {
  if (value === undefined) {
    response.writeHead(404).end();
    return 0;
  }
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) {
    const headers = { 'Content-Length': value.length, 'Accept-Ranges': 'bytes' };
    response.writeHead(200, headers).end(value);
    return value.length;
  }
  const start = from === '' ? Math.max(0, value.length - Number(to)) : Number(from);
  const end = from === '' || to === '' ? value.length : Math.min(Number(to) + 1, value.length);
  if (start >= end) {
    response.writeHead(416, { 'Content-Range': `bytes */${value.length}` }).end();
    return 0;
  }
  response.writeHead(206, {
    'Content-Range': `bytes ${start}-${end - 1}/${value.length}`, 'Content-Length': end - start,
  }).end(value.subarray(start, end));
  return end - start;
}

export async function serveFiles() {
  /** @type {Map<string, (rest: string) => Uint8Array | undefined>} */
  const places = new Map();
  /** @type {Map<string, (response: http.ServerResponse) => void>} */
  const senders = new Map();
  /** @type {Map<string, Seen[]>} */
  const seen = new Map();

  const server = http.createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const wanted = decodeURIComponent(pathname.slice(1));
    const place = [...places.keys()]
      .find((name) => wanted === name || wanted.startsWith(`${name}/`));
    if (place === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { range } = request.headers;
    const send = senders.get(place);
    const sent = send ? NaN : answer(response, places.get(place)?.(wanted.slice(place.length + 1)), range);
    seen.get(place)?.push({ range, sent });
    send?.(response);
  });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

  /**
   * @param {string} name
   * @param {(rest: string) => Uint8Array | undefined} read
   * @param {(response: http.ServerResponse) => void} [send]  instead of what is read
   */
  const add = (name, read, send) => {
    places.set(name, read);
    if (send) senders.set(name, send);
    seen.set(name, []);
    return `http://127.0.0.1:${port}/${name}`;
  };
  return {
    /**
     * @param {string} name  of the place on the server
     * @param {string} folder
     * @param {Map<string, Uint8Array>} [also]  further values
     * @returns {string} its URL
     */
    addFolder(name, folder, also = new Map()) {
      return add(name, (rest) => {
        const file = path.join(folder, rest);
        return also.get(rest)
          ?? (existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined);
      });
    },
    /** @param {string} name @param {string} file */
    addFile(name, file) {
      const content = readFileSync(file);
      return add(name, (rest) => (rest === '' ? content : undefined));
    },
    /**
     * Without ranges: whatever is asked for, the whole comes, and only half of it before `resume`.
     * @param {string} name
     * @param {string} file
     * @param {Promise<void>} [resume]
     */
    addWhole(name, file, resume = Promise.resolve()) {
      const content = readFileSync(file);
      const half = content.length >> 1;
      return add(name, (rest) => (rest === '' ? content : undefined), (response) => {
        response.writeHead(200, { 'Content-Length': content.length, 'Access-Control-Allow-Origin': '*' });
        response.write(content.subarray(0, half));
        void resume.then(() => response.end(content.subarray(half)));
      });
    },
    /** @param {string} name  what was asked of a place so far */
    requests(name) {
      return seen.get(name) ?? [];
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => { server.close(() => resolve(undefined)); });
    },
  };
}
