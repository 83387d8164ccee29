// SPDX-License-Identifier: MIT
// What is drawn besides the cells: wells, the selected cell's box, and the frame. Parts that
// cells hide show through faintly, so a well can be followed inside the reservoir.

import {
  BufferAttribute, BufferGeometry, Color, ConeGeometry, CylinderGeometry, GreaterDepth, Group,
  LineBasicMaterial, LineSegments, Mesh, MeshLambertMaterial, Quaternion, Vector3,
} from 'three';

/** @typedef {import('./renderer.js').WellMark} WellMark */
/** @typedef {import('./renderer.js').Vector} Vector */

const UP = new Vector3(0, 1, 0); // the axis of three's cylinders and cones
const GHOST = 0.38;

/**
 * A well: a pipe through its cells and up to a head above the grid, an arrow there (down
 * into the ground for an injector, up for a producer), and boxes around perforated cells.
 *
 * @param {WellMark} well
 * @param {(at: Vector) => Vector3} place  feet → scene
 * @param {{ top: number, radius: number }} size  height of the head and the pipe's radius, scene
 * @returns {{ group: Group, head: Vector }}
 */
export function drawWell(well, place, { top, radius }) {
  const group = new Group();
  const colour = rgb(well.colour);
  const points = well.path.map(place);
  const head = points[0].clone().setZ(top);
  const arrow = 5.2 * radius;
  const end = head.clone().setZ(top - arrow);
  pipe(group, [end, ...points], radius, colour);

  const cone = new ConeGeometry(2.6 * radius, arrow, 20);
  const tip = well.injector ? -1 : 1;
  addTwice(group, (material) => {
    const mesh = new Mesh(cone, material);
    mesh.quaternion.setFromUnitVectors(UP, new Vector3(0, 0, tip));
    mesh.position.copy(head).setZ(top - arrow / 2);
    return mesh;
  }, colour);

  if (well.boxes.length > 0) {
    group.add(...outline(placeAll(well.boxes, place), colour, 0.9));
  }
  return { group, head: [head.x, head.y, top + 1.5 * radius] };
}

/**
 * @param {Group} group
 * @param {readonly Vector3[]} points
 * @param {number} radius
 * @param {Color} colour
 */
function pipe(group, points, radius, colour) {
  for (let n = 1; n < points.length; n += 1) {
    const along = points[n].clone().sub(points[n - 1]);
    const length = along.length();
    if (length === 0) continue;
    const cylinder = new CylinderGeometry(radius, radius, length, 12);
    addTwice(group, (material) => {
      const mesh = new Mesh(cylinder, material);
      mesh.quaternion.copy(new Quaternion().setFromUnitVectors(UP, along.clone().normalize()));
      mesh.position.copy(points[n - 1]).addScaledVector(along, 0.5);
      return mesh;
    }, colour);
  }
}

/**
 * Adds a thing as it is, and again, faintly, where something is in front of it.
 * @param {Group} group
 * @param {(material: MeshLambertMaterial) => Mesh} make
 * @param {Color} colour
 */
function addTwice(group, make, colour) {
  const seen = make(new MeshLambertMaterial({ color: colour }));
  const hidden = make(new MeshLambertMaterial({
    color: colour, transparent: true, opacity: GHOST, depthFunc: GreaterDepth, depthWrite: false,
  }));
  hidden.renderOrder = 1;
  group.add(seen, hidden);
}

/**
 * Lines, full where they are seen and faint where they are hidden.
 * @param {Float32Array} positions  2 × (x, y, z) a segment, scene
 * @param {Color} colour
 * @param {number} opacity
 */
export function outline(positions, colour, opacity) {
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(positions, 3));
  const seen = new LineSegments(geometry, new LineBasicMaterial({
    color: colour, transparent: opacity < 1, opacity, polygonOffset: true,
  }));
  const hidden = new LineSegments(geometry, new LineBasicMaterial({
    color: colour, transparent: true, opacity: GHOST * opacity, depthFunc: GreaterDepth,
    depthWrite: false,
  }));
  for (const lines of [seen, hidden]) lines.renderOrder = 2;
  return [seen, hidden];
}

/**
 * The twelve edges of a block.
 * @param {import('./renderer.js').Bounds} bounds
 * @returns {Float32Array}
 */
export function blockEdges({ min, max }) {
  /** @type {number[]} */ const lines = [];
  const at = /** @param {number} corner */ (corner) => [0, 1, 2]
    .map((axis) => ((corner >> axis) & 1 ? max : min)[axis]);
  for (let corner = 0; corner < 8; corner += 1) {
    for (let axis = 0; axis < 3; axis += 1) {
      if ((corner >> axis) & 1) continue;
      lines.push(...at(corner), ...at(corner | (1 << axis)));
    }
  }
  return new Float32Array(lines);
}

/** @param {Float32Array} positions @param {(at: Vector) => Vector3} place */
export function placeAll(positions, place) {
  const placed = new Float32Array(positions.length);
  for (let n = 0; n < positions.length; n += 3) {
    place([positions[n], positions[n + 1], positions[n + 2]]).toArray(placed, n);
  }
  return placed;
}

/** @param {readonly [number, number, number]} colour  0…255 */
export function rgb([r, g, b]) {
  return new Color(r / 255, g / 255, b / 255);
}

/** Frees what the GPU holds of a group. @param {import('three').Object3D} group */
export function disposeAll(group) {
  group.traverse((object) => {
    const drawn = /** @type {Partial<Mesh>} */ (object);
    drawn.geometry?.dispose();
    /** @type {import('three').Material | undefined} */ (drawn.material)?.dispose();
  });
  group.clear();
}
