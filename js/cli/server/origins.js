// SPDX-License-Identifier: MIT
// Who may ask: under which names this machine answers, and which pages of other origins may read the
// run. By default those are pages of this machine, since a page of the web must not read local files,
// neither by asking for them nor by having its own name resolve to this machine.
// Source: the Fetch standard, section 3.2 (CORS), and Private Network Access for its last header.

import { isIP } from 'node:net';
import os from 'node:os';

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** @param {string} host  an address or a name to listen on */
export function isLoopback(host) {
  return LOOPBACK.includes(host.toLowerCase());
}

/**
 * Whether a request names this machine as it may.
 *
 * @param {string | undefined} name  the Host header
 * @param {string} host  what the server listens on
 */
export function mayBeCalled(name = '', host) {
  if (LOCAL_HOST.test(name)) return true;
  if (isLoopback(host)) return false;
  const bare = name.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return isIP(bare) !== 0 || [host, os.hostname()].some((own) => own.toLowerCase() === bare);
}

/**
 * What lets a page of another origin read an answer.
 *
 * @param {IncomingMessage} request
 * @param {readonly string[]} allowed  origins, beside those of this machine; '*' for all
 * @returns {Record<string, string>}
 */
export function originHeaders(request, allowed) {
  const { origin } = request.headers;
  const any = allowed.includes('*');
  if (origin === undefined || !(any || LOCAL_ORIGIN.test(origin) || allowed.includes(origin))) {
    return { Vary: 'Origin' };
  }
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': any ? '*' : origin,
    'Access-Control-Expose-Headers': 'Accept-Ranges, Content-Length, Content-Range, ETag',
    'Cross-Origin-Resource-Policy': 'cross-origin',
    ...(request.method === 'OPTIONS' && {
      'Access-Control-Allow-Methods': 'GET, HEAD',
      'Access-Control-Allow-Headers': 'Range, If-Range, If-None-Match',
      'Access-Control-Max-Age': '600',
      ...(request.headers['access-control-request-private-network'] && {
        'Access-Control-Allow-Private-Network': 'true',
      }),
    }),
  };
}
