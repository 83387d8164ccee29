// SPDX-License-Identifier: MIT
// The one error class. `code` is stable; the message names the key and both values.

import { withoutPasswords } from './secrets.js';

/**
 * @typedef {object} BoresErrorFields
 * @property {string} [key]     the store key it concerns
 * @property {string} [path]    the path in a state or tree it concerns
 * @property {number} [entry]   the entry's index
 * @property {number} [needed]  what was asked for (`ERR_LIMIT`, `ERR_QUOTA`), bytes unless the message says otherwise
 * @property {number} [limit]   what is allowed or available, in the same unit
 * @property {number} [status]  of the web server's answer, where it refused
 * @property {object[]} [problems]  for `ERR_VALIDATION`: every problem found
 * @property {unknown} [cause]  the error below this one
 */

export class BoresError extends Error {
  /**
   * @param {string} code  `ERR_…`
   * @param {string} message
   * @param {BoresErrorFields} [fields]
   */
  constructor(code, message, { cause, ...fields } = {}) {
    super(withoutPasswords(message), cause === undefined ? undefined : { cause });
    this.name = 'BoresError';
    this.code = code;
    /** @type {string | undefined} */ this.key = undefined;
    /** @type {string | undefined} */ this.path = undefined;
    /** @type {number | undefined} */ this.entry = undefined;
    /** @type {number | undefined} */ this.needed = undefined;
    /** @type {number | undefined} */ this.limit = undefined;
    /** @type {number | undefined} */ this.status = undefined;
    /** @type {object[] | undefined} */ this.problems = undefined;
    Object.assign(this, fields);
  }
}
