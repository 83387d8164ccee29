// SPDX-License-Identifier: MIT
// npm start [-- [LOCATION] [options]]: builds what the viewer needs, then is `bores view`, on the
// bundled run if none is named.
import { view, whichRun } from '../js/cli/commands/view.js';
import { endWithParent } from '../js/cli/server/parent.js';
import { parseCommandLine, commandHelp } from '../js/cli/usage.js';
import { prepare } from './setup/prepare.mjs';

const { sample: _, ...options } = view.options;
const start = {
  ...view,
  description: `Installs and builds what is missing.\n${view.description.replace(/Without[^]*$/,
    'Without a LOCATION it is the bundled run.')}`,
  options: { ...options,
    empty: { type: /** @type {const} */ ('boolean'), help: 'show the page without a run' } },
};
const given = process.argv.slice(2);

endWithParent();
if (await isReady()) {
  const { operands: { length }, options: { empty } } = parseCommandLine(start, given);
  const args = given.filter((arg) => arg !== '--empty');
  process.argv = [...process.argv.slice(0, 2), 'view', ...args, ...(length > 0 || empty ? [] : ['--sample'])];
  await import('../js/cli/main.js');
}

/** A mistake is told now, not after minutes of building. */
async function isReady() {
  try {
    const { operands: [location], options: { help } } = parseCommandLine(start, given);
    if (help) {
      console.log(commandHelp(start).replaceAll('bores view', 'npm start --'));
      return false;
    }
    whichRun(location);
  } catch (error) {
    console.error(`npm start: ${/** @type {Error} */ (error).message}\nTry 'npm start -- --help'.`);
    process.exitCode = 2;
    return false;
  }
  if (await prepare({})) return true;
  process.exitCode = 1;
  return false;
}
