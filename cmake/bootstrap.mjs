// SPDX-License-Identifier: MIT
// Makes what is missing, from a fresh clone: system packages, npm packages, third-party
// sources, the WebAssembly modules and the viewer's bundle; with --tests or --bench also what those
// need, and with --viewer only what the viewer does. What is there already is left alone, so a second
// run takes a second. Logs are in build/*.log.
import { prepare } from './setup/prepare.mjs';

const has = (/** @type {string} */ flag) => process.argv.includes(`--${flag}`);
const wanted = { scalar: !has('viewer'), tests: has('tests'), bench: has('bench') };
if (!await prepare(wanted)) process.exit(1);
