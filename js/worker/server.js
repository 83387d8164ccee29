// SPDX-License-Identifier: MIT
// The worker's side: sessions by number, one message a call. Runs in a Worker and in a
// worker_thread alike. What a thread does not do it does not load: all formats take three times as long as a
// thread does to start, and who simulates or encodes needs few of them, or none.

import { BoresError } from '../core/errors.js';
import { isNode, loadNode } from '../core/host.js';
import { configureWasm, configuredWasm } from '../core/instances.js';
import { closeJob, nextOfJob, openJob } from './jobs.js';

/**
 * @import { Session } from '../formats/session.js'
 * @import { WasmOptions } from '../core/load.js'
 * @typedef {{ id: number, session: number, method: string, args: any[] }} Call
 * @typedef {{ postMessage(message: unknown, transfer: Transferable[]): void,
 *   onmessage: ((event: { data: any }) => void) | null }} Port
 */

/** @type {Map<number, Session>} */
const sessions = new Map();
/** @type {Map<number, AbortController>} */
const running = new Map();
let receded = false;
/** What sessions have, from the first one on. @type {typeof import('../formats/session.js').METHODS} */
let methods;

/**
 * @param {Call} call
 * @param {AbortSignal} signal
 * @param {(progress: unknown) => void} tell
 * @returns {Promise<unknown>}
 */
async function perform({ session, method, args }, signal, tell) {
  switch (method) {
    case 'configure': return useWasm(args[0]);
    case 'recede': return recede();
    case 'encode': return encode(args);
    case 'stage': return encodeAhead(args);
    case 'open': return open(session, args, signal, tell);
    case 'close': return close(session);
    case 'job.open': return openJob(session, args[0], args[1], args[2]);
    case 'job.next': return nextOfJob(session, { signal, tell });
    case 'job.close': return closeJob(session);
    default: return callSession(session, method, args, signal);
  }
}

/** Once: all sessions here share a core. @param {WasmOptions} [wasm] */
function useWasm(wasm) {
  if (wasm && !configuredWasm()) configureWasm(wasm);
}

/**
 * From now on this thread works when others leave it a processor: on one with two, threads that encode
 * and write would take half of the run they keep the states of. Linux alone has priorities of threads.
 */
async function recede() {
  if (receded || !isNode() || process.platform !== 'linux') return;
  receded = true;
  const { os } = await loadNode();
  const { PRIORITY_BELOW_NORMAL, PRIORITY_LOW } = os.constants.priority;
  try {
    os.setPriority(0, Math.min(os.getPriority(0) + PRIORITY_BELOW_NORMAL, PRIORITY_LOW)); // 0: this thread
  } catch {
    // A sandbox may forbid it: then it competes as it did.
  }
}

/**
 * The memory of the parameters goes back with the result.
 * @param {any[]} args
 * @param {{ together?: boolean }} [options]
 */
async function encode([what, params, room, behind], options) {
  if (behind) await recede();
  const { encodingOf } = await import('../formats/encodings.js');
  return { puts: await (await encodingOf(what))(params, options), room };
}

/** The same, and written ahead of their commit where they can be. @param {any[]} args */
async function encodeAhead([staging, ...args]) {
  const [{ puts, room }, { stage }] = await Promise.all([encode(args, { together: true }),
    import('../storage/stage.js')]);
  return { staged: await stage(staging, puts), room };
}

/**
 * @param {number} session
 * @param {any[]} args
 * @param {AbortSignal} signal
 * @param {(progress: unknown) => void} tell  how much of a download is there
 */
async function open(session, [wasm, backend, location, options], signal, tell) {
  useWasm(wasm);
  const [{ openBackend }, { METHODS }] = await Promise.all([import('../formats/backends.js'),
    import('../formats/session.js')]);
  methods = METHODS;
  const opened = await openBackend(backend, location,
    { ...options, signal, http: { ...options.http, onProgress: tell } });
  sessions.set(session, opened);
  return opened.describe();
}

/** @param {number} session */
async function close(session) {
  const closing = sessions.get(session);
  sessions.delete(session);
  await closing?.close();
}

/**
 * @param {number} session
 * @param {string} method
 * @param {any[]} args
 * @param {AbortSignal} signal
 */
function callSession(session, method, args, signal) {
  const found = find(session);
  if (!Object.hasOwn(methods, method)) {
    throw new BoresError('ERR_ARGUMENT', `a session has no method '${method}'`);
  }
  const options = methods[method].options === undefined ? [] : [{ ...args.pop(), signal }];
  const [name, owner] = method.split('.').reverse();
  const target = /** @type {any} */ (owner ? found.writer : found);
  return target[name](...args, ...options);
}

/** @param {number} number */
function find(number) {
  const session = sessions.get(number);
  if (!session) throw new BoresError('ERR_CLOSED', 'the store is closed');
  return session;
}

/**
 * The buffers of a result, which move instead of being copied.
 * @param {any} value
 * @param {Set<ArrayBuffer>} found
 */
function collectBuffers(value, found) {
  if (value instanceof ArrayBuffer) found.add(value);
  else if (ArrayBuffer.isView(value)) found.add(/** @type {ArrayBuffer} */ (value.buffer));
  else if (Array.isArray(value)) for (const item of value) collectBuffers(item, found);
  else if (value && typeof value === 'object') collectBuffers(Object.values(value), found);
  return found;
}

/**
 * Errors lose their class and fields on the way; they travel as plain data.
 * @param {unknown} error
 */
function describeError(error) {
  if (!(error instanceof Error)) return { message: String(error) };
  return {
    ...error, name: error.name, message: error.message,
    cause: error.cause instanceof Error ? String(error.cause) : undefined,
  };
}

/**
 * @param {Port} port
 * @param {Call} call
 */
async function answer(port, call) {
  const abort = new AbortController();
  running.set(call.id, abort);
  try {
    const result = await perform(call, abort.signal,
      (progress) => port.postMessage({ id: call.id, progress }, []));
    port.postMessage({ id: call.id, result }, [...collectBuffers(result, new Set())]);
  } catch (error) {
    port.postMessage({ id: call.id, error: describeError(error) }, []);
  } finally {
    running.delete(call.id);
  }
}

/** @param {Port} port */
function serve(port) {
  port.onmessage = ({ data }) => {
    if (data.abort !== undefined) running.get(data.abort)?.abort();
    else void answer(port, data);
  };
}

/**
 * By a name that bundlers do not see.
 * @returns {Promise<typeof import('node:worker_threads')>}
 */
function importThreads(name = 'node:worker_threads') {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}

if ('WorkerGlobalScope' in globalThis) {
  serve(/** @type {any} */ (globalThis));
} else {
  // No await here: bundlers make scripts of workers, which cannot have it at the top.
  void importThreads().then(({ parentPort }) => {
    if (!parentPort) return;
    serve({
      postMessage: (message, transfer) =>
        parentPort.postMessage(message, /** @type {any} */ (transfer)),
      set onmessage(/** @type {any} */ handler) {
        parentPort.on('message', (data) => handler({ data }));
      },
    });
  });
}
