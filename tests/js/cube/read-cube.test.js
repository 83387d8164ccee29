// SPDX-License-Identifier: MIT
// An analysis of a cube: what the run itself answers, from what it needs of the cube and no more.
import assert from 'node:assert/strict';
import fs, { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { ModelAnalyst, exportCube, openArray, openCube, openStore } from '../../../js/index.js';
import { Kernel } from '../../../js/analysis/kernel.js';
import { serveFiles } from '../../helpers/file-server.js';
import { runFolder } from '../../helpers/fixtures.js';

const work = mkdtempSync(path.join(tmpdir(), 'bores-read-cube-'));
after(() => rmSync(work, { recursive: true, force: true }));
const at = (/** @type {string} */ name) => path.join(work, name);

/** @param {'head/wf_f64' | 'guide/wf_f64'} run @param {string} target @param {any} options */
async function exported(run, target, options) {
  const store = await openStore(runFolder(run), { mode: 'r' });
  await exportCube(store, at(target), { verify: false, ...options });
  await store.close();
}

before(async () => {
  await exported('head/wf_f64', 'rates.zarr', { rates: true });
  await exported('head/wf_f64', 'chunks.zarr', { zarrFormat: 2, chunks: [8, 5, 8, 3] });
});

/** Histories of fields that wells have no part in. */
const HISTORIES = /** @type {const} */ (['reservoirVolumetricsHistory', 'materialBalanceHistory',
  'cumulativeProductionHistory', 'instantaneousRatesHistory', 'vrrHistory', 'mrHistory', 'sweepEfficiencyHistory']);

/** @param {any} got @param {any} want @param {string} where */
function assertClose(got, want, where) {
  if (typeof want === 'number') {
    // A cube's times are days, a state's seconds: an interval may differ in the last digits.
    assert.ok(Object.is(got, want) || Math.abs(got - want) <= 1e-9 * Math.abs(want), `${where}: ${got}, not ${want}`);
  } else if (typeof want === 'object' && want !== null) {
    assert.deepEqual(Object.keys(got), Object.keys(want), where);
    for (const key of Object.keys(want)) assertClose(got[key], want[key], `${where}.${key}`);
  } else {
    assert.equal(got, want, where);
  }
}

test('a cube with rates answers as the run it was made of', async () => {
  const store = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
  const cube = await openCube(at('rates.zarr'));
  const [expected, analyst] = [await ModelAnalyst.from(store), await ModelAnalyst.from(cube)];
  for (const name of HISTORIES) assertClose(await analyst[name](), await expected[name](), name);
  assertClose(await analyst.injectionFrontAnalysis({ step: 15 }), await expected.injectionFrontAnalysis({ step: 15 }), 'front');
  assert.deepEqual([...analyst.availableSteps], [...expected.availableSteps]);
  assert.equal(analyst.approximate, expected.approximate);
  for (const one of [analyst, expected]) one.close();
  await cube.close();
  await store.close();
});

test('a cube without rates tells what is in place, and that it cannot tell what flows', async () => {
  const cube = await openCube(at('chunks.zarr'));
  const analyst = await ModelAnalyst.from(cube);
  assert.ok(analyst.stoiip > 1e6);
  assert.throws(() => analyst.oilRateHistory(), { code: 'ERR_UNSUPPORTED', message: /no rates; exportCube\(\) writes them/ });
  assert.throws(() => analyst.vectors(['FOPR']), { code: 'ERR_UNSUPPORTED' });
  await assert.rejects(async () => { for await (const _ of analyst.follow()); }, { code: 'ERR_UNSUPPORTED', message: /a cube/ });
  assert.equal((await cube.read(2, 'pressure_grid')).shape.length, 3);
  await assert.rejects(cube.read(0, 'no_grid'), { code: 'ERR_NOT_FOUND' });
  analyst.close();
  await cube.close();
  await assert.rejects(openCube(runFolder('head/wf_f64')), { code: 'ERR_NOT_FOUND', message: /no cube/ });
});

/** Names of the arrays of a cube that an analysis looks at. @param {string} folder @param {string} document */
async function needed(folder, document) {
  const { members } = await Kernel.open({});
  const isNeeded = (/** @type {string} */ name) => {
    const { bores_path: own } = JSON.parse(readFileSync(path.join(folder, name, document), 'utf8')).attributes
      ?? JSON.parse(readFileSync(path.join(folder, name, document), 'utf8'));
    return own && members.some((names) => names.every((one, n) => one === null
      || n >= own.split('.').length || one === own.split('.')[n]));
  };
  return readdirSync(folder, { withFileTypes: true }).filter((item) => item.isDirectory() && !item.name.startsWith('.'))
    .map(({ name }) => name).filter(isNeeded);
}

/** What is asked of a server while a cube on it is analysed. @param {string} folder */
async function requestsOf(folder) {
  const server = await serveFiles();
  /** @type {string[]} */ const asked = [];
  try {
    const url = server.addFolder('cube', folder);
    const cube = await openCube(url, { http: { fetch: (/** @type {any} */ from, /** @type {any} */ options) => {
      const range = new Headers(options?.headers).get('range') ?? '';
      asked.push(`${decodeURIComponent(new URL(from.url ?? from).pathname).split('cube/')[1]} ${range}`.trim());
      return fetch(from, options);
    } } });
    (await ModelAnalyst.from(cube)).close();
    await cube.close();
  } finally {
    await server.close();
  }
  return asked.filter((key) => /\/(c\/)?\d/.test(key));
}

/** The chunks whose files are opened. @param {string} folder */
async function filesOpened(folder) {
  const { openSync } = fs;
  /** @type {string[]} */ const opened = [];
  fs.openSync = (file, ...more) => {
    opened.push(path.relative(folder, String(file)));
    return openSync(file, ...more);
  };
  syncBuiltinESMExports();
  try {
    const cube = await openCube(folder);
    (await ModelAnalyst.from(cube)).close();
    await cube.close();
  } finally {
    fs.openSync = openSync;
    syncBuiltinESMExports();
  }
  return opened.filter((key) => /\/\d/.test(key));
}

test('each chunk of what is needed is asked for once, and no other, of a folder and over HTTP', async () => {
  const folder = at('chunks.zarr');
  const names = await needed(folder, '.zattrs');
  assert.ok(names.length > 20 && names.length < 40, `${names.length} arrays`);
  const chunks = [...names, 'step', 'time', 'step_size'].flatMap((name) =>
    readdirSync(path.join(folder, name)).filter((file) => /^\d/.test(file)).map((file) => `${name}/${file}`));
  assert.deepEqual((await requestsOf(folder)).sort(), chunks.sort());
  assert.deepEqual((await filesOpened(folder)).sort(), chunks.sort());
});

test('of shards over HTTP no range is asked for twice, and none of what is not needed', async () => {
  const folder = at('rates.zarr');
  const names = await needed(folder, 'zarr.json');
  const asked = await requestsOf(folder);
  assert.equal(new Set(asked).size, asked.length);
  assert.deepEqual([...new Set(asked.map((key) => key.split('/')[0]))].sort(),
    [...names, 'step', 'time', 'step_size'].sort());
});

test('rates that only steps between the first and the last have are written', async () => {
  const run = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
  const states = [];
  for await (const tree of run.load({ indices: [0, 4, 8], as: 'raw',
    fields: ['model.fluid_properties.pressure_grid', 'rates.production_rates'] })) states.push(tree);
  for (const tree of [states[0], states[2]]) delete tree.rates;
  const store = await openStore(at('between.zarr'));
  await store.dump(states);
  await exportCube(store, at('between-cube.zarr'), { rates: true, verify: false });
  const cube = await openCube(at('between-cube.zarr'));
  const grid = await cube.read(1, 'production_rates.oil');
  const rates = /** @type {import('../../../js/index.js').SparseTensor} */ (await run.read(4, 'rates.production_rates.oil'));
  assert.deepEqual([...grid.data], [...rates.toDense().data]);
  assert.ok(rates.values.size > 0);
  for (const one of [cube, store, run]) await one.close();
});

test('steps whose numbers are not written yet are none, and others are refused', async () => {
  const store = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
  await exportCube(store, at('growing.zarr'), { fields: ['pressure_grid'], verify: false });
  const count = await store.count();
  await store.close();
  const step = await openArray(at('growing.zarr'), 'step');
  await step.resize([count + 2]); // as an export does before it writes them
  await step.close();
  const cube = await openCube(at('growing.zarr'));
  assert.deepEqual([await cube.count(), cube.missing], [count, 2]);
  assert.equal((await cube.series('pressure_grid', [0, 0, 0])).step.length, count);
  for (const outside of [count, -1 - count, 0.5]) {
    const refusal = { code: 'ERR_INDEX_RANGE', message: new RegExp(`${count} steps, there is no index ${outside}`) };
    await assert.rejects(cube.series('pressure_grid', [0, 0, 0], { indices: [0, outside] }), refusal);
    await assert.rejects(async () => { for await (const _ of cube.load({ indices: [outside] })); }, refusal);
  }
  await cube.close();
});

test("statistics of a cube's property are those of the run's values, of each step and of all", async () => {
  const store = await openStore(runFolder('head/wf_f64'), { mode: 'r' });
  for (const name of ['rates.zarr', 'chunks.zarr']) {
    const cube = await openCube(at(name));
    const expected = await store.statistics('model.fluid_properties.pressure_grid', { compute: 'all' });
    assert.deepEqual(await cube.statistics('pressure_grid'), expected);
    const { entries } = await cube.statistics('pressure_grid', { indices: [-1, 3] });
    assert.deepEqual(entries, [expected.entries[24], expected.entries[3]]);
    await assert.rejects(cube.statistics('no_grid'), { code: 'ERR_NOT_FOUND', message: "the cube has no 'no_grid'" });
    await cube.close();
  }
  await store.close();
});
