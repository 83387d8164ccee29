// SPDX-License-Identifier: MIT
// The eye: where it is, what it sees, and where a point lies in the picture.

import {
  along, dot, length, lookFrom, multiply, perspective, transform,
} from './matrix.js';

/** @typedef {import('./renderer.js').Vector} Vector */
/** @typedef {import('./renderer.js').View} View */

const RADIANS = Math.PI / 180;
/** Degrees from edge to edge of the picture, across its shorter side. */
const FIELD_OF_VIEW = 32;
/** How much of the picture everything fills when the distance is "all of it". */
const FILL = 0.84;
const NEAREST = 0.02;
const FARTHEST = 12;
/** CSS pixels that depths take beside the left edge of the grid. */
const TICKS = 62;

export class Camera {
  /** @type {Vector} */ #target = [0, 0, 0];
  #azimuth = 215;
  #elevation = 28;
  #distance = 3;
  /** Half the diagonal of the grid: the unit of distances. */
  #radius = 1;
  /** What "everything" is. @type {readonly Vector[]} */ #points = [];
  #size = { width: 1, height: 1 };
  /** CSS pixels at the right side that everything, seen as a whole, leaves free. */
  room = 0;

  /** @param {number} width @param {number} height  CSS pixels */
  setSize(width, height) {
    this.#size = { width: Math.max(1, width), height: Math.max(1, height) };
  }

  /**
   * @param {readonly Vector[]} points  corners of the grid and heads of wells, around the origin
   * @param {number} radius             half the grid's diagonal
   */
  setExtent(points, radius) {
    const scale = radius / this.#radius;
    this.#target = along([0, 0, 0], this.#target, scale);
    this.#distance *= scale;
    this.#points = points;
    this.#radius = radius;
  }

  /** @returns {View} */
  get view() {
    return {
      azimuth: this.#azimuth,
      elevation: this.#elevation,
      distance: this.#distance / this.#radius,
      target: along([0, 0, 0], this.#target, 1 / this.#radius),
    };
  }

  set view({ azimuth, elevation, distance, target }) {
    this.#azimuth = ((azimuth % 360) + 360) % 360;
    this.#elevation = Math.max(-90, Math.min(90, elevation));
    this.#target = along([0, 0, 0], target, this.#radius);
    if (distance > 0) {
      this.#distance = this.#limited(distance * this.#radius);
      return;
    }
    this.#distance = this.#limited(this.#wholeDistance());
    this.pan((this.#left() - this.#room()) / 2, 0);
  }

  /** Turns around the target. @param {number} azimuth @param {number} elevation  degrees more */
  turn(azimuth, elevation) {
    this.view = {
      ...this.view, azimuth: this.#azimuth + azimuth, elevation: this.#elevation + elevation,
    };
  }

  /**
   * Moves with the pointer, which stays on what it was on.
   * @param {number} dx  CSS pixels
   * @param {number} dy
   */
  pan(dx, dy) {
    const { right, up } = this.axes;
    const scale = this.#perPixel();
    this.#target = along(along(this.#target, right, -dx * scale), up, dy * scale);
  }

  /**
   * Goes nearer to, or away from, what is at a pixel.
   * @param {number} factor  of the distance
   * @param {number} x       CSS pixels
   * @param {number} y
   */
  zoom(factor, x, y) {
    const before = this.#distance;
    this.#distance = this.#limited(before * factor);
    const moved = 1 - this.#distance / before;
    const { width, height } = this.#size;
    // What lies under the pointer, in the plane of the target, stays under it.
    this.pan(-(x - width / 2) * moved * before / this.#distance,
      -(y - height / 2) * moved * before / this.#distance);
  }

  /** Right and up in the picture, and from the target towards the eye: unit vectors. */
  get axes() {
    const [sinA, cosA] = [Math.sin(this.#azimuth * RADIANS), Math.cos(this.#azimuth * RADIANS)];
    const [sinE, cosE] = [Math.sin(this.#elevation * RADIANS), Math.cos(this.#elevation * RADIANS)];
    return {
      right: /** @type {Vector} */ ([-cosA, sinA, 0]),
      up: /** @type {Vector} */ ([-sinA * sinE, -cosA * sinE, cosE]),
      back: /** @type {Vector} */ ([sinA * cosE, cosA * cosE, sinE]),
    };
  }

  /** @returns {Vector} */
  get eye() {
    return along(this.#target, this.axes.back, this.#distance);
  }

  /** World → clip coordinates. */
  get matrix() {
    const { right, up, back } = this.axes;
    const { eye } = this;
    const { width, height } = this.#size;
    const away = length(eye);
    const near = Math.max(away - 2 * this.#radius, 0.005 * this.#radius);
    return multiply(perspective(this.#fov(), width / height, near, away + 3 * this.#radius),
      lookFrom(right, up, back, eye));
  }

  /**
   * @param {Float32Array} matrix  `camera.matrix`
   * @param {Vector} point
   * @returns {{ x: number, y: number } | null}  CSS pixels; null: behind the eye
   */
  place(matrix, point) {
    const [x, y, , w] = transform(matrix, point);
    if (w <= 0) return null;
    return { x: (x / w + 1) / 2 * this.#size.width, y: (1 - y / w) / 2 * this.#size.height };
  }

  /** From top to bottom; the shorter side has the constant angle. */
  #fov() {
    const aspect = this.#size.width / this.#size.height;
    if (aspect >= 1) return FIELD_OF_VIEW;
    return 2 * Math.atan(Math.tan(FIELD_OF_VIEW / 2 * RADIANS) / aspect) / RADIANS;
  }

  /** Length of a pixel at the target. */
  #perPixel() {
    return 2 * this.#distance * Math.tan(this.#fov() / 2 * RADIANS) / this.#size.height;
  }

  /** What is left free, where that leaves most of the picture. */
  #room() {
    return Math.min(this.room, 0.2 * this.#size.width);
  }

  /** What is left free at the left for depths, besides what is there anyway. */
  #left() {
    return Math.max(0, TICKS - (1 - FILL) / 2 * this.#size.width);
  }

  /** From how far every point is seen. */
  #wholeDistance() {
    const { right, up, back } = this.axes;
    const tanY = Math.tan(this.#fov() / 2 * RADIANS) * FILL;
    const { width, height } = this.#size;
    const tanX = tanY * Math.max(0.4 * width, width - this.#room() - this.#left()) / height;
    const distances = this.#points.map((point) => {
      const from = along(point, this.#target, -1);
      return dot(back, from)
        + Math.max(Math.abs(dot(right, from)) / tanX, Math.abs(dot(up, from)) / tanY);
    });
    return Math.max(0.1 * this.#radius, ...distances);
  }

  /** @param {number} distance */
  #limited(distance) {
    return Math.max(NEAREST * this.#radius, Math.min(FARTHEST * this.#radius, distance));
  }
}
