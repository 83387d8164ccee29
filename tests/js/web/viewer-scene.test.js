// SPDX-License-Identifier: MIT
// What is computed before the graphics card draws: where the eye is, and which values it is given.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Camera } from '../../../web/scene/camera.js';
import { FaceValues } from '../../../web/scene/face-values.js';
import { corners } from '../../../web/scene/shapes.js';

/** A view from which everything is seen. */
const whole = (/** @type {number} */ azimuth, /** @type {number} */ elevation) =>
  ({ azimuth, elevation, distance: 0, target: /** @type {[number, number, number]} */ ([0, 0, 0]) });

test('everything that is seen as a whole lies in the picture, beside the room at its right', () => {
  const camera = new Camera();
  const points = corners({ min: [-600, -500, -90], max: [600, 500, 90], depthOfZero: 0 });
  camera.setExtent(points, Math.hypot(600, 500, 90));
  for (const [width, height, room] of [[688, 613, 0], [688, 613, 79], [390, 370, 65], [1300, 900, 80]]) {
    camera.setSize(width, height);
    camera.room = room;
    for (const [azimuth, elevation] of [[215, 28], [180, 90], [180, 0], [270, 0]]) {
      camera.view = whole(azimuth, elevation);
      const places = points.map((point) => camera.place(camera.matrix, point));
      const xs = places.map((place) => place?.x ?? NaN), ys = places.map((place) => place?.y ?? NaN);
      const [left, right] = [Math.min(...xs), Math.max(...xs)];
      assert.ok(left >= 0 && right <= width - room, `${width} ${room} ${azimuth}: ${left} to ${right}`);
      assert.ok(Math.min(...ys) >= 0 && Math.max(...ys) <= height);
      // As large as there is room for, in one direction at least.
      assert.ok(right - left > 0.6 * (width - room) || Math.max(...ys) - Math.min(...ys) > 0.6 * height,
        `${width} ${room} ${azimuth} ${elevation}`);
    }
  }
});

test('the graphics card is given the values of the faces, of a narrow range less its lower end', () => {
  const values = new FaceValues();
  values.cells = [5, 1e6 + 0.25, 1e6 + 0.5, NaN];
  const faces = { positions: new Float32Array(), count: 4, codes: Uint32Array.of(2 ** 29 * 5 + 2, 1, 3, 7) };
  const table = new Uint8Array(4);
  assert.deepEqual([...values.of(faces)], [1e6 + 0.5, 1e6 + 0.25, NaN, NaN].map(Math.fround));
  const told = values.toldBy({ table, lo: 1e6, hi: 1e6 + 1, log: false, flags: false });
  assert.deepEqual([told.lo, told.hi], [0, 1]);
  assert.deepEqual([...values.of(faces)], [0.5, 0.25, NaN, NaN]);
  const plain = values.toldBy({ table, lo: 5, hi: 1e6, log: false, flags: false });
  assert.deepEqual([plain.lo, plain.hi, values.from], [5, 1e6, 0]);
  values.cells = []; // no cell has a value
  assert.deepEqual([...values.of(faces)], [NaN, NaN, NaN, NaN]);
});
