// SPDX-License-Identifier: MIT
// What the viewer asks of whatever draws its 3-D picture, and the one place that knows what
// does. Drawing coordinates are the core's (src/include/bores/geometry.h): ft, x
// along i, y along j, z upward, zero in the middle of the grid. Pixels are CSS pixels from
// the canvas's top left corner.

import { WebGLScene } from './webgl-scene.js';

/** @typedef {[number, number, number]} Vector */

/**
 * The visible faces of the cells.
 * @typedef {object} Faces
 * @property {Float32Array} positions  4 corners in turn × (x, y, z) a face
 * @property {Uint32Array} codes       one a face: direction << 29 | cell
 * @property {number} count            faces
 */

/**
 * A block of space around the grid.
 * @typedef {object} Bounds
 * @property {Vector} min
 * @property {Vector} max
 * @property {number} depthOfZero  depth at z = 0, in `unit`
 * @property {string} [unit]  of length; ft where it is left out
 * @property {readonly [string, string]} [names]  of the two axes: i and j
 */

/**
 * Where one looks from. Lengths are in radii of the drawn model, so that a view means the
 * same for any size of grid.
 * @typedef {object} View
 * @property {number} azimuth    degrees clockwise from +y (north), where the eye is
 * @property {number} elevation  degrees above the horizon
 * @property {number} distance   from the target; 0: as far as it takes to see everything
 * @property {Vector} target     from the model's centre
 */

/**
 * A well as it is drawn.
 * @typedef {object} WellMark
 * @property {string} label
 * @property {boolean} injector
 * @property {boolean} open
 * @property {readonly [number, number, number]} colour  0…255
 * @property {Vector[]} path        through the cells, from the highest
 * @property {Float32Array} boxes   line segments around its perforated cells: 2 × (x, y, z)
 */

/**
 * @typedef {object} SceneColours
 * @property {readonly [number, number, number]} background  0…255
 * @property {readonly [number, number, number]} line        frame and axes
 * @property {readonly [number, number, number]} mark        selection
 */

/**
 * @typedef {object} SceneEvents
 * @property {(view: View) => void} onView            the user moved the camera
 * @property {(event: WheelEvent) => boolean} takesWheel  whether it zooms; else it is the page's
 * @property {(message: string | null) => void} onTrouble  the graphics context was lost, or is back
 */

/**
 * @typedef {object} Scene
 * @property {(bounds: Bounds) => void} setBounds   the whole grid, whatever is shown of it
 * @property {(faces: Faces) => void} setFaces
 * @property {(values: ArrayLike<number>) => void} setValues  one a cell; none: no cell has one
 * @property {(colouring: import('../plot/colormaps.js').Colouring) => void} setColouring
 * @property {(factor: number) => void} setExaggeration
 * @property {(wells: readonly WellMark[]) => void} setWells
 * @property {(cell: number, box: Float32Array | null) => void} setSelection  −1: none
 * @property {(pins: readonly { box: Float32Array, colour: readonly [number, number, number] }[]) => void} setPins
 * @property {(cell: number) => void} setHovered
 * @property {(on: boolean) => void} setEdges
 * @property {(on: boolean) => void} setFlat      no side of a cell is darker than another
 * @property {(on: boolean) => void} setMetric    depths are told in metres
 * @property {(lines: Float32Array | null) => void} setPlane  where the slice lies: segments, 2 × (x, y, z) each
 * @property {(fence: Faces | null, alone: boolean) => void} setFence  faces of a curtain, besides those of cells or
 *   instead of them
 * @property {(colours: SceneColours) => void} setColours
 * @property {() => View} getView
 * @property {(view: View) => void} setView
 * @property {(x: number, y: number) => number} pick  the cell drawn there, or −1
 * @property {(width: number, height: number, room?: number, taken?: import('./label-places.js').Placeable[]) => void
 *   } resize  `room`: CSS pixels at the right that everything, seen as a whole, leaves free; `taken`: what lies over
 *   the picture, where no label of a well is to be
 * @property {(size: { width: number, height: number, ratio: number, view: View }) =>
 *   { canvas: HTMLCanvasElement, labels: import('./labels.js').PlacedLabel[] }} snapshot  of any size, CSS pixels and
 *   how many of the canvas each has; what is on the screen stays as it is
 * @property {() => void} dispose
 */

/** @param {number} azimuth @param {number} elevation @returns {Readonly<View>} */
const wholeFrom = (azimuth, elevation) =>
  Object.freeze({ azimuth, elevation, distance: 0, target: /** @type {Vector} */ ([0, 0, 0]) });

/** The whole grid from above its south-west corner. */
export const HOME = wholeFrom(215, 28);

/** The whole grid from straight above and from its sides. */
export const VIEWS = Object.freeze({
  top: wholeFrom(180, 90), south: wholeFrom(180, 0), west: wholeFrom(270, 0),
});

/**
 * Whether and how this browser draws in 3-D (WebGL 2).
 * @returns {'none' | 'software' | 'hardware'}  'hardware' also where the browser does not tell
 */
export function drawingPower() {
  try {
    const context = document.createElement('canvas').getContext('webgl2');
    if (context === null) return 'none';
    const names = context.getExtension('WEBGL_debug_renderer_info');
    const name = String(context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
    context.getExtension('WEBGL_lose_context')?.loseContext();
    return /swiftshader|llvmpipe|software/i.test(name) ? 'software' : 'hardware';
  } catch {
    return 'none';
  }
}

/**
 * Starts a scene in `element`.
 *
 * @param {HTMLElement} element  is given a canvas and a layer of labels
 * @param {SceneEvents} events
 * @returns {Scene}
 * @throws {Error} when this browser cannot
 */
export function createScene(element, events) {
  // Smooth edges double the time of a software renderer; lines between cells are smooth anyway.
  return new WebGLScene(element, events, { antialias: drawingPower() === 'hardware' });
}
