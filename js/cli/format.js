// SPDX-License-Identifier: MIT
// Values as people read them.

/**
 * Up to six significant digits, without trailing zeros; exact integers in full.
 * @param {number | bigint | boolean | string | null} value
 */
export function formatNumber(value) {
  if (typeof value !== 'number') return String(value);
  if (Number.isSafeInteger(value) && Math.abs(value) < 1e9) return String(value);
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e9 || (size > 0 && size < 1e-4)
    ? value.toExponential(5).replace(/\.?0+e/, 'e')
    : String(Number(value.toPrecision(6)));
}

/** @param {number} bytes */
export function formatBytes(bytes) {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  for (; size >= 999.5 && unit < units.length - 1; unit += 1) size /= 1000;
  return `${unit === 0 ? size : Number(size.toPrecision(3))} ${units[unit]}`;
}

/**
 * A path as PATH arguments take it: dotted, or a JSON list of names.
 * @param {string | readonly (string | number)[]} path
 */
export const formatPath = (path) => (typeof path === 'string' ? path : JSON.stringify(path));

/** @param {readonly number[]} shape */
export const formatShape = (shape) => (shape.length === 0 ? 'scalar' : shape.join('×'));

/** @param {number} seconds */
export const formatDays = (seconds) => `${formatNumber(seconds / 86_400)} days`;

/**
 * Columns under their headings; numbers to the right, text to the left.
 * @param {readonly string[]} headings  none: only the rows
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function formatTable(headings, rows) {
  const cells = rows.map((row) => row.map((cell) =>
    (typeof cell === 'number' ? formatNumber(cell) : visible(cell))));
  const lines = headings.length > 0 ? [headings, ...cells] : cells;
  const columns = Array.from({ length: lines[0]?.length ?? 0 }, (_, column) => ({
    width: Math.max(...lines.map((line) => line[column].length)),
    isNumber: rows.length > 0
      && rows.every((row) => typeof row[column] === 'number' || row[column] === ''),
  }));
  return lines.map((line) => `${line.map((cell, column) => {
    const { width, isNumber } = columns[column];
    return isNumber ? cell.padStart(width) : cell.padEnd(width);
  }).join('  ').trimEnd()}\n`).join('');
}

/**
 * Names come from files: control characters must not reach a terminal.
 * @param {string} text
 */
export const visible = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (char) =>
  `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);

/**
 * JSON for machines: NaN and infinities, which JSON lacks, become null, bigints numbers
 * where they are exact.
 * @param {unknown} value
 */
export function formatJson(value) {
  return `${JSON.stringify(value, (_, item) => {
    if (typeof item !== 'bigint') return item;
    return Number.isSafeInteger(Number(item)) ? Number(item) : String(item);
  }, 2)}\n`;
}
