// SPDX-License-Identifier: MIT
// All of a file system made durable at once, by the program `sync`, since Node has fsync alone and 450 of
// those take several times as long as one syncfs. It is a shortcut: who gets false syncs each file by itself,
// as where it is not known to be as good, and where it takes long because others write much.

/** @import { Node } from '../../core/host.js' */

/** Where syncfs does for all files what fsync does for one: ext2 to ext4, XFS, Btrfs, as statfs calls them. */
const FILE_SYSTEMS = new Set([0xef53, 0x58465342, 0x9123683e]);
/** What fsync of an entry's files takes at most, where a disk is not too slow. */
const PATIENCE_MS = 150;
/** Calls that go without it, once it took longer. */
const PAUSE = 20;

export class WholeSync {
  #node;
  #pause = 0;

  /** @param {Node} node */
  constructor(node) {
    this.#node = node;
  }

  /**
   * @param {string} folder  in the file system
   * @returns {Promise<boolean>}  whether all that was written there before is durable
   */
  async attempt(folder) {
    if (this.#pause > 0) {
      this.#pause--;
      return false;
    }
    try {
      if (!this.#isKnown(folder)) return this.#fail(Infinity);
      const outcome = await this.#run(folder);
      return outcome === 0 || this.#fail(outcome === 'late' ? PAUSE : Infinity);
    } catch {
      return this.#fail(Infinity); // there is no such program, or none may be started
    }
  }

  /** @param {number} pause */
  #fail(pause) {
    this.#pause = pause;
    return false;
  }

  /**
   * Linux tells syncfs of errors since 5.8.
   * @param {string} folder
   */
  #isKnown(folder) {
    const { fs, os } = this.#node;
    if (os.platform() !== 'linux') return false;
    const [major, minor] = os.release().split('.').map(Number);
    if (major < 5 || (major === 5 && minor < 8)) return false;
    return FILE_SYSTEMS.has(fs.statfsSync(folder).type >>> 0);
  }

  /**
   * @param {string} folder
   * @returns {Promise<number | null | 'late'>}  the program's exit code
   */
  async #run(folder) {
    const { spawn } = await this.#node.loadChildProcess();
    const child = spawn('sync', ['-f', folder], { stdio: 'ignore' });
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        child.kill();
        child.unref();
        resolve('late');
      }, PATIENCE_MS);
      child.once('error', reject);
      child.once('exit', resolve);
      child.once('close', () => clearTimeout(timer));
    });
  }
}
