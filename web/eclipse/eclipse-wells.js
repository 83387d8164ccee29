// SPDX-License-Identifier: MIT
// Wells as the restart has them → wells as they are drawn: heads, tracks through their connections, open or shut.

/** @typedef {import('../../js/index.js').EclipseStore} EclipseStore */
/** @typedef {Awaited<ReturnType<EclipseStore['wells']>>[number]} Listed */
/** @typedef {import('../grid/cell-grid.js').Cell} Cell */
/** @typedef {import('../grid/corner-grid.js').CornerGrid} CornerGrid */

/**
 * @param {readonly Listed[]} listed
 * @param {CornerGrid} grid
 * @returns {import('../model/run.js').Wells}  `lost`: those of which nothing lies in the grid
 */
export function eclipseWells(listed, grid) {
  const all = listed.map(({ name, type, phase, isOpen, head, connections }) => {
    const track = connections.map(({ cell }) => cell);
    return {
      name, injector: type === 'injector', open: isOpen, phase: type === 'injector' ? phase ?? 'water' : 'oil',
      cells: connections.filter((one) => one.isOpen).map(({ cell }) => cell),
      track, head: below(head, track, grid),
    };
  });
  const there = (/** @type {typeof all[number]} */ { track, head }) => track.length > 0 || head !== undefined;
  return { wells: all.filter(there), lost: all.filter((well) => !there(well)).map(({ name }) => name) };
}

/**
 * The highest active cell below a head: of the column that the well goes through first, the one it has there.
 * @param {readonly [number, number] | null} head
 * @param {readonly Cell[]} track
 * @param {CornerGrid} grid
 * @returns {Cell | undefined}
 */
function below(head, [first], grid) {
  if (!head) return undefined;
  const [i, j] = head;
  if (first && first[0] === i && first[1] === j) return first;
  for (let k = 0; k < grid.shape[2]; k += 1) if (grid.isActive([i, j, k])) return [i, j, k];
  return undefined;
}
