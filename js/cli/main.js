#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The `bores` command: picks the command, and turns whatever happens into output, a message
// and an exit code.

import { readFileSync } from 'node:fs';

import { BoresError, withoutPasswords } from '../index.js';
import { assertOutputApart } from './arguments.js';
import { placeOf } from './buckets.js';
import { analyse } from './commands/analyse.js';
import { consolidate } from './commands/consolidate.js';
import { convert } from './commands/convert.js';
import { copy } from './commands/copy.js';
import { exportCommand } from './commands/export.js';
import { info } from './commands/info.js';
import { ls } from './commands/ls.js';
import { repair } from './commands/repair.js';
import { run as runCommand } from './commands/run.js';
import { series } from './commands/series.js';
import { show } from './commands/show.js';
import { verify } from './commands/verify.js';
import { view } from './commands/view.js';
import { EXIT } from './exit-codes.js';
import { visible } from './format.js';
import { OutputError, toFile, writeOnce, writeOutput } from './output.js';
import { Progress } from './progress.js';
import { UsageError, commandHelp, generalHelp, parseCommandLine } from './usage.js';

const COMMANDS = [info, ls, show, series, analyse, view, runCommand, verify, copy, convert, exportCommand, repair,
  consolidate];

/**
 * @param {readonly string[]} args
 * @param {AbortSignal} signal
 * @param {Progress} progress
 * @returns {Promise<number>} exit code
 */
async function run(args, signal, progress) {
  const [name, ...rest] = args;
  if (name === '--version' || name === '-V') return print(`${version()}\n`, signal);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    return print(rest.length > 0 && name === 'help' ? commandHelp(find(rest[0]))
      : generalHelp(COMMANDS), signal);
  }
  const command = find(name);
  const { operands, options } = parseCommandLine(command, rest);
  if (options.help) return print(commandHelp(command), signal);
  const binaryAllowed = options.output !== undefined || !process.stdout.isTTY;
  if (toFile(options.output)) await assertOutputApart(options.output, operands.slice(0, command.locations ?? 1));
  try {
    const output = command.ownsOutput ? [options.output ?? ''] : [];
    const place = placeOf([...operands.slice(0, command.locations ?? 1), ...output], options.endpoint);
    const pieces = command.run({ operands, options, signal, place, progress, binaryAllowed });
    const interrupt = command.endless || command.ownsOutput ? undefined : signal;
    return await writeOutput(pieces, command.ownsOutput ? undefined : options.output, interrupt);
  } catch (error) {
    if (error instanceof UsageError) error.command ??= command;
    throw error;
  }
}

/** @param {string} name */
function find(name) {
  const command = COMMANDS.find((item) => item.name === name);
  if (!command) {
    throw new UsageError(`there is no command '${name}', only `
      + COMMANDS.map((item) => item.name).join(', '));
  }
  return command;
}

/**
 * @param {string} text
 * @param {AbortSignal} signal
 */
function print(text, signal) {
  return writeOnce(text, undefined, signal);
}

function version() {
  const file = new URL('../../package.json', import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).version;
}

/**
 * @param {any} error
 * @param {AbortSignal} signal
 * @returns {number} exit code
 */
function report(error, signal) {
  if (signal.aborted) {
    complain('bores: interrupted\n');
    return EXIT.INTERRUPTED;
  }
  if (error?.code === 'EPIPE' || error?.code === 'ERR_STREAM_PREMATURE_CLOSE') return EXIT.OK;
  const mistake = error instanceof UsageError || error?.code === 'ERR_ARGUMENT';
  const known = error instanceof BoresError || error instanceof OutputError;
  const [message, ...more] = String(error?.message).split('\n').map(visible);
  const code = error instanceof BoresError ? ` (${error.code})` : '';
  complain(`${[`bores: ${message}${code}`, ...more].join('\n')}\n`);
  if (mistake) {
    const help = error.command ? `bores ${error.command.name} --help` : 'bores --help';
    complain(`Try '${help}'.\n`);
    return EXIT.USAGE;
  }
  if (known) return EXIT.FAILED;
  complain(`${error?.stack}\nThis is a bug in bores; please report it.\n`);
  return EXIT.BUG;
}

/**
 * The exit code says it too, where standard error takes nothing.
 * @param {string} text
 */
function complain(text) {
  try {
    process.stderr.write(withoutPasswords(text));
  } catch {
    // a full disk, a closed descriptor
  }
}

process.stderr.on('error', () => {});
const controller = new AbortController();
const progress = new Progress(process.stderr);
process.once('SIGINT', () => controller.abort()); // a second one ends the process at once
try {
  process.exitCode = await run(process.argv.slice(2), controller.signal, progress);
} catch (error) {
  progress.clear();
  process.exitCode = report(error, controller.signal);
}
