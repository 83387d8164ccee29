// SPDX-License-Identifier: MIT
// A browser that does not answer any more, and a run that is told to end, end all the same.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

import { endBrowser, within } from '../helpers/endings.mjs';

const never = new Promise(() => {});

test('a wait for an end has an end, whether that comes, fails or stays away', async () => {
  assert.equal(await within(5, never), false);
  assert.equal(await within(60_000, Promise.resolve()), true);
  assert.equal(await within(60_000, Promise.reject(new Error('the connection is dead'))), true);
});

test('a browser whose connection is dead is killed', async () => {
  /** @type {string[]} */
  const signals = [];
  const dead = /** @type {any} */ ({ close: () => never, process: () => ({ kill: (/** @type {string} */ signal) => signals.push(signal) }) });
  await endBrowser(dead, 5);
  assert.deepEqual(signals, ['SIGKILL']);
});

test('one SIGTERM ends the run, and the browser with it', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', `
    import { endsWithUs } from ${JSON.stringify(new URL('../helpers/endings.mjs', import.meta.url).href)};
    endsWithUs({ process: () => ({ kill: (signal) => process.stdout.write('browser: ' + signal) }) });
    setInterval(() => {}, 1000);
    process.stdout.write('running ');
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data) => {
    if (said === '') child.kill('SIGTERM');
    said += data;
  });
  const code = await new Promise((resolve) => { child.once('close', resolve); });
  assert.equal(said, 'running browser: SIGKILL');
  assert.equal(code, 143);
});
