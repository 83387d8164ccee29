// SPDX-License-Identifier: MIT
// Which process wrote a record, and whether it still runs. A pid alone does not say: it is given
// again, after a restart of the machine to begin with, and it means nothing on another machine or
// in another container.

/** @import { Node } from '../../core/host.js' */

/**
 * @typedef {object} ProcessRecord
 * @property {number} pid
 * @property {string} host
 * @property {string} boot       which start of the machine, '' where unknown
 * @property {string} namespace  in which the pid counts (Linux), '' where unknown
 * @property {string} started    when the process started, in clock ticks (Linux), '' where unknown
 */

/**
 * @param {Node} node
 * @returns {ProcessRecord}
 */
export function thisProcess(node) {
  return {
    pid: process.pid,
    host: node.os.hostname(),
    boot: readText(node, '/proc/sys/kernel/random/boot_id'),
    namespace: readLink(node, '/proc/self/ns/pid'),
    started: startOf(node, process.pid),
  };
}

/**
 * In doubt, as for another machine's process, it does.
 *
 * @param {Node} node
 * @param {ProcessRecord} record
 * @param {string} file  that its thread holds open as long as it lives
 */
export function isRunning(node, record, file) {
  const here = thisProcess(node);
  if (record.host !== here.host) return true;
  if (record.boot !== here.boot) return false;
  if (record.namespace !== here.namespace) return true;
  if (record.pid === here.pid && record.started === here.started) return holdsOpen(node, file);
  try {
    process.kill(record.pid, 0);
  } catch (error) { // EPERM: it is somebody else's, and alive
    return /** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH';
  }
  return startOf(node, record.pid) === record.started; // else the number was given again
}

/**
 * Whether a thread of this process has a file open; yes where that cannot be told.
 * @param {Node} node
 * @param {string} file
 */
function holdsOpen({ fs }, file) {
  try {
    const path = fs.realpathSync(file);
    return fs.readdirSync('/proc/self/fd').some((descriptor) => {
      try {
        return fs.readlinkSync(`/proc/self/fd/${descriptor}`) === path;
      } catch {
        return false; // that of the listing itself, closed by now
      }
    });
  } catch {
    return true;
  }
}

/**
 * @param {Node} node
 * @param {number} pid
 */
function startOf(node, pid) {
  // proc(5): fields 3 and 22 of stat; the name before them, in parentheses, may hold anything.
  const fields = readText(node, `/proc/${pid}/stat`).split(')').pop()?.split(' ') ?? [];
  return fields[1] === 'Z' ? 'ended' : fields[20] ?? ''; // a zombie waits for its parent only
}

/**
 * @param {Node} node
 * @param {string} file
 */
function readText({ fs }, file) {
  try {
    return fs.readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * @param {Node} node
 * @param {string} file
 */
function readLink({ fs }, file) {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}
