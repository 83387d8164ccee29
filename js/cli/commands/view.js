// SPDX-License-Identifier: MIT
// bores view: the viewer, served to this machine with a run.

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { BoresError } from '../../index.js';
import { CASE_OPTION } from '../arguments.js';
import { formatJson } from '../format.js';
import { openBrowser } from '../server/open-browser.js';
import { endWithParent } from '../server/parent.js';
import { runIn } from '../server/result-files.js';
import { SAMPLE, serveViewer } from '../server/viewer-server.js';
import { UsageError } from '../usage.js';

/** @import { Command } from '../usage.js' */

/** @type {Command} */
export const view = {
  name: 'view',
  synopsis: '[LOCATION]',
  operands: [0, 1],
  summary: 'look at a run in the browser',
  description: `Serves the viewer with the run, opens it in the browser, and goes on until Ctrl+C. Only
what is asked for is read, nothing is written, and nothing but the viewer and the run can be
asked for. Only this machine is answered, and pages of this machine may read the run; --host
and --allow-origin are for more. Without a LOCATION a run can be dropped on the page.`,
  options: {
    port: { type: 'string', value: 'PORT', help: 'a port of your choice instead of any that is free' },
    'no-open': { type: 'boolean', help: 'only print the address' },
    sample: { type: 'boolean', help: 'show the run that comes with the viewer' },
    ...CASE_OPTION,
    host: { type: 'string', value: 'ADDRESS', help: 'listen there: 0.0.0.0 for everybody who reaches this machine' },
    'allow-origin': { type: 'string', value: 'ORIGIN',
      help: "pages that may read the run: 'https://example.org', or '*'" },
  },
  examples: [
    ['bores view results/run.zarr', 'a run on disk'],
    ['bores view https://example.org/runs/spe9.zarr.zip', 'one on a web server that lets pages read it'],
    ['bores view run.h5 --port 8000 --no-open', 'on a machine without a screen: forward port 8000 to yours'],
  ],
  endless: true,
  async* run({ operands: [location], options, signal }) {
    const wanted = { ...whichRun(location, options.sample, options.case), ...whichPlace(options) };
    const server = await serveViewer(wanted);
    endWithParent();
    yield options.json ? formatJson({ url: server.url, run: server.run ?? null })
      : `The viewer is at ${server.url}\nCtrl+C ends it.\n`;
    if (!options['no-open']) openBrowser(server.url);
    await aborted(signal);
    await server.close();
  },
};

/**
 * @param {string | undefined} location
 * @param {boolean} [sample]
 * @param {string} [wanted]  which of several ECLIPSE runs in a folder
 * @returns {{ run?: string, address?: string }}
 * @throws {BoresError} ERR_NOT_FOUND, ERR_ARGUMENT for several runs
 */
export function whichRun(location, sample = false, wanted = undefined) {
  if (location === undefined) return sample ? { address: SAMPLE } : {};
  if (sample) throw new UsageError('--sample goes without a LOCATION');
  if (/^https?:/i.test(location)) {
    const { username, password } = URL.canParse(location) ? new URL(location) : { username: '', password: '' };
    if (username === '' && password === '') return { address: location };
    throw new UsageError('an address with a password would be shown by the browser: copy the run first');
  }
  const isUrl = /^file:/i.test(location);
  if (!isUrl && /^[a-z][a-z0-9+.-]+:/i.test(location)) {
    throw new UsageError(`'${location}' is nothing that a browser can be given: name a folder, a file `
      + 'or a web address');
  }
  const run = path.resolve(isUrl ? fileURLToPath(location) : location);
  if (!existsSync(run)) throw new BoresError('ERR_NOT_FOUND', `there is nothing at ${run}`);
  return { run: (statSync(run).isDirectory() ? runIn(run, wanted) : undefined) ?? run };
}

/** @param {{ [name: string]: any }} options */
function whichPlace({ port: text = '0', host = '127.0.0.1', 'allow-origin': origin }) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new UsageError(`--port must be a number up to 65535, got '${text}'`);
  }
  if (origin !== undefined && origin !== '*' && !/^https?:\/\/[^/]+$/.test(origin)) {
    throw new UsageError(`--allow-origin must be '*' or like 'https://example.org', got '${origin}'`);
  }
  return { port, host, origins: origin === undefined ? [] : [origin] };
}

/** @param {AbortSignal} signal @returns {Promise<void>} */
function aborted(signal) {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
