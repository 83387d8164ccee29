// SPDX-License-Identifier: MIT
// What a page may ask the runner for with `host(command, …)`. Folders are given as an object of
// paths and texts; they stay until the runner ends, since pages read files when they want to.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { S3Storage } from '../../../js/storage/s3/s3.js';
import { analystAnswers, hdf5ExpectedFile, hdf5File, runExpectedFile, runZip } from '../../helpers/fixtures.js';
import { dropFiles } from './drop.mjs';
import { startS3 } from '../../helpers/storage/s3-server.js';

/** @import { Page } from 'puppeteer-core' */
/** @import { RunName } from '../../helpers/fixtures.js' */
/** @typedef {Record<string, string>} Texts */

const root = fileURLToPath(new URL('../../..', import.meta.url));
/** @type {string[]} */
const folders = [];
/** @type {Page[]} */
const pages = [];

/** @type {Awaited<ReturnType<typeof startS3>> | undefined} */
let bucket;
const theBucket = async () => bucket ??= await startS3();

/** @type {Record<string, (page: Page, ...args: any[]) => Promise<unknown>>} */
export const commands = {
  /**
   * A run that BORES wrote, as a zip, and what BORES reads from it: addresses on the page's server.
   * @param {Page} page @param {RunName} run
   */
  async run(page, run) {
    const [zip, expected] = [runZip(run), runExpectedFile(run)]
      .map((file) => `/${path.relative(root, file)}`);
    return { zip, expected };
  },

  /**
   * Where the folder of an analyst's expected answers is. @param {Page} page
   */
  async answers(page) {
    return `/${path.relative(root, analystAnswers())}`;
  },

  /**
   * The same of an HDF5 file. @param {Page} page @param {string} run
   */
  async hdf5(page, run) {
    const [file, expected] = [hdf5File(run), hdf5ExpectedFile(run)].map((name) => `/${path.relative(root, name)}`);
    return { file, expected };
  },

  /**
   * Chooses a folder in `<input id="folder">`, as a user does.
   * @param {Page} page @param {Texts} texts @param {string} name  of the folder among them
   */
  async choose(page, texts, name) {
    const input = /** @type {any} */ (await page.$('#folder'));
    await input.uploadFile(path.join(writeFolder(texts), name));
  },

  /**
   * Drops a file or folder on `#target`. Chromium only: WebDriver BiDi has nothing for it.
   * @param {Page} page @param {Texts} texts @param {string[]} names  of those dropped
   */
  async drop(page, texts, names) {
    const folder = writeFolder(texts);
    const box = await (await page.$('#target'))?.boundingBox();
    const point = { x: (box?.x ?? 0) + 5, y: (box?.y ?? 0) + 5 };
    await dropFiles(page, point, names.map((name) => path.join(folder, name)));
  },

  /**
   * Another page of the same browser. @param {Page} page @param {string} address
   * @returns {Promise<number>}  for closePage
   */
  async openPage(page, address) {
    const other = await page.browserContext().newPage();
    await other.goto(address, { timeout: 180_000 });
    return pages.push(other) - 1;
  },

  /** A bucket on another origin, with the keys to it. */
  async bucket() {
    const { s3 } = await theBucket();
    return { s3 };
  },

  /** @param {Page} _ @param {string} part  of their names */
  async bucketKeys(_, part) {
    return [...(await theBucket()).objects.keys()].filter((key) => key.includes(part));
  },

  /** @param {Page} _ @param {string} key @param {string} file  of the repository */
  async bucketFile(_, key, file) {
    (await theBucket()).put(key, fs.readFileSync(path.join(root, file)));
  },

  /** All that is in it was written a year ago. */
  async bucketAges() {
    for (const one of (await theBucket()).objects.values()) one.modified -= 365 * 86_400_000;
  },

  /** Somebody else writes there. @param {Page} _ @param {string} location @param {Texts} texts */
  async bucketCommit(_, location, texts) {
    const { s3 } = await theBucket();
    const storage = new S3Storage(location, { s3 });
    const writer = await storage.openWriter();
    await writer.commit({ puts: Object.entries(texts).map(([key, text]) => [key, Buffer.from(text)]) });
    await writer.close();
    await storage.close();
  },

  /** Closes it as if it were killed: it is not asked. @param {Page} _ @param {number} number */
  async closePage(_, number) {
    await pages[number].close({ runBeforeUnload: false });
  },
};

export function removeFolders() {
  void bucket?.close();
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true });
}

/** @param {Texts} texts */
function writeFolder(texts) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bores-browser-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(texts)) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
  }
  return folder;
}
