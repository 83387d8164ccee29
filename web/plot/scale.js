// SPDX-License-Identifier: MIT
// Round numbers for axes and legends, and numbers as text.

/**
 * Round values inside `[lo, hi]`: 1, 2 or 5 times a power of ten apart, or, on a
 * logarithmic axis over a decade or more, the powers of ten (with 2 and 5 if few).
 *
 * @param {number} lo
 * @param {number} hi   above `lo`, both finite
 * @param {{ count?: number, log?: boolean }} [options]  `count`: about how many are wanted
 * @returns {number[]}  ascending
 */
export function ticks(lo, hi, { count = 5, log = false } = {}) {
  if (!(hi > lo)) return [lo];
  if (log && lo > 0 && hi / lo >= 10) return logTicks(lo, hi, count);
  const step = niceStep((hi - lo) / count);
  const found = [];
  // Multiples of the step, not sums of it: sums drift.
  const first = Math.ceil(lo / step - 1e-9);
  const last = Math.floor(hi / step + 1e-9);
  for (let n = first; n <= last; n += 1) found.push(n === 0 ? 0 : fix(n * step));
  return found;
}

/** @param {number} lo @param {number} hi @param {number} count */
function logTicks(lo, hi, count) {
  const first = Math.floor(Math.log10(lo));
  const last = Math.ceil(Math.log10(hi));
  const every = Math.max(1, Math.ceil((last - first) / (count + 1)));
  const factors = last - first <= 3 ? [1, 2, 5] : [1];
  const found = [];
  for (let decade = first; decade <= last; decade += every) {
    for (const factor of factors) {
      const value = fix(factor * 10 ** decade);
      if (value >= lo && value <= hi) found.push(value);
    }
  }
  return found;
}

/** @param {number} raw  the smallest of 1, 2, 5 × 10ⁿ that is not below it */
function niceStep(raw) {
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((f) => f * power >= raw * (1 - 1e-9)) ?? 10;
  return fix(factor * power);
}

/** Drops the noise of binary fractions: 0.30000000000000004 → 0.3. @param {number} value */
function fix(value) {
  return Number(value.toPrecision(12));
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/**
 * A number for people: `digits` significant digits, without needless zeros, and a power of
 * ten where a plain number would be long (below 0.001, from ten million on).
 *
 * @param {number} value
 * @param {number} [digits]
 */
export function formatNumber(value, digits = 6) {
  if (Number.isNaN(value)) return 'no value';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split('e');
    const power = [...exponent.replace('+', '')]
      .map((c) => (c === '-' ? '⁻' : SUPERSCRIPT[Number(c)])).join('');
    const factor = Number(mantissa);
    return factor === 1 ? `10${power}` : `${minus(String(factor))}×10${power}`;
  }
  const whole = Math.floor(Math.log10(size || 1)) + 1;
  return minus(String(Number(value.toPrecision(Math.max(digits, whole)))));
}

/** @param {string} text  with the typographic minus sign */
function minus(text) {
  return text.replace('-', '−');
}

/**
 * Texts for the ticks of one axis, with as many decimals as tell neighbours apart.
 * @param {readonly number[]} values
 * @returns {string[]}
 */
export function tickLabels(values) {
  for (let digits = 2; digits < 12; digits += 1) {
    const labels = values.map((value) => formatNumber(value, digits));
    const exact = values.every((v) => Math.abs(v - Number(v.toPrecision(digits)))
      <= 1e-9 * Math.abs(v));
    if (exact && new Set(labels).size === values.length) return labels;
  }
  return values.map((value) => formatNumber(value, 12));
}

/** @param {number} bytes  '1.9 GB' */
export function formatBytes(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let n = bytes;
  let unit = 0;
  while (n >= 1000 && unit < units.length - 1) { n /= 1000; unit += 1; }
  return `${n >= 100 || unit === 0 ? Math.round(n) : Number(n.toPrecision(2))} ${units[unit]}`;
}

/** @param {number} seconds  '34.5 days' */
export function formatDays(seconds) {
  const days = seconds / 86400;
  const text = formatNumber(Number(days.toFixed(days < 10 ? 2 : 1)), 7);
  return `${text} ${text === '1' ? 'day' : 'days'}`;
}
