// SPDX-License-Identifier: MIT
// openNode on HDF5 files that BORES did not write: from a path, from bytes, over HTTP, in a worker.
// (Every type and filter: hdf5-cases.test.js.)
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { openNode } from '../../../../js/index.js';
import { caseFile, hdf5Cases } from '../../../helpers/fixtures.js';
import { serveFiles } from '../../../helpers/file-server.js';
import { using } from '../../../helpers/with-store.js';

const set = hdf5Cases();
/** @param {string} name */
const fileOf = (name) => caseFile(set, `hdf5/${name}.h5`);

/** Each file with a dataset of plain numbers in it, and its elements. @type {Map<string, any>} */
const NUMBERS = new Map(set.cases.filter(({ kind, expect, expected, dtype, case: name }) => kind === 'dataset'
  && expect === 'ok' && expected?.encoding === 'raw' && dtype.class === 'float' && !/bzip2|blosc2/.test(name))
  .map((one) => [one.path, one]));

/** @param {unknown} location @param {any} one  a case @param {object} [options] */
async function compare(location, one, options) {
  await using(openNode(location, '', options), async (root) => {
    assert.equal(root.kind, 'group');
    const node = await root.open(one.dataset);
    assert.deepEqual(node.shape, one.shape);
    assert.deepEqual(node.chunks, one.chunks);
    const { bytes, shape } = await node.readBytes();
    assert.deepEqual(shape, one.shape);
    assert.equal(Buffer.compare(bytes, readFileSync(caseFile(set, one.expected.file))), 0, 'the elements');
    const array = await node.read();
    assert.deepEqual(array.shape ?? [], one.shape);
    if (one.shape.length > 0 && one.shape[0] > 1) {
      const part = await node.read({ slice: [-1] });
      assert.deepEqual([...(part.data ?? [part])], [...(array.slice(-1).data ?? [array.slice(-1)])]);
    }
  });
}

test('there are cases in most files', () => assert.ok(NUMBERS.size > 15, `${NUMBERS.size} files`));

for (const [file, one] of NUMBERS) {
  test(`${file} from its path and from bytes`, async () => {
    await compare(caseFile(set, file), one);
    if (/vds|link/.test(file)) return; // alone it has nothing to link to
    await compare(new Uint8Array(readFileSync(caseFile(set, file))), one);
  });
}

test('over HTTP, in a worker, from a File', async () => {
  const [[file, one]] = [...NUMBERS].filter(([name]) => /gzip/.test(name));
  const server = await serveFiles();
  try {
    await compare(server.addFile('a.h5', caseFile(set, file)), one);
    await compare(server.addFile('b.h5', caseFile(set, file)), one, { worker: true });
  } finally {
    await server.close();
  }
  await compare(caseFile(set, file), one, { worker: true });
  await compare(new File([readFileSync(caseFile(set, file))], 'no name that tells'), one);
});

describe('what is in a file', () => {
  test('members, links and where they lead', () => using(openNode(fileOf('groups_new')), async (root) => {
    const one = set.cases.find(({ kind, path, group, members }) =>
      kind === 'group' && path === 'hdf5/groups_new.h5' && ['', '/'].includes(group) && members);
    const members = await root.members();
    assert.deepEqual(members.map(({ name }) => name).sort(),
      one.members.map((/** @type {any} */ { name }) => name).sort());
    const children = [];
    for await (const child of root.children()) children.push(child.path);
    assert.deepEqual(children.sort(), members.filter(({ kind }) => kind === 'group' || kind === 'array')
      .map(({ name }) => name).sort());
  }));

  test('records, texts, references, nothing', () => using(openNode(fileOf('compound')), async (root) => {
    const records = await (await root.open('simple')).read();
    assert.equal(records.dtype, 'object');
    assert.equal(typeof records.data[0], 'object');
    assert.equal((await root.open('simple')).dtype, 'compound');
    assert.equal((await root.open('simple')).type.class, 'compound');
  }));

  test('a path that is not there', () => using(openNode(fileOf('compound')), async (root) => {
    await assert.rejects(root.open('absent'), { code: 'ERR_NOT_FOUND', message: /absent/ });
    await assert.rejects(root.read(), { code: 'ERR_ARGUMENT', message: /group/ });
  }));

  test('a file that is none', async () => {
    await assert.rejects(openNode(new Uint8Array(1000), '', { backend: 'hdf5' }), { name: 'BoresError', code: 'ERR_CORRUPT' });
    await assert.rejects(openNode('/absent/run.h5'), { code: 'ERR_NOT_FOUND', message: /run\.h5/ });
  });
});

test('a file that links to another outside of its folder does not get it', async () => {
  const { NodeFilePlace } = await import('../../../../js/storage/node/node-file-place.js');
  const snapshot = await (await NodeFilePlace.open(fileOf('compound'))).snapshot();
  const { sibling } = /** @type {any} */ (snapshot).file;
  assert.equal(sibling('../cases.json'), undefined);
  assert.equal(sibling('/etc/passwd'), undefined);
  assert.equal(sibling('.'), undefined);
  assert.ok(sibling('vds.h5').size() > 0);
  snapshot?.close();
});
