// SPDX-License-Identifier: MIT
// Stores of any number of entries, made here: each entry has a pressure grid that is its index
// everywhere. Nested layout, uncompressed.

const utf8 = (/** @type {unknown} */ value) => new TextEncoder().encode(
  typeof value === 'string' ? value : JSON.stringify(value));
const GROUP = utf8({ zarr_format: 2 });

export const PRESSURE = 'model.fluid_properties.pressure_grid';

/** @param {number} index */
export function groupName(index) {
  return `entry_${String(index).padStart(10, '0')}`;
}

/**
 * @param {number} count
 * @param {{ shape?: number[], grids?: string[] }} [options]
 * @returns {Map<string, Uint8Array>}
 */
export function makeStore(count, { shape = [2, 3, 4], grids = ['pressure_grid'] } = {}) {
  const size = shape.reduce((product, length) => product * length, 1);
  const metadata = utf8({ zarr_format: 2, shape, chunks: shape, dtype: '<f8', compressor: null,
    fill_value: 0, order: 'C', filters: null });
  /** @type {Map<string, Uint8Array>} */
  const content = new Map([['.zgroup', GROUP], ['.zattrs', utf8({ count })]]);
  for (let index = 0; index < count; index++) {
    const entry = groupName(index);
    const chunk = new Uint8Array(new Float64Array(size).fill(index).buffer);
    content.set(`${entry}/.zgroup`, GROUP);
    content.set(`${entry}/.zattrs`, utf8({ step: index * 10, step_size: 60, time: index * 3600,
      _meta: { step: index * 10 }, _group_name: entry, _index: index }));
    for (const folder of ['model', 'model/fluid_properties']) {
      content.set(`${entry}/${folder}/.zgroup`, GROUP);
    }
    for (const grid of grids) {
      content.set(`${entry}/model/fluid_properties/${grid}/.zarray`, metadata);
      content.set(`${entry}/model/fluid_properties/${grid}/0.0.0`, chunk);
    }
  }
  return content;
}
