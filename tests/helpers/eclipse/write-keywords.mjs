// SPDX-License-Identifier: MIT
// Writes keywords of ECLIPSE's files as bytes (OPM Flow Reference Manual, appendix F), for tests that need kinds of
// files which no simulator at hand writes.

/** @type {Record<string, number>} */
const WIDTHS = { INTE: 4, REAL: 4, DOUB: 8, LOGI: 4, CHAR: 8, MESS: 0 };

/** @param {string} type */
const widthOf = (type) => WIDTHS[type] ?? Number(type.slice(1)); // C0nn: strings of nn bytes

/**
 * @param {string} type
 * @param {readonly any[]} values
 * @param {string} order  'LE' or 'BE'
 */
function elements(type, values, order) {
  const width = widthOf(type), data = Buffer.alloc(width * values.length);
  values.forEach((value, n) => {
    if (type === 'INTE') /** @type {any} */ (data)[`writeInt32${order}`](value, 4 * n);
    else if (type === 'LOGI') /** @type {any} */ (data)[`writeInt32${order}`](value ? -1 : 0, 4 * n);
    else if (type === 'REAL') /** @type {any} */ (data)[`writeFloat${order}`](value, 4 * n);
    else if (type === 'DOUB') /** @type {any} */ (data)[`writeDouble${order}`](value, 8 * n);
    else data.write(value.padEnd(width), width * n, 'latin1');
  });
  return data;
}

/**
 * @param {string} name
 * @param {string} type
 * @param {readonly any[]} [values]
 * @param {{ little?: boolean, block?: number }} [how]  `block`: elements of a block, as simulators cut where left out
 */
export function keyword(name, type, values = [], { little = false, block = type[0] === 'C' ? 105 : 1000 } = {}) {
  const order = little ? 'LE' : 'BE';
  const record = (/** @type {Buffer} */ data) => {
    const marker = elements('INTE', [data.length], order);
    return [marker, data, marker];
  };
  const head = [Buffer.from(name.padEnd(8), 'latin1'), elements('INTE', [values.length], order), Buffer.from(type)];
  const parts = record(Buffer.concat(head));
  for (let at = 0; at < values.length; at += block) {
    parts.push(...record(elements(type, values.slice(at, at + block), order)));
  }
  return Buffer.concat(parts);
}

/** An array with some items set. @param {number} length @param {Record<number, number>} set */
export const items = (length, set) => Object.assign(Array(length).fill(0), set);

/** @param {string} name @param {Buffer[]} parts */
export const file = (name, parts) => new File([/** @type {any} */ (Buffer.concat(parts))], name);
