// SPDX-License-Identifier: MIT
// A server of static files: ranges, types, a strict content security policy, and no way out
// of the folders it was given.

import { createReadStream, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';
import { consolidatedMetadata } from './consolidate.mjs';

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.json': 'application/json', '.map': 'application/json', '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8', '.zip': 'application/zip',
};

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
  + "style-src 'self'; img-src 'self'; connect-src 'self' https: http:; "
  + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
  'Accept-Ranges': 'bytes',
};

/** A page elsewhere that resolves its own name to this machine shall not read local files. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * @param {Record<string, string>} folders  by the start of the address, '/' for the rest; each
 *   a folder, or one file
 * @returns {import('node:http').Server}
 */
export function createStaticServer(folders) {
  const real = Object.fromEntries(Object.entries(folders)
    .map(([prefix, folder]) => [prefix, realpathSync(folder)]));
  return createServer((request, response) => {
    const answer = /** @param {number} status @param {Record<string, string | number>} [more]
      @param {string | Buffer} [body] */ (status, more = {}, body = '') => {
      response.writeHead(status, { ...HEADERS, ...more });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (!LOCAL.test(request.headers.host ?? '')) { answer(403); return; }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answer(405, { Allow: 'GET, HEAD' });
      return;
    }
    const found = find(real, request.url ?? '/');
    if (found === null) { answer(404); return; }
    if (typeof found !== 'string') {
      answer(200, { 'Content-Type': TYPES['.json'], 'Content-Length': found.length }, found);
      return;
    }
    send(found, request, response, answer);
  });
}

/**
 * @param {Record<string, string>} folders
 * @param {string} url
 * @returns {string | Buffer | null}  a file, what is made up for it, or nothing
 */
function find(folders, url) {
  let pathname;
  try {
    pathname = decodeURIComponent(url.split(/[?#]/)[0]);
  } catch {
    return null;
  }
  if (pathname.includes('\0')) return null;
  const start = Object.keys(folders)
    .filter((prefix) => prefix === '/' || pathname === prefix || pathname.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
  if (start === undefined) return null;
  const base = folders[start];
  const rest = pathname.slice(start.length).replace(/^\/+/, '');
  const file = path.join(base, rest);
  try {
    const real = realpathSync(file);
    if (real !== base && !real.startsWith(base + path.sep)) return null;
    if (!statSync(real).isDirectory()) return real;
    return start === '/' ? find(folders, `${pathname.replace(/\/$/, '')}/index.html`) : null;
  } catch {
    // A store whose metadata nobody consolidated: over HTTP there is no listing to do without.
    return start !== '/' && rest === '.zmetadata' ? consolidatedMetadata(base) : null;
  }
}

/**
 * @param {string} file
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {(status: number, more?: Record<string, string | number>) => void} answer
 */
function send(file, request, response, answer) {
  const { size } = statSync(file);
  const range = rangeOf(request.headers.range, size);
  if (range === 'outside') { answer(416, { 'Content-Range': `bytes */${size}` }); return; }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...HEADERS,
    'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'Content-Length': end - start + 1,
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD' || size === 0) { response.end(); return; }
  pipeline(createReadStream(file, { start, end }), response, () => { /* the reader left */ });
}

/**
 * One range of RFC 9110, section 14.1.2; several at once are answered with the whole.
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ start: number, end: number } | 'outside' | null}
 */
function rangeOf(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return null;
  const start = match[1] === '' ? Math.max(0, size - Number(match[2])) : Number(match[1]);
  const end = match[1] === '' || match[2] === '' ? size - 1 : Math.min(size - 1, Number(match[2]));
  return start > end || start >= size ? 'outside' : { start, end };
}
