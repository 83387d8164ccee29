// SPDX-License-Identifier: MIT
// The log of a page, which a worker writes for it. What crosses is copied once and transferred.

import { BoresError } from '../../core/errors.js';

/** @import { OpfsLog, Shape } from './opfs-log.js' */
/** @typedef {{ resolve: (value: any) => void, reject: (error: unknown) => void }} Waiting */

export class RemoteLog {
  #directory;
  #segmentBytes;
  /** @type {Worker | undefined} */ #worker;
  /** @type {Waiting[]} */ #waiting = [];

  /**
   * @param {FileSystemDirectoryHandle} directory
   * @param {number} segmentBytes
   */
  constructor(directory, segmentBytes) {
    this.#directory = directory;
    this.#segmentBytes = segmentBytes;
  }

  /** @returns {ReturnType<OpfsLog['open']>} */
  async open() {
    this.#worker ??= this.#start();
    return this.#call('open', [this.#directory, this.#segmentBytes]);
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
      await this.#call('close', []);
    } finally {
      this.#worker?.terminate();
      this.#worker = undefined;
    }
  }

  #start() {
    const worker = new Worker(new URL('./opfs-worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data: { result, error } }) => {
      const waiting = this.#waiting.shift(); // it answers in the order of the calls
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(revive(error));
    };
    worker.onerror = (event) => {
      const error = new BoresError('ERR_STORAGE', `the worker that writes has failed: ${event.message ?? ''}`);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    };
    return worker;
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @param {Transferable[]} [transfer]
   * @returns {Promise<any>}
   */
  #call(method, args, transfer = []) {
    return new Promise((resolve, reject) => {
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
