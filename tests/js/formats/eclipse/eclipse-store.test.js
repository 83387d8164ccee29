// SPDX-License-Identifier: MIT
// Runs of OPM Flow through the public API. Expected values: resfo 5.0.1 and resdata 6.3.5.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import {
  BoresError, EclipseStore, ZarrStore, copyStore, cubeSeries, exportCube, openNode, openStorage, openStore,
} from '../../../../js/index.js';
import { serveFiles } from '../../../helpers/file-server.js';

const folder = fileURLToPath(new URL('../../../data/eclipse/', import.meta.url));

test('report steps are entries with dates, and states have BORES\'s names', async (t) => {
  const store = await openStore(`${folder}TINY.UNRST`);
  t.after(() => store.close());
  assert.ok(store instanceof EclipseStore);
  assert.deepEqual({ ...await store.info() }, { startDate: '2018-01-01', unitSystem: 'METRIC',
    phases: ['oil', 'water', 'gas'], dims: [3, 4, 2], activeCells: 23 });
  const entries = await store.entries();
  assert.deepEqual(entries.map(({ meta }) => meta.step), [0, 1, 2, 3]);
  assert.deepEqual(entries.slice(0, 2).map(({ meta }) => [meta.date, meta.days]), [['2018-01-01', 0], ['2018-01-11', 10]]);
  const { value: state } = await store.load({ indices: [1] }).next();
  const pressure = state.get('model.fluid_properties.pressure_grid');
  assert.deepEqual([...pressure.shape], [3, 4, 2]);
  assert.ok(Math.abs(pressure.nansum() - 4823.7974853515625) < 1e-6);
  assert.ok(Number.isNaN(pressure.get(1, 1, 0)), 'inactive');
  assert.deepEqual(Object.keys(state.toTree().wells.production_wells), ['OP1']);
  assert.deepEqual(Object.keys(state.toTree().wells.injection_wells), ['WI1']);
  assert.equal((await store.verify()).ok, true);
});

test('vectors of the summary, by their keys', async (t) => {
  const store = /** @type {EclipseStore} */ (await openStore(`${folder}TINY.SMSPEC`));
  t.after(() => store.close());
  assert.equal((await store.vectorNames()).length, 36);
  const [time, pressure] = await store.vectors(['TIME', 'FPR']);
  assert.deepEqual([...time.values], [1, 4, 10, 20, 30, 60]);
  assert.equal(pressure.values[0], 210.14097595214844);
  assert.equal(pressure.unit, 'BARSA');
  await assert.rejects(store.vectors(['FXYZ']), (error) => error instanceof BoresError && error.key === 'FXYZ');
});

test('keywords are nodes at their bytes', async (t) => {
  const node = await openNode(`${folder}TINY.UNRST`);
  t.after(() => node.close());
  const second = await node.open('PRESSURE[1]');
  assert.equal(second.attributes.offset, 21160); // where the bytes of its name begin, less the marker
  assert.equal((await second.read()).data[0], 207.79696655273438);
});

test('a fence along a line', async (t) => {
  const store = /** @type {EclipseStore} */ (await openStore(`${folder}TINY.EGRID`));
  t.after(() => store.close());
  // The cells of one row, from side to side: each a station on either side, whose heights are the corners' own.
  const grid = await store.geometry();
  const row = [0, 1, 2, 3].flatMap((j) => grid.corners(1, j, 1)).map((n, at) => [n, at % 3]);
  const y = row.filter(([, axis]) => axis === 1).map(([n]) => n);
  const [south, north] = [Math.min(...y), Math.max(...y)];
  const [x] = grid.corners(1, 0, 0), [, , , right] = grid.corners(1, 0, 0);
  const middle = (x + right) / 2;
  const fence = await store.cornerFence([[middle, south - 100], [middle, north + 50]]);
  assert.equal(fence.length, north - south + 150);
  const shown = [...fence.cells].sort((a, b) => a - b);
  assert.deepEqual(shown, [8, 9, 11, 12, 13, 14, 15], 'all of the row but the inactive one');
  assert.deepEqual([...fence.firsts], shown.map((_, n) => 2 * n).concat(2 * shown.length));
  assert.equal(Math.min(...[...fence.stations].filter((_, n) => n % 3 === 0)), 100);
  await assert.rejects(store.cornerFence([[0, 0]]), { code: 'ERR_ARGUMENT', message: /1 points/ });
  await assert.rejects(store.cornerFence([[0, 0], [1, 'a']]), { code: 'ERR_ARGUMENT', message: /point 1 is \[1,"a"\]/ });
  await assert.rejects(store.cornerFence('ab'), { code: 'ERR_ARGUMENT' });
});

test('corners, volumes and faces of the grid', async (t) => {
  const store = /** @type {EclipseStore} */ (await openStore(`${folder}TINY.EGRID`));
  t.after(() => store.close());
  const grid = await store.geometry();
  assert.ok(Math.abs(grid.volume(0, 0, 0) - 300000) < 1e-6);
  assert.equal(grid.active.reduce((sum, one) => sum + one, 0), 23);
  assert.deepEqual(grid.corners(0, 0, 0).slice(3, 5), [200, 0]);
  const faces = await store.cornerFaces();
  assert.equal(faces.positions.length, 12 * faces.count);
  assert.ok(!faces.cells.includes((1 * 4 + 1) * 2), 'an inactive cell has no face');
  const mask = new Uint8Array(24);
  mask[(2 * 4 + 3) * 2 + 1] = 1;
  assert.deepEqual([...(await store.cornerFaces({ mask })).cells], Array(6).fill((2 * 4 + 3) * 2 + 1), 'one cell, six sides');
  await assert.rejects(store.cornerFaces({ mask: new Uint8Array(23) }), { code: 'ERR_ARGUMENT', message: /24 cells.*23/ });
  const plain = await store.geometry({ connections: false });
  assert.equal(plain.volume(0, 0, 0), grid.volume(0, 0, 0));
  assert.throws(() => plain.connections(), { code: 'ERR_ARGUMENT' });
});

test('over HTTP, whatever stands behind the name; by ranges, and files that belong together', async (t) => {
  const server = await serveFiles();
  t.after(() => server.close());
  const store = /** @type {EclipseStore} */ (await openStore(`${server.addFolder('run', folder)}/TINY.UNRST?token=1`));
  t.after(() => store.close());
  const { value: state } = await store.load({ indices: [1] }).next();
  assert.ok(Math.abs(state.get('model.fluid_properties.pressure_grid').nansum() - 4823.7974853515625) < 1e-6);
  const [pressure] = await store.vectors(['FPR']);
  assert.equal(pressure.values[0], 210.14097595214844);
});

test('calls at the same time leave no file open', async () => {
  const open = () => readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(`${folder}TINY`);
    } catch {
      return false; // the listing's own
    }
  }).length;
  const store = new EclipseStore(`${folder}TINY.UNRST`);
  await Promise.all(Array.from({ length: 8 }, () => store.info()));
  assert.ok(open() > 0);
  await store.close();
  assert.equal(open(), 0);
});

test('a grid and INIT without a restart are the run as it began', async (t) => {
  const files = await Promise.all(['TINY.EGRID', 'TINY.INIT'].map(async (name) => new File([await readFile(`${folder}${name}`)], name)));
  const store = /** @type {EclipseStore} */ (await openStore(files));
  t.after(() => store.close());
  assert.deepEqual((await store.entries()).map(({ meta }) => ({ ...meta })), [{ step: 0, date: '2018-01-01', days: 0 }]);
  const { value: state } = await store.load({ indices: [0] }).next();
  const porosity = state.get('model.rock_properties.porosity_grid');
  assert.ok(Math.abs(porosity.nansum() - 4.665199972689152) < 1e-12);
  assert.equal(porosity.get(0, 0, 0), 0.10000000149011612);
});

test('what a picture needs at once: corner points, active cells, and faces of some of them', async (t) => {
  const store = /** @type {EclipseStore} */ (await openStore(`${folder}TINY.EGRID`));
  t.after(() => store.close());
  const points = await store.cornerPoints();
  assert.deepEqual([points.dims, points.coord.length, points.zcorn.length, points.gridUnit], [[3, 4, 2], 120, 192, 'METRES']);
  assert.equal(points.active.reduce((sum, one) => sum + one, 0), 23);
  assert.equal(points.active[(1 * 4 + 1) * 2], 0);
  const mask = new Uint8Array(24);
  mask[1] = 1; // cell 0, 0, 1: depths 1910 to 1922, as resdata has them
  const { count, positions } = await store.cornerFaces({ mask, origin: [0, 0, 1910] });
  assert.equal(count, 6);
  assert.deepEqual([Math.min(...positions), Math.max(...positions)], [-12, 200]);
  await assert.rejects(store.cornerFaces({ mask: new Uint8Array(5) }),
    (error) => error instanceof BoresError && /mask/.test(error.message));
});

/** The files of a run in one archive, by Python's zipfile. @param {'ZIP_STORED' | 'ZIP_DEFLATED'} how */
function zipped(how) {
  const script = `
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, "w", zipfile.${how}) as archive:
    archive.writestr("run/README.txt", "of a run")
    for end in ("EGRID", "INIT", "UNRST", "SMSPEC", "UNSMRY"):
        archive.write(sys.argv[1] + "TINY." + end, "run/TINY." + end)
        archive.writestr("__MACOSX/run/._TINY." + end, "attributes, as macOS adds them")
sys.stdout.buffer.write(out.getvalue())`;
  return execFileSync('python3', ['-c', script, folder], { maxBuffer: 1e7 });
}

test('a run in one zip: by path, as a Blob, over HTTP; stored and deflated', async (t) => {
  const work = mkdtempSync(path.join(tmpdir(), 'bores-eclipse-'));
  t.after(() => rmSync(work, { recursive: true }));
  const server = await serveFiles();
  t.after(() => server.close());
  for (const how of /** @type {const} */ (['ZIP_STORED', 'ZIP_DEFLATED'])) {
    const bytes = zipped(how), file = path.join(work, `${how}.zip`);
    writeFileSync(file, bytes);
    for (const place of [file, new Blob([bytes]), `${server.addFolder(how, work)}/${how}.zip`]) {
      const store = await openStore(place);
      assert.ok(store instanceof EclipseStore, how);
      const { value: state } = await store.load({ indices: [1] }).next();
      assert.ok(Math.abs(state.get('model.fluid_properties.pressure_grid').nansum() - 4823.7974853515625) < 1e-6, how);
      assert.equal((await store.vectors(['FPR']))[0].values[0], 210.14097595214844);
      assert.equal((await store.geometry()).dims[0], 3);
      await store.close();
    }
  }
});

test('a run in a folder of what is kept under a name or in a Map', async () => {
  const files = new Map(['EGRID', 'INIT', 'UNRST'].map((end) => [`run/TINY.${end}`, new Uint8Array(readFileSync(`${folder}TINY.${end}`))]));
  const kept = await openStorage('memory:tiny-in-a-folder', { create: true });
  const writer = await kept.openWriter({});
  await writer.commit({ puts: [...files] });
  await writer.close();
  for (const [place, options] of /** @type {const} */ ([['memory:tiny-in-a-folder', {}], [files, { backend: 'eclipse' }]])) {
    const store = await openStore(place, options);
    assert.ok(store instanceof EclipseStore);
    assert.equal(await store.count(), 4);
    await store.close();
  }
  await kept.close();
});

test('copies are in BORES\'s units, unless the store was opened in those of the file', async () => {
  const bar = 4823.7974853515625, psi = bar * (1e5 / 6894.757293168); // resfo 5.0.1; NIST SP 811
  for (const [units, sum] of /** @type {const} */ ([[undefined, psi], ['bores', psi], ['file', bar]])) {
    const source = await openStore(`${folder}TINY.UNRST`, { ...(units && { units }) });
    const target = new ZarrStore(`memory:units-${units}`);
    await copyStore(source, target, { verify: true });
    const { value: state } = await target.load({ indices: [1] }).next();
    const found = state.get('model.fluid_properties.pressure_grid').nansum();
    assert.ok(Math.abs(found / sum - 1) < 1e-6, `${units}: ${found}, not ${sum}`);
    await exportCube(source, `memory:cube-${units}`, { fields: ['model.fluid_properties.pressure_grid'] });
    const { value } = await cubeSeries(`memory:cube-${units}`, 'pressure_grid', [0, 0, 0]);
    assert.ok(Math.abs(value[1] / (207.79696655273438 * (sum / bar)) - 1) < 1e-6, `${units}: ${value}`);
    await target.close();
    await source.close();
  }
});
