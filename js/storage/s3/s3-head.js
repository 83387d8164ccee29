// SPDX-License-Identifier: MIT
// The one object that decides, `.bores-writer/head`: who writes, and what becomes of the others. A bucket can
// neither rename nor change two objects at once, but it replaces one on the condition that it is still the
// one that was read; so each change of the head proves that its writer is the only one, and one of them is
// the commit. Readers of ours look here:
//
//   idle     the objects are the content
//   stage    the folders named are being written: nobody sees them yet
//   commit   they are whole; `puts` count, whose values stand in the head or in `.bores-writer/TOKEN/0`,
//            `1`, …, and go to their keys; deletes follow
//   replace  `.bores-writer/TOKEN/` is the content, and goes where the old one is
//
// A writer says that it lives by changing the head now and then. How long it has not is a matter of the
// server's clock alone.

import { BoresError } from '../../core/errors.js';
import { isReserved } from '../base/batch.js';
import { checkKey } from '../base/keys.js';
import { randomId } from '../base/random-id.js';

/**
 * @import { S3Client } from './s3-client.js'
 * @typedef {{ id: string, describe: string, since: number, leaseSeconds: number }} HeadWriter
 *
 * What it says; `value`: of what is short, in base64.
 * @typedef {object} Head
 * @property {string} id  another one each time
 * @property {HeadWriter | null} writer
 * @property {'idle' | 'stage' | 'commit' | 'replace'} phase
 * @property {string} token
 * @property {string[]} created  new folders at the root
 * @property {{ key: string, value: string | null }[]} puts
 * @property {string[]} deletes  keys, or 'folder/' with all that is below
 *
 * @typedef {{ head: Head, etag: string, modified: number | undefined, now: number | undefined }} FoundHead
 */

export const FOLDER = '.bores-writer';
export const HEAD = `${FOLDER}/head`;
const TOKEN = /^[0-9a-f-]{36}$/;

/** @returns {Head} */
export function idleHead() {
  return { id: randomId(), writer: null, phase: 'idle', token: randomId(), created: [], puts: [], deletes: [] };
}

/**
 * @param {S3Client} client
 * @param {{ signal?: AbortSignal }} [options]
 * @returns {Promise<FoundHead | undefined>}
 * @throws {BoresError} ERR_CORRUPT for one that none of us wrote
 */
export async function readHead(client, options) {
  const found = await client.get(HEAD, options);
  if (found === undefined) return undefined;
  const { bytes, ...about } = found;
  try {
    return { head: checkHead(JSON.parse(new TextDecoder().decode(bytes))), ...about };
  } catch (cause) {
    throw new BoresError('ERR_CORRUPT', `${HEAD} is not one of ours: ${/** @type {Error} */ (cause).message}`,
      { key: HEAD, cause });
  }
}

/** @param {Head} head */
export function headBytes(head) {
  return new TextEncoder().encode(JSON.stringify(head));
}

/** @param {any} given @returns {Head} */
function checkHead({ id, writer, phase, token, created, puts, deletes }) {
  for (const name of [...created, ...puts.map((/** @type {any} */ put) => put.key), ...deletes]) {
    checkKey(String(name).replace(/\/$/, ''));
    if (isReserved(name)) throw new TypeError(`'${name}'`);
  }
  if (!['idle', 'stage', 'commit', 'replace'].includes(phase)) throw new TypeError(`phase '${phase}'`);
  if (!TOKEN.test(token) || !TOKEN.test(id)) throw new TypeError(`token '${token}'`);
  if (writer !== null && !(writer.leaseSeconds > 0 && TOKEN.test(writer.id))) throw new TypeError('its writer');
  if (puts.some((/** @type {any} */ { value }) => value !== null && typeof value !== 'string')) {
    throw new TypeError('its values');
  }
  return { id, writer, phase, token, created, puts, deletes };
}

/**
 * Where a key is to be read while a commit that is decided is not in its place: another key, or the bytes
 * themselves; undefined when that is where it always is.
 *
 * @param {Head | undefined} head
 * @param {string} key
 * @returns {string | Uint8Array | undefined}
 */
export function overlayOf(head, key) {
  if (head?.phase === 'replace') return `${FOLDER}/${head.token}/${key}`;
  const at = head?.phase === 'commit' ? head.puts.findIndex((put) => put.key === key) : -1;
  return head === undefined || at < 0 ? undefined : valueOf(head, at);
}

/**
 * @param {Head} head
 * @param {number} at  of its puts
 * @returns {string | Uint8Array}  where it is, or the value itself
 */
export function valueOf(head, at) {
  const { value } = head.puts[at];
  return value === null ? `${FOLDER}/${head.token}/${at}` : fromBase64(value);
}

/**
 * Whether a commit that is decided deletes a path, in place or not yet.
 * @param {Head | undefined} head
 * @param {string} path  of a folder without a slash
 */
export function isDeletedBy(head, path) {
  return head?.phase === 'commit'
    && head.deletes.some((name) => path === name.replace(/\/$/, '') || (name.endsWith('/') && path.startsWith(name)))
    && !head.puts.some(({ key }) => key === path || key.startsWith(`${path}/`));
}

/**
 * Whether a key is in a folder that is being written.
 * @param {Head | undefined} head
 * @param {string} path
 */
export function isStagedBy(head, path) {
  return head?.phase === 'stage' && head.created.includes(path.split('/')[0]);
}

/** The commit's content, as a Recovery names it. @param {Head} head */
export function namesIn({ created, puts, deletes }) {
  return [...created.map((name) => `${name}/`), ...puts.map(({ key }) => key), ...deletes];
}

/** @param {Uint8Array} bytes  not many */
export function toBase64(bytes) {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** @param {string} text */
function fromBase64(text) {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
