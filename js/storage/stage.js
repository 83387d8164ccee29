// SPDX-License-Identifier: MIT
// Entries that go to where they are stored from the thread that has made them, ahead of their commit, so that
// their bytes neither wait in memory nor travel. A medium for which that is possible is added here.

import { BoresError } from '../core/errors.js';

/**
 * @import { Put, Staged, Staging } from './base/storage.js'
 * @typedef {(staging: Staging, folder: string, puts: readonly Put[]) => Promise<Staged>} Stage
 */

/** @type {Record<Staging['kind'], () => Promise<Stage>>} */
const STAGES = { folder: async () => (await import('./node/node-stage.js')).stageFolder };

/**
 * @param {Staging} staging  of a writer
 * @param {readonly Put[]} puts
 * @returns {Promise<Staged>}
 * @throws {BoresError} as a commit of them
 */
export async function stage(staging, puts) {
  const [folder] = puts[0]?.[0].split('/') ?? [];
  if (!puts.length || !puts.every(([key]) => key.startsWith(`${folder}/`))) {
    throw new BoresError('ERR_INTERNAL', `these are not one folder: ${puts.map(([key]) => key).join(', ')}`);
  }
  return (await STAGES[staging.kind]())(staging, folder, puts);
}
