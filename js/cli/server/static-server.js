// SPDX-License-Identifier: MIT
// A server of static files: ranges, types, a strict content security policy, nothing to write, and no
// way out of the folders it was given.

import { createReadStream, realpathSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream';

import { rangeOf } from './byte-range.js';
import { consolidatedMetadata } from './consolidate.js';
import { mayBeCalled, originHeaders } from './origins.js';

/**
 * @typedef {import('node:http').IncomingMessage} IncomingMessage
 * @typedef {import('node:http').ServerResponse} ServerResponse
 * @typedef {(status: number, more?: Record<string, string | number>, body?: string | Buffer) => void
 *   } Answer
 */

/** @type {Record<string, string>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml', '.png': 'image/png',
  '.json': 'application/json', '.map': 'application/json', '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8', '.webmanifest': 'application/manifest+json', '.zip': 'application/zip',
};

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
  + "style-src 'self'; img-src 'self'; connect-src 'self' https: http:; manifest-src 'self'; "
  + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HEADERS = {
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-cache',
  'Accept-Ranges': 'bytes',
};

/**
 * @param {Record<string, string>} folders  by the start of the address, '/' for the rest; each
 *   a folder, or one file
 * @param {object} [options]
 * @param {string} [options.host]  what it will listen on, 127.0.0.1
 * @param {readonly string[]} [options.origins]  whose pages may read what is not below '/', beside
 *   pages of this machine; '*' for all
 * @returns {import('node:http').Server}
 */
export function createStaticServer(folders, { host = '127.0.0.1', origins = [] } = {}) {
  const real = Object.fromEntries(Object.entries(folders)
    .map(([prefix, folder]) => [prefix, realpathSync(folder)]));
  return createServer((request, response) => {
    const target = decoded(request.url ?? '/');
    const start = target === undefined ? undefined : prefixOf(real, target);
    const shared = start !== undefined && start !== '/' ? originHeaders(request, origins) : {};
    /** @type {Answer} */
    const answer = (status, more = {}, body = '') => {
      response.writeHead(status, { ...HEADERS, ...shared, ...more });
      response.end(request.method === 'HEAD' ? undefined : body);
    };
    if (!mayBeCalled(request.headers.host, host)) return answer(403);
    if (request.method === 'OPTIONS' && 'Access-Control-Allow-Origin' in shared) return answer(204);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answer(405, { Allow: 'GET, HEAD' });
    }
    const found = start === undefined ? null : find(real[start], start, String(target));
    if (found === null) return answer(404);
    if (typeof found === 'string') return send(found, request, response, { ...HEADERS, ...shared }, answer);
    return answer(200, { 'Content-Type': TYPES['.json'], 'Content-Length': found.length }, found);
  });
}

/** @param {string} url @returns {string | undefined}  its path */
function decoded(url) {
  try {
    const pathname = decodeURIComponent(url.split(/[?#]/)[0]);
    return pathname.includes('\0') ? undefined : pathname;
  } catch {
    return undefined;
  }
}

/** @param {Record<string, string>} folders @param {string} pathname */
function prefixOf(folders, pathname) {
  return Object.keys(folders)
    .filter((prefix) => prefix === '/' || pathname === prefix || pathname.startsWith(`${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/**
 * @param {string} base    the folder or file behind `start`
 * @param {string} start
 * @param {string} pathname
 * @returns {string | Buffer | null}  a file, what is made up for it, or nothing
 */
function find(base, start, pathname) {
  const rest = pathname.slice(start.length).replace(/^\/+/, '');
  // Of a run, what BORES may have appended since the document was written has to be in it.
  if (start !== '/' && rest === '.zmetadata') {
    const made = consolidatedMetadata(base);
    if (made !== null) return made;
  }
  try {
    const real = realpathSync(path.join(base, rest));
    if (real !== base && !real.startsWith(base + path.sep)) return null;
    if (!statSync(real).isDirectory()) return statSync(real).isFile() ? real : null;
    return start === '/' ? find(base, start, `${pathname.replace(/\/$/, '')}/index.html`) : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} file
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {Record<string, string>} headers
 * @param {Answer} answer
 */
function send(file, request, response, headers, answer) {
  const { size, mtimeMs } = statSync(file);
  const tag = `"${size.toString(36)}-${mtimeMs.toString(36)}"`;
  if (request.headers['if-none-match'] === tag) return answer(304, { ETag: tag });
  const range = rangeOf(request.headers, size, tag);
  if (range === 'outside') return answer(416, { 'Content-Range': `bytes */${size}` });
  const { start, end } = range ?? { start: 0, end: size - 1 };
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream',
    'Content-Length': end - start + 1,
    ETag: tag,
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${size}` }),
  });
  if (request.method === 'HEAD' || size === 0) return response.end();
  return pipeline(createReadStream(file, { start, end }), response, () => { /* the reader left */ });
}
