// SPDX-License-Identifier: MIT
// Passwords in addresses (`https://user:password@host/…`): no message and no output shows one.

/** Addresses that may have one: the web's schemes also without slashes, as URL parsers take them. */
const ADDRESSES = /\b(?:(?:https?|wss?|ftp):[\\/]*|[a-z][a-z0-9+.-]*:\/\/)[^\s'"<>]*@[^\s'"<>]*/gi;

/**
 * @param {string} text  that may hold addresses
 * @returns {string}  the same with '***' for whoever is named in them
 */
export function withoutPasswords(text) {
  return text.includes('@') ? text.replace(ADDRESSES, hide) : text;
}

/** @param {string} address */
function hide(address) {
  const [, scheme, rest] = /^([a-z0-9+.-]+:[\\/]*)(.*)$/is.exec(address) ?? [];
  const [, behind] = /^[^\\/?#]*@(.*)$/s.exec(rest) ?? [];
  if (behind !== undefined) return `${scheme}***@${behind}`;
  // An '@' in the path is nobody's, but where the whole is no address, a password may hold a slash.
  return URL.canParse(address) ? address : `${scheme}***@${rest.slice(rest.lastIndexOf('@') + 1)}`;
}

/**
 * An address without its user and password, and the header that says them: fetch() takes no others.
 * @param {URL} url
 * @returns {{ url: URL, headers: Record<string, string> }}
 */
export function takeCredentials(url) {
  if (url.username === '' && url.password === '') return { url, headers: {} };
  const bare = new URL(url);
  bare.username = bare.password = '';
  const words = new TextEncoder().encode(`${decode(url.username)}:${decode(url.password)}`);
  return { url: bare, headers: { Authorization: `Basic ${btoa(String.fromCharCode(...words))}` } };
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a '%' that escapes nothing is itself
  }
}
