// SPDX-License-Identifier: MIT
// npm does not pass every signal on to what it has started, nor does the shell between them: who ends
// npm would leave a server behind.

import { readFileSync } from 'node:fs';

const EVERY_MS = 500;

/**
 * Ends this process when npm or npx, which started it, has ended. (In a shell's background, a server
 * goes on without its shell.)
 */
export function endWithParent() {
  if (process.env.npm_command === undefined) return;
  const before = starters();
  setInterval(() => { if (starters() !== before) process.exit(); }, EVERY_MS).unref();
}

/** The shell that npm starts, and npm: its number is the fourth field, behind the program's name. */
function starters() {
  const { ppid } = process;
  try {
    const [, parent] = readFileSync(`/proc/${ppid}/stat`, 'latin1').replace(/^.*\) /s, '').split(' ');
    return `${ppid} ${parent}`;
  } catch {
    return String(ppid); // not Linux
  }
}
