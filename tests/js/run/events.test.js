// SPDX-License-Identifier: MIT
// When a run's states are due, and what becomes of its wells meanwhile.

import assert from 'node:assert/strict';
import test from 'node:test';

import { isDue, isOver, secondsOf } from '../../../js/simulation/clock.js';
import { Events } from '../../../js/simulation/events.js';

const DAY = 86_400;

test('every n-th step is due, the first and the last, as BORES has them', () => {
  // output_frequency 5 of a run of 16 steps gave 0, 1, 5, 10, 15, 16 (BORES 0.1.0, measured)
  const clock = { end: 16 * DAY, every: 5 };
  const due = Array.from({ length: 17 }, (_, step) => step)
    .filter((step) => isDue(clock, Infinity, { step, day: step, isReport: false }));
  assert.deepEqual(due, [0, 1, 5, 10, 15, 16]);
});

test('a run is over at its end, its last report day, or its last step', () => {
  const at = (/** @type {number} */ step, /** @type {number} */ day) => ({ step, day, isReport: true });
  assert.equal(isOver({ end: 2 * DAY }, Infinity, at(9, 1.999)), false);
  assert.equal(isOver({ end: 2 * DAY }, Infinity, at(9, 2 - 1e-13)), true); // a sum of steps
  assert.equal(isOver({}, 31, at(4, 31)), true);
  assert.equal(isOver({ end: 2 * DAY, maximumSteps: 4 }, Infinity, at(4, 0.5)), true);
  assert.equal(isDue({}, 31, { step: 3, day: 7, isReport: false }), false);
});

test('times are those that the input says, where rounding alone differs', () => {
  assert.equal(secondsOf(5_184_000 / DAY + 1e-14, [5_184_000]), 5_184_000);
  assert.equal(secondsOf(1.25, [5_184_000]), 108_000);
});

test('an event happens once, when its predicate holds; a control replaces the limits', () => {
  const events = new Events([
    { id: 'a', well: 'P', when: { any: [{ time: 10 * DAY }] }, change: { control: 'bhp', bhp: 2000 } },
    { id: 'b', well: 'P', when: { all: [{ step: 12 }, { not: { time: 30 * DAY } }] }, change: { status: 'shut' } },
    { id: 'c', well: 'I', when: { step: 3 }, change: { skin: 2 } },
  ], { P: { status: 'open', control: 'orat', orat: 500, wrat: 40, bhp: 1000, skin: 1 }, I: { status: 'open' } });
  assert.equal(events.nextDay(0), 10);
  assert.equal(events.happen(2, 9), undefined);
  assert.deepEqual(events.happen(3, 9.5), { I: { status: 'open', skin: 2 } });
  assert.deepEqual(events.happen(4, 10), { P: { status: 'open', skin: 1, control: 'bhp', bhp: 2000 } });
  assert.equal(events.nextDay(10), 30);
  assert.equal(events.happen(5, 11), undefined);
  assert.deepEqual(events.happen(12, 20), { P: { status: 'shut', skin: 1, control: 'bhp', bhp: 2000 } });
  assert.deepEqual(events.record().happened, ['c', 'a', 'b']);
});

test('a rate is barrels or standard cubic feet, of what the well injects then', () => {
  // BORES's target_rate is a number of STB/d or SCF/d (its documentation); a rate of gas here is in Mscf/d
  const events = new Events([
    { id: 'a', well: 'I', fluid: 'water', when: { step: 1 }, change: { fluid: 'gas' } },
    { id: 'b', well: 'I', fluid: 'water', when: { step: 2 }, change: { control: 'rate', rate: 9e6, bhp: 5000 } },
    { id: 'c', well: 'I', fluid: 'water', when: { step: 3 }, change: { control: 'rate', rate: 700, fluid: 'water' } },
    { id: 'd', well: 'I', fluid: 'water', when: { step: 4 }, change: { control: 'rate', rate: 8, fluid: 'gas' } },
  ], { I: { status: 'open', control: 'rate', rate: 5000 } });
  const rates = [1, 2, 3, 4].map((step) => events.happen(step, step)?.I);
  assert.deepEqual(rates.map((setting) => [setting?.fluid, setting?.rate]),
    [['gas', 5], ['gas', 9000], ['water', 700], ['gas', 8]]);
});

test('what has happened does not happen again after a checkpoint', () => {
  const list = [{ id: 'a', well: 'P', when: { time: DAY }, change: { status: 'shut' } },
    { id: 'b', well: 'P', when: { time: 2 * DAY }, change: { status: 'open' } }];
  const first = new Events(list, { P: { control: 'bhp', bhp: 1000 } });
  first.happen(4, 1);
  const again = new Events(list, { P: { control: 'bhp', bhp: 1000 } }, JSON.parse(JSON.stringify(first.record())));
  assert.equal(again.happen(5, 1.5), undefined);
  assert.deepEqual(again.happen(9, 2), { P: { control: 'bhp', bhp: 1000, status: 'open' } });
});
