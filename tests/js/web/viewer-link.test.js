// SPDX-License-Identifier: MIT
// Links to what the viewer shows: what is written is read again, and what anyone may have
// written does no harm.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromLink, toLink } from '../../../web/model/link.js';

const FULL = Object.freeze({
  source: 'https://example.org/a b/run.zarr?key=1&x#y', step: 12, property: 'model.größe',
  map: 'cividis', log: true, levels: 8, categories: false, symmetric: true, range: [-1.5, 2e-9], exaggeration: 2.5,
  box: [[0, 8], [1, 1], [2, 3]], cell: [4, 6, 1], slice: { axis: 1, index: 3 },
  view: { azimuth: 215.125, elevation: -28, distance: 2.5, target: [0.1, -0.2, 0] },
  wells: false, edges: true, hideMissing: true, speed: 20, loop: true, byTime: true, start: '2021-03-04',
  results: { open: true, subjects: ['F', 'W:PROD-2 Ærø,skøbing'], quantities: ['OPR', 'WCT'], axis: 'dates', log: true,
    decline: { phase: 'gas', model: 'best', from: 3, to: null, years: 12.5, limit: 5 } },
});

test('a link says all that is shown, and an empty one nothing', () => {
  assert.deepEqual(fromLink(`#${toLink(FULL)}`), FULL);
  assert.equal(toLink({}), '');
  assert.deepEqual(fromLink(''), {});
  for (const range of /** @type {const} */ (['all', 'step'])) {
    assert.deepEqual(fromLink(toLink({ range })), { range });
  }
});

test('what is asked of the cells is in the link, whatever properties are called', () => {
  const ask = { open: true, byPores: true, filters: [
    { id: 'model.a~b@c=d!e%f.größe', exclude: true, on: false, range: [null, -2.5e-7] },
    { id: 'model.region', exclude: false, on: true, set: [1, 3] }, { id: 'x', exclude: false, on: true, set: [] },
    { id: 'y', exclude: false, on: true, range: [null, null] }], pins: [[1, 2, 3], [0, 0, 11]],
    cross: { x: 'a~b', y: 'model.c', brush: [-1, 2.5, 0, 1e-9] } };
  assert.deepEqual(fromLink(toLink({ ask })), { ask });
  assert.equal(toLink({ ask: { open: false, byPores: false, filters: [], pins: [], cross: null } }), '');
  // Ends in the wrong order, no numbers, no property.
  assert.deepEqual(fromLink('#bores=1&f=a@3,1~b@x,2~@1,2~c=1,two~d@1&pin=1,2~a,b,c~1,2,-3').ask,
    { open: false, byPores: false, filters: [], pins: [], cross: null });
});

test('a source keeps its own question marks, ampersands and hashes', () => {
  const link = toLink({ source: FULL.source });
  assert.equal(link.split('&').length, 2);
  assert.ok(!link.includes('#'));
});

test('another version, or none, is not guessed at', () => {
  assert.deepEqual(fromLink('#bores=2&t=3'), {});
  assert.deepEqual(fromLink('#t=3'), {});
});

test('nonsense is left out, the rest counts', () => {
  const hostile = '#bores=1&t=1e999&p=%E0%A4%A&r=5,1&box=0-1,2-3&c=1,2&s=x9&cam=1,2,3&z=&v=fast'
    + '&m=__proto__&src=javascript:alert(1)&=x&loop=maybe';
  assert.deepEqual(fromLink(hostile),
    { map: '__proto__', source: 'javascript:alert(1)', loop: false });
  assert.deepEqual(fromLink('#bores=1&cam=0,91,2,0,0,0'), {});
  assert.deepEqual(fromLink('#bores=1&cam=0,0,0,0,0,0'), {});
});
