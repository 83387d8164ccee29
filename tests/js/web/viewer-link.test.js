// SPDX-License-Identifier: MIT
// Links to what the viewer shows: what is written is read again, and what anyone may have
// written does no harm.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fromLink, toLink } from '../../../web/model/link.js';

const FULL = Object.freeze({
  source: 'https://example.org/a b/run.zarr?key=1&x#y', step: 12, property: 'model.größe',
  map: 'cividis', log: true, range: [-1.5, 2e-9], exaggeration: 2.5,
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
