// SPDX-License-Identifier: MIT
// The visible faces of the cells: geometry once per filter, values once per time step.

import {
  BufferAttribute, BufferGeometry, DataTexture, FloatType, GLSL3, Mesh,
  NearestFilter, NoBlending, RawShaderMaterial, RedFormat, RedIntegerFormat, RGBAFormat,
  UnsignedByteType, UnsignedIntType,
} from 'three';
import { ABOVE, BELOW, FALSE, MISSING, TRUE } from '../plot/colormaps.js';
import { CELL_FRAGMENT, CELL_VERTEX, PICK_FRAGMENT, PICK_VERTEX, ROW } from './shaders.js';

/** @typedef {import('./renderer.js').Faces} Faces */
/** @typedef {import('../plot/colormaps.js').Colouring} Colouring */

/**
 * Brightness by direction (−x, +x, −y, +y, top, bottom): full on top and bottom, so that a
 * cell seen from above has exactly the legend's colour.
 */
const SHADE = [0.78, 0.86, 0.74, 0.9, 1, 1];

export class CellMesh {
  #codes = dataTexture(new Uint32Array(ROW), RedIntegerFormat, UnsignedIntType, 'R32UI');
  #values = dataTexture(new Float32Array(ROW), RedFormat, FloatType, 'R32F');
  #table = new DataTexture(new Uint8Array(1024), 256, 1, RGBAFormat, UnsignedByteType);
  #index = new BufferAttribute(new Uint32Array(0), 1);

  constructor() {
    this.#table.needsUpdate = true;
    this.#shown = material(CELL_VERTEX, CELL_FRAGMENT, {
      uCodes: { value: this.#codes }, uValues: { value: this.#values },
      uTable: { value: this.#table }, uRange: { value: [0, 1] },
      uLog: { value: false }, uFlags: { value: false }, uShade: { value: SHADE },
      uMissing: { value: unit(MISSING) }, uBelow: { value: unit(BELOW) },
      uAbove: { value: unit(ABOVE) }, uFalse: { value: unit(FALSE) }, uTrue: { value: unit(TRUE) },
      uSelected: { value: 0 }, uHovered: { value: 0 },
      uEdges: { value: 0.5 },
    });
    this.#picked = material(PICK_VERTEX, PICK_FRAGMENT, { uCodes: { value: this.#codes } });
    /** What the scene draws. */
    this.mesh = new Mesh(new BufferGeometry(), this.#shown);
    this.mesh.frustumCulled = false; // its bounds would cost a pass over every vertex
  }

  /** @type {RawShaderMaterial} */ #shown;
  /** @type {RawShaderMaterial} */ #picked;

  /** Has its programs made. @param {(object: Mesh) => void} compile */
  compile(compile) {
    compile(this.mesh);
    this.asCellNumbers(() => compile(this.mesh));
  }

  /** @param {Faces} faces */
  setFaces({ positions, codes, count }) {
    if (this.#index.count < 6 * count) this.#index = quadIndex(count);
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new BufferAttribute(positions, 3));
    geometry.setIndex(this.#index);
    geometry.setDrawRange(0, 6 * count);
    this.mesh.geometry.dispose();
    this.mesh.geometry = geometry;
    this.#codes = this.#fill('uCodes', this.#codes, codes);
    this.#picked.uniforms.uCodes.value = this.#codes;
  }

  /** @param {ArrayLike<number>} values  one a cell, any numeric type */
  setValues(values) {
    this.#values = this.#fill('uValues', this.#values, values);
  }

  /** @param {Colouring} colouring */
  setColouring({ table, lo, hi, log, flags }) {
    const uniforms = this.#shown.uniforms;
    const first = log ? Math.log(lo) : lo;
    const span = (log ? Math.log(hi) : hi) - first;
    uniforms.uRange.value = [first, span > 0 ? 1 / span : 0];
    uniforms.uLog.value = log;
    uniforms.uFlags.value = flags;
    this.#table.image.data.set(table);
    this.#table.needsUpdate = true;
  }

  /** @param {{ selected?: number, hovered?: number, edges?: number }} marks  cells; −1: none */
  setMarks({ selected, hovered, edges }) {
    const uniforms = this.#shown.uniforms;
    if (selected !== undefined) uniforms.uSelected.value = selected + 1;
    if (hovered !== undefined) uniforms.uHovered.value = hovered + 1;
    if (edges !== undefined) uniforms.uEdges.value = edges;
  }

  /** Draws cell numbers instead of colours while `render` runs. @param {() => void} render */
  asCellNumbers(render) {
    this.mesh.material = this.#picked;
    try {
      render();
    } finally {
      this.mesh.material = this.#shown;
    }
  }

  dispose() {
    this.mesh.geometry.dispose();
    for (const owned of [this.#shown, this.#picked, this.#codes, this.#values, this.#table]) {
      owned.dispose();
    }
  }

  /**
   * Copies data into a texture, which is replaced only if it is too small: an upload into
   * the same storage does not stall on what is still being drawn.
   * @param {'uCodes' | 'uValues'} name
   * @param {DataTexture} texture
   * @param {ArrayLike<number>} data
   */
  #fill(name, texture, data) {
    const rows = Math.max(1, Math.ceil(data.length / ROW));
    let target = texture;
    if (texture.image.height !== rows) {
      const Type = name === 'uCodes' ? Uint32Array : Float32Array;
      target = dataTexture(new Type(rows * ROW), texture.format, texture.type,
        /** @type {import('three').PixelFormatGPU} */ (texture.internalFormat));
      texture.dispose();
      this.#shown.uniforms[name].value = target;
    }
    /** @type {Float32Array | Uint32Array} */ (target.image.data).set(data);
    target.needsUpdate = true;
    return target;
  }
}

/**
 * @param {Uint32Array | Float32Array} data
 * @param {import('three').PixelFormat} format
 * @param {import('three').TextureDataType} type
 * @param {import('three').PixelFormatGPU} internal
 */
function dataTexture(data, format, type, internal) {
  const texture = new DataTexture(data, ROW, data.length / ROW, format, type);
  texture.internalFormat = internal;
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  texture.needsUpdate = true;
  return texture;
}

/**
 * @param {string} vertexShader
 * @param {string} fragmentShader
 * @param {Record<string, { value: unknown }>} uniforms
 */
function material(vertexShader, fragmentShader, uniforms) {
  return new RawShaderMaterial({
    vertexShader, fragmentShader, uniforms, glslVersion: GLSL3, blending: NoBlending,
  });
}

/** Two triangles a face: corners 0 1 2 and 0 2 3. @param {number} count  faces */
function quadIndex(count) {
  const index = new Uint32Array(6 * count);
  for (let face = 0, at = 0, first = 0; face < count; face += 1, at += 6, first += 4) {
    index[at] = first;
    index[at + 1] = first + 1;
    index[at + 2] = first + 2;
    index[at + 3] = first;
    index[at + 4] = first + 2;
    index[at + 5] = first + 3;
  }
  return new BufferAttribute(index, 1);
}

/** @param {readonly [number, number, number]} rgb  0…255 → 0…1 */
function unit([r, g, b]) {
  return [r / 255, g / 255, b / 255];
}
