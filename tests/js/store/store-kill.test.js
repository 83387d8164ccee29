// SPDX-License-Identifier: MIT
// Processes that append and dump states and are killed with SIGKILL at random moments, 200 in all: the
// next process finds every state whose append had resolved, bit for bit, nothing half, no state
// twice, and goes on.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ZarrStore } from '../../../js/index.js';
import { RandomMoments, heard, live } from '../../helpers/storage/killed-process.js';
import { countTurns } from '../../helpers/store-plan.js';
import { using } from '../../helpers/with-store.js';

const KILLS = 100; // for each
const writer = fileURLToPath(new URL('./kill-store.js', import.meta.url));
const work = mkdtempSync(path.join(tmpdir(), 'bores-kill-'));
after(() => rmSync(work, { recursive: true, force: true }));

describe('a process that appends and dumps', { concurrency: true }, () => {
  for (const [name, options] of Object.entries({
    nested: { durability: 'strict' },
    flat: { layout: 'flat', durability: 'relaxed', worker: true, consolidate: true },
  })) {
    test(`killed ${KILLS} times, ${name}`, async () => {
      const folder = path.join(work, name, 'run.zarr');
      const moments = new RandomMoments(11);
      let acknowledged = 0;
      for (let i = 0; i < KILLS; i += 1) {
        const args = [writer, folder, JSON.stringify(options), String(acknowledged)];
        const { said, turns } = await live(args, moments.next());
        acknowledged = heard(said, acknowledged);
        moments.learn(turns);
      }
      assert.ok(acknowledged > KILLS / 2, `${acknowledged} turns in all`); // half have said two lines
      await using(new ZarrStore(folder), async (store) => {
        await store.repair();
        await countTurns(store, acknowledged);
        assert.deepEqual((await store.verify()).problems, []);
      });
      assert.deepEqual(readdirSync(path.dirname(folder)), ['run.zarr'], 'what is left beside it');
      assert.deepEqual(readdirSync(folder).filter((entry) => entry.startsWith('.bores')), []);
    });
  }
});
