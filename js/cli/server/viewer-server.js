// SPDX-License-Identifier: MIT
// The viewer and one run, on a port of this machine.

import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { BoresError } from '../../index.js';
import { isLoopback } from './origins.js';
import { filesBeside } from './result-files.js';
import { createStaticServer } from './static-server.js';

const PAGES = fileURLToPath(new URL('../../../build/web', import.meta.url));
const MODULES = fileURLToPath(new URL('../../wasm', import.meta.url));

/** The run that comes with the viewer, as its page names it. */
export const SAMPLE = 'samples/five-spot.zarr.zip';
/** How its start page shows it: water on its way. */
const SAMPLE_VIEW = '&t=4&p=model.fluid_properties.water_saturation_grid&box=0-11,2-11,0-2';

/**
 * @param {object} options
 * @param {string} [options.run]  a file or a folder, which exists
 * @param {string} [options.address]  of a run elsewhere instead, or of one that the viewer has
 * @param {number} options.port  0 for any that is free
 * @param {string} options.host
 * @param {readonly string[]} options.origins  whose pages may read the run; '*' for all
 * @returns {Promise<{ url: string, run: string | undefined, close: () => Promise<void> }>}  where the
 *   viewer and the run are
 * @throws {BoresError} ERR_NOT_FOUND without a built viewer, ERR_HTTP for a port that cannot be had
 */
export async function serveViewer({ run, address, port, host, origins }) {
  if (!existsSync(path.join(PAGES, 'index.html'))) {
    throw new BoresError('ERR_NOT_FOUND', 'the viewer is not built: npm run build makes it');
  }
  const name = run === undefined ? '' : path.basename(run) || 'run';
  const server = createStaticServer({
    '/': PAGES,
    // The package has the modules once.
    ...Object.fromEntries(readdirSync(MODULES).filter((file) => file.endsWith('.wasm'))
      .map((file) => [`/${file}`, path.join(MODULES, file)])),
    ...(run !== undefined && servedOf(run, name)),
  }, { host, origins });
  await listen(server, port, host);
  const at = /** @type {import('node:net').AddressInfo} */ (server.address());
  const base = `http://${nameOf(host)}:${at.port}/`;
  const runPath = run === undefined ? undefined : `run/${encodeURIComponent(name)}`;
  const source = runPath ?? address;
  const shown = source === SAMPLE ? SAMPLE_VIEW : '';
  const link = source === undefined ? '' : `#bores=1&src=${encodeURIComponent(source).replaceAll('%2F', '/')}${shown}`;
  return {
    url: `${base}${link}`,
    run: runPath && base + runPath,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => { server.close(() => resolve()); });
    },
  };
}

/**
 * The run, and nothing that lies beside it but what belongs to it.
 * @param {string} run
 * @param {string} name
 * @returns {Record<string, string>}
 */
export function servedOf(run, name) {
  const folder = path.dirname(run);
  return Object.fromEntries([...filesBeside(folder, name), name].map((file) =>
    [`/run/${file}`, file === name ? run : path.join(folder, file)]));
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<void>}
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      const why = code === 'EADDRINUSE' ? 'is used by another program'
        : code === 'EACCES' ? 'is not allowed' : `cannot be had: ${error.message}`;
      reject(new BoresError('ERR_HTTP', `port ${port} of ${host} ${why}`, { cause: error }));
    });
    server.listen(port, host, () => resolve());
  });
}

/** What a browser calls it. @param {string} host */
function nameOf(host) {
  if (isLoopback(host)) return 'localhost';
  if (host === '0.0.0.0' || host === '::') return os.hostname();
  return host.includes(':') ? `[${host}]` : host;
}
