// SPDX-License-Identifier: MIT
// Finds, fetches and instantiates the wasm: the SIMD build where the engine has SIMD, else the
// scalar one. No Emscripten glue: the module is standalone and needs the few imports below.

import { BoresError } from './errors.js';

/**
 * Where the wasm comes from, for those whose bundler or server moves files. Each may be a URL, the
 * bytes, or a compiled module.
 *
 * @typedef {string | URL | BufferSource | WebAssembly.Module} WasmSource
 * @typedef {object} WasmOptions
 * @property {WasmSource} [simd]    default: `bores.wasm` beside this package
 * @property {WasmSource} [scalar]  default: `bores-scalar.wasm`
 * @property {WasmSource} [hdf5]    default: `bores-hdf5.wasm`
 * @property {WasmSource} [hdf5Scalar]  default: `bores-hdf5-scalar.wasm`
 * @property {WasmSource} [text]    default: `bores-text.wasm`
 * @property {WasmSource} [textScalar]  default: `bores-text-scalar.wasm`
 * @property {WasmSource} [analysis]  default: `bores-analysis.wasm`
 * @property {WasmSource} [analysisScalar]  default: `bores-analysis-scalar.wasm`
 * @property {WasmSource} [sim]     default: `bores-sim.wasm`
 * @property {WasmSource} [simScalar]  default: `bores-sim-scalar.wasm`
 * @property {WasmSource} [eclipse]  default: `bores-eclipse.wasm`
 * @property {WasmSource} [eclipseScalar]  default: `bores-eclipse-scalar.wasm`
 * @property {boolean} [useSimd]    default: what the engine can
 */

/** A module whose one function returns v128: valid only where SIMD is. (WebAssembly 2.0, 5.4.8) */
const SIMD_PROBE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15,
  253, 98, 11,
]);

/** Bundlers take `new URL(…, import.meta.url)` for a file: right for the modules only. */
const here = import.meta.url;

export function hasSimd() {
  return WebAssembly.validate(SIMD_PROBE);
}

/**
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {BoresError} ERR_WASM when it cannot be fetched or compiled
 */
export function instantiate(options = {}) {
  const source = options.useSimd ?? hasSimd()
    ? options.simd ?? new URL('../wasm/bores.wasm', import.meta.url)
    : options.scalar ?? new URL('../wasm/bores-scalar.wasm', import.meta.url);
  return instantiateSource(source, {});
}

/**
 * The HDF5 module, whose files are what `host` reads and writes.
 *
 * @param {Record<string, (...args: number[]) => number | void>} host  its imports `bores.*`
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {BoresError} ERR_WASM
 */
export function instantiateHdf5(host, options = {}) {
  const source = options.useSimd ?? hasSimd()
    ? options.hdf5 ?? new URL('../wasm/bores-hdf5.wasm', import.meta.url)
    : options.hdf5Scalar ?? new URL('../wasm/bores-hdf5-scalar.wasm', import.meta.url);
  return instantiateSource(source, { bores: host });
}

/**
 * The module that reads and writes JSON and YAML.
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {BoresError} ERR_WASM
 */
export function instantiateText(options = {}) {
  const source = options.useSimd ?? hasSimd()
    ? options.text ?? new URL('../wasm/bores-text.wasm', import.meta.url)
    : options.textScalar ?? new URL('../wasm/bores-text-scalar.wasm', import.meta.url);
  return instantiateSource(source, {});
}

/**
 * The module that reads ECLIPSE's result files.
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {BoresError} ERR_WASM
 */
export function instantiateEclipse(options = {}) {
  const source = options.useSimd ?? hasSimd()
    ? options.eclipse ?? new URL('../wasm/bores-eclipse.wasm', import.meta.url)
    : options.eclipseScalar ?? new URL('../wasm/bores-eclipse-scalar.wasm', import.meta.url);
  return instantiateSource(source, {});
}

/**
 * The module that answers from states.
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {BoresError} ERR_WASM
 */
export function instantiateAnalysis(options = {}) {
  const source = options.useSimd ?? hasSimd()
    ? options.analysis ?? new URL('../wasm/bores-analysis.wasm', import.meta.url)
    : options.analysisScalar ?? new URL('../wasm/bores-analysis-scalar.wasm', import.meta.url);
  return instantiateSource(source, {});
}

/**
 * The simulator.
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Instance>}
 * @throws {BoresError} ERR_WASM
 */
export function instantiateSim(options = {}) {
  return instantiateSource(simSource(options), {});
}

/** @param {WasmOptions} options */
function simSource(options) {
  return options.useSimd ?? hasSimd()
    ? options.sim ?? new URL('../wasm/bores-sim.wasm', import.meta.url)
    : options.simScalar ?? new URL('../wasm/bores-sim-scalar.wasm', import.meta.url);
}

/**
 * The simulator's code, for those who start it more than once.
 * @param {WasmOptions} [options]
 * @returns {Promise<WebAssembly.Module>}
 * @throws {BoresError} ERR_WASM
 */
export function compileSim(options = {}) {
  return compileSource(simSource(options));
}

/**
 * The same at once, where that can be: from bytes, or from a file in Node.
 * @param {WasmOptions} [options]
 * @returns {WebAssembly.Module | undefined}
 */
export function compileSimNow(options = {}) {
  const source = simSource(options);
  if (source instanceof WebAssembly.Module) return source;
  if (typeof source !== 'string' && !(source instanceof URL)) return new WebAssembly.Module(source);
  const url = new URL(source, here);
  const files = globalThis.process?.getBuiltinModule?.('node:fs');
  if (url.protocol !== 'file:' || !files) return undefined;
  return new WebAssembly.Module(files.readFileSync(url));
}

/**
 * An instance of code that is there already, at once.
 * @param {WebAssembly.Module} compiled
 * @returns {WebAssembly.Instance}
 */
export function instantiateNow(compiled) {
  const imports = makeImports();
  const instance = new WebAssembly.Instance(compiled, imports.values);
  imports.attach(instance);
  return instance;
}

/**
 * @param {WasmSource} source
 * @param {WebAssembly.Imports} host
 * @returns {Promise<WebAssembly.Instance>}
 */
async function instantiateSource(source, host) {
  const imports = makeImports();
  try {
    const compiled = await compileSource(source);
    const instance = await WebAssembly.instantiate(compiled, { ...imports.values, ...host });
    imports.attach(instance);
    return instance;
  } catch (cause) {
    throw cause instanceof BoresError ? cause : notLoaded(source, cause);
  }
}

/**
 * @param {WasmSource} source
 * @returns {Promise<WebAssembly.Module>}
 * @throws {BoresError} ERR_WASM
 */
async function compileSource(source) {
  if (source instanceof WebAssembly.Module) return source;
  try {
    return await WebAssembly.compile(await readSource(source));
  } catch (cause) {
    throw cause instanceof BoresError ? cause : notLoaded(source, cause);
  }
}

/**
 * @param {WasmSource} source
 * @param {unknown} cause
 */
function notLoaded(source, cause) {
  return new BoresError('ERR_WASM', `the core could not be loaded from ${describe(source)}: `
    + `${cause instanceof Error ? cause.message : cause}`, { cause });
}

/** @param {string | URL | BufferSource} source */
async function readSource(source) {
  if (typeof source !== 'string' && !(source instanceof URL)) return source;
  const url = new URL(source, here);
  if (url.protocol === 'file:') {
    return (await importFiles()).readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) {
    throw new BoresError('ERR_WASM', `${url.href} answered ${response.status}, not the core's wasm`);
  }
  return response.arrayBuffer();
}

/**
 * By a name that bundlers do not see: esbuild has no comment to make it look away.
 * @returns {Promise<typeof import('node:fs/promises')>}
 */
function importFiles(name = 'node:fs/promises') {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}

/** @param {Exclude<WasmSource, undefined>} source */
function describe(source) {
  return typeof source === 'string' || source instanceof URL ? String(source) : 'what was passed in';
}

/**
 * All the module asks of its host. It does no I/O: the WASI calls that its C library is linked
 * with report failure, and leaving is a trap.
 */
function makeImports() {
  const EBADF = 8; // WASI preview 1, errno
  const values = {
    env: { emscripten_notify_memory_growth() {} },
    wasi_snapshot_preview1: {
      fd_close: () => EBADF,
      fd_read: () => EBADF,
      fd_seek: () => EBADF,
      fd_write: () => EBADF,
      /** @param {number} code */
      proc_exit(code) {
        throw new WebAssembly.RuntimeError(`the core ended itself with code ${code}`);
      },
    },
  };
  /** @param {WebAssembly.Instance} instance */
  const attach = (instance) => {
    const start = instance.exports._initialize;
    if (typeof start === 'function') start();
  };
  return { values, attach };
}
