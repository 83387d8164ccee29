// SPDX-License-Identifier: MIT
// The scene drawn with WebGL 2. It draws when something changed, never otherwise, and keeps
// what it was given, so that it can start over after the graphics driver did.

import { Camera } from './camera.js';
import { CellLayer } from './cell-layer.js';
import { Controls } from './controls.js';
import { withFence } from './curtain-faces.js';
import { FaceValues } from './face-values.js';
import { axisLabels, axisPlaces } from './frame.js';
import { LabelLayer } from './labels.js';
import { MarkLayer } from './mark-layer.js';
import { length, multiply, onlyPixel, scaleAndMove } from './matrix.js';
import { blockEdges, corners, joined, linesOf, wellShape } from './shapes.js';

/** @typedef {import('./renderer.js').Scene} Scene */
/** @typedef {import('./renderer.js').Bounds} Bounds */
/** @typedef {import('./renderer.js').Vector} Vector */

const MAX_RATIO = 2;
/** How much of a well shows through the cells around it. */
const GHOST = 0.36;

/** @implements {Scene} */
export class WebGLScene {
  #canvas = document.createElement('canvas');
  #camera = new Camera();
  #axisKey = '';
  #request = 0;
  #size = { width: 1, height: 1 };
  /** Where no label of a well can be read. @type {import('./label-places.js').Placeable[]} */ #taken = [];
  /** The view in which everything is seen, as long as nobody has moved. @type {import('./renderer.js').View | null} */
  #whole = null;
  /** @type {Bounds} */ #bounds = { min: [-1, -1, -1], max: [1, 1, 1], depthOfZero: 0 };
  #exaggeration = 1;
  /** @type {import('./renderer.js').Faces} */
  #faces = { positions: new Float32Array(), codes: new Uint32Array(), count: 0 };
  /** @type {import('./curtain-faces.js').FenceFaces} */ #fence = { faces: null, alone: false };
  /** Those that are drawn, of both. */ #drawn = this.#faces;
  #values = new FaceValues();
  /** What is on the GPU are not their values. */ #stale = true;
  /** @type {import('../plot/colormaps.js').Colouring} */
  #colouring = { table: new Uint8Array(1024), lo: 0, hi: 1, log: false, flags: false };
  #marks = { selected: -1, hovered: -1, edges: true };
  /** @type {readonly import('./renderer.js').WellMark[]} */ #wells = [];
  /** @type {Float32Array | null} */ #box = null;
  /** @type {readonly { box: Float32Array, colour: readonly [number, number, number] }[]} */ #pins = [];
  /** @type {Float32Array | null} */ #plane = null;
  #flat = false;
  #metric = false;
  /** @type {import('./renderer.js').SceneColours} */
  #colours = { background: [255, 255, 255], line: [0, 0, 0], mark: [0, 0, 0] };

  /**
   * @param {HTMLElement} element
   * @param {import('./renderer.js').SceneEvents} events
   * @param {{ antialias: boolean }} options
   * @throws {Error} when there is no WebGL 2
   */
  constructor(element, events, { antialias }) {
    const gl = this.#canvas.getContext('webgl2', {
      antialias, alpha: false, powerPreference: 'high-performance',
    });
    if (gl === null) throw new Error('WebGL 2 is not available');
    this.#gl = gl;
    this.#events = events;
    this.#cells = new CellLayer(gl);
    this.#lines = new MarkLayer(gl);
    element.append(this.#canvas);
    this.#labels = new LabelLayer(element);
    this.#controls = new Controls(this.#canvas, this.#camera, {
      onMove: () => { this.#whole = null; this.#change(); events.onView(this.getView()); },
      onEnd: () => events.onView(this.getView()),
      takesWheel: events.takesWheel,
    });
    this.#canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      events.onTrouble('The graphics driver stopped; the 3-D picture returns when it restarts.');
    });
    this.#canvas.addEventListener('webglcontextrestored', () => {
      this.#restart();
      events.onTrouble(null);
    });
  }

  /** @type {WebGL2RenderingContext} */ #gl;
  /** @type {import('./renderer.js').SceneEvents} */ #events;
  /** @type {CellLayer} */ #cells;
  /** @type {MarkLayer} */ #lines;
  /** @type {LabelLayer} */ #labels;
  /** @type {Controls} */ #controls;

  /** @param {Bounds} bounds */
  setBounds(bounds) {
    this.#bounds = bounds;
    this.#shape();
  }

  /** @param {import('./renderer.js').Faces} faces */
  setFaces(faces) {
    this.#faces = faces;
    this.#drawn = withFence(faces, this.#fence);
    if (this.#drawn.count > this.#cells.most) {
      this.#events.onTrouble(`The cells shown have ${this.#drawn.count} faces, and this device draws up to `
        + `${this.#cells.most}. Show fewer: a range of indices, or a filter.`);
      this.#drawn = { positions: new Float32Array(), codes: new Uint32Array(), count: 0 };
    }
    this.#cells.setFaces(this.#drawn);
    this.#upload();
  }

  /** @param {import('./renderer.js').Faces | null} fence @param {boolean} alone */
  setFence(fence, alone) {
    if (fence === null && this.#fence.faces === null) return;
    this.#fence = { faces: fence, alone };
    this.setFaces(this.#faces);
  }

  /** @param {ArrayLike<number>} values */
  setValues(values) {
    this.#values.cells = values;
    this.#upload();
  }

  /** @param {import('../plot/colormaps.js').Colouring} colouring */
  setColouring(colouring) {
    const { from } = this.#values;
    this.#colouring = this.#values.toldBy(colouring);
    this.#cells.setColouring(this.#colouring);
    this.#stale ||= from !== this.#values.from;
    this.#change();
  }

  /** With the next picture. */
  #upload() {
    this.#stale = true;
    this.#change();
  }

  /** @param {number} factor */
  setExaggeration(factor) {
    this.#exaggeration = factor;
    this.#shape();
  }

  /** @param {readonly import('./renderer.js').WellMark[]} wells */
  setWells(wells) {
    this.#wells = wells;
    this.#shape();
  }

  /** @param {number} cell @param {Float32Array | null} box */
  setSelection(cell, box) {
    this.#box = box;
    this.#shapeSelection();
    this.#mark({ selected: cell });
  }

  /** @param {readonly { box: Float32Array, colour: readonly [number, number, number] }[]} pins  edges of cells */
  setPins(pins) {
    this.#pins = pins;
    this.#shapeSelection();
    this.#change();
  }

  /** @param {number} cell */
  setHovered(cell) {
    this.#mark({ hovered: cell });
  }

  /** @param {boolean} edges */
  setEdges(edges) {
    this.#mark({ edges });
  }

  /** @param {boolean} flat */
  setFlat(flat) {
    this.#flat = flat;
    this.#cells.setFlat(flat);
    this.#change();
  }

  /** @param {boolean} metric */
  setMetric(metric) {
    this.#metric = metric;
    this.#axisKey = '';
    this.#change();
  }

  /** @param {Float32Array | null} plane */
  setPlane(plane) {
    this.#plane = plane;
    this.#shapePlane();
    this.#change();
  }

  /** @param {import('./renderer.js').SceneColours} colours */
  setColours(colours) {
    this.#colours = colours;
    this.#shape();
  }

  getView() {
    return this.#camera.view;
  }

  /** @param {import('./renderer.js').View} view */
  setView(view) {
    this.#camera.view = view;
    this.#whole = view.distance > 0 ? null : view;
    this.#change();
  }

  /**
   * @param {number} width @param {number} height @param {number} [room]
   * @param {import('./label-places.js').Placeable[]} [taken]
   */
  resize(width, height, room = this.#camera.room, taken = this.#taken) {
    this.#camera.room = room;
    this.#taken = taken;
    const ratio = Math.min(MAX_RATIO, devicePixelRatio);
    this.#size = { width, height };
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#camera.setSize(width, height);
    if (this.#whole) this.#camera.view = this.#whole;
    this.#draw();
  }

  /** @param {number} x @param {number} y */
  pick(x, y) {
    const gl = this.#gl;
    const { width, height } = this.#size;
    const pixel = onlyPixel(Math.floor(x) + 0.5, Math.floor(y) + 0.5, width, height);
    const target = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, target);
    const buffers = /** @type {const} */ ([[gl.COLOR_ATTACHMENT0, gl.RGBA8],
      [gl.DEPTH_ATTACHMENT, gl.DEPTH_COMPONENT24]]).map(([attachment, format]) => {
      const buffer = gl.createRenderbuffer();
      gl.bindRenderbuffer(gl.RENDERBUFFER, buffer);
      gl.renderbufferStorage(gl.RENDERBUFFER, format, 1, 1);
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, attachment, gl.RENDERBUFFER, buffer);
      return buffer;
    });
    this.#begin(1, 1, [0, 0, 0, 0]);
    this.#cells.draw(multiply(pixel, this.#modelMatrix()), 'picked');
    const id = new Uint8Array(4);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, id);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.deleteFramebuffer(target);
    for (const buffer of buffers) gl.deleteRenderbuffer(buffer);
    return id[0] + id[1] * 2 ** 8 + id[2] * 2 ** 16 + id[3] * 2 ** 24 - 1;
  }

  /** @param {{ width: number, height: number, ratio: number, view: import('./renderer.js').View }} size */
  snapshot({ width, height, ratio, view }) {
    const { width: before, height: high } = this.#size;
    const seen = this.#camera.view;
    const copy = document.createElement('canvas');
    this.#canvas.width = copy.width = Math.round(width * ratio);
    this.#canvas.height = copy.height = Math.round(height * ratio);
    const { room } = this.#camera;
    const taken = this.#taken;
    this.#camera.room = 0; // the legend is beside it
    this.#taken = [];
    this.#camera.setSize(width, height);
    this.#camera.view = view;
    const labels = this.#draw();
    this.#camera.room = room;
    this.#taken = taken;
    copy.getContext('2d')?.drawImage(this.#canvas, 0, 0);
    this.#camera.setSize(before, high);
    this.#camera.view = seen;
    this.resize(before, high);
    return { canvas: copy, labels };
  }

  dispose() {
    cancelAnimationFrame(this.#request);
    this.#controls.dispose();
    this.#labels.dispose();
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
    this.#canvas.remove();
  }

  /** @param {Partial<{ selected: number, hovered: number, edges: boolean }>} marks */
  #mark(marks) {
    this.#marks = { ...this.#marks, ...marks };
    this.#cells.setMarks(this.#marks);
    this.#change();
  }

  /** A picture is drawn before the screen is. */
  #change() {
    if (this.#request !== 0) return;
    this.#request = requestAnimationFrame((now) => {
      this.#request = 0;
      if (this.#controls.glide(now)) this.#change();
      this.#draw();
    });
  }

  /** @param {number} width @param {number} height @param {readonly number[]} colour */
  #begin(width, height, colour) {
    const gl = this.#gl;
    gl.viewport(0, 0, width, height);
    gl.clearColor(colour[0], colour[1], colour[2], colour[3]);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LEQUAL);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  }

  #draw() {
    if (this.#stale) this.#cells.setValues(this.#values.of(this.#drawn));
    this.#stale = false;
    const [r, g, b] = this.#colours.background;
    this.#begin(this.#canvas.width, this.#canvas.height, [r / 255, g / 255, b / 255, 1]);
    const { matrix, axes } = this.#camera;
    this.#cells.draw(multiply(matrix, this.#modelPlace()), 'shown');
    this.#lines.draw(matrix, axes.back);
    this.#placeAxes();
    return this.#labels.place((at) => this.#camera.place(matrix, at), this.#size, this.#taken);
  }

  /** Drawing coordinates → clip. */
  #modelMatrix() {
    return multiply(this.#camera.matrix, this.#modelPlace());
  }

  /** Drawing coordinates → scene: the grid's middle to the origin, heights exaggerated. */
  #modelPlace() {
    return scaleAndMove([1, 1, this.#exaggeration], this.#place([0, 0, 0]));
  }

  #place = /** @param {Vector} at @returns {Vector} */ ([x, y, z]) => {
    const { min, max } = this.#bounds;
    return [x - (min[0] + max[0]) / 2, y - (min[1] + max[1]) / 2,
      (z - (min[2] + max[2]) / 2) * this.#exaggeration];
  };

  /** The axes go to the edges that the eye sees best. */
  #placeAxes() {
    const places = axisPlaces(this.#camera.eye, this.#camera.axes);
    if (places.key === this.#axisKey) return;
    this.#axisKey = places.key;
    this.#labels.set('axes', axisLabels(this.#bounds, places, this.#exaggeration, this.#metric)
      .map((label) => ({ ...label, at: this.#place(label.at) })));
  }

  /** Everything that depends on the box, the exaggeration, the wells or the colours. */
  #shape() {
    const corner = this.#place(this.#bounds.max);
    const radius = length(corner) || 1;
    const size = { top: corner[2] + 0.22 * radius, radius: 0.0065 * radius };
    const shapes = this.#wells.map((well) => wellShape(well, this.#place, size));
    this.#lines.set('frame', linesOf(blockEdges(this.#bounds), this.#colours.line, this.#place),
      { lines: true, opacity: 0.5 });
    this.#lines.set('wells', joined(shapes.map(({ solid }) => solid)),
      { lines: false, ghost: GHOST });
    this.#lines.set('perforations', joined(this.#wells.map(({ boxes, colour }) =>
      linesOf(boxes, colour, this.#place))), { lines: true, ghost: GHOST, opacity: 0.9 });
    this.#shapeSelection();
    this.#shapePlane();
    this.#labels.set('wells', this.#wells.map(({ label, colour }, n) =>
      ({ text: label, kind: 'well', at: shapes[n].head, colour })));
    this.#camera.setExtent([...corners(this.#bounds).map(this.#place),
      ...shapes.map(({ head }) => head)], radius);
    this.#axisKey = '';
    this.#change();
  }

  #shapeSelection() {
    this.#lines.set('pins', joined(this.#pins.map(({ box, colour }) => linesOf(box, colour, this.#place))),
      { lines: true, ghost: 0.8 });
    this.#lines.set('selection', this.#box === null ? new Float32Array()
      : linesOf(this.#box, this.#colours.mark, this.#place), { lines: true, ghost: 0.8 });
  }

  #shapePlane() {
    this.#lines.set('plane', this.#plane === null ? new Float32Array()
      : linesOf(this.#plane, this.#colours.mark, this.#place), { lines: true, ghost: 0.45 });
  }

  /** After the driver restarted nothing is left on the GPU. */
  #restart() {
    this.#cells = new CellLayer(this.#gl);
    this.#lines = new MarkLayer(this.#gl);
    this.#cells.setFaces(this.#drawn);
    this.#stale = true;
    this.#cells.setColouring(this.#colouring);
    this.#cells.setFlat(this.#flat);
    this.#mark({});
    this.#shape();
  }
}
