// SPDX-License-Identifier: MIT
// What somebody may have meant who mistyped a path.

const MOST = 5;

/**
 * @param {string} text
 * @param {readonly string[]} paths
 * @returns {string[]}  those that contain the text, or else those whose last name differs least
 */
export function similarNames(text, paths) {
  const containing = paths.filter((path) => path.includes(text));
  if (containing.length > 0) return containing.slice(0, MOST);
  const name = lastName(text);
  const most = Math.floor(name.length / 4); // a letter in four may be wrong
  return paths.map((path) => ({ path, distance: editDistance(name, lastName(path)) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ path }) => path);
}

/** @param {string} path */
const lastName = (path) => path.slice(path.lastIndexOf('.') + 1);

/**
 * Letters to insert, delete or replace (Wagner and Fischer, J. ACM 21, 1974).
 * @param {string} a
 * @param {string} b
 */
function editDistance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
