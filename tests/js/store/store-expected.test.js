// SPDX-License-Identifier: MIT
// Every value that BORES reads from its own stores is what we read: from folders, zips and a web
// server. (tests/browser/store.browser.js does the same from IndexedDB.)
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { ZarrStore, openStore } from '../../../js/index.js';
import { RUNS, runConsolidated, runExpected, runFolder, runZip } from '../../helpers/fixtures.js';
import { allDifferences, compareArray, compareSparse, names } from '../../helpers/expected.js';
import { serveFiles } from '../../helpers/file-server.js';
import { using } from '../../helpers/with-store.js';

/** @import { RunName } from '../../helpers/fixtures.js' */

const SHOWN = 20;

/** @param {string[]} differences */
function assertNone(differences) {
  assert.equal(differences.length, 0,
    `${differences.length} differences:\n${differences.slice(0, SHOWN).join('\n')}`);
}

/** @param {unknown} location @param {RunName} run */
async function compare(location, run) {
  await using(openStore(location), async (store) => {
    assert.ok(store instanceof ZarrStore);
    assertNone(await allDifferences(store, runExpected(run)));
  });
}

for (const run of RUNS) {
  test(`${run} from its folder`, () => compare(runFolder(run), run));
  test(`${run} from a zip`, () => compare(runZip(run), run));
}

describe('over HTTP', () => {
  /** @type {Awaited<ReturnType<typeof serveFiles>>} */
  let server;
  before(async () => {
    server = await serveFiles();
  });
  after(() => server.close());

  // Thousands of requests each, so one run of each version, and of each way in which BORES stores one.
  for (const run of /** @type {RunName[]} */ (['guide/wf_f64_chunks4_lzf', 'head/wf_f64_wire', 'head/wf_f32_ckpt',
    'wheel/wf_f64'])) {
    test(`${run} from a folder with .zmetadata`, async () => {
      const url = server.addFolder(run, runFolder(run),
        new Map([['.zmetadata', runConsolidated(run)]]));
      await compare(url, run);
    });
  }

  for (const run of RUNS) {
    test(`${run} from a zip by ranges`, async () => {
      const url = server.addFile(`${run}.zip`, runZip(run));
      await compare(url, run);
      assert.ok(server.requests(`${run}.zip`).every(({ range }) => range !== undefined),
        'a request without a range fetches the whole zip');
    });
  }
});

for (const run of /** @type {RunName[]} */ (['guide/wf_f64_ckpt', 'head/wf_f32_ckpt',
  'wheel/wf_f64', 'head/wf_f64_wire_ckpt', 'head/wf_f64_chunks4_lzf'])) {
  const inFolder = (/** @type {(store: ZarrStore) => Promise<void>} */ use) => () =>
    using(new ZarrStore(runFolder(run)), use);

  test(`${run}: each array read alone`, inFolder(async (store) => {
    const { entries } = runExpected(run);
    const expected = entries[entries.length - 1];
    /** @type {string[]} */
    const differences = [];
    for (const [path, array] of Object.entries(expected.arrays)) {
      compareArray(path, await store.read(-1, names(path)), array, differences);
    }
    for (const [path, tensor] of Object.entries(expected.sparse ?? {})) {
      compareSparse(path, await store.read(-1, names(path)), tensor, differences);
    }
    for (const [path, value] of Object.entries(expected.scalars)) {
      if (value !== null && typeof value !== 'object') {
        assert.equal(await store.read(-1, names(path)), value, path);
      }
    }
    assertNone(differences);
  }));

  test(`${run}: the inventory lists each array`, inFolder(async (store) => {
    const [expected] = runExpected(run).entries;
    const items = new Map((await store.inventory(0)).map((item) => [item.names.join('/'), item]));
    for (const [path, { shape, dtype }] of Object.entries(expected.arrays)) {
      assert.deepEqual(items.get(path)?.shape, shape, path);
      assert.equal(items.get(path)?.dtype, dtype, path);
    }
    for (const [path, { shape, keys }] of Object.entries(expected.sparse ?? {})) {
      assert.deepEqual(items.get(path)?.shape, shape, path);
      assert.equal(items.get(path)?.sparse, keys.length, path);
    }
  }));
}

for (const run of RUNS) {
  test(`${run} verifies`, () => using(new ZarrStore(runFolder(run)), async (store) => {
    const { ok, problems, entries, arrays } = await store.verify();
    assert.deepEqual(problems, []);
    assert.ok(ok);
    const expected = runExpected(run);
    assert.equal(entries, expected.count);
    const listed = expected.entries.flatMap((entry) => Object.keys(entry.arrays)).length;
    assert.ok(arrays >= listed, `${arrays} arrays were checked, there are ${listed}`);
  }));
}
