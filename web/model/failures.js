// SPDX-License-Identifier: MIT
// Errors → what a person reads: what could not be done, why, and what to do about it.

/** @typedef {import('./state.js').Failure} Failure */

const WHICH_FOLDER = 'Choose the folder that BORES wrote, the one that holds entry_0000000000 '
  + '(or step_000000), or a .zip of it.';

/** @type {Record<string, string>} */
const ADVICE = {
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

const HTTP_ADVICE = 'Check the address. The server must allow other pages to read it (CORS: '
  + 'Access-Control-Allow-Origin) and, for a .zip, answer range requests.';
const KEPT_ADVICE = 'This link means a run that another browser keeps, or that was forgotten here. '
  + 'Open the run itself again.';
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
  const advice = MISSING.has(code) && source !== ''
    ? (source.startsWith('idb:') ? KEPT_ADVICE : HTTP_ADVICE) : ADVICE[code];
  return { title, message, advice, code: code || undefined };
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
