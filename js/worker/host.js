// SPDX-License-Identifier: MIT
// A thread that runs server.js, in a page or in Node: calls are messages, answers settle them.

import { BoresError } from '../core/errors.js';
import { checkArgument } from '../core/options.js';

/**
 * @typedef {{ postMessage(message: unknown, transfer?: ArrayBuffer[]): void,
 *   terminate(): unknown }} Thread
 * @typedef {{ resolve: (value: any) => void, reject: (reason: unknown) => void,
 *   onProgress?: (progress: any) => void }} Waiting
 *
 * @typedef {object} HostCallOptions
 * @property {AbortSignal} [signal]
 * @property {ArrayBuffer[]} [transfer]  buffers of the arguments that move instead of being copied
 * @property {(progress: any) => void} [onProgress]  what the thread tells before it answers
 * @property {boolean} [settles]  an abort is passed on, but the thread's answer decides: it says
 *   whether something was written
 */

/** For Node's threads: `new URL(…, import.meta.url)` written out is a file to bundlers. */
const here = import.meta.url;

/** @type {(() => Worker) | undefined} */
let makeWorker;

/**
 * Says how the worker is started, for bundlers that do not understand
 * `new Worker(new URL('./server.js', import.meta.url), { type: 'module' })`.
 * @param {(() => Worker) | undefined} make
 */
export function configureWorker(make) {
  if (make !== undefined) checkArgument('configureWorker()', 'make', make, 'function');
  makeWorker = make;
}

/** No thread can be started here: a page's policy forbids it, or its frame is sandboxed. */
export class NoWorkerError extends BoresError {
  /** @param {unknown} cause */
  constructor(cause) {
    const why = cause instanceof Error ? cause.message : cause;
    super('ERR_WORKER', `no worker can be started: ${why}; { worker: false } does without`, { cause });
  }
}

export class WorkerHost {
  /** @type {Map<number, Waiting>} */ #waiting = new Map();
  /** @type {Thread | undefined} */ #thread;
  #nextId = 1;

  /**
   * One that answers: whether a script may be loaded is only known when it has been.
   * @param {string} name  what debuggers show
   * @throws {NoWorkerError}
   */
  static async start(name) {
    const host = new WorkerHost();
    try {
      host.#thread = typeof Worker === 'function' ? host.#startWorker(name)
        : await host.#startThread(name);
      await host.call(0, 'configure', []);
      return host;
    } catch (cause) {
      host.end();
      throw new NoWorkerError(cause);
    }
  }

  /** @param {string} name */
  #startWorker(name) {
    const worker = makeWorker?.()
      ?? new Worker(new URL('./server.js', import.meta.url), { type: 'module', name });
    worker.onmessage = ({ data }) => this.#settle(data);
    worker.onerror = (event) => this.#fail(event.message
      ?? "its script could not be loaded, or the page's policy (worker-src) forbids it");
    return /** @type {Thread} */ (worker);
  }

  /** @param {string} name */
  async #startThread(name) {
    const { Worker: NodeWorker } = await importThreads();
    const worker = new NodeWorker(new URL('./server.js', here), { name, ...withoutInputType() });
    worker.on('message', (data) => {
      this.#settle(data);
      if (this.#waiting.size === 0) worker.unref(); // an idle store keeps no process alive
    });
    worker.on('error', (error) => this.#fail(error.message));
    worker.on('exit', (code) => this.#fail(`exit code ${code}`));
    worker.unref();
    return {
      postMessage: (/** @type {unknown} */ message, /** @type {ArrayBuffer[]} */ transfer = []) => {
        worker.postMessage(message, transfer); // may throw, and then there is no answer to wait for
        worker.ref();
      },
      terminate: () => worker.terminate(),
    };
  }

  /** Nobody can use it any more. */
  get ended() {
    return this.#thread === undefined;
  }

  /** A number that no other session or call has. */
  newId() {
    return this.#nextId++;
  }

  end() {
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  /** @param {{ id: number, progress?: unknown, result?: unknown, error?: any }} answer */
  #settle({ id, progress, result, error }) {
    const waiting = this.#waiting.get(id);
    if (progress !== undefined) {
      waiting?.onProgress?.(progress);
      return;
    }
    this.#waiting.delete(id);
    if (error) waiting?.reject(reviveError(error));
    else waiting?.resolve(result);
  }

  /** @param {string} message */
  #fail(message) {
    for (const { reject } of this.#waiting.values()) {
      reject(new BoresError('ERR_WORKER', `the worker ended: ${message}`));
    }
    this.#waiting.clear();
    this.end();
  }

  /**
   * @param {number} session  0: none
   * @param {string} method
   * @param {unknown[]} args
   * @param {HostCallOptions} [options]
   * @returns {Promise<any>}
   */
  async call(session, method, args, { signal, transfer, onProgress, settles = false } = {}) {
    signal?.throwIfAborted();
    const thread = this.#thread;
    if (!thread) throw new BoresError('ERR_WORKER', 'the worker has ended');
    const id = this.newId();
    const abort = () => {
      thread.postMessage({ abort: id });
      if (settles) return;
      this.#waiting.get(id)?.reject(signal?.reason);
      this.#waiting.delete(id);
    };
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject, onProgress });
        try {
          thread.postMessage({ id, session, method, args }, transfer);
        } catch (cause) { // a location that cannot be cloned
          this.#waiting.delete(id);
          reject(new BoresError('ERR_ARGUMENT',
            `this location cannot be used from a worker; open it with { worker: false }`, { cause }));
        }
      });
    } catch (error) { // across threads an abort has lost its reason
      throw settles && signal?.aborted && isAbort(error) ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

/**
 * By a name that bundlers do not see.
 * @returns {Promise<typeof import('node:worker_threads')>}
 */
function importThreads(name = 'node:worker_threads') {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}

/**
 * Flags are inherited, and `--input-type` is refused for what is a file. Given explicitly they are
 * checked more strictly than inherited ones (`--perf-basic-prof` is refused): only where it must be.
 */
function withoutInputType() {
  const execArgv = process.execArgv.filter((flag) => !flag.startsWith('--input-type'));
  return execArgv.length < process.execArgv.length ? { execArgv } : {};
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof Error && error.name === 'AbortError';
}

/** @param {{ name: string, message: string, code?: string }} error */
function reviveError({ name, message, code, ...fields }) {
  return code === undefined ? Object.assign(new Error(message), { name })
    : name === 'BoresError' ? new BoresError(code, message, fields)
      : new DOMException(message, name);
}
