// SPDX-License-Identifier: MIT
// Runs the `bores` command as a shell does.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BORES = fileURLToPath(new URL('../../js/cli/main.js', import.meta.url));

/**
 * @param {string[]} args
 * @param {{ onStart?: (child: import('node:child_process').ChildProcess) => void,
 *   env?: Record<string, string>, cwd?: string, nodeArgs?: string[] }} [options]  env: beside this process's own
 * @returns {Promise<{ code: number | null, stdout: string, bytes: Buffer, stderr: string }>}
 */
export function bores(args, { onStart, env, cwd, nodeArgs = [] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...nodeArgs, BORES, ...args],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env }, cwd });
    /** @type {Buffer[]} */ const out = [];
    /** @type {Buffer[]} */ const err = [];
    child.stdout.on('data', (piece) => out.push(piece));
    child.stderr.on('data', (piece) => err.push(piece));
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = Buffer.concat(out);
      resolve({ code, bytes, stdout: String(bytes), stderr: String(Buffer.concat(err)) });
    });
    onStart?.(child);
  });
}
