// SPDX-License-Identifier: MIT
// States that are built in JavaScript, changed, validated, converted and appended: zarr-python reads
// the values that the formulas give (check_built_states.py has them in NumPy).
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import {
  ModelState, NdArray, StateStream, getPrecision, openStore, setPrecision, use32bitPrecision,
  validateState,
} from '../../js/index.js';

const PYTHON = '/usr/bin/python3'; // Debian's, which has python3-zarr
const CHECK = fileURLToPath(new URL('./check_built_states.py', import.meta.url));
const SHAPE = [4, 3, 2];
const work = mkdtempSync(path.join(tmpdir(), 'bores-built-'));
after(() => rmSync(work, { recursive: true, force: true }));

/**
 * @param {(i: number, j: number, k: number) => number} formula
 * @param {new (length: number) => any} [Data]
 * @param {string} [dtype]
 */
function grid(formula, Data = Float64Array, dtype = undefined) {
  const data = new Data(SHAPE[0] * SHAPE[1] * SHAPE[2]);
  let at = 0;
  for (let i = 0; i < SHAPE[0]; i += 1) {
    for (let j = 0; j < SHAPE[1]; j += 1) {
      for (let k = 0; k < SHAPE[2]; k += 1) data[at++] = formula(i, j, k);
    }
  }
  return new NdArray(data, SHAPE, dtype);
}

/** Everything that a tree may be made of. @param {number} step */
function build(step) {
  const well = new Map(/** @type {[string, unknown][]} */ ([['name', 'INJ-1 Ærøskøbing'],
    ['perforating_intervals', [[[0, 0, 0], [0, 0, 1]]]], ['radius', 0.25], ['skin_factor', 2],
    ['is_active', true]]));
  return ModelState.from({
    step, step_size: 86400, time: step * 86400,
    model: {
      grid_shape: new NdArray(BigInt64Array.from(SHAPE, BigInt)),
      cell_dimension: new Float64Array([100, 80]),
      thickness_grid: grid((i, j, k) => 20 + k),
      fluid_properties: {
        pressure_grid: grid((i, j, k) => 3000 + 10 * i + 0.5 * j - k + step / 3),
        water_saturation_grid: grid((i, j, k) => 0.25 + 0.01 * (i + j + k)),
        oil_saturation_grid: grid((i, j, k) => 0.75 - 0.01 * (i + j + k)),
        gas_saturation_grid: grid(() => 0),
        reservoir_gas: 'methane',
      },
      saturation_history: {
        water_imbibition_flag_grid: grid((i, j, k) => Number((i + j + k) % 2 === 0), Uint8Array, 'bool'),
      },
      dip_angle: 1.5,
    },
    wells: { injection_wells: { 'INJ-1 Ærøskøbing': { injection_well: well } }, production_wells: {} },
    timer_state: { rejections: new Int32Array([1, -2, 3]), use_constant: null },
  });
}

/** With one cell of the pressure changed. @param {ModelState} state */
function change(state) {
  const pressure = state.get('model.fluid_properties.pressure_grid');
  const data = Float64Array.from(pressure.data);
  data[pressure.strides[0] * 1 + pressure.strides[1] * 2] = 9.75;
  return state.with({ 'model.fluid_properties.pressure_grid': new NdArray(data, SHAPE) });
}

/** @param {string} folder @param {string} layout @param {string} dtype */
function check(folder, layout, dtype) {
  const { status, stdout, stderr } = spawnSync(PYTHON, [CHECK, folder, layout, dtype, '4'], { encoding: 'utf8' });
  assert.equal(status, 0, `${stdout}${stderr}`);
  assert.equal(stdout, '40 arrays\n');
}

const meta = (/** @type {ModelState} */ { step }) => ({ step, run: 'built' });

for (const layout of /** @type {const} */ (['nested', 'flat'])) {
  test(`built from scratch, ${layout}: what zarr-python reads`, async () => {
    const folder = path.join(work, `${layout}.zarr`);
    const store = await openStore(folder, { layout });
    for (let step = 0; step < 4; step += 1) {
      const state = step === 2 ? change(build(step)) : build(step);
      await store.append(state, { meta });
    }
    await store.close();
    check(folder, layout, '<f8');
  });

  test(`in the global precision, through a worker, ${layout}`, async () => {
    const before = getPrecision();
    use32bitPrecision();
    try {
      const folder = path.join(work, `${layout}-32.zarr`);
      const store = await openStore(folder, { layout, worker: true });
      const validator = (/** @type {ModelState} */ state) => validateState(state, { dtype: 'global' });
      const states = [build(0), build(1), change(build(2)), build(3)];
      await store.appendAll(states, { validator, meta });
      await store.close();
      check(folder, layout, '<f4');
    } finally {
      setPrecision(before);
    }
  });
}

test('dumped over what was there, and read back and saved again by a stream', async () => {
  const first = path.join(work, 'dumped.zarr'), second = path.join(work, 'streamed.zarr');
  const store = await openStore(first);
  await store.append({ anything: 1 });
  await store.dump([build(0), build(1), change(build(2)), build(3)], { meta });
  check(first, 'nested', '<f8');
  const copy = await openStore(second);
  const stream = new StateStream({ states: store.load(), store: copy, backgroundIO: true, batchSize: 3 });
  await stream.consume();
  await stream.close();
  await copy.close();
  await store.close();
  const back = await openStore(second);
  assert.deepEqual((await back.entries()).map((entry) => entry.meta.step), [0, 1, 2, 3]);
  await back.close();
});

test('a state that breaks the rules: every problem at once, and nothing is stored', async () => {
  const wrong = build(0).with({
    'model.fluid_properties.pressure_grid': new NdArray(new Float64Array(24).fill(NaN), SHAPE),
    'model.thickness_grid': new NdArray(new Float64Array(8), [2, 2, 2]),
    'model.fluid_properties.gas_saturation_grid': grid(() => 0.5),
  });
  const store = await openStore(path.join(work, 'wrong.zarr'));
  await assert.rejects(store.append(wrong, { validator: (state) => validateState(state) }), (/** @type {any} */ error) => {
    assert.equal(error.code, 'ERR_VALIDATION');
    assert.deepEqual(error.problems.map((/** @type {any} */ { kind }) => kind).sort(), ['finite', 'shape', 'sum']);
    return true;
  });
  assert.equal(await store.count(), 0);
  await store.close();
});
