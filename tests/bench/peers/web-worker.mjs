// SPDX-License-Identifier: MIT
// A browser's Worker over Node's threads, as much of it as a peer that was made for pages asks for. This module
// is also what such a thread begins with.
import { Worker as Thread, isMainThread, parentPort, workerData } from 'node:worker_threads';

export class WebWorker extends EventTarget {
  #thread;

  /** @param {string | URL} url */
  constructor(url) {
    super();
    this.#thread = new Thread(new URL(import.meta.url), { workerData: { webWorker: String(url) } });
    this.#thread.on('message', (data) => this.dispatchEvent(new MessageEvent('message', { data })));
    this.#thread.on('error', (error) => this.dispatchEvent(Object.assign(new Event('error'), { message: error.message })));
    this.#thread.unref();
  }

  postMessage(message, transfer) {
    this.#thread.postMessage(message, transfer);
  }

  terminate() {
    void this.#thread.terminate();
  }
}

if (!isMainThread && workerData?.webWorker) {
  const scope = new EventTarget();
  globalThis.self = Object.assign(scope, {
    postMessage: (message, transfer) => parentPort.postMessage(message, transfer) });
  await import(workerData.webWorker);
  parentPort.on('message', (data) => scope.dispatchEvent(new MessageEvent('message', { data })));
}
