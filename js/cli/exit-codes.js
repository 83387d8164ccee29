// SPDX-License-Identifier: MIT
// What `bores` says to the shell. Scripts depend on these numbers: they do not change.

export const EXIT = Object.freeze({
  OK: 0,
  PROBLEMS: 1, // `verify` or `repair --dry-run` found some
  USAGE: 2, // the command line is wrong
  FAILED: 3, // something cannot be opened, read or written
  BUG: 4, // an error nobody foresaw
  INTERRUPTED: 130, // 128 + SIGINT, as shells have it
});
