// SPDX-License-Identifier: MIT
// When to look for new steps, and, over a network, whether a look is worth its bytes: what says how many steps
// there are is asked for alone, and the browser asks for it with what it has (If-None-Match).

/** Milliseconds between two looks: on this machine, over a network, and the longest. */
const LOOK_HERE = 2000;
const LOOK_FAR = 10_000;
const LOOK_LEAST = 120_000;
/** Looks without anything new after which the pauses double. */
const PATIENCE = 10;
/** Milliseconds without anything new after which a run on a server is taken as finished. */
const FINISHED = 30 * 60_000;

/** Milliseconds, the most that a timer can wait: 24 days. */
const LONGEST = 2 ** 31 - 1;

/** Files that a server has as one; everything else is a folder of a Zarr store. */
export const ONE_FILE = /\.(h5|hdf5?|he5|json|ya?ml|zip|f?unrst)$/i;
/** A run of ECLIPSE's files whose steps are in one. */
export const RESTART = /\.f?unrst([?#]|$)/i;

export class Growth {
  #quiet = 0;
  #waited = 0;
  /** What was said of the file when its list was read last, and what is said of it now. */
  #mark = '';
  #said = '';

  /** @param {unknown} location  as `openStore` takes it @param {boolean} remote */
  constructor(location, remote) {
    this.remote = remote;
    this.url = typeof location === 'string' && /^https?:/.test(location) ? new URL(location) : null;
  }

  /** Milliseconds until the next look; null: it is not worth one. @returns {number | null} */
  get pause() {
    if (this.url === null) return LOOK_HERE;
    if (this.#waited >= FINISHED) return null;
    const pause = Math.min(LOOK_LEAST, (this.remote ? LOOK_FAR : LOOK_HERE) * 2 ** Math.floor(this.#quiet / PATIENCE));
    if (!hidden()) this.#waited += pause;
    return pause;
  }

  /** Something came: more may come soon. */
  came() {
    this.#quiet = 0;
    this.#waited = 0;
  }

  /** The list was read: from now on only another file is a change. */
  listed() {
    this.#mark = this.#said;
  }

  /**
   * @param {number} known  entries that are known
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>}  also true where the server does not tell
   */
  async mayHaveCome(known, signal) {
    if (this.url === null) return true;
    if (hidden()) return false;
    this.#quiet += 1;
    try {
      return ONE_FILE.test(this.url.pathname) ? await this.#fileChanged(signal) : await this.#counts(known, signal);
    } catch {
      signal.throwIfAborted();
      return false; // the server is away: the next look tells
    }
  }

  /** @param {number} known @param {AbortSignal} signal */
  async #counts(known, signal) {
    const root = new URL(/** @type {URL} */ (this.url));
    root.pathname = `${root.pathname.replace(/\/$/, '')}/.zattrs`;
    const response = await fetch(root, { cache: 'no-cache', signal });
    if (!response.ok) return true;
    const { count } = await response.json();
    return typeof count !== 'number' || count > known;
  }

  /** @param {AbortSignal} signal */
  async #fileChanged(signal) {
    const { ok, headers } = await fetch(/** @type {URL} */ (this.url), { method: 'HEAD', cache: 'no-cache', signal });
    const mark = ['etag', 'last-modified', 'content-length'].map((name) => headers.get(name)).join();
    this.#said = mark;
    return !ok || mark === ',,' || mark !== this.#mark;
  }
}

/** Nobody is looking. */
function hidden() {
  return globalThis.document?.hidden ?? false;
}

/** On another machine, that is. @param {unknown} location */
export function isRemote(location) {
  return typeof location === 'string' && /^https?:/.test(location)
    && !/^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(location).hostname);
}

/**
 * Whether others can add to it while it is open: not to files that were handed over, nor to a zip.
 * @param {unknown} location
 */
export function mayGrow(location) {
  if (typeof location === 'string') return !/\.zip($|[?#])/i.test(location);
  return typeof FileSystemDirectoryHandle === 'function'
    && location instanceof FileSystemDirectoryHandle;
}

/** @param {number | null} ms  null: as long as a timer can @param {AbortSignal} signal @returns {Promise<void>} */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms ?? LONGEST);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    }, { once: true });
  });
}
