// SPDX-License-Identifier: MIT
// Writers of an HDF5 file that are killed with SIGKILL at random moments, 200 in all, each checking in a
// fresh process what the one before has left; and one that is killed between the two steps that a
// commit has, and journals of it cut at every byte.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { HDF5Store } from '../../../../js/index.js';
import { deepEqual, equal, ok } from '../../../helpers/storage/assert.js';
import { SHORT_LIVED } from '../../../helpers/storage/killed-process.js';
import { numberedState, wrongStates } from '../../../helpers/storage/numbered-states.js';
import { generator } from '../writer-contract.js';

const KILLS = 100; // for each durability
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-hdf5-kill-'));
const writer = fileURLToPath(new URL('../../../helpers/storage/hdf5-kill-writer.js', import.meta.url));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/**
 * One process's life: killed so long after it was started, or after it has said so many lines.
 * @param {string[]} args
 * @param {{ ms: number, lines: number }} moment
 * @returns {Promise<string[]>}  lines
 */
function live(args, { ms, lines }) {
  const child = spawn(process.execPath, [...SHORT_LIVED, writer, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => setTimeout(() => child.kill('SIGKILL'), ms);
  if (lines === 0) kill();
  let said = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (data) => {
      const before = said.split('\n').length - 1;
      said += data;
      if (before < lines && said.split('\n').length - 1 >= lines) kill();
    });
    child.once('close', () => resolve(said.trim().split('\n').filter(Boolean)));
  });
}

describe('a writer of HDF5 that is killed', { concurrency: true }, () => {
  for (const [seed, durability] of /** @type {const} */ ([[1, 'relaxed'], [2, 'strict']])) {
    test(`${KILLS} times, ${durability}`, async () => {
      const file = path.join(fs.mkdtempSync(path.join(scratch, `${durability}-`)), 'run.h5');
      const random = generator(seed);
      let acknowledged = 0;
      for (let i = 0; i < KILLS; i += 1) {
        if (i % 25 === 24) { // a file that is small again
          fs.rmSync(file, { force: true });
          for (const name of fs.readdirSync(path.dirname(file))) fs.rmSync(path.join(path.dirname(file), name), { recursive: true });
          acknowledged = 0;
        }
        const moment = random(8) === 0 ? { lines: 0, ms: random(250) } : { lines: 1 + random(3), ms: random(40) };
        for (const line of await live([file, durability, String(acknowledged)], moment)) {
          ok(/^(ready )?\d+$/.test(line), `seed ${seed}, kill ${i}: ${line}`);
          acknowledged = Number(line.replace('ready ', ''));
        }
      }
      equal(await wrongStates(file, acknowledged), undefined);
      const store = new HDF5Store(file);
      await store.repair();
      await store.close();
      deepEqual(fs.readdirSync(path.dirname(file)), ['run.h5'], 'what is left beside it');
    });
  }
});

/** A process that is killed when its journal is whole, and nothing in place is written yet. */
const HALFWAY = `
import { HDF5Store } from '${new URL('../../../../js/index.js', import.meta.url)}';
import { NodeMedium } from '${new URL('../../../../js/storage/node/node-medium.js', import.meta.url)}';
import { numberedState } from '${new URL('../../../helpers/storage/numbered-states.js', import.meta.url)}';
const store = new HDF5Store(process.argv[1], { worker: false });
for (let i = 0; i < 3; i += 1) await store.append(numberedState(i));
const { open } = NodeMedium.prototype;
NodeMedium.prototype.open = async function opened(part, options) {
  const file = await open.call(this, part, options);
  let syncs = 0;
  const { sync } = file ?? {};
  if (part === '.journal' && options?.create) {
    file.sync = async () => {
      await sync();
      syncs += 1;
      if (syncs === 2) process.kill(process.pid, 'SIGKILL');
    };
  }
  return file;
};
await store.append(numberedState(3));
`;

/** @param {string} file */
async function killedHalfway(file) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HALFWAY, file], { stdio: 'inherit' });
  const signal = await new Promise((resolve) => { child.once('close', (_, by) => resolve(by)); });
  equal(signal, 'SIGKILL');
}

describe('a commit of HDF5 that was decided', () => {
  const file = path.join(scratch, 'run.h5');

  test('is there for readers, finished by repair(), and old where its journal is cut', async () => {
    await killedHalfway(file);
    const before = fs.readFileSync(file);
    const journal = fs.readFileSync(`${file}.journal`);
    ok(journal.length > 4000, `${journal.length} bytes of journal`);
    const store = new HDF5Store(file, { mode: 'r', worker: false });
    equal(await store.count(), 4, 'with the journal');
    deepEqual(fs.readFileSync(file).equals(before), true, 'a reader changes nothing');
    for (let cut = journal.length - 1; cut >= 0; cut -= 1) {
      fs.truncateSync(`${file}.journal`, cut);
      equal(await store.count(), 3, `cut at ${cut}`);
    }
    await store.close();
    fs.writeFileSync(`${file}.journal`, journal);
    equal(await wrongStates(file, 4), undefined);
    const repairing = new HDF5Store(file);
    deepEqual(await repairing.repair({ dryRun: true }), { dropped: [], restored: ['run.h5'], unfinished: [], count: null });
    deepEqual(await repairing.repair(), { dropped: [], restored: ['run.h5'], unfinished: [], count: null });
    await repairing.append(numberedState(4));
    await repairing.close();
    equal(fs.existsSync(`${file}.journal`), false);
    equal(await wrongStates(file, 5), undefined);
  });
});
