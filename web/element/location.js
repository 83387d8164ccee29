// SPDX-License-Identifier: MIT
// What open() is given, whatever that is: what it is called, and where it is.

/** @param {any} location @returns {string}  for people */
export function nameOf(location) {
  if (typeof location === 'string') {
    const name = location.replace(/[?#].*$/, '').split(/[/:]/).filter((part) => part !== '').at(-1) ?? location;
    try {
      return decodeURIComponent(name);
    } catch {
      return name;
    }
  }
  const first = Array.isArray(location) ? location[0] : location;
  return String(first?.name ?? 'run').split('/')[0];
}

/** An address is relative to the page. @param {unknown} location @param {string} base */
export function addressOf(location, base) {
  const relative = typeof location === 'string' && !/^[a-z][a-z0-9+.-]*:/i.test(location);
  return relative ? new URL(location, base).href : location;
}
