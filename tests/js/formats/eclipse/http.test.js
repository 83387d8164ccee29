// SPDX-License-Identifier: MIT
// Runs on a web server whose steps have a file each: found by the server's page of the folder, or by counting; and a
// run that grows while it is followed. Expected: the steps and rows that resfo 5.0.1 finds in the same folders.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

import { openStore } from '../../../../js/index.js';
import { eclipseRuns } from '../../../helpers/fixtures.js';
import { serveFiles } from '../../../helpers/file-server.js';

/** @import { EclipseStore } from '../../../../js/index.js' */

const runs = eclipseRuns();
const temporary = mkdtempSync(path.join(tmpdir(), 'bores-eclipse-http-'));
const plain = await serveFiles();
/** Makes a page of a folder, as Python's http.server does, and sends files whole. */
const listing = http.createServer((request, response) => {
  const file = path.join(runs, decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname));
  if (!file.endsWith('/')) {
    if (existsSync(file)) response.end(readFileSync(file));
    else response.writeHead(404).end();
    return;
  }
  const items = readdirSync(file).map((name) => `<li><a href="${encodeURIComponent(name)}">${name}</a></li>`);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.end(`<a href="../">..</a><ul>${items.join('\n')}</ul>`);
});
await new Promise((resolve) => { listing.listen(0, '127.0.0.1', () => resolve(undefined)); });
const { port } = /** @type {import('node:net').AddressInfo} */ (listing.address());
after(async () => {
  rmSync(temporary, { recursive: true });
  await plain.close();
  listing.closeAllConnections();
  listing.close();
});

/** @param {string} url */
async function stepsAndRows(url) {
  const store = /** @type {EclipseStore} */ (await openStore(url, { worker: false }));
  try {
    const steps = (await store.entries()).map(({ meta }) => meta.step);
    return { steps, rows: (await store.vectors(['TIME']))[0].values.length };
  } finally {
    await store.close();
  }
}

for (const [name, files, expected] of /** @type {[string, string[], { steps: number[], rows: number }][]} */ ([
  ['SPE1_SEPARATE', ['X0002', 'SMSPEC'], { steps: [0, 1, 2, 3, 4], rows: 12 }],
  ['FORMATTED_SEPARATE', ['F0001'], { steps: [0, 1, 2], rows: 13 }]])) {
  test(`${name}: names from the page of the folder, or counted`, async () => {
    const folder = plain.addFolder(name, path.join(runs, name));
    for (const file of files) {
      assert.deepEqual(await stepsAndRows(`${folder}/${name}.${file}`), expected, file);
    }
    assert.deepEqual(await stepsAndRows(`http://127.0.0.1:${port}/${name}/${name}.${files[0]}`), expected);
  });
}

test('report steps far apart, in small letters: counting goes up and down from the one that was named', async () => {
  const folder = path.join(temporary, 'small');
  cpSync(path.join(runs, 'SPE1_SEPARATE'), folder, { recursive: true });
  for (const name of readdirSync(folder)) renameSync(path.join(folder, name), path.join(folder, name.toLowerCase()));
  const at = (/** @type {number} */ n) => path.join(folder, `spe1_separate.x${String(n).padStart(4, '0')}`);
  for (const [before, now] of [[4, 30], [3, 20], [2, 10]]) renameSync(at(before), at(now));
  const url = plain.addFolder('small', folder);
  assert.deepEqual((await stepsAndRows(`${url}/spe1_separate.x0020`)).steps, [0, 1, 10, 20, 30]);
});

test('a run that grows is followed, step by step, from a folder and from a server', async () => {
  const folder = path.join(temporary, 'growing');
  cpSync(path.join(runs, 'SPE1'), folder, { recursive: true });
  const restart = path.join(folder, 'SPE1.UNRST'), whole = readFileSync(restart);
  const ends = [];
  for (let at = whole.indexOf('SEQNUM', 8); at >= 0; at = whole.indexOf('SEQNUM', at + 1)) ends.push(at - 4);
  for (const location of [folder, `${plain.addFolder('growing', folder)}/SPE1.UNRST`]) {
    writeFileSync(restart, whole.subarray(0, ends[1] + 100)); // two steps, and the third has begun
    const store = await openStore(location, { worker: false });
    const ending = new AbortController(), steps = [];
    const { signal } = ending;
    for await (const state of store.follow({ pollMs: 5, signal, fields: ['step'] })) {
      steps.push(state.step);
      if (steps.length === 2) writeFileSync(restart, whole.subarray(0, ends[2]));
      if (steps.length === 3) writeFileSync(restart, whole.subarray(0, ends[4] + 4000));
      if (steps.length === 5) break;
    }
    assert.deepEqual(steps, [0, 1, 2, 3, 4]);
    await store.close();
  }
});
