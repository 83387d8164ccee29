// SPDX-License-Identifier: MIT
// 'bores-wasm/viewer': registers <bores-viewer>.

import { BoresViewer } from './element.js';

if (globalThis.customElements && !customElements.get('bores-viewer')) {
  customElements.define('bores-viewer', BoresViewer);
}

export { BoresViewer };
