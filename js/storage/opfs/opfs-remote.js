// SPDX-License-Identifier: MIT
// The log of a page, which a worker writes for it. What crosses is copied once and transferred.

import { BoresError } from '../../core/errors.js';

/** @import { OpfsLog, Shape } from './opfs-log.js' */
/** @typedef {{ resolve: (value: any) => void, reject: (error: unknown) => void }} Waiting */

export class RemoteLog {
  #directory;
  #location;
  #segmentBytes;
  /** @type {Worker | undefined} */ #worker;
  /** Why it does not answer any more. @type {BoresError | undefined} */ #failure;
  /** @type {Waiting[]} */ #waiting = [];

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {number} segmentBytes
   * @param {string} location  for messages
   */
  constructor(directory, segmentBytes, location) {
    this.#directory = directory;
    this.#location = location;
    this.#segmentBytes = segmentBytes;
  }

  /** @returns {ReturnType<OpfsLog['open']>} */
  async open() {
    this.#worker ??= this.#start();
    return this.#call('open', [this.#directory, this.#segmentBytes, this.#location]);
  }

  /**
   * @param {Uint8Array} bytes
   * @param {Shape} shape
   * @returns {ReturnType<OpfsLog['append']>}
   */
  async append(bytes, shape) {
    const copy = bytes.slice();
    return this.#call('append', [copy, shape], [copy.buffer]);
  }

  /** @returns {Promise<void>} */
  async cancel() {
    return this.#call('cancel', []);
  }

  /** @returns {Promise<void>} */
  async beginReplacement() {
    return this.#call('beginReplacement', []);
  }

  /** @returns {Promise<void>} */
  async publishReplacement() {
    return this.#call('publishReplacement', []);
  }

  /** @returns {Promise<void>} */
  async abandonReplacement() {
    return this.#call('abandonReplacement', []);
  }

  /** Idempotent. */
  async close() {
    if (this.#worker === undefined) return;
    try {
      if (this.#failure === undefined) await this.#call('close', []);
    } finally {
      this.#end();
    }
  }

  #start() {
    this.#failure = undefined;
    const worker = this.#newWorker();
    worker.onmessage = ({ data: { result, error } }) => {
      const waiting = this.#waiting.shift(); // it answers in the order of the calls
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(revive(error));
    };
    worker.onerror = (event) => {
      this.#failure = this.#noWorker(event.message ?? 'its script could not be loaded; is it forbidden by the '
        + 'page\'s policy (worker-src)?', event);
      for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
    };
    return worker;
  }

  #newWorker() {
    try {
      return new Worker(new URL('./opfs-worker.js', import.meta.url), { type: 'module' });
    } catch (cause) {
      throw this.#noWorker(/** @type {Error} */ (cause).message, cause);
    }
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = undefined;
  }

  /**
   * @param {string} why
   * @param {unknown} cause
   */
  #noWorker(why, cause) {
    return new BoresError('ERR_WORKER', `${this.#location} is written by a worker, also with { worker: false }, `
      + `and there is none: ${why}`, { cause });
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  #call(method, args, transfer = []) {
    return new Promise((resolve, reject) => {
      if (this.#failure) throw this.#failure;
      if (this.#worker === undefined) throw new BoresError('ERR_CLOSED', 'the log is not open');
      this.#worker.postMessage({ method, args }, transfer);
      this.#waiting.push({ resolve, reject });
    });
  }
}

/** @param {{ code?: string, name: string, message: string }} error */
function revive({ code, name, message }) {
  return code?.startsWith('ERR_') ? new BoresError(code, message) : new DOMException(message, name);
}
