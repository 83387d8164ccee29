// SPDX-License-Identifier: MIT
// One writer at a time among the tabs and workers of an origin, by the Web Locks API: a lock goes with
// the page or worker that has it. Who that is stands in the name of a second lock beside it,
// which the others can read and which goes the same way.

import { claimLock, lockOwner } from './lock-channel.js';
import { lockedError } from './store-writer.js';
import { sleep } from '../../core/waiting.js';

/** @import { Owner } from './store-writer.js' */

const ATTEMPTS = 20;
const ATTEMPT_MS = 5;

/**
 * @param {string} name      of the lock
 * @param {string} location  for the message
 * @param {AbortSignal} [signal]
 * @returns {Promise<() => Promise<void>>}  releases it
 * @throws {BoresError} ERR_LOCKED naming the owner, as far as it can be known: without the API, which needs
 *   a secure context, one that does not answer is taken for none (`lock-channel.js`)
 */
export async function acquireWebLock(name, location, signal) {
  signal?.throwIfAborted();
  if (globalThis.navigator?.locks === undefined) return acquireHere(name, location);
  for (let attempt = 1; ; attempt += 1) {
    const release = await hold(name);
    if (release !== undefined) {
      const unsign = await hold(`${name}#${JSON.stringify({ ...thisContext(), since: Date.now() })}`);
      return async () => {
        await unsign?.();
        await release();
      };
    }
    const owner = await webLockOwner(name);
    if (owner) throw lockedError(location, owner);
    if (attempt === ATTEMPTS) {
      throw lockedError(location, { describe: 'another tab or worker', since: Date.now() });
    }
    await sleep(ATTEMPT_MS, signal); // it has just been taken, or let go of
  }
}

/**
 * Who holds a lock of acquireWebLock().
 * @param {string} name
 * @returns {Promise<Owner | undefined>}
 */
export async function webLockOwner(name) {
  if (globalThis.navigator?.locks === undefined) return lockOwner(name);
  const { held = [] } = await navigator.locks.query();
  const sign = held.find((lock) => lock.name?.startsWith(`${name}#`))?.name;
  if (sign === undefined) return undefined;
  const { kind, address, since } = JSON.parse(sign.slice(name.length + 1));
  return { describe: `the ${kind} ${address}`, since };
}

/** @param {string} name @param {string} location */
async function acquireHere(name, location) {
  const { kind, address } = thisContext();
  const claimed = await claimLock(name, { describe: `the ${kind} ${address}`, since: Date.now() });
  if (typeof claimed === 'function') return claimed;
  throw lockedError(location, claimed);
}

function thisContext() {
  const { origin = '', pathname = '' } = globalThis.location ?? {};
  return { kind: 'document' in globalThis ? 'page' : 'worker', address: origin + pathname };
}

/**
 * @param {string} name
 * @returns {Promise<(() => Promise<void>) | undefined>}  releases it; undefined when another has it
 */
function hold(name) {
  return new Promise((resolve, reject) => {
    let release = () => {};
    const released = navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(undefined);
        return undefined;
      }
      resolve(async () => {
        release();
        await released;
      });
      return new Promise((done) => { release = () => done(undefined); });
    });
    released.catch(reject);
  });
}
