// SPDX-License-Identifier: MIT
// Names that nobody has given before, also where the page is no secure context: crypto.randomUUID()
// is absent there.

/** @returns {string}  a UUID of version 4 (RFC 9562) */
export function randomId() {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
