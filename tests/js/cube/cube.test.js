// SPDX-License-Identifier: MIT
// A run as a cube: every value is what BORES reads from the run; later steps are appended; a column
// through all steps comes with a few requests.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { ZarrStore, copyStore, cubeSeries, exportCube, openNode } from '../../../js/index.js';
import { cubePieces } from '../../../js/cube/cube-layout.js';
import { togetherInMemory } from '../../../js/cube/cube-slab.js';
import { openStorage } from '../../../js/storage/location.js';
import { runExpected, runFolder } from '../../helpers/fixtures.js';
import { serveFiles } from '../../helpers/file-server.js';
import { bores } from '../../helpers/run-bores.js';

const RUN = 'guide/wf_f64';
const work = mkdtempSync(path.join(tmpdir(), 'bores-cube-'));
after(() => rmSync(work, { recursive: true, force: true }));
const { entries } = runExpected(RUN);
const PRESSURE = 'model/fluid_properties/pressure_grid';

/** @param {(store: ZarrStore) => Promise<void>} use @param {string} [folder] */
async function withRun(use, folder = runFolder(RUN)) {
  const store = new ZarrStore(folder, { mode: 'r' });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

/** @param {unknown} cube */
async function assertCube(cube) {
  const root = await openNode(cube);
  assert.equal(root.attributes.bores_cube, 1);
  const step = await (await root.open('step')).read(), time = await (await root.open('time')).read();
  assert.deepEqual([...step.data].map(Number), entries.map((entry) => entry.step));
  assert.deepEqual([...time.data], entries.map((entry) => entry.time / 86_400));
  const node = await root.open('pressure_grid');
  assert.equal(node.attributes.units, 'psi');
  const pressure = await node.read();
  for (const [at, { arrays }] of entries.entries()) {
    const expected = arrays[PRESSURE];
    assert.deepEqual(pressure.shape.slice(1), expected.shape);
    for (const [index, value] of expected.at) assert.equal(pressure.get(at, ...index), Number(value));
    assert.ok(Math.abs(/** @type {any} */ (pressure.at(at)).sum() - Number(expected.sum)) <= 1e-9 * Math.abs(Number(expected.sum)));
  }
  await root.close();
}

for (const zarrFormat of /** @type {const} */ ([3, 2])) {
  test(`every step, version ${zarrFormat}`, () => withRun(async (store) => {
    const cube = path.join(work, `cube${zarrFormat}.zarr`);
    /** @type {number[]} */ const done = [];
    const fields = ['pressure_grid', 'oil_saturation_grid', 'absolute_permeability.x', 'water_imbibition_flag_grid'];
    const result = await exportCube(store, cube, { zarrFormat, fields, onProgress: (progress) => done.push(progress.done) });
    assert.equal(result.steps, entries.length);
    assert.equal(done.at(-1), entries.length);
    await assertCube(cube);
    const again = await exportCube(store, cube, { zarrFormat, fields });
    assert.equal(again.appended, 0);
  }));
}

test('later steps are appended, in shards that are not yet full', async () => {
  const part = path.join(work, 'part.zarr'), cube = path.join(work, 'grown.zarr');
  await withRun(async (store) => {
    const target = new ZarrStore(part);
    await copyStore(store, target, { select: (_, position) => position < 7 });
    const chunks = [4, 5, 4, 4], fields = ['pressure_grid', 'oil_saturation_grid'];
    await exportCube(target, cube, { chunks, shards: [8, 10, 8, 4], fields });
    await target.close();
    const result = await exportCube(store, cube, { chunks, shards: [8, 10, 8, 4], fields });
    assert.equal(result.appended, entries.length - 7);
  });
  await assertCube(cube);
});

test('chunks are columns of at most 128 KB, of files 256 KB, and shards are made of whole ones', () => {
  for (const shape of [[32, 38, 15], [1, 1, 3], [1, 1, 5_000_000], [300, 1, 1], [7, 1000, 2], [215, 215, 215]]) {
    for (const [format, most] of /** @type {[2 | 3, number][]} */ ([[2, 2 ** 18], [3, 2 ** 17]])) {
      for (const steps of [1, 21, 1000]) {
        const { chunks, shards } = cubePieces(shape, 8, steps, format);
        const bytes = chunks.reduce((product, n) => product * n, 8);
        assert.ok(bytes <= most, `${chunks}: ${bytes} bytes`);
        const isWhole = chunks.slice(1).every((n, d) => n === shape[d]);
        assert.ok(isWhole || bytes > most / 4, `${chunks} of ${shape}: ${bytes} bytes`);
        chunks.forEach((n, d) => assert.equal(shards[d] % n, 0, `${shards} in ${chunks}`));
      }
    }
  }
});

test('a cell through time is what the entries have, in few requests over HTTP', () => withRun(async (store) => {
  const cube = path.join(work, 'http.zarr');
  await exportCube(store, cube, { fields: ['pressure_grid'], chunks: [entries.length, 3, 3, 2] });
  const server = await serveFiles();
  try {
    const url = server.addFolder('cube.zarr', cube);
    const series = await cubeSeries(url, 'pressure_grid', [4, 5, 2]);
    const expected = await store.series('model.fluid_properties.pressure_grid', [4, 5, 2]);
    assert.deepEqual(series.step, expected.step);
    assert.deepEqual(series.value, expected.value);
    // days and back to seconds: two roundings
    series.time.forEach((time, i) => assert.ok(Math.abs(time - expected.time[i]) <= 4 * Number.EPSILON * time));
    const parts = server.requests('cube.zarr').filter(({ range }) => range !== undefined);
    assert.equal(parts.length, 2, 'the index and one inner chunk');
  } finally {
    await server.close();
  }
}));

/**
 * A storage whose process ends before a commit. That a commit is whole or not at all is the storages' own
 * tests' matter.
 * @param {string} location
 * @param {number} last  commits that are made
 */
async function endingAfter(location, last) {
  const storage = await openStorage(location, { create: true });
  let commits = 0;
  return { get commits() { return commits; }, storage: new Proxy(storage, { get(target, name) {
    const value = /** @type {any} */ (target)[name];
    if (name === 'openWriter') {
      return async (/** @type {any} */ options) => {
        const writer = await target.openWriter?.(options);
        const commit = writer?.commit.bind(writer);
        return Object.assign(/** @type {any} */ (writer), { commit: async (/** @type {any[]} */ ...args) => {
          if (commits === last) throw new Error('ended');
          commits += 1;
          return /** @type {any} */ (commit)(...args);
        } });
      };
    }
    return typeof value === 'function' ? value.bind(target) : value;
  } }) };
}

test('ended between any two commits, an export goes on where it was', () => withRun(async (store) => {
  const options = { fields: ['pressure_grid'], chunks: [4, 10, 10, 3], shards: [8, 10, 10, 3] };
  const whole = await endingAfter('memory:cube-whole', Infinity);
  await exportCube(store, whole.storage, options);
  assert.ok(whole.commits > 20, `${whole.commits} commits`);
  for (let last = 0; last < whole.commits; last += 1) {
    const location = `memory:cube-ended-${last}`;
    await assert.rejects(exportCube(store, (await endingAfter(location, last)).storage, options), /ended/);
    await exportCube(store, location, options);
    await assertCube(location);
  }
}));

test('what a storage keeps otherwise than it was written is told, by the property', () => withRun(async (store) => {
  const damaging = async (/** @type {string} */ location) => {
    const storage = await openStorage(location, { create: true });
    return new Proxy(storage, { get(target, name) {
      const value = /** @type {any} */ (target)[name];
      if (name !== 'openWriter') return typeof value === 'function' ? value.bind(target) : value;
      return async () => {
        const writer = /** @type {any} */ (await target.openWriter?.());
        const commit = writer.commit.bind(writer);
        return Object.assign(writer, { commit: ({ puts }) => commit({ puts: puts.map(([key, bytes]) =>
          [key, key.startsWith('pressure_grid/c/') ? bytes.map((byte, i) => byte ^ Number(i === 100)) : bytes]) }) });
      };
    } });
  };
  const fields = ['oil_saturation_grid', 'pressure_grid'];
  await assert.rejects(exportCube(store, await damaging('memory:cube-damaged'), { fields }),
    { code: 'ERR_CORRUPT', path: 'pressure_grid', message: /pressure_grid\/c\/0\/0\/0\/0 is not what was written/ });
  await exportCube(store, await damaging('memory:cube-unseen'), { fields, verify: false });
}));

test('properties are held together as far as 64 MiB take them, one at least', () => {
  const properties = ['<f8', '<f4', '|b1', '<f4', '<f8', '<f8'].map((dtype) => /** @type {any} */ ({ dtype }));
  const sizes = (/** @type {number} */ elements) =>
    [...togetherInMemory(properties, elements)].map((group) => group.map(({ dtype }) => dtype).join(' '));
  assert.deepEqual(sizes(4 * 2 ** 20), ['<f8 <f4 |b1', '<f4 <f8', '<f8'], 'at most 16 bytes for an element of each');
  assert.deepEqual(sizes(2 ** 30), ['<f8', '<f4', '|b1', '<f4', '<f8', '<f8']);
});

test('a cube of another run, or of other properties, is not gone on with', () => withRun(async (store) => {
  const cube = path.join(work, 'own.zarr'), other = path.join(work, 'other.zarr');
  await withRun(async (another) => {
    const target = new ZarrStore(other);
    await copyStore(another, target, { select: (_, position) => position % 2 === 0 && position < 6 });
    await exportCube(target, cube, { fields: ['pressure_grid'] });
    await target.close();
  });
  await assert.rejects(exportCube(store, cube, { fields: ['pressure_grid'] }),
    { code: 'ERR_NOT_EMPTY', message: /another run: at 1 step 2, day .*, the run step 1, day/ });
  await withRun(async (same) => {
    await assert.rejects(exportCube(same, cube, { fields: ['pressure_grid', 'oil_saturation_grid'] }),
      { code: 'ERR_NOT_EMPTY', path: 'oil_saturation_grid', message: /3 steps without/ });
    await assert.rejects(exportCube(same, cube, { fields: ['oil_saturation_grid'] }),
      { code: 'ERR_NOT_EMPTY', path: 'pressure_grid', message: /not exported now/ });
    assert.equal((await exportCube(same, cube, { fields: ['pressure_grid'] })).appended, 0);
  }, other);
}));

test('what cannot be a cube says so', () => withRun(async (store) => {
  await assert.rejects(exportCube(store, path.join(work, 'x.zarr'), { fields: ['no_such_grid'] }),
    { code: 'ERR_NOT_FOUND', message: /no_such_grid/ });
  for (const place of [String(store.source), path.join(String(store.source), 'cube.zarr')]) {
    await assert.rejects(exportCube(store, place), { code: 'ERR_ARGUMENT', message: /which is read: .* nothing was touched/ });
  }
  await assert.rejects(exportCube(store, path.join(work, 'part.zarr')), { code: 'ERR_NOT_EMPTY' });
}));

test('bores export, as its users call it', async () => {
  const cube = path.join(work, 'cli.zarr');
  const main = fileURLToPath(new URL('../../../js/cli/main.js', import.meta.url));
  const bores = (/** @type {string[]} */ ...args) => execFileSync(process.execPath, [main, ...args], { encoding: 'utf8' });
  const result = JSON.parse(bores('export', runFolder(RUN), cube, '--layout', 'cube', '--fields', 'pressure_grid', '--json'));
  assert.equal(result.appended, entries.length);
  assert.deepEqual(result.properties, ['pressure_grid']);
  await assertCube(cube);
  assert.throws(() => bores('export', runFolder(RUN), cube, '--layout', 'sphere'), /sphere/);
});

test("depths are the cells' centres, counted by hand", () => withRun(async (store) => {
  const cube = path.join(work, 'depth.zarr');
  await exportCube(store, cube, { fields: ['pressure_grid'] });
  const root = await openNode(cube);
  const depth = await (await root.open('depth')).read();
  const [model] = [(await store.load({ indices: [0], as: 'raw' }).next()).value.model];
  const radians = (/** @type {unknown} */ degrees) => Number(degrees ?? 0) * Math.PI / 180;
  const [dx, dy] = Array.from(model.cell_dimension.data ?? model.cell_dimension, Number);
  const [nx, ny, nz] = depth.shape;
  for (let i = 0; i < nx; i += 1) {
    for (let j = 0; j < ny; j += 1) {
      // A plane through the centres that deepens towards the azimuth, which is counted from +y towards +x.
      const along = i * dx * Math.sin(radians(model.dip_azimuth)) + j * dy * Math.cos(radians(model.dip_azimuth));
      let top = Number(model.datum_depth ?? 0) + along * Math.tan(radians(model.dip_angle));
      for (let k = 0; k < nz; k += 1) {
        const thickness = Number(model.thickness_grid.get(i, j, k));
        assert.ok(Math.abs(depth.get(i, j, k) - (top + thickness / 2)) < 1e-6 * (1 + top), `${[i, j, k]}`);
        top += thickness;
      }
    }
  }
  await root.close();
}));

test('bores series of a cube reads its column', () => withRun(async () => {
  const cube = path.join(work, 'depth.zarr');
  const { stdout } = await bores(['series', cube, 'pressure_grid', '4,5,2', '--json']);
  const { path: name, step, cells } = JSON.parse(stdout);
  assert.equal(name, 'model.fluid_properties.pressure_grid');
  assert.equal(step.length, entries.length);
  const { value } = await cubeSeries(cube, 'pressure_grid', [4, 5, 2]);
  assert.deepEqual(cells[0].values, [...value]);
}));
