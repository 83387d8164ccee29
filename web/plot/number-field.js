// SPDX-License-Identifier: MIT
// Numbers as people type them, whatever their language.

/**
 * A comma or a point for decimals, spaces, points or commas between thousands, and the minus sign that is shown:
 * '1.234,5', '1 234,5', '1,234.5' and '−0,5'. One separator alone is that of decimals.
 * @param {string} text
 * @returns {number}  NaN for what is none
 */
export function numberOf(text) {
  let plain = text.trim().replace(/^[−–]/, '-').replace(/(?<=\d)[ \u00a0\u202f'’](?=\d{3}(?!\d))/g, '');
  const decimal = plain.lastIndexOf(',') > plain.lastIndexOf('.') ? ',' : '.';
  const group = decimal === ',' ? '.' : ',';
  // Thousands are told from decimals by their threes, and where a separator comes again.
  if (plain.includes(group)) {
    const [whole] = plain.split(decimal);
    if (!new RegExp(`^-?\\d{1,3}(\\${group}\\d{3})+$`).test(whole)) return NaN;
    plain = plain.replaceAll(group, '');
  } else if (plain.split(decimal).length > 2) {
    if (!new RegExp(`^-?\\d{1,3}(\\${decimal}\\d{3})+$`).test(plain)) return NaN;
    plain = plain.replaceAll(decimal, '');
  }
  return plain === '' ? NaN : Number(plain.replace(',', '.'));
}
