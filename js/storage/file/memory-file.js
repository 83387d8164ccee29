// SPDX-License-Identifier: MIT
// A file in memory that grows: an overlay over nothing.

import { OverlayFile } from './overlay-file.js';
import { EmptyFile } from './sync-file.js';

export class MemoryFile extends OverlayFile {
  /** @param {string} location */
  constructor(location) {
    super(new EmptyFile(location));
  }
}
