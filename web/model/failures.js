// SPDX-License-Identifier: MIT
// Errors → what a person reads: what could not be done, why, and what to do about it.

/** @typedef {import('./state.js').Failure} Failure */

const WHICH_FOLDER = 'Choose the folder that BORES wrote, the one that holds entry_0000000000 '
  + '(or step_000000), or a .zip of it.';

/** @type {Record<string, string>} */
const ADVICE = {
  KINDS: 'A run is a .zarr folder or a .zip of it, an .h5, .json or .yaml file, or all files of an ECLIPSE or OPM '
    + 'Flow run.',
  ERR_NOT_A_RUN: WHICH_FOLDER,
  ERR_NOT_FOUND: WHICH_FOLDER,
  ERR_ARGUMENT: WHICH_FOLDER,
  ERR_EMPTY: 'If the run is still going, open it again once its first state is saved.',
  ERR_CORRUPT: 'The file is damaged, was cut short, or is of another kind than its name says. Check that it was '
    + 'copied whole; “bores verify” lists what is wrong with a run.',
  ERR_STORAGE: 'The file may have been changed, moved or taken away. Choose it again.',
  ERR_UNSUPPORTED: 'The file uses a feature that this viewer does not have.',
  ERR_PERMISSION: 'The browser, or the system, does not allow reading this. '
    + 'Choose the folder again, or copy it to another place.',
  ERR_LIMIT: 'It needs more memory than a page may use.',
  ERR_NOMEM: 'It needs more memory than a page may use. Close other pages and try again.',
};

/**
 * What the library says in words of a format, as a sentence for everybody; `advice`: another code's. Its own words
 * become the detail.
 * @type {readonly { code: string, said: RegExp, plain: (name: string, said: RegExpExecArray) => string,
 *   advice?: string }[]}
 */
const PLAIN = [
  { code: 'ERR_CORRUPT', said: /no end record: not a zip/, advice: 'KINDS',
    plain: (name) => (/\.(zip|zarr)$/i.test(name)
      ? `${name} is no zip archive, or only the first part of one: its end is missing.`
      : `${name} is none of the files that can be shown.`) },
  { code: 'ERR_CORRUPT', said: /truncated file: eof = (\d+),.*stored_eof = (\d+)/,
    plain: (name, [, is, should]) => `${name} is only a part of an HDF5 file: ${is} of ${should} bytes.` },
  { code: 'ERR_CORRUPT', said: /file signature not found/, advice: 'KINDS',
    plain: (name) => `${name} is no HDF5 file, whatever its name says.` },
  { code: 'ERR_CORRUPT', said: /the file is empty/, plain: (name) => `${name} is empty.` },
  { code: 'ERR_CORRUPT', said: /no HDF5 file, or a damaged one/, plain: (name) => `${name} is a damaged HDF5 file.` },
  { code: 'ERR_CORRUPT', said: /no keyword at byte 0:/, advice: 'KINDS',
    plain: (name) => `${name} is no file of ECLIPSE or OPM Flow, whatever its name says.` },
  { code: 'ERR_METADATA', said: /the file ends where/, advice: 'ERR_CORRUPT',
    plain: (name) => `${name} is only a part of a file: it ends within a state.` },
  { code: 'ERR_METADATA', said: /line 1, column \d+:.*(list of entries|where an entry)/, advice: 'KINDS',
    plain: (name) => `${name} holds no list of saved states.` },
  { code: 'ERR_CHECKSUM', said: /./, advice: 'ERR_CORRUPT',
    plain: (name) => `A part of ${name} is not what was once written there: it is damaged.` },
  { code: 'ERR_NOT_FOUND', said: /^\.zgroup: not found/, plain: (name) => `There is no run in ${name}.` },
];
const HTTP_ADVICE = 'Check the address. The server must allow other pages to read it (CORS: '
  + 'Access-Control-Allow-Origin) and, for a .zip, answer range requests.';
const KEPT_ADVICE = 'This link means a run that another browser keeps, or that was forgotten here. '
  + 'Open the run itself again.';
/** The title of what is said of a whole file or folder. */
const OPENED = /^(.*) cannot be opened$/;
/** Codes of something that is not where it was said to be. */
const MISSING = new Set(['', 'ERR_HTTP', 'ERR_NOT_FOUND']);

/**
 * @param {string} title  'The run cannot be opened'
 * @param {unknown} error
 * @param {string} [source]  `idb:NAME` or an address; '' for files
 * @returns {Failure}
 */
export function failureOf(title, error, source = '') {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (message.includes('CORS')) return { title, message, advice: 'Check the address.', code };
  // A message that says what to do needs no other advice beside it.
  if (message.includes('bores consolidate')) return { title, message, code };
  if (MISSING.has(code) && source !== '') {
    return { title, message, advice: source.startsWith('idb:') ? KEPT_ADVICE : HTTP_ADVICE, code: code || undefined };
  }
  const [, name] = OPENED.exec(title) ?? [];
  const known = name === undefined ? undefined : PLAIN.find(({ code: of, said }) => of === code && said.test(message));
  if (!known) return { title, message, advice: ADVICE[code], code: code || undefined };
  return { title, message: known.plain(name, /** @type {RegExpExecArray} */ (known.said.exec(message))),
    advice: ADVICE[known.advice ?? code], detail: message, code };
}

/** What went wrong before, and what did so now, each once. @param {string} before @param {string} now */
export function joined(before, now) {
  return before.includes(now) ? before : before === '' ? now : `${before} · ${now}`;
}

/** @param {unknown} error */
function codeOf(error) {
  if (!(error instanceof Error)) return '';
  if (error.name === 'NotAllowedError' || error.name === 'NotReadableError') {
    return 'ERR_PERMISSION';
  }
  const { code } = /** @type {{ code?: unknown }} */ (error);
  return typeof code === 'string' ? code : '';
}
