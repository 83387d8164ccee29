// SPDX-License-Identifier: MIT
// A process for store-kill.test.js: `kill-store.js FOLDER OPTIONS ACKNOWLEDGED` checks what the one
// before it has left, then appends and dumps states by a fixed plan until it is killed. It says
// "ready N" when that is checked, and "N" when N steps of the plan are done.
import fs from 'node:fs';

import { ZarrStore } from '../../../js/index.js';
import { countTurns, takeTurn } from '../../helpers/store-plan.js';

const [, , folder, options, acknowledged] = process.argv;

/** @param {string} text */
const say = (text) => fs.writeSync(1, `${text}\n`); // it is out before anything else happens

try {
  const store = new ZarrStore(folder, JSON.parse(options));
  const first = await countTurns(store, Number(acknowledged));
  say(`ready ${first}`);
  for (let turn = first; ; turn += 1) {
    await takeTurn(store, turn);
    say(String(turn + 1));
  }
} catch (error) {
  say(`failed ${/** @type {Error} */ (error).stack}`);
}
