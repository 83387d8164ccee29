// SPDX-License-Identifier: MIT
// The names of a zip archive's entries, which come in two encodings and, from some tools, with
// backslashes between folders or a './' before them.
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

/**
 * How Info-ZIP and 7-Zip read what other tools write: with a leading './' (bsdtar), and with backslashes
 * where the archive is made by MS-DOS (.NET, PowerShell), or where no name has a slash. Names that climb
 * by '..' or name a drive stay as they are, to be refused.
 *
 * @param {{ name: string, host: number }[]} entries  host: 0 for MS-DOS (APPNOTE 4.4.2)
 * @returns {string[]}
 */
export function normalNames(entries) {
  const slashes = entries.some(({ name }) => name.includes('/'));
  return entries.map(({ name, host }) => {
    const separated = host === 0 || !slashes ? name.replaceAll('\\', '/') : name;
    if (/(^|\/)\.\.(\/|$)|^[a-z]:/i.test(separated)) return name;
    return separated.replace(/^(\.\/+)+/, '');
  });
}
