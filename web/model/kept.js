// SPDX-License-Identifier: MIT
// Copies of runs that this browser keeps, so that a reload and the list of recent runs find them. A copy is
// known by its content and not by the name of the folder that it was made of: two runs of one name are two
// copies, and the same run dropped twice is one.

import { deleteRun, importRun, listRuns, openStorage } from '../../js/index.js';

/** What stands between the name of a run and the random letters that make the name of its copy. */
const MARK = '~';
const NAMED = /^(.*)~[0-9a-z]{10}$/s;
/** Where digests of copies are remembered, by the name of the copy. */
const KEY = 'bores-copies';

/** @param {string} copy  the name of a copy, or of a run that was kept by its own @returns {string} for people */
export function nameOfCopy(copy) {
  return NAMED.exec(copy)?.[1] ?? copy;
}

/** @param {string | null} source  of a link @returns {boolean} */
export function isCopy(source) {
  return source !== null && source.startsWith('idb:') && NAMED.test(source);
}

/**
 * When a copy was made.
 * @param {string} source  `idb:NAME`
 * @returns {Promise<Date | null>}  null: it is not there, or the browser does not tell
 */
export async function copiedAt(source) {
  const runs = await listRuns().catch(() => []);
  return runs.find(({ name }) => source === `idb:${name}`)?.created ?? null;
}

/**
 * Copies a run into this browser.
 * @param {unknown} location  as `openStorage` takes it
 * @param {string} name   for people
 * @param {{ limit: number, signal: AbortSignal }} options  `limit`: bytes, above which nothing is kept
 * @returns {Promise<{ source: string, bytes: number } | 'too large'>}
 */
export async function keepCopy(location, name, { limit, signal }) {
  const copy = `${name}${MARK}${randomLetters()}`;
  const storage = await openStorage(location, { files: true, signal });
  const digests = new Digests(storage);
  const ending = new AbortController();
  const end = () => ending.abort();
  signal.addEventListener('abort', end);
  try {
    const { bytes } = await importRun(/** @type {any} */ (digests), copy, {
      signal: ending.signal,
      onProgress: (progress) => { if (progress.bytes > limit) end(); },
    });
    const digest = await digests.whole();
    const before = digest === null ? undefined : await known(name, digest);
    if (before === undefined) {
      if (digest !== null) remember(copy, digest);
      return { source: `idb:${copy}`, bytes };
    }
    await deleteRun(copy);
    return { source: `idb:${before}`, bytes };
  } catch (error) {
    if (ending.signal.aborted && !signal.aborted) return 'too large';
    throw error;
  } finally {
    signal.removeEventListener('abort', end);
    await storage.close();
  }
}

/** Takes a copy away. @param {string} copy  its name */
export async function forgetCopy(copy) {
  await deleteRun(copy);
  const { [copy]: _, ...others } = remembered();
  keepRemembered(others);
}

/** A storage that remembers what the bytes were that were read of it. */
class Digests {
  /** @type {Map<string, Promise<ArrayBuffer>>} */ #seen = new Map();

  /** @param {any} storage */
  constructor(storage) {
    this.storage = storage;
    this.location = storage.location;
  }

  /** @param {string} folder @param {any} options */
  list(folder, options) {
    return this.storage.list?.(folder, options);
  }

  /** @param {string} [prefix] @param {any} [options] */
  usage(prefix, options) {
    return this.storage.usage?.(prefix, options);
  }

  /** @param {string} key @param {any} options */
  async get(key, options) {
    const bytes = await this.storage.get(key, options);
    // A page that is not served securely has no digests: then every copy is one of its own.
    if (bytes && globalThis.crypto?.subtle) this.#seen.set(key, crypto.subtle.digest('SHA-256', bytes));
    return bytes;
  }

  /** @returns {Promise<string | null>}  of all keys with their content */
  async whole() {
    if (this.#seen.size === 0) return null;
    const lines = await Promise.all([...this.#seen].map(async ([key, digest]) => `${key} ${hex(await digest)}`));
    return hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines.sort().join('\n'))));
  }
}

/** @param {ArrayBuffer} bytes */
function hex(bytes) {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A copy of this content and name that is there already.
 * @param {string} name
 * @param {string} digest
 */
async function known(name, digest) {
  const found = Object.entries(remembered())
    .find(([copy, content]) => content === digest && nameOfCopy(copy) === name)?.[0];
  if (found === undefined) return undefined;
  return (await listRuns()).some((run) => run.name === found && run.complete) ? found : undefined;
}

/** @returns {Record<string, string>} */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return {}; // a page that may store nothing, or what someone else has written
  }
}

/** @param {string} copy @param {string} digest */
function remember(copy, digest) {
  keepRemembered({ ...remembered(), [copy]: digest });
}

/** @param {Record<string, string>} digests */
function keepRemembered(digests) {
  try {
    localStorage.setItem(KEY, JSON.stringify(digests));
  } catch { /* then the same run is kept twice */ }
}

function randomLetters() {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return Array.from(bytes, (byte) => (byte % 36).toString(36)).join('');
}
