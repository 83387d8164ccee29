// SPDX-License-Identifier: MIT
// Running commands for the bootstrap: output goes to a log file under build/, now and then a line
// says how far it is, and the log's tail is shown when a command fails.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { howFar, watch } from './progress.mjs';

/** The project's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));
export const buildDir = path.join(root, 'build');

const TAIL_LINES = 40;

/** A step failed, and what there is to say about it has been said. */
export class StepFailed extends Error {}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a command with its output in `build/<log>.log`.
 *
 * @param {string} log  the log's name
 * @param {string[]} command
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, append?: boolean }} [options]
 * @returns {Promise<void>}
 * @throws {StepFailed} after the log's tail was printed
 */
export async function run(log, command, { cwd = root, env = process.env, append = false } = {}) {
  mkdirSync(buildDir, { recursive: true });
  const file = path.join(buildDir, `${log}.log`);
  const fd = openSync(file, append ? 'a' : 'w');
  const [program, ...args] = command;
  const watching = watch(log, () => howFar(readFileSync(file, 'utf8')));
  try {
    const code = await new Promise((resolve) => {
      const child = spawn(program, args, { cwd, env, stdio: ['ignore', fd, fd] });
      const end = () => child.kill();
      process.once('SIGTERM', end);
      child.on('error', (error) => resolve(error.message));
      child.on('close', (status, signal) => {
        process.removeListener('SIGTERM', end);
        resolve(signal ?? status);
      });
    });
    if (code === 0) return;
    const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    say(`${tail}\n`);
    throw new StepFailed(`\`${command.join(' ')}\` ended with ${code}; all of it is in build/${log}.log`);
  } finally {
    watching.end();
    closeSync(fd);
  }
}

/**
 * What a quick command prints, or `undefined` when it is missing or fails.
 *
 * @param {string[]} command
 * @returns {string | undefined}
 */
export function output([program, ...args]) {
  const done = spawnSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return done.status === 0 ? done.stdout.trim() : undefined;
}

/** @param {...(string | Uint8Array)} parts */
export function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/**
 * Runs `work` unless the file `stamp` says that it was done for the same `key`.
 *
 * @param {string} stamp  path of the file that remembers
 * @param {string} key
 * @param {() => Promise<void>} work
 */
export async function once(stamp, key, work) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  await work();
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}
