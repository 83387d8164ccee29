// SPDX-License-Identifier: MIT
// A cube as the viewer reads a run: steps, grids of a step, a cell's column by one read, and geometry where the store
// that opened it computes.

import { BoresError, ModelState, openCube } from '../../js/index.js';

/** @typedef {import('../../js/index.js').DataStore} DataStore */

/**
 * @param {DataStore} opened  the same place as a store, which has no entries; the cube's from now on
 * @param {unknown} location
 * @param {{ signal?: AbortSignal, http?: any }} options
 * @returns {Promise<DataStore>}  as far as the viewer asks one
 */
export async function cubeStore(opened, location, { signal, http }) {
  const cube = await openCube(location, { worker: 'auto', signal, http });
  const load = cube.load.bind(cube), close = cube.close.bind(cube);
  return /** @type {any} */ (Object.assign(cube, {
    location: opened.location,
    compute: opened.compute.bind(opened),
    describe: opened.describe.bind(opened),
    usage: opened.usage.bind(opened),
    /** @param {any} [asked] */
    async* load(asked = {}) {
      for await (const tree of load(asked)) yield asked.as === 'raw' ? tree : ModelState.from(tree);
    },
    append: () => { throw new BoresError('ERR_READ_ONLY', 'a cube is added to by exportCube()'); },
    async close() {
      await close();
      await opened.close();
    },
  }));
}
