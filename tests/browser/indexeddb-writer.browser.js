// SPDX-License-Identifier: MIT
// Writing to the browser's own IndexedDB.

import { IndexedDbStorage } from '../../js/storage/indexeddb/indexeddb.js';
import { writerContract } from '../js/storage/writer-contract.js';
import { context, test } from './harness.js';

export const contexts = ['page', 'worker'];

let places = 0;
writerContract((name, run) => test(name, run), () => {
  places += 1;
  const name = `${context} written ${places}`;
  return { open: () => IndexedDbStorage.open(name, { create: true }) };
});
