// SPDX-License-Identifier: MIT
// Whether two paths of Node's file system lead to the same thing, or one into the other, whatever they
// are called: through links, linked parents, '..', another case, a second mount. What decides is the
// device and the inode, which are the file system's own names. Runs in Node only.

/** @import { Node } from '../../core/host.js' */
/** @typedef {'same' | 'inside' | 'around' | 'part'} Relation  of the first to the second; part: of the same run */

const MAX_LINKS = 40; // as Linux has it

/**
 * @param {Node} node
 * @param {string} first   need not be there
 * @param {string} second
 * @param {(first: string, second: string) => boolean} areOne  whether files with these names are of one run
 * @returns {Relation | undefined}
 */
export function relatePaths(node, first, second, areOne) {
  const [a, b] = [chainOf(node, first), chainOf(node, second)];
  if (a.ids[0] === b.ids[0]) return 'same';
  if (a.ids.includes(b.ids[0])) return 'inside';
  if (b.ids.includes(a.ids[0])) return 'around';
  if (a.ids[1] !== b.ids[1]) return undefined;
  if (isCompanion(a, b)) return 'same';
  return areOne(a.name, b.name) ? 'part' : undefined;
}

/**
 * Journals, locks and half-made contents lie beside a store, in names that are made of its name.
 * @param {Chain} a
 * @param {Chain} b  in the same folder
 */
function isCompanion(a, b) {
  return b.name !== ''
    && (a.name === `${b.name}.journal` || a.name.startsWith(`.${b.name}.bores-`));
}

/**
 * What a path leads to: its identity and those of the folders that it is in, upwards.
 * @typedef {{ name: string, ids: string[] }} Chain
 *
 * @param {Node} node
 * @param {string} place
 * @returns {Chain}
 */
function chainOf({ fs, path }, place) {
  const { real, missing } = resolveAll({ fs, path }, path.resolve(place));
  const ids = [];
  for (let folder = real, last = ''; folder !== last; [folder, last] = [path.dirname(folder), folder]) {
    const { dev, ino } = fs.statSync(folder, { bigint: true });
    ids.push(`${dev}:${ino}`);
  }
  for (const [i] of missing.entries()) ids.unshift(`${ids[i]}/${missing.slice(0, i + 1).join('/')}`);
  return { name: missing.at(-1) ?? path.basename(real), ids };
}

/**
 * The part of a path that is there, without links, and the names behind it that are not.
 * @param {Pick<Node, 'fs' | 'path'>} node
 * @param {string} place  absolute
 */
function resolveAll({ fs, path }, place) {
  /** @type {string[]} */
  const missing = [];
  for (let at = place, links = 0; ;) {
    try {
      return { real: fs.realpathSync.native(at), missing };
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      if (path.dirname(at) === at) throw error;
      const target = code === 'ENOENT' && links < MAX_LINKS ? linkAt(fs, at) : undefined;
      if (target !== undefined) {
        links += 1;
        at = path.resolve(path.dirname(at), target);
      } else {
        missing.unshift(path.basename(at));
        at = path.dirname(at);
      }
    }
  }
}

/**
 * @param {Node['fs']} fs
 * @param {string} place
 */
function linkAt(fs, place) {
  try {
    return fs.readlinkSync(place);
  } catch {
    return undefined;
  }
}
