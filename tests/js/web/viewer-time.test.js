// SPDX-License-Identifier: MIT
// Days, dates and how long a step lasts. Expected dates: the calendar's.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { dateIn, dateText, startDateOf, writtenDate } from '../../../web/time/dates.js';
import { goesByTime, nearest, pauseOf, speedText, timesOf } from '../../../web/time/time-axis.js';

const DAY = 86_400;

/** @param {(number | null)[]} days @param {{ byTime?: boolean, speed?: number }} [more] @returns {any} */
const stateOf = (days, { byTime = true, speed = 5 } = {}) => ({
  byTime, speed, run: { steps: days.map((day) => ({ time: day === null ? null : day * DAY })) },
});

test('a date is read as people write it, in UTC, and what is none is not guessed at', () => {
  for (const text of ['2016-02-29', '2016-02-29T00:00:00Z', '2016-02-29 00:00', '2016-02-29T00:00:00+00:00']) {
    assert.equal(dateIn(text), Date.UTC(2016, 1, 29), text);
  }
  for (const text of ['2015-02-29', '2015-13-01', '29.2.2016', '', 'today', 20160229, null, undefined]) {
    assert.ok(Number.isNaN(dateIn(text)), String(text));
  }
  assert.equal(writtenDate(dateIn('2016-02-29T06:30')), '2016-02-29T06:30:00Z');
  assert.equal(writtenDate(NaN), '');
});

test('a day of a run is a date, across a leap day, with the hour where two steps have one day', () => {
  const { steps } = stateOf([0, 1.25, 1.5, 2, 365 - 1e-8, null]).run; // days that were seconds once are not exact
  const texts = [0, 1, 2, 3, 4, 5, 6].map((step) => dateText('2016-02-28', steps, step));
  assert.deepEqual(texts, ['28 Feb 2016', '29 Feb 2016, 06:00', '29 Feb 2016, 12:00', '1 Mar 2016', '27 Feb 2017', '', '']);
  assert.equal(dateText('', steps, 0), '');
});

test('day 0 is what the metadata say, or an entry’s own date less its time', async () => {
  const entry = (/** @type {any} */ meta, time = 0) => [/** @type {any} */ ({ idx: 0, meta, time })];
  assert.equal(await startDateOf({}, entry({ start_date: '2015-01-01' })), '2015-01-01');
  assert.equal(await startDateOf({}, entry({ date: '2015-01-31' }, 30 * DAY)), '2015-01-01');
  assert.equal(await startDateOf({}, entry({ step: 0, date: 'soon' })), '');
});

test('a step lasts as long as it is, on the average as long as the speed says', () => {
  const state = stateOf([0, 1, 3, 13]);
  const pauses = [0, 1, 2].map((n) => pauseOf(state, n, n + 1));
  assert.deepEqual(pauses.map((ms) => Math.round(ms * 1e6) / 1e6), [1, 2, 10].map((days) =>
    Math.round(200 * days / (13 / 3) * 1e6) / 1e6));
  assert.ok(Math.abs(pauses.reduce((sum, ms) => sum + ms) - 600) < 1e-9);
  assert.equal(pauseOf(state, 3, 0), 200); // to the beginning again
  assert.equal(pauseOf(stateOf([0, 1, 3], { byTime: false }), 1, 2), 200);
  assert.equal(pauseOf(stateOf([0, null, 3]), 1, 2), 200);
  assert.deepEqual([1, 5].map((speed) => speedText(stateOf([0, 10, 40]), speed)), ['20 d/s', '100 d/s']);
  assert.equal(speedText(stateOf([0, 3652.5]), 1), '10 yr/s');
  assert.equal(speedText(stateOf([0, 1], { byTime: false }), 20), '20/s');
});

test('times that are not all known, or go back, are no axis', () => {
  assert.deepEqual(timesOf(stateOf([0, 2]).run), [0, 2 * DAY]);
  for (const days of [[0, null], [2, 1], [1], [3, 3]]) assert.equal(goesByTime(stateOf(days)), false);
  assert.deepEqual([4, 5, 6, -1, 99].map((time) => nearest([0, 10, 20], time)), [0, 0, 1, 0, 2]);
});
