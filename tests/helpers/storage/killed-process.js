// SPDX-License-Identifier: MIT
// Processes that write until they are killed with SIGKILL, and say line by line how far they are.

import { spawn } from 'node:child_process';

import { ok } from './assert.js';
import { generator } from '../../js/storage/writer-contract.js';

/**
 * When a process is killed: so long after it was started, or after it has said so many lines.
 * @typedef {{ ms: number, lines: number }} Moment
 */

/** For a process that soon ends WebAssembly that is optimised comes too late. */
export const SHORT_LIVED = ['--liftoff-only'];

/** @type {Moment} */
export const BY_ITSELF = { ms: 0, lines: Infinity };

/**
 * One process's life.
 *
 * @param {string[]} args  its file, and what it is told
 * @param {Moment} moment
 * @returns {Promise<{ said: string[], turns: number[] }>}  lines, and ms from each to the next
 */
export function live(args, { ms, lines }) {
  const child = spawn(process.execPath, [...SHORT_LIVED, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill('SIGKILL');
  if (lines === 0) setTimeout(kill, ms);
  let said = '';
  let last = 0;
  /** @type {number[]} */
  const turns = [];
  return new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      const before = said.split('\n').length - 1;
      said += data;
      const now = said.split('\n').length - 1;
      if (before < lines && now >= lines) setTimeout(kill, ms);
      if (last > 0) turns.push((performance.now() - last) / (now - before));
      last = performance.now();
    });
    child.once('close', () => resolve({ said: said.trim().split('\n').filter(Boolean), turns }));
  });
}

/**
 * @param {string[]} said  all that a writer has
 * @param {number} acknowledged  before it
 * @returns {number}  batches that are acknowledged now
 */
export function heard(said, acknowledged) {
  let last = acknowledged;
  for (const line of said) {
    ok(/^(done|(ready )?\d+)$/.test(line), said.join('\n'));
    if (line !== 'done') last = Number(line.replace('ready ', ''));
  }
  return last;
}

/** Moments to kill a writer at, as long after its lines as one of its commits may take. */
export class RandomMoments {
  #random;
  #turn = 20; // ms that a commit takes here and now

  /** @param {number} seed */
  constructor(seed) {
    this.#random = generator(seed);
  }

  /** @returns {Moment} */
  next() {
    const random = this.#random;
    return random(5) === 0 ? { lines: 0, ms: random(150) }
      : { lines: 1 + random(3), ms: (this.#turn * random(150)) / 100 };
  }

  /** @param {number[]} turns  of a life */
  learn(turns) {
    for (const ms of turns) this.#turn = 0.8 * this.#turn + 0.2 * ms;
  }
}
