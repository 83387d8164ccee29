// SPDX-License-Identifier: MIT
// Mouse, pen and fingers move the camera: drag turns, right drag or two fingers move, wheel or
// pinch zooms to where the pointer is. A turn runs out gently unless the user wants less motion.

/** @typedef {import('./camera.js').Camera} Camera */

const DEGREES_PER_PIXEL = 0.35;
const WHEEL = 0.0015;
/** Pixels of a wheel event that counts in lines, and in pages. */
const LINE = 16;
const PAGE = 400;
/** Part of the speed that is left after a millisecond. */
const FRICTION = 0.992;
/** Degrees a millisecond below which a turn has run out. */
const STILL = 0.004;

export class Controls {
  /** Where each finger or button is. @type {Map<number, { x: number, y: number }>} */
  #pointers = new Map();
  #panning = false;
  #speed = { azimuth: 0, elevation: 0 };
  #lastMove = 0;
  #lastFrame = 0;
  #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #listening = new AbortController();

  /**
   * @param {HTMLElement} element
   * @param {Camera} camera
   * @param {{ onMove: () => void, onEnd: () => void, takesWheel: (event: WheelEvent) => boolean }} events
   *   the picture must be drawn again; the user let go
   */
  constructor(element, camera, { onMove, onEnd, takesWheel }) {
    this.element = element;
    this.camera = camera;
    this.onMove = onMove;
    this.onEnd = onEnd;
    this.takesWheel = takesWheel;
    const { signal } = this.#listening;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const end of /** @type {const} */ (['pointerup', 'pointercancel'])) {
      element.addEventListener(end, (event) => this.#up(event), { signal });
    }
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false, signal });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
  }

  /**
   * Lets a turn run out.
   * @param {number} now  ms
   * @returns {boolean} whether it goes on
   */
  glide(now) {
    const passed = Math.min(50, now - this.#lastFrame);
    this.#lastFrame = now;
    const { azimuth, elevation } = this.#speed;
    if (this.#pointers.size > 0 || Math.hypot(azimuth, elevation) < STILL) return false;
    this.camera.turn(azimuth * passed, elevation * passed);
    const left = FRICTION ** passed;
    this.#speed = { azimuth: azimuth * left, elevation: elevation * left };
    if (Math.hypot(azimuth, elevation) * left < STILL) this.onEnd();
    return true;
  }

  dispose() {
    this.#listening.abort();
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.element.setPointerCapture(event.pointerId);
    this.#pointers.set(event.pointerId, this.#at(event));
    this.#panning = event.button !== 0 || event.shiftKey || event.ctrlKey || event.metaKey;
    this.#speed = { azimuth: 0, elevation: 0 };
    this.#lastMove = event.timeStamp;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = this.#at(event);
    const dx = now.x - before.x;
    const dy = now.y - before.y;
    if (this.#pointers.size === 2) {
      this.#pinch(event.pointerId, now);
    } else if (this.#panning) {
      this.camera.pan(dx, dy);
    } else {
      this.#turn(dx, dy, event.timeStamp);
    }
    this.#pointers.set(event.pointerId, now);
    this.onMove();
  }

  /** @param {number} dx @param {number} dy @param {number} time */
  #turn(dx, dy, time) {
    const azimuth = dx * DEGREES_PER_PIXEL;
    const elevation = dy * DEGREES_PER_PIXEL;
    this.camera.turn(azimuth, elevation);
    const passed = Math.max(8, time - this.#lastMove);
    this.#lastMove = time;
    this.#speed = { azimuth: azimuth / passed, elevation: elevation / passed };
  }

  /** Two fingers: their middle moves the picture, their distance zooms it. */
  #pinch(/** @type {number} */ moved, /** @type {{ x: number, y: number }} */ now) {
    const [other] = [...this.#pointers].filter(([id]) => id !== moved).map(([, at]) => at);
    const before = /** @type {{ x: number, y: number }} */ (this.#pointers.get(moved));
    this.camera.pan((now.x - before.x) / 2, (now.y - before.y) / 2);
    const apart = Math.hypot(before.x - other.x, before.y - other.y);
    const apartNow = Math.hypot(now.x - other.x, now.y - other.y);
    if (apart > 0 && apartNow > 0) {
      this.camera.zoom(apart / apartNow, (now.x + other.x) / 2, (now.y + other.y) / 2);
    }
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size > 0) return;
    const rested = event.timeStamp - this.#lastMove > 60;
    if (rested || this.#calm.matches || this.#panning) this.#speed = { azimuth: 0, elevation: 0 };
    this.#lastFrame = performance.now();
    this.onMove();
    this.onEnd();
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!this.takesWheel(event)) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? LINE : event.deltaMode === 2 ? PAGE : 1;
    // A pinch on a touchpad comes as a wheel with Ctrl, in small steps.
    const delta = Math.max(-300, Math.min(300, event.deltaY * unit * (event.ctrlKey ? 5 : 1)));
    const { x, y } = this.#at(event);
    this.camera.zoom(Math.exp(delta * WHEEL), x, y);
    this.onMove();
    this.onEnd();
  }

  /** @param {MouseEvent} event  in the element's CSS pixels */
  #at(event) {
    const { left, top } = this.element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
