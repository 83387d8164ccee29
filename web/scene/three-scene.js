// SPDX-License-Identifier: MIT
// The scene drawn by three.js. It draws when something changed, never otherwise.

import {
  AmbientLight, ColorManagement, Color, DirectionalLight, Group, LinearSRGBColorSpace, Scene,
  Vector3, WebGLRenderer, WebGLRenderTarget,
} from 'three';
import { CellMesh } from './cell-mesh.js';
import { axisLabels, axisSides } from './frame.js';
import { LabelLayer } from './labels.js';
import { blockEdges, disposeAll, drawWell, outline, placeAll, rgb } from './marks.js';
import { Orbit } from './orbit.js';
import { drawingPower } from './renderer.js';

/** @typedef {import('./renderer.js').Bounds} Bounds */
/** @typedef {import('./renderer.js').Vector} Vector */
/** @typedef {import('./renderer.js').WellMark} WellMark */

// Colours are given as they shall be seen; nothing is to be converted.
ColorManagement.enabled = false;

/** @implements {import('./renderer.js').Scene} */
export class ThreeScene {
  #scene = new Scene();
  #cells = new CellMesh();
  #wells = new Group();
  #frame = new Group();
  #selection = new Group();
  #target = new WebGLRenderTarget(1, 1, { depthBuffer: true });
  /** @type {Bounds} */ #bounds = { min: [0, 0, 0], max: [1, 1, 1], depthOfZero: 0 };
  /** @type {readonly WellMark[]} */ #wellMarks = [];
  /** @type {Float32Array | null} */ #selectionBox = null;
  /** @type {import('./renderer.js').SceneColours} */
  #colours = { background: [255, 255, 255], line: [0, 0, 0], mark: [0, 0, 0] };
  #exaggeration = 1;
  #size = { width: 1, height: 1 };
  #frameRequest = 0;
  #axisKey = '';

  /** @param {HTMLElement} element @param {import('./renderer.js').SceneEvents} events */
  constructor(element, events) {
    // Smooth edges double the time of a software renderer; lines between cells are smooth anyway.
    const antialias = drawingPower() === 'hardware';
    this.#renderer = new WebGLRenderer({ antialias, powerPreference: 'high-performance' });
    this.#renderer.outputColorSpace = LinearSRGBColorSpace;
    this.#renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    const canvas = this.#renderer.domElement;
    element.append(canvas);
    this.#labels = new LabelLayer(element);
    this.#orbit = new Orbit(canvas, () => this.#request(), () => events.onView(this.getView()));
    this.#light = new DirectionalLight(0xffffff, 1.6);
    this.#scene.add(this.#cells.mesh, this.#wells, this.#frame, this.#selection,
      new AmbientLight(0xffffff, 1.7), this.#light);
    // Compiled now, while the user still looks for a file.
    this.#renderer.debug.checkShaderErrors = false;
    this.#cells.compile((scene) => this.#renderer.compile(scene, this.#orbit.camera));
    this.#cells.mesh.visible = false;
    canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      events.onTrouble('The graphics driver stopped; the 3-D picture returns when it restarts.');
    });
    canvas.addEventListener('webglcontextrestored', () => {
      events.onTrouble(null);
      this.#request();
    });
  }

  /** @type {WebGLRenderer} */ #renderer;
  /** @type {LabelLayer} */ #labels;
  /** @type {Orbit} */ #orbit;
  /** @type {DirectionalLight} */ #light;

  /** @param {Bounds} bounds */
  setBounds(bounds) {
    this.#bounds = bounds;
    this.#rebuild();
  }

  /** @param {import('./renderer.js').Faces} faces */
  setFaces(faces) {
    this.#cells.setFaces(faces);
    this.#cells.mesh.visible = faces.count > 0;
    this.#request();
  }

  /** @param {ArrayLike<number>} values */
  setValues(values) {
    this.#cells.setValues(values);
    this.#request();
  }

  /** @param {import('../plot/colormaps.js').Colouring} colouring */
  setColouring(colouring) {
    this.#cells.setColouring(colouring);
    this.#request();
  }

  /** @param {number} factor */
  setExaggeration(factor) {
    this.#exaggeration = factor;
    this.#rebuild();
  }

  /** @param {readonly WellMark[]} wells */
  setWells(wells) {
    this.#wellMarks = wells;
    this.#rebuildWells();
    this.#request();
  }

  /** @param {number} cell @param {Float32Array | null} box */
  setSelection(cell, box) {
    this.#cells.setMarks({ selected: cell });
    this.#selectionBox = box;
    this.#rebuildSelection();
    this.#request();
  }

  /** @param {number} cell */
  setHovered(cell) {
    this.#cells.setMarks({ hovered: cell });
    this.#request();
  }

  /** @param {boolean} on */
  setEdges(on) {
    this.#cells.setMarks({ edges: on ? 0.5 : 0 });
    this.#request();
  }

  /** @param {import('./renderer.js').SceneColours} colours */
  setColours(colours) {
    this.#colours = colours;
    this.#renderer.setClearColor(rgb(colours.background), 1);
    this.#rebuild();
  }

  getView() {
    return this.#orbit.view;
  }

  /** @param {import('./renderer.js').View} view */
  setView(view) {
    this.#orbit.view = view;
    this.#request();
  }

  /** @param {number} width @param {number} height */
  resize(width, height) {
    this.#size = { width, height };
    this.#renderer.setSize(width, height);
    this.#orbit.setSize(width, height);
    this.#draw();
  }

  /** @param {number} x @param {number} y */
  pick(x, y) {
    const renderer = this.#renderer;
    const { camera } = this.#orbit;
    const others = [this.#wells, this.#frame, this.#selection];
    for (const other of others) other.visible = false;
    camera.setViewOffset(this.#size.width, this.#size.height, Math.floor(x), Math.floor(y), 1, 1);
    renderer.setRenderTarget(this.#target);
    renderer.setClearColor(new Color(0), 0);
    this.#cells.asCellNumbers(() => renderer.render(this.#scene, camera));
    const id = new Uint8Array(4);
    renderer.readRenderTargetPixels(this.#target, 0, 0, 1, 1, id);
    renderer.setRenderTarget(null);
    renderer.setClearColor(rgb(this.#colours.background), 1);
    camera.clearViewOffset();
    for (const other of others) other.visible = true;
    return id[0] + id[1] * 2 ** 8 + id[2] * 2 ** 16 + id[3] * 2 ** 24 - 1;
  }

  snapshot() {
    return { canvas: this.#renderer.domElement, labels: this.#draw() };
  }

  dispose() {
    cancelAnimationFrame(this.#frameRequest);
    for (const group of [this.#wells, this.#frame, this.#selection]) disposeAll(group);
    this.#cells.dispose();
    this.#target.dispose();
    this.#orbit.dispose();
    this.#labels.dispose();
    this.#renderer.dispose();
    this.#renderer.domElement.remove();
  }

  #request() {
    if (this.#frameRequest !== 0) return;
    this.#frameRequest = requestAnimationFrame(() => {
      this.#frameRequest = 0;
      if (this.#orbit.update()) this.#request();
      this.#draw();
    });
  }

  #draw() {
    const { camera } = this.#orbit;
    this.#light.position.copy(camera.position);
    this.#placeAxes();
    this.#renderer.render(this.#scene, camera);
    return this.#labels.place((at) => this.#project(new Vector3(...at)));
  }

  /** The axes go to the edges that the eye sees best. */
  #placeAxes() {
    const { x, y, z } = this.#orbit.camera.position;
    const [cx, cy, cz] = this.#centre();
    const sides = axisSides([x + cx, y + cy, z / this.#exaggeration + cz], this.#bounds);
    if (sides.key === this.#axisKey) return;
    this.#axisKey = sides.key;
    this.#labels.set('axes', axisLabels(this.#bounds, sides, this.#exaggeration)
      .map((label) => ({ ...label, at: this.#place(label.at).toArray() })));
  }

  /** @param {Vector3} point  scene coordinates */
  #project(point) {
    const seen = point.project(this.#orbit.camera);
    if (seen.z > 1) return null;
    return {
      x: (seen.x + 1) / 2 * this.#size.width,
      y: (1 - seen.y) / 2 * this.#size.height,
    };
  }

  /** @returns {Vector} */
  #centre() {
    const { min, max } = this.#bounds;
    return [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
  }

  /** Feet → scene: the grid's middle is the origin and heights are exaggerated. */
  #place = /** @param {Vector} at */ ([x, y, z]) => {
    const [cx, cy, cz] = this.#centre();
    return new Vector3(x - cx, y - cy, (z - cz) * this.#exaggeration);
  };

  /** Everything that depends on the box, the exaggeration or the colours. */
  #rebuild() {
    const origin = this.#place([0, 0, 0]);
    this.#cells.mesh.position.copy(origin);
    this.#cells.mesh.scale.set(1, 1, this.#exaggeration);
    disposeAll(this.#frame);
    this.#frame.add(outline(placeAll(blockEdges(this.#bounds), this.#place),
      rgb(this.#colours.line), 0.5)[0]);
    this.#axisKey = '';
    this.#rebuildWells();
    this.#rebuildSelection();
    this.#request();
  }

  #rebuildWells() {
    disposeAll(this.#wells);
    const corner = this.#place(this.#bounds.max);
    const radius = corner.length();
    const size = { top: corner.z + 0.22 * radius, radius: 0.0065 * radius };
    const labels = this.#wellMarks.map((well) => {
      const { group, head } = drawWell(well, this.#place, size);
      this.#wells.add(group);
      return { text: well.label, kind: /** @type {const} */ ('well'), at: head,
        colour: well.colour };
    });
    this.#labels.set('wells', labels);
    const heads = labels.map(({ at }) => new Vector3(...at));
    this.#orbit.setExtent([...corners(this.#bounds).map(this.#place), ...heads], radius || 1);
  }

  #rebuildSelection() {
    disposeAll(this.#selection);
    if (this.#selectionBox === null) return;
    this.#selection.add(...outline(placeAll(this.#selectionBox, this.#place),
      rgb(this.#colours.mark), 1));
  }
}

/** @param {Bounds} bounds @returns {Vector[]} */
function corners({ min, max }) {
  return [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => /** @type {Vector} */ (
    [0, 1, 2].map((axis) => ((bits >> axis) & 1 ? max : min)[axis])));
}
