// SPDX-License-Identifier: MIT
// Analyses that entries are digested by where they are read: of a state that an analysis asks for only some
// kilobytes leave the thread that has decoded it.

import { Analysis } from '../core/analysis.js';
import { Core } from '../core/core.js';
import { BoresError } from '../core/errors.js';
import { instanceOf } from '../core/instances.js';

/**
 * @import { PackedParams, PackedTree } from '../core/pack.js'
 *
 * What another thread has to know of an analysis: its options, and the grids that sweep is measured against.
 * @typedef {{ options: PackedParams, reference: PackedTree }} DigesterSeed
 * @typedef {{ key: number, seed: () => DigesterSeed }} Digester
 */

export class Digesters {
  /** By the numbers of who asks. @type {Map<number, Analysis>} */ #analyses = new Map();

  /**
   * @param {number} key
   * @param {DigesterSeed} seed
   */
  async open(key, { options, reference }) {
    const analysis = new Analysis(await instanceOf(Core.loadAnalysis), options);
    try {
      analysis.refer(reference);
    } catch (error) {
      analysis.free();
      throw error;
    }
    this.close(key);
    this.#analyses.set(key, analysis);
  }

  /**
   * @param {number} key
   * @param {PackedParams} entry
   * @returns {PackedTree}
   */
  digest(key, entry) {
    const analysis = this.#analyses.get(key);
    if (!analysis) throw new BoresError('ERR_STATE', `there is no analysis ${key} here`);
    return analysis.digest(entry);
  }

  /** Idempotent. @param {number} key */
  close(key) {
    this.#analyses.get(key)?.free();
    this.#analyses.delete(key);
  }

  closeAll() {
    for (const key of [...this.#analyses.keys()]) this.close(key);
  }
}
