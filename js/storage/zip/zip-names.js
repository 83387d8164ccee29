// SPDX-License-Identifier: MIT
// The names of a zip archive's entries, which come in two encodings.
// Source: PKWARE APPNOTE.TXT 6.3.10, appendix D.

/** The upper half of IBM code page 437, which names are in that are not said to be UTF-8. */
const CP437 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»' +
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * UTF-8 where it is that (macOS does not set the flag), code page 437 otherwise.
 *
 * @param {Uint8Array} bytes
 * @returns {{ name: string, isUtf8: boolean }}
 */
export function decodeName(bytes) {
  try {
    return { name: utf8.decode(bytes), isUtf8: true };
  } catch {
    const ascii = (/** @type {number} */ byte) => String.fromCharCode(byte);
    const name = Array.from(bytes, (byte) => CP437[byte - 128] ?? ascii(byte)).join('');
    return { name, isUtf8: false };
  }
}
