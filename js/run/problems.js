// SPDX-License-Identifier: MIT
// What is wrong with a run's input, and what of it is left out: collected, so that all of it is told
// at once, each by its path.

import { BoresError } from '../core/errors.js';

/**
 * @typedef {object} Problem
 * @property {string} path     where in the input, dotted: 'config.wells.PROD-1.control'
 * @property {string} code     `ERR_VALIDATION` for what is wrong, `ERR_UNSUPPORTED` for what is right
 *   but not simulated here
 * @property {string} message  path and values in one line
 *
 * @typedef {object} Remark  something of the input that does not matter to the answer, or is read
 *   another way than its name says
 * @property {string} path
 * @property {string} message
 */

export class Problems {
  /** @type {Problem[]} */ list = [];
  /** @type {Remark[]} */ remarks = [];

  /**
   * @param {string} path
   * @param {string} why
   */
  invalid(path, why) {
    this.list.push({ path, code: 'ERR_VALIDATION', message: `${path}: ${why}` });
  }

  /**
   * @param {string} path
   * @param {string} why
   */
  unsupported(path, why) {
    this.list.push({ path, code: 'ERR_UNSUPPORTED', message: `${path}: ${why}` });
  }

  /**
   * @param {string} path
   * @param {string} why
   */
  remark(path, why) {
    this.remarks.push({ path, message: `${path}: ${why}` });
  }

  /** @param {readonly Problem[]} others */
  add(others) {
    this.list.push(...others);
  }

  /** @throws {BoresError} the first problem, with all of them */
  throwIfAny() {
    if (this.list.length > 0) throw problemsError(this.list);
  }
}

/**
 * @param {readonly Problem[]} problems  at least one
 */
export function problemsError(problems) {
  const [{ code, message, path }] = problems;
  const rest = problems.length > 1 ? ` (and ${problems.length - 1} more, see problems)` : '';
  return new BoresError(code, `this run cannot be simulated: ${message}${rest}`,
    { path, problems: [...problems] });
}
