// SPDX-License-Identifier: MIT
// BORES's boundary conditions as the simulator's, of both forms: the newest's one condition a face, and
// the guide's faces by property, of which only those of the pressure have a meaning here.

import { isMap } from '../../values/paths.js';
import { CUBIC_FEET_PER_BARREL, firstOf, needNumber, numberOf, taggedOf } from './trees.js';

/**
 * @import { Problems } from '../problems.js'
 * @import { Tree } from './trees.js'
 */

/** BORES calls the side of k = 0, which is the top of the reservoir, bottom. */
const FACES = /** @type {const} */ ({
  left: 'x-', right: 'x+', front: 'y-', back: 'y+', bottom: 'z-', top: 'z+',
});

/**
 * @param {Tree} config
 * @param {readonly [number, number, number]} shape
 * @param {Problems} problems
 * @returns {Tree[]}
 */
export function translateBoundaries(config, shape, problems) {
  const root = config.boundary_conditions;
  if (root === null || root === undefined) return [];
  const properties = root.conditions ?? (looksLikeFaces(root) ? { pressure: root } : root);
  return Object.entries(properties).flatMap(([property, faces]) => {
    const path = `config.boundary_conditions.${property}`;
    const used = Object.entries(FACES).flatMap(([name, face]) => {
      const condition = taggedOf(firstOf(faces, name, 'default'));
      return condition ? [{ path: `${path}.${name}`, face, ...condition }] : [];
    });
    const open = used.filter(({ tag, data }) => !isClosed(tag, data));
    if (/pressure$/.test(property)) {
      return open.flatMap((item) => conditionOf(item, facesCells(item.face, shape), problems) ?? []);
    }
    for (const item of open) {
      problems.unsupported(item.path, `of boundaries only the pressure is simulated, not ${property}`);
    }
    return [];
  });
}

/** @param {Tree} root */
function looksLikeFaces(root) {
  return isMap(root) && Object.keys(root).some((name) => name in FACES || name === 'default');
}

/**
 * @param {string} tag
 * @param {Tree} data
 */
function isClosed(tag, data) {
  return tag === 'no_flow_boundary'
    || ((tag === 'neumann_boundary' || tag === 'flux_boundary') && Number(data.flux ?? 0) === 0);
}

/**
 * @param {string} face
 * @param {readonly [number, number, number]} shape
 */
function facesCells(face, [nx, ny, nz]) {
  return face[0] === 'x' ? ny * nz : face[0] === 'y' ? nx * nz : nx * ny;
}

/**
 * @param {{ path: string, face: string, tag: string, data: Tree }} condition
 * @param {number} cells  of the face
 * @param {Problems} problems
 * @returns {Tree | undefined}
 */
function conditionOf({ path, face, tag, data }, cells, problems) {
  const number = (/** @type {string} */ name, limits = {}) =>
    needNumber(problems, `${path}.${tag}.${name}`, data[name], limits);
  switch (tag) {
    case 'neumann_boundary':
    case 'flux_boundary': // ft³/day into each cell
      return { face, type: 'flux', rate: (number('flux') * cells) / CUBIC_FEET_PER_BARREL };
    case 'dirichlet_boundary': return { face, type: 'pressure', pressure: number('pressure', { above: 0 }) };
    case 'constant_boundary': return { face, type: 'pressure', pressure: number('constant', { above: 0 }) };
    case 'robin_boundary': return robin(face, data, path, problems);
    case 'carter_tracy_aquifer': return carterTracy(face, data, number);
    default:
      problems.unsupported(`${path}.${tag}`, 'this boundary is not simulated; constant pressure, flux and '
        + 'Carter–Tracy aquifers are');
      return undefined;
  }
}

/**
 * @param {string} face
 * @param {Tree} data
 * @param {string} path
 * @param {Problems} problems
 */
function robin(face, data, path, problems) {
  const alpha = data.alpha ?? {};
  const given = alpha.data ?? alpha;
  const name = String(given.name ?? given.func ?? given.type ?? '');
  const parameters = given.kwargs ?? given.parameters ?? given.params ?? given;
  const pressure = needNumber(problems, `${path}.robin_boundary.pressure`, data.pressure, { above: 0 });
  const value = numberOf(parameters.value), scale = numberOf(parameters.mobility_scale);
  if (value !== undefined || name.includes('constant_productivity_index')) {
    return { face, type: 'productivity', pressure, pi: (value ?? 1) / CUBIC_FEET_PER_BARREL };
  }
  if (scale !== undefined || name.includes('transmissibility_weighted_pi')) {
    return { face, type: 'productivity', pressure, factor: scale ?? 1 };
  }
  problems.unsupported(`${path}.robin_boundary.alpha`, 'of its functions a constant productivity index and '
    + 'the transmissibility-weighted one are known');
  return undefined;
}

/**
 * @param {string} face
 * @param {Tree} data
 * @param {(name: string, limits?: object) => number} number
 */
function carterTracy(face, data, number) {
  const pressure = { initial_pressure: number('initial_pressure', { above: 0 }) };
  const angle = data.angle == null ? 360 : number('angle', { above: 0, most: 360 });
  const ratio = data.dimensionless_radius_ratio == null ? 10
    : number('dimensionless_radius_ratio', { above: 1 });
  if (data.aquifer_constant != null) {
    return { face, type: 'carter_tracy', ...pressure, radius_ratio: ratio,
      constant: number('aquifer_constant', { above: 0 }) };
  }
  const above = { above: 0 };
  return {
    face, type: 'carter_tracy', ...pressure, angle,
    permeability: number('aquifer_permeability', above), porosity: number('aquifer_porosity', above),
    compressibility: number('aquifer_compressibility', above), viscosity: number('water_viscosity', above),
    inner_radius: number('inner_radius', above), thickness: number('aquifer_thickness', above),
    outer_radius: data.outer_radius == null ? ratio * number('inner_radius', above)
      : number('outer_radius', above),
  };
}
