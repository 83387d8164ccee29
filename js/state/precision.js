// SPDX-License-Identifier: MIT
// The precision that `validateState(state, { dtype: 'global' })` converts to. It is one per
// JavaScript realm: a worker has its own.

import { BoresError } from '../core/errors.js';
import { describeValue } from '../values/dtypes.js';

/** @typedef {'float32' | 'float64'} Precision */

/** @type {Precision} */
let precision = 'float64';

/**
 * @param {Precision} dtype
 * @throws {BoresError} `ERR_ARGUMENT`
 */
export function setPrecision(dtype) {
  if (dtype !== 'float32' && dtype !== 'float64') {
    throw new BoresError('ERR_ARGUMENT',
      `precision must be 'float32' or 'float64', got ${describeValue(dtype)}`);
  }
  precision = dtype;
}

/** 'float64' until it is set. */
export function getPrecision() {
  return precision;
}

export function use32bitPrecision() {
  setPrecision('float32');
}

export function use64bitPrecision() {
  setPrecision('float64');
}
