// SPDX-License-Identifier: MIT
// One writer for a directory, over threads and processes: what a live owner keeps, and what a dead
// one leaves.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import { loadNode } from '../../../../js/core/host.js';
import { DirectoryStorage } from '../../../../js/storage/node/node-directory.js';
import { identity } from '../../../../js/storage/node/node-lock.js';
import { thisProcess } from '../../../../js/storage/node/node-process.js';
import { deepEqual, equal, fails, ok } from '../../../helpers/storage/assert.js';
import { noise } from '../../../helpers/storage/content.js';
import { contentOf, entry, sameContent } from '../writer-contract.js';

/** @import { LockRecord } from '../../../../js/storage/node/node-lock.js' */

const node = await loadNode();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-lock-'));
const holder = fileURLToPath(new URL('../../../helpers/storage/writer-holder.js', import.meta.url));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A new store, and how to open a writer of it. */
async function newStore() {
  const root = path.join(fs.mkdtempSync(path.join(scratch, 'place-')), 'run.zarr');
  const openWriter = async () => (await DirectoryStorage.open(root, { create: true })).openWriter();
  const writer = await openWriter();
  await writer.commit({ puts: [...entry(0)] });
  await writer.close();
  return { root, openWriter };
}

/**
 * A lock file as another process would have written it.
 * @param {string} root
 * @param {Partial<LockRecord>} differences
 */
function leaveLock(root, differences) {
  fs.mkdirSync(`${root}/.bores-writer`);
  const record = { ...thisProcess(node), root: identity(node, root), since: Date.now() - 5000, ...differences };
  fs.writeFileSync(`${root}/.bores-writer/lock-other`, JSON.stringify(record));
}

/**
 * A process that holds the writer until it is killed or its input ends.
 * @param {string[]} args
 */
function start(...args) {
  const child = spawn(process.execPath, [holder, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = new Promise((resolve) => { child.stdout.once('data', (data) => resolve(String(data).trim())); });
  const ended = new Promise((resolve) => { child.once('close', resolve); });
  return { child, said, ended };
}

/** The pid of a process that has ended. */
async function deadPid() {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => { child.once('close', resolve); });
  return /** @type {number} */ (child.pid);
}

describe('directory: the lock', () => {
  test('another process has it, until it is killed', async () => {
    const { root, openWriter } = await newStore();
    const { child, said, ended } = start('hold', root);
    equal(await said, 'held');
    await fails(openWriter, 'ERR_LOCKED', `process ${child.pid}`, os.hostname(), 'lock-');
    child.kill('SIGKILL');
    await ended;
    const writer = await openWriter();
    await writer.commit({ puts: [['a', noise(1, 1)]] });
    await writer.close();
    deepEqual(fs.readdirSync(root).sort(), ['.zattrs', 'a', 'entry_0']);
  });

  test('a thread has it, until it is terminated', async () => {
    const { root, openWriter } = await newStore();
    const worker = new Worker(holder, { argv: ['hold', root], stdout: true });
    await new Promise((resolve) => { worker.stdout.once('data', resolve); });
    await new Promise((resolve) => { setTimeout(resolve, 300); }); // longer than a mere attempt
    await fails(openWriter, 'ERR_LOCKED', `process ${process.pid}`);
    await worker.terminate();
    await (await openWriter()).close();
  });

  const elsewhere = { host: 'elsewhere', pid: 1 };
  for (const [what, live, differences] of /** @type {[string, boolean, () => any][]} */ ([
    ['of a process that has ended', false, async () => ({ pid: await deadPid() })],
    ['of a process whose number was given again', false, () => ({ pid: process.ppid, started: '1' })],
    ['of this pid before the machine was started again', false, () => ({ boot: 'another' })],
    ['of this pid, which has nothing open', false, () => ({})],
    ['of another folder, that this one is a copy of', false, () => ({ ...elsewhere, root: '1:2' })],
    ['of a process on another machine', true, () => elsewhere],
    ['of a process in another container', true, () => ({ pid: 1, namespace: 'pid:[1]' })],
  ])) {
    test(`a lock ${what} ${live ? 'holds' : 'is taken over'}`, async () => {
      const { root, openWriter } = await newStore();
      leaveLock(root, await differences());
      if (live) {
        await fails(openWriter, 'ERR_LOCKED', 'process 1', 'lock-other');
      } else {
        const writer = await openWriter();
        deepEqual(fs.readdirSync(`${root}/.bores-writer`).filter((name) => name === 'lock-other'), []);
        await writer.close();
      }
    });
  }

  test('a page in a browser is not written beside', async () => {
    const { root, openWriter } = await newStore();
    leaveLock(root, { browser: 'of a page', pid: 0 });
    await fails(openWriter, 'ERR_LOCKED', 'a page in a browser', 'lock-other');
    fs.rmSync(`${root}/.bores-writer/lock-other`);
    await (await openWriter()).close();
  });

  test('a lock that a power failure emptied is taken over', async () => {
    const { root, openWriter } = await newStore();
    leaveLock(root, {});
    fs.writeFileSync(`${root}/.bores-writer/lock-other`, '');
    fs.writeFileSync(`${root}/.bores-writer/new-half`, '{"pi');
    await (await openWriter()).close();
    equal(fs.existsSync(`${root}/.bores-writer`), false);
  });

  test('a copied store has a writer of its own', async () => {
    const { root, openWriter } = await newStore();
    const writer = await openWriter();
    fs.cpSync(root, `${root}-copy`, { recursive: true });
    const copy = await (await DirectoryStorage.open(`${root}-copy`)).openWriter();
    await copy.commit({ puts: [['a', noise(1, 1)]] });
    await copy.close();
    await writer.close();
    sameContent(await contentOf(await DirectoryStorage.open(root)), entry(0));
  });

  test('of processes that race for a stale lock, one at a time has it', async () => {
    const { root } = await newStore();
    const log = `${root}-log`;
    leaveLock(root, { pid: await deadPid() });
    const racers = Array.from({ length: 4 }, (_, i) => start('race', root, log, String(i)));
    await Promise.all(racers.map(({ ended }) => ended));
    const lines = fs.readFileSync(log, 'utf8').trim().split('\n');
    equal(lines.length, 4 * 10 * 2, 'turns');
    for (let i = 0; i < lines.length; i += 2) {
      const [who, what] = lines[i].split(' ');
      ok(what === 'enters' && lines[i + 1] === `${who} leaves`, `${lines[i]}, ${lines[i + 1]}`);
    }
    equal((await contentOf(await DirectoryStorage.open(root))).get('turns')?.length, 40);
  });
});
