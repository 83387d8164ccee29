// SPDX-License-Identifier: MIT
// Connections of a neutral model that are in a file beside it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { Run } from '../../../js/index.js';
import { readCase } from '../../validate/cases.js';

const folder = mkdtempSync(path.join(tmpdir(), 'bores-connections-'));
test.after(() => rmSync(folder, { recursive: true }));

/** A line of three cells, not joined along x, whose outer ones are joined by the file. */
function writeModel(file, bytes) {
  const { model } = readCase('bl_100');
  const stepped = {
    ...model, wells: [], schedule: [], report_days: [100], array_days: [],
    grid: { ...model.grid, nx: 3, geometry: 'stepped', nnc: { file, count: 1, layout: '…' } },
    initial: { type: 'explicit', pressure: [3000, 3000, 2000], sw: 0.2 },
  };
  const place = path.join(folder, 'model.json');
  writeFileSync(place, JSON.stringify(stepped));
  if (bytes) writeFileSync(path.join(folder, 'nnc.bin'), bytes);
  return { place, stepped };
}

const connection = Buffer.alloc(12);
connection.writeInt32LE(0, 0);
connection.writeInt32LE(2, 4);
connection.writeFloatLE(5, 8);

test('they are read from beside the model, from a path and from a URL', async () => {
  const { place } = writeModel('nnc.bin', connection);
  for (const location of [place, pathToFileURL(place)]) {
    const run = await Run.fromModel(location);
    assert.deepEqual(run.validate().problems, []);
    let last;
    for await (const state of run.states({ worker: false })) last = state;
    const [first, middle, end] = last.model.fluid_properties.pressure_grid.data;
    assert.ok(Math.abs(first - end) < 1, `joined cells come to one pressure: ${first}, ${end}`);
    assert.ok(Math.abs(middle - 3000) < 1e-6, `a cell by itself stays: ${middle}`);
  }
});

test('an address with a query, and a model without a grid', async () => {
  const { place } = writeModel('nnc.bin', connection);
  const address = `${pathToFileURL(place).href}?from=a/b`;
  assert.deepEqual((await Run.fromModel(new URL(address))).validate().problems, []);
  const [problem] = (await Run.fromModel('{"format":"bores-sim-model"}')).validate().problems;
  assert.equal(problem.path, 'grid');
});

test('connections are between whole cells; null is none', async () => {
  const { stepped } = writeModel('nnc.bin', connection);
  const validated = async (/** @type {unknown} */ connections) =>
    (await Run.fromModel({ ...stepped, grid: { ...stepped.grid, nnc: undefined, connections } })).validate();
  const [half] = (await validated({ a: [0.5], b: [2], transmissibility: [5] })).problems;
  assert.match(half.message, /number 0 is from 0.5 to 2/);
  assert.ok((await validated(null)).ok);
});

test('what is not there, too short or elsewhere is told', async () => {
  const { place, stepped } = writeModel('nnc.bin', connection.subarray(0, 8));
  await assert.rejects(Run.fromModel(place), { code: 'ERR_CORRUPT', message: /8 bytes, 1 connections take 12/ });
  const missing = writeModel('missing.bin');
  await assert.rejects(Run.fromModel(missing.place), { code: 'ERR_NOT_FOUND' });
  await assert.rejects(Run.fromModel(writeModel('../nnc.bin').place), { code: 'ERR_ARGUMENT' });
  writeFileSync(place, JSON.stringify({ ...stepped, grid: { ...stepped.grid, nnc: 'nnc.bin' } }));
  await assert.rejects(Run.fromModel(place), { code: 'ERR_ARGUMENT' });
  const [problem] = (await Run.fromModel(stepped)).validate().problems;
  assert.equal(problem.path, 'grid.nnc');
});
