// SPDX-License-Identifier: MIT
// CRC-32 of ISO 3309, as zip uses it. Node has it built in (from 20.15 on); elsewhere eight
// tables take eight bytes a step.
// Source: M. E. Kounavis, F. L. Berry, "A systematic approach to building high performance
// software-based CRC generators" (2005), slicing-by-8.

const POLYNOMIAL = 0xedb88320; // bit-reversed 0x04c11db7

/** Table t maps a byte to its effect on the CRC when t more bytes follow it. */
const TABLES = buildTables();

function buildTables() {
  const tables = Array.from({ length: 8 }, () => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    tables[0][byte] = crc;
  }
  for (let t = 1; t < 8; t += 1) {
    for (let byte = 0; byte < 256; byte += 1) {
      const crc = tables[t - 1][byte];
      tables[t][byte] = tables[0][crc & 0xff] ^ (crc >>> 8);
    }
  }
  return tables;
}

/**
 * @param {Uint8Array} bytes
 * @returns {number}  unsigned
 */
export function crc32(bytes) {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = TABLES;
  let crc = 0xffffffff;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc = t7[crc & 0xff] ^ t6[(crc >>> 8) & 0xff] ^ t5[(crc >>> 16) & 0xff] ^ t4[crc >>> 24] ^
      t3[bytes[i + 4]] ^ t2[bytes[i + 5]] ^ t1[bytes[i + 6]] ^ t0[bytes[i + 7]];
  }
  for (; i < bytes.length; i += 1) crc = t0[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return ~crc >>> 0;
}
