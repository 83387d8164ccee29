// SPDX-License-Identifier: MIT
// node files-entered.mjs read|open|append LOCATION: does that in one thread, and prints as a JSON list the files
// of js/ of which it has entered a function (not what importing the library runs), by V8's count of calls.
import { Session } from 'node:inspector/promises';
import { openStore } from '../../js/index.js';

const [task, location] = process.argv.slice(2);
const top = new URL('../../js/', import.meta.url).href;

const tasks = /** @type {Record<string, (store: import('../../js/index.js').DataStore) => Promise<unknown>>} */ ({
  open: async () => undefined,
  read: (store) => store.read(0, 'model.fluid_properties.pressure_grid'),
  append: (store) => store.append({ step: 1, step_size: 1.5, time: 3.5, model: { pressure: new Float64Array(8) } }),
});

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const store = await openStore(location, { worker: false, mode: task === 'append' ? 'a' : 'r' });
await tasks[task](store);
await store.close();
const { result } = await session.post('Profiler.takePreciseCoverage');
/** A file as a whole is a function, too: what begins with it. @param {typeof result[0]} script */
const isEntered = ({ functions }) => functions
  .some(({ ranges: [{ count, startOffset }] }) => count > 0 && startOffset > 0);
console.log(JSON.stringify(result.filter((script) => script.url.startsWith(top) && isEntered(script))
  .map(({ url }) => url.slice(top.length)).sort()));
