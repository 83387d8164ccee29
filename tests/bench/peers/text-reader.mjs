// SPDX-License-Identifier: MIT
// One way of loading all of a text store: `text-reader.mjs json|json-parse|yaml|js-yaml|yaml-package FILE`.
// Prints seconds, peak memory above an idle process, and how many bytes of arrays there were.
import { readFileSync } from 'node:fs';

const [reader, file] = process.argv.slice(2);
const KINDS = { float64: Float64Array, float32: Float32Array, int64: BigInt64Array, bool: Uint8Array, int8: Int8Array };

/** Array records to typed arrays, as simply as that is done. */
function revive(node) {
  if (node === null || typeof node !== 'object') return node;
  if ('data' in node && node.shape && node.dtype in KINDS) {
    const big = node.dtype === 'int64';
    if (typeof node.data !== 'string') return KINDS[node.dtype].from(node.data.flat(), (x) => (big ? BigInt(x) : x));
    const bytes = Buffer.from(node.data, 'base64');
    return new KINDS[node.dtype](bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  }
  for (const key of Object.keys(node)) node[key] = revive(node[key]);
  return node;
}

function sizeOf(node) {
  if (ArrayBuffer.isView(node)) return node.byteLength;
  if (node !== null && typeof node === 'object' && ArrayBuffer.isView(node.data)) return node.data.byteLength;
  return node === null || typeof node !== 'object' ? 0
    : Object.values(node).reduce((sum, item) => sum + sizeOf(item), 0);
}

const READERS = {
  async json() { return ours('JSONStore'); },
  async yaml() { return ours('YAMLStore'); },
  async 'json-parse'() {
    return async () => sizeOf(revive(JSON.parse(readFileSync(file, 'utf8'))));
  },
  async 'js-yaml'() {
    const { CORE_SCHEMA, defineMappingTag, load } = await import('js-yaml');
    const tags = ['ndarray', 'np_scalar'].map((name) => defineMappingTag(`!${name}`, {
      create: () => ({}), identify: () => false, has: (map, key) => key in map,
      keys: Object.keys, get: (map, key) => map[key],
      addPair: (map, key, value) => { map[key] = value; return ''; } }));
    const schema = CORE_SCHEMA.withTags(...tags);
    return async () => sizeOf(revive(load(readFileSync(file, 'utf8'), { schema })));
  },
  async 'yaml-package'() {
    const { parse } = await import('yaml');
    return async () => sizeOf(revive(parse(readFileSync(file, 'utf8'), { logLevel: 'silent', maxAliasCount: -1 })));
  },
};

async function ours(name) {
  const { [name]: Store } = await import('../../../js/index.js');
  const empty = new Store(new Blob(['[]']), { worker: false });
  await empty.count(); // the module is loaded
  await empty.close();
  return async () => {
    const store = new Store(file, { mode: 'r', worker: false });
    let bytes = 0;
    const kept = [];
    for await (const tree of store.load({ as: 'raw' })) {
      kept.push(tree); // as the others do
      bytes += sizeOf(tree);
    }
    await store.close();
    return bytes;
  };
}

const read = await READERS[reader]();
const idle = process.resourceUsage().maxRSS;
const start = performance.now();
const sum = await read();
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, peak: (process.resourceUsage().maxRSS - idle) * 1024, sum }));
