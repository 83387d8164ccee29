// SPDX-License-Identifier: MIT
// Kinds of grids that OPM Flow does not write: coarsened cells, connections of local grids, maps in other units, GRID
// files that are none of pillars, inputs that change their arrays. The files are written here after the format (OPM Flow
// Reference Manual, appendix F and GRID section); what is expected was written into them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { openStore } from '../../../../js/index.js';
import { file, items, keyword } from '../../../helpers/eclipse/write-keywords.mjs';

/** @import { EclipseStore } from '../../../../js/index.js' */

/** Three columns of 100 m, one layer of 10 m below 1000 m. */
const COORD = [0, 1].flatMap((b) => [0, 1, 2, 3].flatMap((a) => [100 * a, 100 * b, 0, 100 * a, 100 * b, 2000]));
const ZCORN = [1000, 1010].flatMap((z) => Array(12).fill(z));
const PRESSURE = 'model.fluid_properties.pressure_grid';

/** @param {Buffer[]} more  behind ACTNUM @param {{ actnum?: number[], before?: Buffer[], unit?: string[] }} [how] */
const egrid = (more, { actnum = [1, 1, 1], before = [], unit = ['METRES', ''] } = {}) => file('A.EGRID', [
  keyword('FILEHEAD', 'INTE', items(100, {})), ...before, keyword('GRIDUNIT', 'CHAR', unit),
  keyword('GRIDHEAD', 'INTE', items(100, { 0: 1, 1: 3, 2: 1, 3: 1 })), keyword('COORD', 'REAL', COORD),
  keyword('ZCORN', 'REAL', ZCORN), keyword('ACTNUM', 'INTE', actnum), ...more]);

/** @param {number} active */
const head = (active) => keyword('INTEHEAD', 'INTE',
  items(411, { 2: 1, 8: 3, 9: 1, 10: 1, 11: active, 14: 7, 64: 1, 65: 1, 66: 2020 }));

/** @param {number[]} pressure */
const restart = (pressure) => file('A.UNRST', [keyword('SEQNUM', 'INTE', [1]), head(pressure.length),
  keyword('DOUBHEAD', 'DOUB', [1]), keyword('PRESSURE', 'REAL', pressure)]);

/** @param {File[]} files @param {(store: EclipseStore) => Promise<unknown>} use */
async function withRun(files, use) {
  const store = /** @type {EclipseStore} */ (await openStore(files));
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

test('cells that are coarsened into one share its value', async () => {
  const grid = (/** @type {number[]} */ groups, /** @type {number[]} */ actnum) =>
    egrid([keyword('CORSNUM', 'INTE', groups), keyword('ENDGRID', 'INTE')], { actnum });
  await withRun([grid([0, 5, 5].map((n) => Math.min(n, 3)), [1, 1, 1]), restart([200, 201])], async (store) => {
    assert.deepEqual([...(await store.read(0, PRESSURE)).data], [200, 201, 201]);
    assert.deepEqual([...(await store.geometry()).active], [1, 1, 1]);
    assert.equal((await store.series(PRESSURE, [2, 0, 0])).value[0], 201);
  });
  // The one that is active may be any of them; places need not ascend.
  await withRun([grid([1, 0, 1], [0, 1, 1]), restart([200, 201])], async (store) => {
    assert.deepEqual([...(await store.read(0, PRESSURE)).data], [201, 200, 201]);
  });
  await assert.rejects(openStore([grid([1, 1, 1], [1, 1, 1]), restart([200, 201])]),
    { code: 'ERR_CORRUPT', message: /ACTNUM.* 1 active cells where CORSNUM counts as one, INTEHEAD of the restart 2/ });
  await assert.rejects(openStore([grid([0, 9, 0], [1, 1, 1]), restart([200])]),
    { code: 'ERR_CORRUPT', message: /CORSNUM: cell 1 is of coarse cell 9, the grid has 3 cells/ });
});

/** @param {number} count @param {number} grid @param {number[]} first @param {number[]} second */
const listed = (count, grid, first, second) => [keyword('NNCHEAD', 'INTE', items(10, { 0: count, 1: grid })),
  keyword('NNC1', 'INTE', first), keyword('NNC2', 'INTE', second)];

test('connections that are listed are those of the main grid, of cells that it has', async () => {
  const local = [keyword('LGR', 'CHAR', ['FINE']), keyword('ENDGRID', 'INTE'), keyword('ENDLGR', 'INTE'),
    ...listed(1, 1, [7], [8])];
  const nncOf = async (/** @type {Buffer[]} */ parts) => {
    /** @type {number[][]} */ const found = [];
    await withRun([egrid(parts)], async (store) => {
      for (const { a, b, direction } of (await store.geometry()).connections()) if (direction === 'nnc') found.push([a, b]);
    });
    return found;
  };
  assert.deepEqual(await nncOf([...listed(1, 0, [3], [1]), ...local]), [[2, 0]]);
  assert.deepEqual(await nncOf(local), []);
  await assert.rejects(nncOf(listed(1, 0, [3], [4])), { code: 'ERR_CORRUPT', message: /NNC2 lists cell 4, the grid has 3 cells/ });
  await assert.rejects(nncOf(listed(2, 0, [3, 1], [1])), { code: 'ERR_CORRUPT', message: /NNC1 has 2 cells, NNC2 1/ });
});

test('local grids are named where only the restart has them, too', () =>
  withRun([file('A.UNRST', [keyword('SEQNUM', 'INTE', [0]), head(3), keyword('DOUBHEAD', 'DOUB', [0]),
    keyword('PRESSURE', 'REAL', [1, 2, 3]), keyword('LGR', 'CHAR', ['FINE']), keyword('PRESSURE', 'REAL', [4, 5, 6]),
    keyword('ENDLGR', 'INTE')])], async (store) => {
    assert.deepEqual((await store.info()).localGrids, ['FINE']);
    assert.deepEqual([...(await store.read(0, PRESSURE)).data], [1, 2, 3]);
  }));

test('x and y are in the unit of the map, unless the grid has the map\'s coordinates', async () => {
  const axes = keyword('MAPAXES', 'REAL', [456000, 5932100, 456000, 5932000, 456100, 5932000]);
  const worldOf = async (/** @type {string[]} */ unit, /** @type {string[]} */ map) => {
    /** @type {unknown[]} */ const found = [];
    const before = [...map.map((name) => keyword('MAPUNITS', 'CHAR', [name])), axes];
    await withRun([egrid([keyword('ENDGRID', 'INTE')], { before, unit })], async (store) => {
      found.push(...(await store.geometry()).world(1000, 100, 7));
      const { mapAxes } = await store.cornerPoints();
      found.push(mapAxes && mapAxes.scale);
    });
    return found;
  };
  assert.deepEqual(await worldOf(['METRES', ''], ['METRES']), [457000, 5932100, 7, 1]);
  assert.deepEqual(await worldOf(['FEET', ''], ['METRES']), [456000 + 304.8, 5932000 + 30.48, 7, 0.3048]); // NIST SP 811
  assert.deepEqual(await worldOf(['CM', ''], ['METRES']), [456010, 5932001, 7, 0.01]);
  assert.deepEqual(await worldOf(['FEET', ''], []), [457000, 5932100, 7, 1]);
  assert.deepEqual(await worldOf(['METRES', 'MAP'], ['METRES']), [1000, 100, 7, null]);
});

test('corners that are called whole numbers are told', async () => {
  const wrong = file('A.EGRID', [keyword('GRIDHEAD', 'INTE', items(100, { 0: 1, 1: 3, 2: 1, 3: 1 })),
    keyword('COORD', 'REAL', COORD), keyword('ZCORN', 'INTE', ZCORN)]);
  await withRun([wrong], (store) => assert.rejects(store.geometry(), { code: 'ERR_CORRUPT', message: /ZCORN has whole numbers/ }));
});

test('INIT of another case is told, by what both count', async () => {
  const init = file('A.INIT', [head(2), keyword('PORV', 'REAL', [1, 1, 0]), keyword('PORO', 'REAL', [0.1, 0.2])]);
  await assert.rejects(openStore([egrid([keyword('ENDGRID', 'INTE')]), init, restart([1, 2, 3])]),
    { code: 'ERR_CORRUPT', message: /INTEHEAD of INIT has 2 active cells, the restart 3/ });
});

test('cells of a GRID file that have no pillars in common are not drawn as if they had', async () => {
  const corners = (/** @type {number} */ left, /** @type {number} */ top) => [0, 10].flatMap((z) => [0, 100].flatMap((y) =>
    [0, 100].flatMap((x) => [left + x, y, top + z])));
  const grid = (/** @type {number} */ shift) => file('A.GRID', [keyword('DIMENS', 'INTE', [1, 1, 2]),
    keyword('GRIDUNIT', 'CHAR', ['METRES', '']), ...[0, 1].flatMap((k) => [keyword('COORDS', 'INTE', [1, 1, k + 1, k + 1, 1]),
      keyword('CORNERS', 'REAL', corners(k * shift, 1000 + 10 * k))])]);
  await withRun([grid(0)], async (store) => {
    assert.deepEqual((await store.geometry()).corners(0, 0, 1), corners(0, 1010));
  });
  await withRun([grid(5)], (store) => assert.rejects(store.geometry(), { code: 'ERR_UNSUPPORTED',
    message: /CORNERS of cell 1, 1, 1: corner 4 lies 2.5 from the line/ }));
});

/** @param {string} text @param {(geometry: any) => void} check */
const withInput = (text, check) => withRun([new File([`SPECGRID\n 3 1 1 1 F /\nCOORD\n ${COORD.join(' ')} /\nZCORN\n`
  + ` ${ZCORN.join(' ')} /\n${text}`], 'INPUT.GRDECL')], async (store) => check(await store.geometry()));

test('a GRDECL changes arrays, and says units without quotes', async () => {
  await withInput('GRIDUNIT\n METRES /\nMAPUNITS\n FEET /\nPORO\n 3*0.2 /\nMULTIPLY\n PORO 2 2 3 /\n/\nEQUALS\n'
    + " 'ACTNUM' 0 1 1 1 1 1 1 /\n/\n", ({ arrays, active, gridUnit, mapUnits }) => {
    assert.deepEqual([...arrays.PORO.data], [0.2, 0.4, 0.4]);
    assert.deepEqual([...active], [0, 1, 1]);
    assert.deepEqual([gridUnit, mapUnits], ['METRES', 'FEET']);
  });
  await assert.rejects(withInput('OPERATE\n ACTNUM 1 3 1 1 1 1 MULTX PORO 1 /\n/\n', () => {}),
    { code: 'ERR_UNSUPPORTED', message: /INPUT.GRDECL: OPERATE of ACTNUM is not carried out/ });
});

test('a GRDECL of a radial grid has radii and angles', () => {
  const coord = [0, 90].flatMap((angle) => [1, 2].flatMap((radius) => [radius, angle, 0, radius, angle, 2000]));
  const text = `SPECGRID\n 1 1 1 1 T /\nCOORD\n ${coord.join(' ')} /\nZCORN\n 4*1000 4*1010 /\n`;
  return withRun([new File([text], 'INPUT.GRDECL')], async (store) => {
    const corners = (await store.geometry()).corners(0, 0, 0);
    [1, 0, 1000, 2, 0, 1000, 0, 1, 1000, 0, 2, 1000].forEach((wanted, n) =>
      assert.ok(Math.abs(corners[n] - wanted) < 1e-12, `${n}: ${corners[n]}`));
  });
});

/** @param {Buffer[]} more  of SMSPEC @param {string[]} keywords @param {number[]} row */
const summary = (more, keywords, row) => [file('A.SMSPEC', [keyword('DIMENS', 'INTE', [keywords.length, 3, 1, 1, 0, 0]),
  keyword('KEYWORDS', 'CHAR', keywords), ...more]), file('A.UNSMRY', [keyword('PARAMS', 'REAL', row)])];

test('a summary that says no units has those of its unit system: hours in LAB; YEARS stand in for TIME', async () => {
  const lab = keyword('INTEHEAD', 'INTE', [3, 100]);
  await withRun(summary([lab], ['TIME', 'FPR'], [48, 2]), async (store) => {
    assert.deepEqual([...(await store.vectors(['FPR']))[0].days], [2]);
    assert.equal((await store.info()).unitSystem, 'LAB');
  });
  await withRun(summary([], ['YEARS', 'FPR'], [2, 2]), async (store) =>
    assert.deepEqual([...(await store.vectors(['FPR']))[0].days], [730.5]));
});

test('vectors of local grids are called as resdata calls them', () =>
  withRun(summary([keyword('WGNAMES', 'CHAR', ['', 'P1', 'P1', '']), keyword('LGRS', 'CHAR', ['', 'FINE', 'FINE', 'FINE']),
    ...['NUMLX', 'NUMLY', 'NUMLZ'].map((name, n) => keyword(name, 'INTE', [0, 0, 1 + n, 4 + n]))],
  ['TIME', 'LWOPR', 'LCOPR', 'LBPR'], [1, 2, 3, 4]), async (store) => {
    assert.deepEqual((await store.vectorNames()).map(({ key }) => key),
      ['TIME', 'LWOPR:FINE:P1', 'LCOPR:FINE:P1:1,2,3', 'LBPR:FINE:4,5,6']);
  }));
