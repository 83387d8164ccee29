// SPDX-License-Identifier: MIT
// The JavaScript of a page of documentation: its blocks, run as they stand there, and what they print.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

/**
 * @typedef {object} Block
 * @property {string} title     the heading that it stands under, and its number
 * @property {string} language
 * @property {string} code
 * @property {string[]} printed  what stands behind `// →`, line by line
 */

/**
 * @param {string} file  of Markdown
 * @returns {Block[]}
 */
export function blocksOf(file) {
  const text = readFileSync(file, 'utf8');
  let heading = '';
  let number = 0;
  return [...text.matchAll(/^## (.*)$|^```(\w+)\n([^]*?)^```$/gm)].flatMap(([, title, language, code]) => {
    if (title !== undefined) {
      heading = title;
      number = 0;
      return [];
    }
    const printed = [...code.matchAll(/^\/\/ → (.*)$/gm)].map(([, line]) => line);
    return { title: `${heading} (${number += 1})`, language, code, printed };
  });
}

/**
 * Runs a block in this process, with a folder as the current one.
 *
 * @param {string} code
 * @param {string} folder  below the project's, so that 'bores-wasm' is found
 * @param {string} name    of the file that it becomes
 * @returns {Promise<string[]>}  the lines that it prints
 */
export async function runBlock(code, folder, name) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, code);
  /** @type {string[]} */ const lines = [];
  const { log } = console;
  const before = process.cwd();
  console.log = (...values) => { lines.push(...format(...values).split('\n')); };
  process.chdir(folder);
  try {
    await import(pathToFileURL(file).href);
  } finally {
    console.log = log;
    process.chdir(before);
  }
  return lines;
}
