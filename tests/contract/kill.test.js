// SPDX-License-Identifier: MIT
// Writers that are killed with SIGKILL at random moments, 200 in all, each checking in a fresh process
// what the one before has left: every batch that was acknowledged, bit for bit, nothing half, and
// committing goes on.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { DirectoryStorage } from '../../js/stores/node-directory.js';
import { deepEqual, ok } from './assert.js';
import { countBatches } from './numbered-batches.js';
import { generator } from './writer-contract.js';

const KILLS = 100; // for each durability
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-kill-'));
const writer = fileURLToPath(new URL('kill-writer.js', import.meta.url));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/**
 * When a process is killed: so long after it was started, or after it has said so many lines.
 * @typedef {{ ms: number, lines: number }} Moment
 */

/**
 * One process's life.
 *
 * @param {string[]} args
 * @param {Moment} moment
 * @returns {Promise<{ said: string[], turns: number[] }>}  lines, and ms from each to the next
 */
function live(args, { ms, lines }) {
  const child = spawn(process.execPath, [writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
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

describe('a writer that is killed', { concurrency: true }, () => {
  for (const [seed, durability] of /** @type {const} */ ([[1, 'relaxed'], [2, 'strict']])) {
    test(`${KILLS} times, ${durability}`, async () => {
      const root = path.join(scratch, durability, 'run.zarr');
      const random = generator(seed);
      let acknowledged = 0;
      let unfinished = 0;
      let turn = 20; // ms that a commit takes here and now
      for (let i = 0; i < KILLS; i += 1) {
        const moment = random(5) === 0 ? { lines: 0, ms: random(150) }
          : { lines: 1 + random(3), ms: (turn * random(150)) / 100 };
        const { said, turns } = await live([root, durability, String(acknowledged)], moment);
        for (const line of said) {
          ok(/^(ready )?\d+$/.test(line), `seed ${seed}, kill ${i}: ${said.join('\n')}`);
          acknowledged = Number(line.replace('ready ', ''));
        }
        for (const ms of turns) turn = 0.8 * turn + 0.2 * ms;
        if (fs.existsSync(path.join(root, '.bores-writer/commit'))) unfinished += 1;
      }
      ok(acknowledged > KILLS / 2, `${acknowledged} batches in all`);
      const storage = await DirectoryStorage.open(root);
      await (await storage.openWriter()).close();
      await countBatches(storage, acknowledged);
      deepEqual(fs.readdirSync(path.dirname(root)), ['run.zarr'], 'what is left beside it');
      ok(unfinished > 0, 'some were killed between a decision and its end');
    });
  }
});
