// SPDX-License-Identifier: MIT
// Third-party sources, pinned in cmake/sources.json, into build/third-party/<name>.
//
// The release's own URL is tried first. Where it cannot be reached, the same release is
// taken as a Debian source package from the mirror that this machine's apt uses already.
// Either archive is checked against its SHA-256. cmake/third_party.cmake looks here
// before it fetches anything itself.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildDir, once, root, run, say, sha256, StepFailed } from './run.mjs';

/**
 * @typedef {object} Source
 * @property {string} version
 * @property {string} url
 * @property {string} sha256
 * @property {{ package: string, suite: string, sha256: string }} debian
 */

const thirdParty = path.join(buildDir, 'third-party');
const downloads = path.join(thirdParty, 'downloads');
const FETCH_TIMEOUT_MS = 20_000;

/**
 * Fetches the archives of what is not there yet.
 * @returns {Promise<() => Promise<void>>}  unpacks them, for which CMake has to be there
 */
export async function fetchSources() {
  /** @type {Record<string, Source>} */
  const sources = JSON.parse(readFileSync(path.join(root, 'cmake', 'sources.json'), 'utf8'));
  const stampOf = (/** @type {string} */ name) => path.join(thirdParty, `${name}.stamp`);
  const missing = Object.entries(sources).filter(
    ([name, source]) =>
      !existsSync(path.join(thirdParty, name)) ||
      !existsSync(stampOf(name)) ||
      readFileSync(stampOf(name), 'utf8') !== JSON.stringify(source),
  );
  if (missing.length === 0) return async () => {};
  say(`fetching sources: ${missing.map(([name, s]) => `${name} ${s.version}`).join(', ')}`);
  mkdirSync(downloads, { recursive: true });

  const archives = (await fromUrls(missing)) ?? (await fromDebian(missing));
  return async () => {
    for (const [name, source] of missing) {
      rmSync(stampOf(name), { force: true });
      await unpack(name, archives[name]);
      await once(stampOf(name), JSON.stringify(source), async () => {});
    }
  };
}

/**
 * @param {string} name
 * @param {Uint8Array} bytes
 * @param {string} expected
 */
function check(name, bytes, expected) {
  const actual = sha256(bytes);
  if (actual !== expected) {
    throw new StepFailed(`${name}: SHA-256 of the archive is ${actual}, pinned is ${expected}`);
  }
}

/**
 * @param {[string, Source][]} missing
 * @returns {Promise<Record<string, string> | undefined>} archive paths by name;
 *   `undefined` when one of the hosts cannot be reached
 */
async function fromUrls(missing) {
  /** @type {Record<string, string>} */
  const archives = {};
  for (const [name, source] of missing) {
    let bytes;
    try {
      const answer = await fetch(source.url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (!answer.ok) return undefined;
      bytes = new Uint8Array(await answer.arrayBuffer());
    } catch {
      return undefined;
    }
    check(name, bytes, source.sha256);
    archives[name] = path.join(downloads, `${name}-${source.version}.tar.gz`);
    writeFileSync(archives[name], bytes);
  }
  return archives;
}

/**
 * Takes upstream's archive out of Debian source packages (never Debian's patches: what
 * they change does not concern us, and the archive's hash outlives package revisions).
 *
 * @param {[string, Source][]} missing
 * @returns {Promise<Record<string, string>>}
 */
async function fromDebian(missing) {
  const mirror = debianMirror();
  if (mirror === undefined) {
    throw new StepFailed('the sources cannot be downloaded, and apt has no Debian mirror here');
  }
  say('  sources: not to be had by URL, so from Debian source packages');
  const apt = path.join(thirdParty, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(path.join(apt, folder), { recursive: true });
  }
  const suites = new Set(missing.map(([, source]) => source.debian.suite));
  const lines = [...suites].map((suite) => `deb-src ${mirror.options}${mirror.uri} ${suite} main\n`);
  const list = path.join(apt, 'sources.list');
  writeFileSync(list, lines.join(''));

  const options = {
    'Dir::Etc::SourceList': list,
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::State::Lists': path.join(apt, 'lists'),
    'Dir::Cache': path.join(apt, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  const aptGet = ['apt-get', ...Object.entries(options).flatMap(([k, v]) => ['-o', `${k}=${v}`])];
  await run('sources', [...aptGet, 'update']);

  /** @type {Record<string, string>} */
  const archives = {};
  for (const [name, { version, debian }] of missing) {
    const folder = path.join(downloads, `${name}-${version}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const wanted = `${debian.package}/${debian.suite}`;
    const get = [...aptGet, 'source', '--download-only', '--tar-only', wanted];
    await run('sources', get, { cwd: folder, append: true });
    const [file] = readdirSync(folder).filter((entry) => entry.includes('.orig.tar.'));
    if (file === undefined) throw new StepFailed(`${wanted} has no upstream archive`);
    archives[name] = path.join(folder, file);
    check(name, readFileSync(archives[name]), debian.sha256);
  }
  return archives;
}

/**
 * The Debian mirror among apt's sources, with the key options that it is given there.
 * Source: sources.list(5), both formats.
 *
 * @returns {{ uri: string, options: string } | undefined}
 */
function debianMirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  for (const file of ['/etc/apt/sources.list', ...files].filter((name) => existsSync(name))) {
    const text = readFileSync(file, 'utf8').replace(/^#.*\n?/gm, '');
    const found = file.endsWith('.sources') ? fromStanzas(text) : fromLines(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isDebian = (/** @type {string} */ uri) => /\/debian\/?$/.test(uri);

/** @param {string} text */
function fromStanzas(text) {
  for (const stanza of text.split(/\n\s*\n/)) {
    const uris = /^URIs:(.*)$/im.exec(stanza)?.[1].trim().split(/\s+/) ?? [];
    const uri = uris.find(isDebian);
    if (uri === undefined) continue;
    const key = /^Signed-By:[ \t]*(\/\S+)/im.exec(stanza)?.[1];
    return { uri, options: key === undefined ? '' : `[signed-by=${key}] ` };
  }
  return undefined;
}

/** @param {string} text */
function fromLines(text) {
  for (const line of text.split('\n')) {
    const parts = /^deb(?:-src)?\s+(\[[^\]]*\]\s+)?(\S+)\s/.exec(line);
    if (parts === null || !isDebian(parts[2])) continue;
    const key = /signed-by=([^\s\]]+)/.exec(parts[1] ?? '')?.[1];
    return { uri: parts[2], options: key === undefined ? '' : `[signed-by=${key}] ` };
  }
  return undefined;
}

/**
 * @param {string} name
 * @param {string} archive  with one folder at its top
 */
async function unpack(name, archive) {
  const target = path.join(thirdParty, name);
  const temporary = path.join(thirdParty, `${name}.new`);
  for (const folder of [target, temporary]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(temporary);
  // CMake unpacks every compression by itself; tar would need xz and bzip2 installed.
  await run('sources', ['cmake', '-E', 'tar', 'xf', archive], { cwd: temporary, append: true });
  const [top] = readdirSync(temporary);
  renameSync(path.join(temporary, top), target);
  rmSync(temporary, { recursive: true });
}
