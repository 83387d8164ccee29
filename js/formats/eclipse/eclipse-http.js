// SPDX-License-Identifier: MIT
// The files of a run on a web server. Those that a run has one of are asked for by name; steps that have a file each
// are found on the page that a server makes of the folder, or else by counting.

import { BoresError } from '../../core/errors.js';
import { Signals } from '../../core/signals.js';
import { HttpClient } from '../../storage/http/http-client.js';
import { pageAt } from '../../storage/http/http-page.js';
import { HttpSource } from '../../storage/http/http-source.js';
import { describeLocation } from '../../storage/parse-location.js';
import { meaningOf } from './eclipse-names.js';

/**
 * @import { LocationOptions } from '../../storage/media.js'
 * @typedef {import('./eclipse-files.js').Found} Found
 */

/** Endings of files that a run has one of. */
const ASKED = ['EGRID', 'GRID', 'INIT', 'UNRST', 'SMSPEC', 'UNSMRY', 'FEGRID', 'FINIT', 'FUNRST', 'FSMSPEC', 'FUNSMRY'];
/** Numbers asked for at a time; after as many that are not there nothing more is looked for. */
const BATCH = 16;
const LAST_NUMBER = 9999;
/** A file is understood from its beginning; what comes with the first answer is what is read first. */
const HEAD_BYTES = 4096;

/** The folder on a server in which the file is that was named. */
class ServerFolder {
  #href;
  #http;
  #signal;

  /** @param {string} href  of the file @param {LocationOptions} options */
  constructor(href, { http, signal }) {
    this.#href = href;
    this.#http = http;
    this.#signal = signal;
  }

  /** @param {string} name  of a file @returns {URL}  with what a server may want behind the name */
  #urlOf(name) {
    const url = new URL(this.#href);
    url.pathname = url.pathname.replace(/[^/]*$/, encodeURIComponent(name));
    return url;
  }

  /** @param {string} name @param {AbortSignal} [signal] */
  open(name, signal = this.#signal) {
    return HttpSource.open(this.#urlOf(name), { ...this.#http, signal, head: HEAD_BYTES });
  }

  /**
   * Those of some files that are there.
   * @param {readonly string[]} names
   * @param {string} [needed]  a name whose absence is an error
   * @returns {Promise<Found[]>}
   */
  async ask(names, needed) {
    const signals = new Signals(this.#signal);
    try {
      const found = await Promise.all(names.map(async (name) => {
        const request = signals.open();
        try {
          const source = await this.open(name, request.signal);
          return [{ name, open: async () => source }];
        } catch (error) {
          if (name !== needed && error instanceof BoresError && error.code === 'ERR_NOT_FOUND') return [];
          throw error;
        } finally {
          signals.close(request);
        }
      }));
      return found.flat();
    } finally {
      signals.abort();
    }
  }

  /** Names on the page that the server makes of the folder; none where it makes none. */
  async listed() {
    const folder = new URL('.', this.#href);
    const page = await pageAt(folder.href, new HttpClient(this.#http).how, this.#signal) ?? '';
    return [...page.matchAll(/href\s*=\s*["']?([^"'\s>]+)/gi)].flatMap(([, link]) => {
      const url = URL.canParse(link, folder) ? new URL(link, folder) : folder;
      const name = url.pathname.slice(folder.pathname.length);
      return url.origin === folder.origin && url.pathname.startsWith(folder.pathname) && /^[^/]+$/.test(name)
        ? [nameIn(name)] : [];
    });
  }
}

/** @param {string} segment  of a path */
function nameIn(segment) {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/**
 * @param {import('../../storage/parse-location.js').ParsedLocation} parsed
 * @param {LocationOptions} options
 * @returns {Promise<{ files: Found[], stem: string }>}
 */
export async function findOnServer({ text }, options) {
  const { pathname, href } = new URL(text);
  const named = nameIn(pathname.split('/').at(-1) ?? '');
  const meaning = meaningOf(named);
  if (!meaning) throw new BoresError('ERR_ARGUMENT', `${describeLocation(text)} is no file of an ECLIPSE run`);
  const { stem } = meaning, own = named.slice(stem.length + 1);
  const lower = own === own.toLowerCase();
  const folder = new ServerFolder(href, options);
  const ending = (/** @type {string} */ capitals) => `${stem}.${lower ? capitals.toLowerCase() : capitals}`;
  const files = await folder.ask([...new Set([named, ...ASKED.map(ending)])], named);
  const has = (/** @type {string} */ role) => files.some(({ name }) => {
    const found = meaningOf(name);
    return found?.role === role && found.number < 0;
  });
  const isText = /^[af]\d|^f[egius]/i.test(own) || files.every(({ name }) => !/\.(egrid|init|smspec)$/i.test(name));
  const wanted = [...(has('restart') ? [] : [['restart', isText ? 'F' : 'X']]),
    ...(has('summary') || !has('specs') ? [] : [['summary', isText ? 'A' : 'S']])];
  if (wanted.length === 0 || /\.grdecl$/i.test(named)) return { files, stem };
  const listed = new Set(await folder.listed());
  const known = new Set(files.map(({ name }) => name));
  for (const [role, letter] of wanted) {
    const begin = meaning.role === role ? meaning.number : 0;
    const separate = listed.has(named) ? among(listed, stem, role, folder)
      : await counted(folder, begin, (n) => ending(`${letter}${String(n).padStart(4, '0')}`));
    files.push(...separate.filter(({ name }) => !known.has(name)));
  }
  return { files, stem };
}

/**
 * @param {Iterable<string>} names
 * @param {string} stem
 * @param {string} role
 * @param {ServerFolder} folder
 * @returns {Found[]}
 */
function among(names, stem, role, folder) {
  return [...names].filter((name) => {
    const meaning = meaningOf(name);
    return meaning?.stem === stem && meaning.role === role && meaning.number >= 0;
  }).map((name) => ({ name, open: () => folder.open(name) }));
}

/**
 * Up and down from a number, until a batch of names has none that is there.
 * @param {ServerFolder} folder
 * @param {number} begin
 * @param {(number: number) => string} nameOf
 */
async function counted(folder, begin, nameOf) {
  /** @type {Found[]} */ const found = [];
  for (const step of [1, -1]) {
    for (let from = step > 0 ? begin : begin - 1, more = true; more; from += step * BATCH) {
      const names = Array.from({ length: BATCH }, (_, n) => from + step * n)
        .filter((number) => number >= 0 && number <= LAST_NUMBER).map(nameOf);
      const there = names.length > 0 ? await folder.ask(names) : [];
      found.push(...there);
      more = there.length > 0;
    }
  }
  return found;
}
