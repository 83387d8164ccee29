// SPDX-License-Identifier: MIT
// npm run bench [name …]: each benchmark measures us beside a peer in the same run, on this machine,
// and prints ratios. Nothing here decides whether a test passes.
import { readdirSync } from 'node:fs';
import os from 'node:os';

const chosen = process.argv.slice(2);
const here = new URL('.', import.meta.url);
const names = readdirSync(here).filter((name) => /^[a-z0-9-]+\.mjs$/.test(name))
  .map((name) => name.slice(0, -4)).filter((name) => !['lib', 'run'].includes(name))
  .filter((name) => chosen.length === 0 || chosen.includes(name));

console.log(`${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.cpus().length} cores, `
  + `Node ${process.version}`);
for (const name of names) {
  const bench = await import(new URL(`${name}.mjs`, here).href);
  if (typeof bench.run !== 'function') continue;
  console.log(`\n${bench.title} (${name})`);
  await bench.run();
}
