// SPDX-License-Identifier: MIT
// An analysis in a browser: the answers that were computed independently, from a zip over HTTP and from
// one that a user hands over; of the first only what is needed is fetched.

import { ModelAnalyst, openStore } from '../../js/index.js';
import { equal, ok } from '../helpers/storage/assert.js';
import { problemOf } from '../js/analysis/expected.js';
import { host, test } from './harness.js';

/** @param {string} location */
const json = async (location) => (await fetch(location)).json();

/** @param {ModelAnalyst} analyst @param {any[]} results */
async function check(analyst, results) {
  for (const expected of results) {
    const problem = await problemOf(analyst, expected);
    ok(problem === undefined, `${expected.name}(${JSON.stringify(expected.args)}) ${problem}`);
  }
}

for (const run of ['head/wf_f64_chunks4_lzf', 'guide/wf_f64_chunks4_lzf']) {
  test(`${run}: every answer, over HTTP and from a file`, async () => {
    const { zip } = await host('run', run);
    const { views } = await json(`${await host('answers')}/stores/${run.replace('/', '_')}.json`);
    const url = new URL(zip, location.href).href;
    for (const from of [url, new File([await (await fetch(url)).blob()], 'run.zarr.zip')]) {
      const store = await openStore(from, { mode: 'r' });
      let seen = 0;
      const analyst = await ModelAnalyst.from(store, { onProgress: () => { seen++; } });
      equal(seen, views[0].indices.length);
      await check(analyst, views[0].results);
      analyst.close();
      await store.close();
    }
  });
}

test('declines and tanks from JSON', async () => {
  const folder = await host('answers');
  const { cases } = await json(`${folder}/synthetic/cases.json`);
  for (const name of ['tank_combined', 'decline_hyperbolic', 'nan_fvf']) {
    const { file, results } = cases.find((/** @type {any} */ one) => one.case === name);
    const store = await openStore(new URL(`${folder}/synthetic/${file}`, location.href).href,
      { mode: 'r' });
    const analyst = await ModelAnalyst.from(store);
    await check(analyst, results);
    analyst.close();
    await store.close();
  }
});
