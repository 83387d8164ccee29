// SPDX-License-Identifier: MIT
// The storage contract: bytes by key. Keys are '/'-joined names without a leading slash.
// tests/contract/ runs one suite over every storage that claims it.

/**
 * @typedef {object} ReadOptions
 * @property {AbortSignal} [signal]  rejects with `signal.reason`
 */

/**
 * @typedef {object} Storage
 * @property {string} kind      'memory', 'directory', 'idb', 'handle', 'files', 'zip', 'http', 'custom'
 * @property {string} location  what a message calls it
 * @property {(key: string, options?: ReadOptions) => Promise<Uint8Array | undefined>} get
 *   all bytes of a key, `undefined` when absent
 * @property {(key: string, range: { offset: number, length: number } | { suffixLength: number }, options?: ReadOptions) => Promise<Uint8Array | undefined>} [getRange]
 *   exactly the bytes asked for, clipped at the end of the value; `undefined` when absent
 * @property {(prefix: string, options?: ReadOptions) => Promise<string[]>} [list]
 *   names one level below a folder ('' is the root, no trailing slash), sorted by code unit, folders with a trailing '/';
 *   an absent folder has none. Storages without it (HTTP) cannot list.
 * @property {(key: string, reserve: (length: number) => Uint8Array) => boolean} [getSync]
 *   fills the bytes that `reserve(length)` returns; `false` when absent
 * @property {(prefix: string) => string[]} [listSync]
 * @property {(prefix?: string, options?: ReadOptions) => Promise<{ bytes: number, keys: number }>} [usage]
 *   what is stored under a folder
 * @property {() => Promise<void>} close  idempotent
 */

export {};
