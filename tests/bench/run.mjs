// SPDX-License-Identifier: MIT
// npm run bench [name …]: each benchmark measures us beside a peer in the same run, on this machine,
// and prints ratios. Nothing here decides whether a test passes.
//
//   --with-python PATH   a Python that has BORES, which is measured, too
//   --write              what `speed` measured becomes the table of docs/performance.md
//   --check PATH         only `speed`, and beside each measure the same of another tree that is built
//   --only TEXT          of `speed` the measures that have it in their names
import { readdirSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { rows, table } from './lib.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
  'with-python': { type: 'string' }, write: { type: 'boolean' }, check: { type: 'string' }, only: { type: 'string' } } });
const chosen = values.check || values.only ? ['speed'] : positionals;
const here = new URL('.', import.meta.url);
const names = readdirSync(here).filter((name) => /^[a-z0-9-]+\.mjs$/.test(name))
  .map((name) => name.slice(0, -4)).filter((name) => !['lib', 'run'].includes(name))
  .filter((name) => chosen.length === 0 || chosen.includes(name));
const machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores, `
  + `Node ${process.version}, load ${os.loadavg()[0].toFixed(1)}`;

console.log(machine);
for (const name of names) {
  const bench = await import(new URL(`${name}.mjs`, here).href);
  if (typeof bench.run !== 'function') continue;
  console.log(`\n${bench.title} (${name})`);
  await bench.run({ bores: values['with-python'], other: values.check, only: values.only });
}
if (rows.length > 0) console.log(`\n${table()}`);
if (values.write && rows.length > 0) {
  const { write } = await import('./speed.mjs');
  write(machine, table());
}
