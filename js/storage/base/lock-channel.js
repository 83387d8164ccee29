// SPDX-License-Identifier: MIT
// One writer at a time where there are no Web Locks, which a page has in a secure context only: threads
// ask each other over a BroadcastChannel. One that is busy, or frozen in the background, does not answer
// in time, so this spares two writers each other's errors and no more: that nothing is lost is the
// commit's own business, which compares what is there with what it knows.

import { randomId } from './random-id.js';

/**
 * @import { Owner } from './store-writer.js'
 * @typedef {{ id: string, owner: Owner, isHeld: boolean, channel?: BroadcastChannel }} Claim
 */

const ANSWER_MS = 250;

/** Of this thread. @type {Map<string, Claim>} */
const claims = new Map();

/**
 * @param {string} name  of the lock
 * @param {Owner} owner  who asks for it
 * @returns {Promise<Owner | (() => Promise<void>)>}  who has it, or what releases it
 */
export async function claimLock(name, owner) {
  const known = claims.get(name);
  if (known) return known.owner;
  /** @type {Claim} */
  const claim = { id: randomId(), owner, isHeld: false, channel: openChannel(name) };
  claims.set(name, claim);
  const release = async () => {
    if (claims.get(name) === claim) claims.delete(name);
    claim.channel?.close();
  };
  const other = await ask(claim);
  if (other === undefined) {
    claim.isHeld = true;
    return release;
  }
  await release();
  return other;
}

/**
 * @param {string} name
 * @returns {Promise<Owner | undefined>}
 */
export async function lockOwner(name) {
  const known = claims.get(name);
  if (known) return known.owner;
  const channel = openChannel(name);
  try {
    return await answerTo(channel, '');
  } finally {
    channel?.close();
  }
}

/** @param {string} name @returns {BroadcastChannel | undefined}  undefined where there are no other threads */
function openChannel(name) {
  const isBrowser = 'document' in globalThis || 'WorkerGlobalScope' in globalThis;
  return isBrowser && typeof BroadcastChannel === 'function' ? new BroadcastChannel(`bores-lock/${name}`)
    : undefined;
}

/**
 * Asks the others, and answers them: who has the lock, and of two that want it the one whose name comes
 * first.
 * @param {Claim} claim
 */
function ask(claim) {
  const { channel, id, owner } = claim;
  channel?.addEventListener('message', ({ data }) => {
    const isMine = typeof data.asks === 'string' && (claim.isHeld || data.asks === '' || id < data.asks);
    if (isMine) channel.postMessage({ to: data.asks, owner });
  });
  return answerTo(channel, id);
}

/**
 * @param {BroadcastChannel | undefined} channel
 * @param {string} id  '': of one that does not want the lock
 * @returns {Promise<Owner | undefined>}
 */
async function answerTo(channel, id) {
  if (channel === undefined) return undefined;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ANSWER_MS);
    channel.addEventListener('message', ({ data }) => {
      if (data.to !== id) return;
      clearTimeout(timer);
      resolve(data.owner);
    });
    channel.postMessage({ asks: id });
  });
}
