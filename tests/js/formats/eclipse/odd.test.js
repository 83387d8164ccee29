// SPDX-License-Identifier: MIT
// Odd and damaged files of tests/data/eclipse/runs.tar.br: the exact values, or a BoresError that names what is wrong.
// Expected: resfo 5.0.1 for what is sound, and what was written into the files for what is not.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { BoresError, openNode, openStore } from '../../../../js/index.js';
import { eclipseRuns } from '../../../helpers/fixtures.js';

/** @import { EclipseStore } from '../../../../js/index.js' */

const folder = eclipseRuns();
const { odd } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8'));
const PRESSURE = 'model.fluid_properties.pressure_grid';

/** @param {string} name @returns {Float64Array} */
const doubles = (name) => new Float64Array(Uint8Array.from(readFileSync(path.join(folder, name))).buffer);

/** @param {number} found @param {number} wanted @param {string} what @param {number} [tolerance] */
function near(found, wanted, what, tolerance = 1e-12) {
  assert.ok(Math.abs(found - wanted) <= tolerance * Math.max(1, Math.abs(wanted)), `${what}: ${found}, not ${wanted}`);
}

/** @param {any} value @param {any} wanted @param {number} tolerance @param {string} what */
function same(value, wanted, tolerance, what) {
  if (typeof wanted !== 'number' || Number.isSafeInteger(wanted)) assert.equal(String(value), String(wanted), what);
  else near(value, wanted, what, tolerance || 1e-15);
}

/** @param {any} one @param {string} place */
async function checkKeywords(one, place) {
  const node = await openNode(place);
  try {
    const found = [];
    for await (const child of node.children()) {
      const value = await child.read(); // throws what is wrong with it
      found.push({ name: child.name, type: child.attributes.type, offset: child.attributes.offset,
        elements: Array.isArray(value) ? value : value.dtype === 'bool' ? Array.from(value.data, Boolean) : [...value.data] });
    }
    if (!one.keywords) return;
    assert.equal(found.length, one.keywords.length);
    for (const [n, known] of one.keywords.entries()) {
      assert.deepEqual([found[n].name, found[n].type, found[n].elements.length], [known.keyword, known.type, known.count]);
      if (known.offset !== null) assert.equal(found[n].offset, known.offset, known.keyword);
      const { elements } = found[n];
      known.first?.forEach((/** @type {any} */ value, /** @type {number} */ m) =>
        same(elements[m], value, one.tolerance, `${known.keyword}[${m}]`));
      known.last?.forEach((/** @type {any} */ value, /** @type {number} */ m) =>
        same(elements[elements.length - known.last.length + m], value, one.tolerance, known.keyword));
    }
  } finally {
    await node.close();
  }
}

/** @param {EclipseStore} store @returns {Promise<any[]>} */
async function stepsOf(store) {
  const steps = [];
  for (const { meta, idx } of await store.entries()) {
    const { value: state } = await store.load({ indices: [idx] }).next();
    const grid = state.has(PRESSURE) ? state.get(PRESSURE) : null;
    const values = grid && [...grid.data].filter((value) => !Number.isNaN(value));
    steps.push({ step: meta.step, days: meta.days, count: values?.length, state,
      sum: values?.reduce((/** @type {number} */ all, /** @type {number} */ value) => all + value, 0),
      first: grid?.get(0, 0, 0) }); // it is active in all of them
  }
  return steps;
}

/** @param {any[]} found @param {any[]} wanted @param {any} one */
function stepsDiffer(found, wanted, one) {
  const may = new Set(one.may_list ?? []);
  const listed = found.filter(({ step }) => !may.has(step) || wanted.some((known) => known.report_step === step));
  try {
    assert.deepEqual(listed.map(({ step }) => step), wanted.map((known) => known.report_step));
    for (const [n, known] of wanted.entries()) {
      if (known.days !== undefined) near(listed[n].days, known.days, 'days');
      for (const name of known.missing ?? []) assert.equal(name === 'PRESSURE' && listed[n].sum !== undefined, false, name);
      if (known.pressure_sum === undefined || known.pressure_sum === null) continue;
      near(listed[n].sum, known.pressure_sum, 'sum of PRESSURE', one.tolerance ?? 1e-12);
      near(listed[n].first, known.pressure_first, 'first of PRESSURE', one.tolerance ?? 1e-12);
      assert.equal(listed[n].count, known.count);
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

/** @param {any} one @param {string} place */
async function checkStates(one, place) {
  const store = /** @type {EclipseStore} */ (await openStore(place));
  try {
    const found = await stepsOf(store);
    const wrong = stepsDiffer(found, one.steps, one);
    if (wrong && (!one.also_allowed || stepsDiffer(found, one.also_allowed, one))) throw wrong;
    if (one.case === 'odd/lgr') assert.deepEqual((await store.info()).localGrids, ['LGR1']);
    for (const name of one.absent ?? []) assert.ok(found.every(({ state }) => !state.has(name)), name);
    if (one.zero_volume_cells) {
      const geometry = await store.geometry();
      for (const [i, j, k] of one.zero_volume_cells) assert.equal(geometry.volume(i - 1, j - 1, k - 1), 0);
    }
  } finally {
    await store.close();
  }
}

/** @param {any} one @param {string} place */
async function checkGrid(one, place) {
  const store = /** @type {EclipseStore} */ (await openStore(place));
  try {
    const geometry = await store.geometry();
    const [nx, ny, nz] = geometry.dims;
    const count = await store.count();
    const active = geometry.active.reduce((sum, on) => sum + on, 0);
    if (one.dims) assert.deepEqual([...geometry.dims], one.dims);
    if (one.count !== undefined) assert.equal(count, one.count);
    if (one.count_at_most !== undefined) assert.ok(count <= one.count_at_most);
    if (one.active !== undefined) assert.equal(active, one.active === 'all' ? nx * ny * nz : one.active);
    const corners = one.corners_file ? doubles(one.corners_file) : [];
    for (let g = 0; g < nx * ny * nz; g++) {
      const cell = /** @type {const} */ ([g % nx, Math.floor(g / nx) % ny, Math.floor(g / nx / ny)]);
      const found = geometry.corners(...cell);
      assert.ok(found.every(Number.isFinite));
      found.forEach((x, n) => corners.length > 0 && near(x, corners[24 * g + n], `corner ${n} of ${g}`, one.corners_tolerance));
      if (one.volumes) near(geometry.volume(...cell), one.volumes[g], `volume of ${g}`, one.volumes_tolerance);
    }
    for (const [name, known] of Object.entries(one.arrays ?? {})) {
      const values = /** @type {number[]} */ ([...geometry.arrays[name].data]);
      assert.equal(values.length, known.count, name);
      near(Math.min(...values), known.min, name, 1e-7);
      near(Math.max(...values), known.max, name, 1e-7);
      near(values.reduce((sum, value) => sum + value, 0), known.sum, name, 1e-7);
      known.first.forEach((/** @type {number} */ value, /** @type {number} */ n) => near(values[n], value, name, 1e-7));
    }
  } finally {
    await store.close();
  }
}

/** @param {any} one @param {string} place */
async function checkSummary(one, place) {
  const store = /** @type {EclipseStore} */ (await openStore(place));
  try {
    const keys = Object.keys(one.vectors ?? { FPR: [] });
    const found = await store.vectors(keys);
    keys.forEach((key, n) => assert.deepEqual(found[n].values, Float32Array.from(one.vectors[key]), key));
  } finally {
    await store.close();
  }
}

const CHECKS = /** @type {Record<string, (one: any, place: string) => Promise<void>>} */ ({ raw: checkKeywords,
  states: checkStates, geometry: checkGrid, grdecl: checkGrid, summary: checkSummary });

/** The whole steps before the damage are still read. @param {any} one @param {string} place */
async function checkWholeSteps(one, place) {
  const store = /** @type {EclipseStore} */ (await openStore(place));
  try {
    const entries = await store.entries();
    for (const known of one.complete_steps) {
      const { idx } = entries.find(({ meta }) => meta.step === known.report_step) ?? {};
      const { value: state } = await store.load({ indices: [/** @type {number} */ (idx)] }).next();
      near(state.get(PRESSURE).nansum(), known.pressure_sum, 'sum of PRESSURE');
    }
  } finally {
    await store.close();
  }
}

for (const one of odd) {
  test(`${one.case}: ${one.why}`, { timeout: 30e3 }, async () => {
    const place = path.join(folder, one.folder, one.open);
    assert.ok(existsSync(place));
    let thrown;
    try {
      await CHECKS[one.op](one, place);
    } catch (error) {
      if (!(error instanceof BoresError)) throw error;
      thrown = error;
    }
    if (one.expect === 'data') assert.equal(thrown, undefined);
    if (one.expect === 'error') assert.ok(thrown, 'nothing was wrong');
    for (const mention of thrown ? one.error_mentions : []) assert.match(thrown.message, new RegExp(mention));
    if (one.complete_steps?.length > 0) await checkWholeSteps(one, place);
  });
}
