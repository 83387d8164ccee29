// SPDX-License-Identifier: MIT
// `npm start [-- [path of a run] [--port N] [--no-open] [--empty]]`: serves build/web/ to this
// machine, and with it the run that was named, else the sample. Static files, nothing else.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createStaticServer } from './static-server.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = path.join(root, 'build', 'web');
const SAMPLE = 'samples/waterflood.zarr.zip';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '0' },
    'no-open': { type: 'boolean', default: false },
    empty: { type: 'boolean', default: false },
  },
});
if (!existsSync(path.join(pages, 'index.html'))) {
  fail('build/web/ is not there: `npm run build` makes it');
}

/** @type {Record<string, string>} */ const folders = { '/': pages };
let source = values.empty ? '' : SAMPLE;
if (positionals[0] !== undefined) {
  const run = path.resolve(positionals[0]);
  if (!existsSync(run)) fail(`${run} does not exist`);
  // Nothing beside the run itself can be asked for.
  folders[`/run/${path.basename(run)}`] = run;
  source = `run/${encodeURIComponent(path.basename(run))}`;
}

const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) fail(`'${values.port}' is no port`);
const server = createStaticServer(folders);
server.on('error', (error) => fail(error.message));
server.listen(port, '127.0.0.1', () => {
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://localhost:${address.port}/${source && `#bores=1&src=${source}`}`;
  console.log(`The viewer is at ${url}\nCtrl+C ends it.`);
  if (!values['no-open']) openBrowser(url);
});

/** Only where there is a screen to show it on. @param {string} url */
function openBrowser(url) {
  const [program, ...args] = process.platform === 'darwin' ? ['open']
    : process.platform === 'win32' ? ['cmd', '/c', 'start', '']
      : process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ['xdg-open'] : [];
  if (program === undefined) return;
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => { /* the address is on the screen */ }).unref();
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
