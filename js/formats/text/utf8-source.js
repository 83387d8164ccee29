// SPDX-License-Identifier: MIT
// A text file that some editor has saved as UTF-16: its byte order mark says so, and it is read whole and
// goes on as UTF-8, which is what JSON is (RFC 8259) and what the readers of YAML here take.

import { BoresError } from '../../core/errors.js';
import { BytesSource } from '../../storage/base/byte-source.js';

/** @import { ByteSource } from '../../storage/base/byte-source.js' */

/** UTF-32's little-endian mark begins as UTF-16's does. */
const MARKS = /** @type {const} */ ([
  { bytes: [0xff, 0xfe, 0, 0], encoding: undefined },
  { bytes: [0, 0, 0xfe, 0xff], encoding: undefined },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
]);

/**
 * @param {ByteSource | undefined} source  the result's, to close
 * @returns {Promise<ByteSource | undefined>}
 * @throws {BoresError} ERR_UNSUPPORTED for UTF-32, ERR_METADATA for what is no text
 */
export async function asUtf8(source) {
  if (!source || source.size < 2) return source;
  const start = await source.read(0, Math.min(4, source.size));
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, i) => start[i] === byte));
  if (!mark) return source;
  const { location, size } = source;
  try {
    if (!mark.encoding) {
      throw new BoresError('ERR_UNSUPPORTED', `${location} has a byte order mark of UTF-32; save it as UTF-8`);
    }
    const text = new TextDecoder(mark.encoding, { fatal: true }).decode(await source.read(0, size));
    return new BytesSource(new TextEncoder().encode(text), location);
  } catch (cause) {
    if (cause instanceof BoresError) throw cause;
    throw new BoresError('ERR_METADATA', `${location} begins with a byte order mark, but is no UTF-16`, { cause });
  } finally {
    await source.close();
  }
}
