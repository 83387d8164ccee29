// SPDX-License-Identifier: MIT
// Command lines: parsing them with node:util, and the help that describes them.

import { parseArgs } from 'node:util';

/**
 * @typedef {object} Option
 * @property {'boolean' | 'string'} type
 * @property {string} [short]
 * @property {string} [value]  what the help calls its value
 * @property {string} help
 *
 * @typedef {object} Command
 * @property {string} name
 * @property {string} synopsis     what follows the name: 'LOCATION [STEP]'
 * @property {[number, number]} operands  fewest and most
 * @property {number} [locations]  how many of them are LOCATIONs, 1 by default
 * @property {string} summary      one line
 * @property {string} description  paragraphs
 * @property {{ [name: string]: Option }} options
 * @property {[command: string, meaning: string][]} examples
 * @property {boolean} [endless]  Ctrl-C is how it ends, not an interruption
 * @property {boolean} [ownsOutput]  its --output is no file for what it prints, and Ctrl-C ends it in order
 * @property {(context: Context) => AsyncGenerator<string | Uint8Array, number | void>} run
 *   yields what goes to the output, in pieces; returns an exit code, 0 when it returns nothing
 *
 * @typedef {object} Context
 * @property {string[]} operands
 * @property {{ [name: string]: any }} options
 * @property {AbortSignal} signal   aborted by Ctrl-C
 * @property {import('./buckets.js').Place} place  for each call that is given one of the locations
 * @property {import('./progress.js').Progress} progress
 * @property {boolean} binaryAllowed  false where the output is a terminal
 */

/** A mistake on the command line. */
export class UsageError extends Error {
  /**
   * @param {string} message
   * @param {Command} [command]  whose help to point to
   */
  constructor(message, command) {
    super(message);
    this.command = command;
  }
}

/** @type {{ [name: string]: Option }} */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', help: 'machine-readable JSON instead of text' },
  output: { type: 'string', short: 'o', value: 'FILE', help: 'write to FILE instead of stdout' },
  endpoint: { type: 'string', value: 'URL', help: "the server of s3://BUCKET/…; its keys: 'bores --help'" },
  help: { type: 'boolean', short: 'h', help: 'show this help' },
};

/**
 * Protects negative numbers, which are operands and values here (`show run.zarr -1 PATH`),
 * from being taken for options.
 */
const GUARD = '\0';

/**
 * @param {Command} command
 * @param {readonly string[]} args  after the command's name
 * @returns {{ operands: string[], options: { [name: string]: any } }}
 * @throws {UsageError}
 */
export function parseCommandLine(command, args) {
  const options = { ...COMMON_OPTIONS, ...command.options };
  const guarded = args.map((arg) => (/^-\d/.test(arg) ? GUARD + arg : arg));
  const config = Object.fromEntries(Object.entries(options).map(([name, { type, short }]) =>
    [name, { type, ...(short && { short }) }]));
  let parsed;
  try {
    parsed = parseArgs({ args: guarded, options: config, allowPositionals: true });
  } catch (error) {
    throw new UsageError(firstSentence(/** @type {Error} */ (error).message), command);
  }
  const operands = parsed.positionals.map(unguard);
  const values = Object.fromEntries(Object.entries(parsed.values)
    .map(([name, value]) => [name, typeof value === 'string' ? unguard(value) : value]));
  const [fewest, most] = command.operands;
  if (!values.help && (operands.length < fewest || operands.length > most)) {
    const what = operands.length < fewest ? 'too few arguments' : `unexpected '${operands[most]}'`;
    throw new UsageError(`${what}: bores ${command.name} ${command.synopsis}`, command);
  }
  return { operands, options: values };
}

/** @param {string} text */
const unguard = (text) => (text.startsWith(GUARD) ? text.slice(GUARD.length) : text);

/** @param {string} message  of parseArgs: a sentence, and advice that does not suit us */
const firstSentence = (message) => message.split(/\. To specify|\.$/)[0];

/** @param {Command} command */
export function commandHelp(command) {
  const options = { ...COMMON_OPTIONS, ...command.options };
  return [
    `Usage: bores ${command.name} ${command.synopsis} [options]`, '',
    command.description, '',
    'Options:', ...optionLines(options), '',
    'Examples:',
    ...command.examples.flatMap(([line, meaning]) => [`  # ${meaning}`, `  ${line}`, '']),
  ].join('\n');
}

/** @param {{ [name: string]: Option }} options */
function optionLines(options) {
  const rows = Object.entries(options).map(([name, { short, value, help }]) =>
    [`${short ? `-${short}, ` : '    '}--${name}${value ? ` ${value}` : ''}`, help]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`);
}

/** @param {readonly Command[]} commands */
export function generalHelp(commands) {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return `Usage: bores COMMAND [arguments] [options]

Looks into the results of BORES reservoir simulations, copies and repairs them: Zarr (a folder or
a zip), HDF5, JSON and YAML of any of its versions, on disk, on a web server or in a bucket.
And simulates.

Commands:
${commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`).join('\n')}

Arguments:
  LOCATION  a folder (results/run.zarr), a zip (run.zarr.zip), a file (run.h5, run.json,
            run.yaml), a URL (https://…/run.zarr) or a bucket (s3://BUCKET/run.zarr)
  STEP      which saved state: 0 is the first, -1 the last, step=40 the one that the simulator
            counted as its step 40
  PATH      dotted names: model.fluid_properties.pressure_grid, or the end of them
            where that is unique: pressure_grid

Buckets of S3-compatible servers are reached by --endpoint https://… (or AWS_ENDPOINT_URL; of
Amazon's, AWS_REGION is enough) with the keys AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and, where
they are lent, AWS_SESSION_TOKEN from the environment; without keys as everybody may read them.

  bores COMMAND --help explains a command, with examples.
  bores --version prints the version.

Exit codes:
  0 success   1 problems found (verify, repair --dry-run)   2 wrong usage
  3 cannot open, read or write   4 unexpected error (please report it)   130 interrupted

Try:
  bores info results/run.zarr
  bores show results/run.zarr -1 pressure_grid
`;
}
