// SPDX-License-Identifier: MIT
// Files below a directory handle, by path. A file is written whole or not at all: createWritable()
// puts the new bytes in the place of the old ones when it is closed.

import { isReserved } from '../base/batch.js';
import { whenReleased } from '../base/retrying.js';

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string} path  '' is the root itself
 * @param {boolean} create
 * @returns {Promise<FileSystemDirectoryHandle | undefined>}  undefined when it is absent
 */
export async function folderAt(root, path, create) {
  let folder = root;
  try {
    for (const name of path.split('/').filter(Boolean)) {
      folder = await folder.getDirectoryHandle(name, { create });
    }
    return folder;
  } catch (error) {
    if (!create && isAbsence(error)) return undefined;
    throw error;
  }
}

/**
 * @param {FileSystemDirectoryHandle} root
 * @param {string} path
 * @returns {Promise<File | undefined>}  undefined when it is absent
 */
export async function fileAt(root, path) {
  const { parent, name } = splitPath(path);
  const folder = await folderAt(root, parent, false);
  try {
    return await (await folder?.getFileHandle(name))?.getFile();
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/**
 * What is at a path.
 * @param {FileSystemDirectoryHandle} root
 * @param {string} path
 * @returns {Promise<'file' | 'directory' | undefined>}
 */
export async function kindAt(root, path) {
  if (await fileAt(root, path)) return 'file';
  return await folderAt(root, path, false) ? 'directory' : undefined;
}

/**
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 * @param {Uint8Array | Blob | string} content
 */
export async function writeFile(folder, name, content) {
  const file = await folder.getFileHandle(name, { create: true });
  const stream = await whenReleased(() => file.createWritable());
  try {
    await stream.write(/** @type {any} */ (content));
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => undefined); // it has failed already
    throw error;
  }
}

/**
 * Removes a file, or a folder with all that is in it; what is absent is removed already.
 * @param {FileSystemDirectoryHandle} root
 * @param {string} path
 */
export async function removeAt(root, path) {
  const { parent, name } = splitPath(path);
  const folder = await folderAt(root, parent, false);
  if (folder === undefined) return;
  await whenReleased(() => folder.removeEntry(name, { recursive: true })).catch((error) => {
    if (!isAbsence(error)) throw error;
  });
}

/**
 * Every file below a folder.
 * @param {FileSystemDirectoryHandle | undefined} folder
 * @param {string} [prefix]
 * @returns {AsyncGenerator<string>}  paths
 */
export async function* filesBelow(folder, prefix = '') {
  for await (const [name, child] of folder?.entries() ?? []) {
    if (child.kind === 'directory') yield* filesBelow(child, `${prefix}${name}/`);
    else yield prefix + name;
  }
}

/**
 * @param {FileSystemDirectoryHandle | undefined} folder
 * @returns {Promise<string[]>}  of the store's content, folders with a trailing '/'
 */
export async function topNames(folder) {
  const names = [];
  for await (const [name, { kind }] of folder?.entries() ?? []) {
    if (!isReserved(name)) names.push(kind === 'directory' ? `${name}/` : name);
  }
  return names.sort();
}

/** @param {string} path */
export function splitPath(path) {
  const slash = path.lastIndexOf('/');
  return { parent: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) };
}

/** @param {unknown} error */
function isAbsence(error) {
  const { name } = /** @type {DOMException} */ (error);
  return name === 'NotFoundError' || name === 'TypeMismatchError';
}
