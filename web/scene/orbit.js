// SPDX-License-Identifier: MIT
// The eye: OrbitControls behind angles and distances that mean the same for every grid.

import { PerspectiveCamera, Vector3 } from 'three';
import { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

/** @typedef {import('./renderer.js').View} View */

const FIELD_OF_VIEW = 32;
const RADIANS = Math.PI / 180;
/** How much of the picture everything fills. */
const FILL = 0.84;

export class Orbit {
  camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.01, 100);
  /** Half the diagonal of the grid; the unit of distances. */
  #radius = 1;
  /** What "everything" is: the corners of the grid and the heads of wells. @type {Vector3[]} */
  #points = [];

  /**
   * @param {HTMLElement} element
   * @param {() => void} onChange  the picture must be drawn again
   * @param {() => void} onUser    and it was the user who moved
   */
  constructor(element, onChange, onUser) {
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, element);
    this.controls.enableDamping = !matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.controls.dampingFactor = 0.15;
    this.controls.zoomToCursor = true;
    this.controls.addEventListener('change', onChange);
    this.controls.addEventListener('end', onUser);
    element.addEventListener('wheel', onUser, { passive: true });
  }

  /** @param {Vector3[]} points  around the origin @param {number} radius */
  setExtent(points, radius) {
    const view = this.view;
    this.#points = points;
    this.#radius = radius;
    this.controls.minDistance = 0.02 * radius;
    this.controls.maxDistance = 12 * radius;
    this.view = view;
  }

  /** @param {number} width @param {number} height  CSS pixels */
  setSize(width, height) {
    this.camera.aspect = width / Math.max(1, height);
    // The same view in a tall narrow picture would cut the sides: widen the angle instead.
    this.camera.fov = this.camera.aspect >= 1 ? FIELD_OF_VIEW
      : 2 * Math.atan(Math.tan(FIELD_OF_VIEW / 2 * RADIANS) / this.camera.aspect) / RADIANS;
    this.camera.updateProjectionMatrix();
  }

  /** @returns {View} */
  get view() {
    const from = this.camera.position.clone().sub(this.controls.target);
    const distance = from.length() || 1;
    const { x, y, z } = this.controls.target;
    return {
      azimuth: (Math.atan2(from.x, from.y) / RADIANS + 360) % 360,
      elevation: Math.asin(Math.max(-1, Math.min(1, from.z / distance))) / RADIANS,
      distance: distance / this.#radius,
      target: [x / this.#radius, y / this.#radius, z / this.#radius],
    };
  }

  set view({ azimuth, elevation, distance, target }) {
    const radius = this.#radius;
    // Exactly above there is no "up"; OrbitControls keeps the same small angle.
    const up = Math.max(-89.99, Math.min(89.99, elevation)) * RADIANS;
    const around = azimuth * RADIANS;
    const towards = new Vector3(
      Math.sin(around) * Math.cos(up), Math.cos(around) * Math.cos(up), Math.sin(up));
    this.controls.target.set(target[0] * radius, target[1] * radius, target[2] * radius);
    this.camera.position.copy(this.controls.target)
      .addScaledVector(towards, distance > 0 ? distance * radius : this.#fit(towards));
    this.#clip();
    this.controls.update();
  }

  /** From how far every point is seen, with a margin. @param {Vector3} towards  the eye */
  #fit(towards) {
    const side = new Vector3(0, 0, 1).cross(towards).normalize();
    const above = towards.clone().cross(side);
    const tanY = Math.tan(this.camera.fov / 2 * RADIANS) * FILL;
    const tanX = tanY * this.camera.aspect;
    const distances = this.#points.map((point) => towards.dot(point)
      + Math.max(Math.abs(side.dot(point)) / tanX, Math.abs(above.dot(point)) / tanY));
    return Math.max(0.1 * this.#radius, ...distances);
  }

  /** Moves what inertia is left. @returns {boolean} whether the picture changed */
  update() {
    const moved = this.controls.update();
    this.#clip();
    return moved;
  }

  #clip() {
    const distance = this.camera.position.length();
    this.camera.near = Math.max(distance - 2 * this.#radius, 0.005 * this.#radius);
    this.camera.far = distance + 3 * this.#radius;
    this.camera.updateProjectionMatrix();
  }

  dispose() {
    this.controls.dispose();
  }
}
