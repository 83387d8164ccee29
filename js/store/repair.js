// SPDX-License-Identifier: MIT
// What interrupted writers have left in a store, and away with it. Ours leave what is in the storage's
// own care (leftovers); BORES leaves entries without their mark, and a root whose `count` is old
// or missing: its next run would write over entries that are whole.

import { endOf } from './reads/verify-store.js';

/**
 * @import { CallOptions, Contents } from './contents.js'
 * @import { Session } from '../formats/session.js'
 * @import { StoreLock } from './store-lock.js'
 * @import { Repair } from './store-types.js'
 * @import { Recovery } from '../storage/base/storage.js'
 */

/**
 * What repair() would do.
 * @param {Session} session
 * @param {Contents} contents
 * @param {CallOptions} options
 * @returns {Promise<Repair>}
 */
export async function planRepair(session, contents, options) {
  return { ...await session.writer.leftovers(options), ...await findUnfinished(contents, options) };
}

/**
 * @param {StoreLock} lock
 * @param {Recovery} recovered  when the lock was taken
 * @param {Contents} contents
 * @param {CallOptions} options
 * @returns {Promise<Repair>}  what was done
 */
export async function repair(lock, recovered, contents, options) {
  const found = await findUnfinished(contents, options);
  if (found.count || found.unfinished.length > 0) {
    await lock.drop(found.unfinished, found.count?.should ?? lock.root.nextIndex);
    if (lock.consolidatedIsOld) await lock.consolidate(options); // it says what was dropped
  }
  return { ...recovered, ...found };
}

/**
 * @param {Contents} contents
 * @param {CallOptions} options
 * @returns {Promise<Pick<Repair, 'unfinished' | 'count'>>}
 */
async function findUnfinished(contents, options) {
  const unfinished = await contents.unfinished(options);
  const { layout, groups, attributes } = await contents.known(options);
  const left = groups.filter((group) => !unfinished.includes(group));
  const should = endOf({ layout, groups: left, attributes });
  const is = Number.isInteger(attributes.count) ? attributes.count : null;
  const right = is === should || layout === 'steps' || layout === 'empty'
    || (groups.length === 0 && unfinished.length === 0);
  return { unfinished, count: right ? null : { is, should } };
}
