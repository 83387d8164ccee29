// SPDX-License-Identifier: MIT
// What a server shows for a folder: many make a page of links. It is no value of a key, so nothing else is asked
// of it.

/** Characters that are looked at. */
const MOST = 16e6;

/**
 * @param {string} url
 * @param {{ ask: typeof fetch, headers: Record<string, string>, credentials?: RequestCredentials }} how
 * @param {AbortSignal} [signal]
 * @returns {Promise<string | undefined>}  undefined: there is no page in HTML
 */
export async function pageAt(url, { ask, headers, credentials }, signal) {
  try {
    const response = await ask(url, { headers, credentials, signal });
    const isPage = response.ok && /html/i.test(response.headers.get('content-type') ?? '');
    if (!isPage) await response.body?.cancel();
    return isPage ? (await response.text()).slice(0, MOST) : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
