// SPDX-License-Identifier: MIT
// What the viewer makes of files of ECLIPSE runs before it draws: kinds of sets of files, vectors in words, units.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { hexahedronVolume } from '../../../web/grid/hexahedron.js';
import { openAny } from '../../../web/model/open-any.js';
import { Run } from '../../../web/model/run.js';
import { partsOf, quantityOf, subjectOf, vectorName } from '../../../web/results/quantities.js';
import { findVectors, inWords } from '../../../web/results/summary/vector-search.js';
import { eclipseRuns } from '../../helpers/fixtures.js';

/** Files as a page is handed them. @param {string} run @param {RegExp} wanted @param {string} [stem] */
function filesOf(run, wanted, stem = run) {
  const folder = path.join(eclipseRuns(), run);
  return readdirSync(folder).filter((name) => wanted.test(name)).map((name) => {
    const own = name.replace(run, stem);
    return { path: own, file: new File([readFileSync(path.join(folder, name))], own) };
  });
}

/** @param {unknown} location @param {(opened: any) => Promise<void>} use */
async function opened(location, use) {
  const found = await openAny(location, { name: 'CASE' });
  try {
    await use(found);
  } finally {
    await found.close();
  }
}

test('files that make a picture are a run, in whatever form they come', async () => {
  for (const [run, steps] of /** @type {const} */ ([['SPE1_SEPARATE', 5], ['FORMATTED_SEPARATE', 3], ['OILWATER', 4]])) {
    await opened(filesOf(run, /./), async (found) => {
      assert.ok(found instanceof Run, run);
      assert.equal(found.steps.length, steps);
      const pressure = found.property('model.fluid_properties.pressure_grid');
      const { lo, hi, missing } = await found.values(0, pressure);
      assert.ok(lo > 0 && hi >= lo && missing === 0);
    });
  }
});

test('units are those of the file', async () => {
  for (const [run, pressure, length] of [['CORE_LAB', 'atm', 'cm'], ['SPE1', 'psi', 'ft'], ['FAULT', 'bar', 'm']]) {
    await opened(filesOf(run, /EGRID|INIT|UNRST/), async (found) => {
      assert.equal(found.property('model.fluid_properties.pressure_grid').unit, pressure);
      assert.equal(found.grid.lengthUnit, length);
    });
  }
});

test('files without a picture are their keywords, and the curves of the summary', async () => {
  await opened(filesOf('TINY', /UNRST|SMSPEC|UNSMRY/), async (found) => {
    assert.match(found.note, /EGRID/);
    assert.deepEqual((await found.members('')).map((/** @type {any} */ member) => member.name),
      ['TINY.SMSPEC', 'TINY.UNRST', 'TINY.UNSMRY']);
    const pressure = await found.node('TINY.UNRST/PRESSURE[1]');
    assert.equal((await pressure.read()).data[0], 207.79696655273438); // resfo 5.0.1
    assert.equal((await found.summary.store.vectorNames()).length, 36);
    assert.equal(found.alone, false);
  });
  await opened(filesOf('TINY', /SMSPEC|UNSMRY/), async (found) => {
    assert.deepEqual([found.alone, found.note], [true, '']);
    assert.equal(found.summary.startDate, '2018-01-01');
  });
});

test('a grid of another case is told, and curves are there all the same', async () => {
  const files = [...filesOf('FAULT', /INIT|UNRST|SMSPEC|UNSMRY/), ...filesOf('TINY', /EGRID/, 'FAULT')];
  await opened(files, async (found) => {
    assert.match(found.note, /3 x 4 x 2/);
    assert.match(found.note, /12 x 10 x 4/);
    assert.equal((await found.summary.store.vectorNames()).length, 67);
    assert.equal((await found.members('')).length, 5);
  });
});

test('vectors have a subject, a quantity and words', () => {
  for (const [name, subject, quantity, words] of [['FOPR', 'F', 'OPR', 'Oil rate · Field'],
    ['WWCTH:P-1', 'W:P-1', 'WCTH', 'Water cut (history) · P-1'], ['GGIT:NORTH', 'G:NORTH', 'GIT', 'Gas injected · Group NORTH'],
    ['ROIP_ABC:2', 'R:2', 'OIP_ABC', 'Oil in place, FIPABC · Region 2'], ['BSWAT:7,5,1', 'B:7,5,1', 'SWAT', 'Water saturation · Block 7,5,1'],
    ['COFR:P1:1,2,3', 'C:P1:1,2,3', 'OFR', 'Oil flow rate · P1, connection 1,2,3'], ['TIME', 'M', 'TIME', 'Time'],
    ['AAQR:1', 'A:1', 'AQR', 'AQR · Aquifer 1'], ['SOFR:P1:3', 'S:P1:3', 'OFR', 'Oil flow rate · P1, segment 3'], ['WOPR', 'M', 'WOPR', 'WOPR']]) {
    assert.deepEqual(partsOf(name), { subject, quantity });
    assert.equal(vectorName(subject, quantity), name);
    assert.equal(inWords(name), words);
  }
  assert.equal(subjectOf('G:X').kind, 'group');
  assert.equal(quantityOf('OPR').phase, 'oil');
  const names = ['WWCT:P1', 'WWCT:P10', 'FWCT', 'WBHP:P1', 'RPR:1'];
  assert.deepEqual(findVectors(names, 'water cut p10'), ['WWCT:P10']);
  assert.deepEqual(findVectors(names, 'wbhp'), ['WBHP:P1']);
  assert.deepEqual(findVectors(names, 'pressure region'), ['RPR:1']);
  assert.deepEqual(findVectors(names, '  '), []);
});

test('the volume of a cell with eight corners: a box, a wedge, one that is turned over', () => {
  const box = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1 ? 2 : 0, n & 2 ? 3 : 0, n & 4 ? 5 : 0]);
  assert.ok(Math.abs(hexahedronVolume(box) - 30) < 1e-12);
  const wedge = box.map(([x, y, z]) => [x, y, x === 0 ? 0 : z]); // half of it
  assert.ok(Math.abs(hexahedronVolume(wedge) - 15) < 1e-12);
  assert.ok(Math.abs(hexahedronVolume(box.map(([x, y, z]) => [-x, y, z])) - 30) < 1e-12);
});
