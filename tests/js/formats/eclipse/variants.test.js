// SPDX-License-Identifier: MIT
// Kinds of runs that OPM Flow does not write: matrix and fractures, radial grids, resumed runs, hours. The files are
// written here after the format (OPM Flow Reference Manual, appendix F); what is expected was written into them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openStore } from '../../../../js/index.js';
import { file, items, keyword } from '../../../helpers/eclipse/write-keywords.mjs';

/** @import { EclipseStore } from '../../../../js/index.js' */

/** Two columns of 100 m, two layers of 10 m below 1000 m. */
const COORD = [0, 1].flatMap((b) => [0, 1, 2].flatMap((a) => [100 * a, 100 * b, 0, 100 * a, 100 * b, 2000]));
const ZCORN = [1000, 1010, 1010, 1020].flatMap((z) => Array(8).fill(z));

/** @param {number} porosity  FILEHEAD 5 @param {number[]} actnum @param {{ coord?: number[], radial?: number }} [more] */
const egrid = (porosity, actnum, { coord = COORD, radial = 0 } = {}) => file('A.EGRID', [
  keyword('FILEHEAD', 'INTE', items(100, { 5: porosity })), keyword('GRIDUNIT', 'CHAR', ['METRES', '']),
  keyword('GRIDHEAD', 'INTE', items(100, { 0: 1, 1: 2, 2: 1, 3: 2, 26: radial })),
  keyword('COORD', 'REAL', coord), keyword('ZCORN', 'REAL', ZCORN), keyword('ACTNUM', 'INTE', actnum),
  keyword('ENDGRID', 'INTE')]);

/** @param {number} step @param {number} layers @param {number} active @param {number[]} pressure @param {number} [phases] */
const restart = (step, layers, active, pressure, phases = 7) => [
  keyword('SEQNUM', 'INTE', [step]),
  keyword('INTEHEAD', 'INTE', items(411, { 2: 1, 8: 2, 9: 1, 10: layers, 11: active, 14: phases, 64: 1 + step, 65: 1, 66: 2020 })),
  keyword('DOUBHEAD', 'DOUB', [step]), keyword('STARTSOL', 'MESS'), keyword('PRESSURE', 'REAL', pressure),
  keyword('SWAT', 'REAL', pressure.map(() => 0.25)), keyword('ENDSOL', 'MESS')];

/** @param {File[]} files @param {(store: EclipseStore) => Promise<unknown>} use */
async function withRun(files, use) {
  const store = /** @type {EclipseStore} */ (await openStore(files));
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

/** @param {EclipseStore} store @param {string} path */
const gridOf = async (store, path) => [.../** @type {any} */ (await store.read(0, path)).data];

test('matrix and fractures of different cells: ACTNUM tells which, layers are counted twice', async () => {
  // By g: matrix alone, fractures alone, both, none. Flat order is [i][k].
  const values = [210, 211, 220, 221];
  await withRun([egrid(1, [1, 2, 3, 0]), file('A.UNRST', restart(1, 4, 4, values))], async (store) => {
    assert.deepEqual(await gridOf(store, 'model.fluid_properties.pressure_grid'), [210, 211, NaN, NaN]);
    assert.deepEqual(await gridOf(store, 'eclipse_fractures.PRESSURE'), [NaN, 221, 220, NaN]);
    assert.deepEqual([...(await store.geometry()).active], [1, 1, 1, 0]);
  });
});

test('gas and water without oil: gas is what water leaves', () =>
  withRun([egrid(0, [1, 1, 1, 0]), file('A.UNRST', restart(0, 2, 3, [200, 201, 202], 6))], async (store) => {
    assert.deepEqual(await gridOf(store, 'model.fluid_properties.gas_saturation_grid'), [0.75, 0.75, 0.75, NaN]);
    assert.deepEqual((await store.info()).phases, ['water', 'gas']);
  }));

test('pillars of a radial grid have radius and angle', async () => {
  const coord = [0, 90].flatMap((angle) => [1, 2, 3].flatMap((radius) => [radius, angle, 0, radius, angle, 2000]));
  await withRun([egrid(0, [1, 1, 1, 1], { coord, radial: 1 })], async (store) => {
    const corners = (await store.geometry()).corners(1, 0, 0);
    [2, 0, 1000, 3, 0, 1000, 0, 2, 1000, 0, 3, 1000].forEach((wanted, n) =>
      assert.ok(Math.abs(corners[n] - wanted) < 1e-12, `${n}: ${corners[n]}`));
  });
});

test('rows of a run that was taken up again belong to its steps; hours are days', async () => {
  const specs = file('A.SMSPEC', [keyword('DIMENS', 'INTE', [2, 2, 1, 2, 0, 10]), keyword('KEYWORDS', 'CHAR', ['TIME', 'FOPR']),
    keyword('WGNAMES', 'CHAR', [':+:+:+:+', ':+:+:+:+']), keyword('NUMS', 'INTE', [0, 0]),
    keyword('UNITS', 'CHAR', ['HOURS', 'SCC/HOUR']), keyword('STARTDAT', 'INTE', [1, 1, 2020, 0, 0, 0])]);
  const rows = file('A.UNSMRY', [[1, [[24, 5], [48, 6]]], [2, [[72, 7]]]].flatMap(([, params]) => [keyword('SEQHDR', 'INTE', [0]),
    .../** @type {number[][]} */ (params).flatMap((values, n) => [keyword('MINISTEP', 'INTE', [n]), keyword('PARAMS', 'REAL', values)])]));
  await withRun([specs, rows], async (store) => {
    const [rate] = await store.vectors(['FOPR']);
    assert.deepEqual([[...rate.days], [...rate.steps], [...rate.values]], [[1, 2, 3], [11, 11, 12], [5, 6, 7]]);
  });
});

test('little-endian files are told apart', async () => {
  const parts = [keyword('INTEHEAD', 'INTE', items(95, { 2: 2, 8: 1, 9: 1, 10: 2, 11: 2, 14: 3, 64: 1, 65: 1, 66: 1969, 68: 3 }), { little: true }),
    keyword('PRESSURE', 'REAL', [3000, 3001], { little: true }), keyword('SWAT', 'REAL', [0.5, 0.25], { little: true })];
  await withRun([file('B.UNRST', parts)], async (store) => {
    assert.deepEqual(await gridOf(store, 'model.fluid_properties.pressure_grid'), [3000, 3001]);
    assert.deepEqual(await gridOf(store, 'model.fluid_properties.oil_saturation_grid'), [0.5, 0.75]);
    const [{ meta }] = await store.entries(); // without SEQNUM the step is INTEHEAD's; before 1970
    assert.deepEqual([meta.step, meta.date], [3, '1969-01-01']);
  });
});

test('of several cases one is chosen by name; without it their names are told', async () => {
  const files = ['NORTH', 'South'].map((stem, n) => new File([file('A.UNRST', restart(n, 2, 4, [1, 2, 3, 4 + n]))],
    `${stem}.UNRST`));
  const open = (/** @type {string | undefined} */ name) => openStore(files, { case: name });
  const south = await open('SOUTH');
  assert.deepEqual((await south.entries()).map(({ meta }) => meta.step), [1]);
  await south.close();
  await assert.rejects(open(undefined), { code: 'ERR_ARGUMENT', message: /NORTH, South.*case: 'NORTH'/ });
  await assert.rejects(open('WEST'), { code: 'ERR_NOT_FOUND', message: /no case WEST, but NORTH, South/ });
});

test('a GRDECL alone says how large it is', async () => {
  const text = `SPECGRID\n 2 1 2 1 F /\nCOORD\n ${COORD.join(' ')} /\nZCORN\n ${ZCORN.join(' ')} /\nACTNUM\n 3*1 0 /\n`;
  await withRun([new File([text], 'INPUT.GRDECL')], async (store) => {
    const { dims, activeCells } = await store.info();
    assert.deepEqual([dims, activeCells], [[2, 1, 2], 3]);
  });
});

test('of one cell, an index from the end, BORES\'s units, and what is no cell', async () => {
  const run = [egrid(0, [1, 1, 1, 0]), file('A.UNRST', restart(0, 2, 3, [200, 201, 202]))];
  const store = await openStore(run, { units: 'bores' });
  const pressure = 'model.fluid_properties.pressure_grid';
  const psi = (await store.read(0, pressure, { slice: [-1, 0, -2] })).data[0];
  assert.ok(Math.abs(psi - 201 * 14.503773773) < 1e-3, `${psi}`);
  assert.deepEqual([...(await store.read(0, pressure, { slice: [1, 0, 1] })).data], [NaN]);
  await assert.rejects(store.read(0, pressure, { slice: [2, 0, 0] }), { code: 'ERR_INDEX_RANGE' });
  await assert.rejects(store.read(0, 'eclipse.NOTHING', { slice: [0, 0, 0] }), { code: 'ERR_NOT_FOUND' });
  await store.close();
});

/** Cells of a run that are active: rows that are whole, rows without any, and rows with holes. */
const isActive = (/** @type {number} */ i, /** @type {number} */ row) =>
  row % 5 === 1 ? false : row % 3 === 0 || (i * 7 + row * 13) % 11 > 2;

/** @typedef {{ little?: boolean, block?: number }} Cut */
for (const [what, size, how, holes] of /** @type {[string, [number, number, number], Cut, boolean][]} */ ([
  ['blocks of 1000, holes', [131, 3, 21], {}, true], ['every cell is active', [131, 3, 21], {}, false],
  ['two layers', [70, 37, 2], {}, true], ['one column', [1, 1, 2500], {}, false],
  ['one block', [131, 3, 21], { block: 1e6 }, true], ['blocks of 7', [67, 5, 4], { block: 7 }, true],
  ['little-endian', [131, 3, 21], { little: true }, true]])) {
  test(`each value has its cell: ${what}, [${size}]`, async () => {
    const [nx, ny, nz] = size, cells = nx * ny * nz;
    const active = Array.from({ length: cells }, (_, g) => !holes || isActive(g % nx, Math.floor(g / nx)));
    const own = active.flatMap((is, g) => (is ? [g] : []));
    const head = items(411, { 2: 1, 8: nx, 9: ny, 10: nz, 11: own.length, 14: 3, 64: 1, 65: 1, 66: 2020 });
    const grid = file('C.EGRID', [keyword('FILEHEAD', 'INTE', items(100, {}), how),
      keyword('GRIDHEAD', 'INTE', items(100, { 0: 1, 1: nx, 2: ny, 3: nz }), how),
      keyword('ACTNUM', 'INTE', active.map(Number), how)]);
    const values = own.map((g) => 100 + g / 4);
    const steps = file('C.UNRST', [keyword('SEQNUM', 'INTE', [1], how), keyword('INTEHEAD', 'INTE', head, how),
      keyword('DOUBHEAD', 'DOUB', [30], how), keyword('PRESSURE', 'REAL', values, how), keyword('SWAT', 'DOUB', values, how),
      keyword('FIPNUM', 'INTE', own, how), keyword('FLAGS', 'LOGI', own.map((g) => g % 2), how)]);
    const byCell = (/** @type {(g: number) => unknown} */ of, /** @type {unknown} */ nothing) => {
      const out = [];
      for (let i = 0; i < nx; i++) {
        for (let j = 0; j < ny; j++) {
          for (let k = 0; k < nz; k++) {
            const g = i + nx * (j + ny * k);
            out.push(active[g] ? of(g) : nothing);
          }
        }
      }
      return out;
    };
    await withRun([grid, steps], async (store) => {
      const expected = byCell((g) => 100 + g / 4, NaN);
      assert.deepEqual(await gridOf(store, 'model.fluid_properties.pressure_grid'), expected);
      assert.deepEqual(await gridOf(store, 'model.fluid_properties.water_saturation_grid'), expected);
      assert.deepEqual(await gridOf(store, 'model.fluid_properties.oil_saturation_grid'),
        byCell((g) => -99 - g / 4, NaN));
      assert.deepEqual(await gridOf(store, 'eclipse.FIPNUM'), byCell((g) => g, 0));
      assert.deepEqual((await gridOf(store, 'eclipse.FLAGS')).map(Number), byCell((g) => g % 2, 0));
      for (const g of [0, 1, Math.floor(cells / 2), cells - nx, cells - 1]) { // one by one, of their blocks alone
        const cell = [g % nx, Math.floor(g / nx) % ny, Math.floor(g / nx / ny)];
        const of = async (/** @type {string} */ id) => Number((await store.series(id, cell)).value[0]);
        assert.deepEqual(await Promise.all(['model.fluid_properties.pressure_grid', 'eclipse.FIPNUM', 'eclipse.FLAGS',
          'model.fluid_properties.water_saturation_grid', 'model.fluid_properties.oil_saturation_grid'].map(of)),
        active[g] ? [100 + g / 4, g, g % 2, 100 + g / 4, -99 - g / 4] : [NaN, 0, 0, NaN, NaN]);
      }
    });
  });
}
