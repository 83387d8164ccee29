// SPDX-License-Identifier: MIT
// What calls of a DataStore take and give.

/**
 * @import { BoresError } from '../core/errors.js'
 * @import { S3Options } from '../storage/s3/s3-bucket.js'
 * @import { HttpOptions } from '../storage/http/http-client.js'
 * @import { Path } from '../values/paths.js'
 *
 * @typedef {object} EntryMeta
 * @property {number} idx        position among the entries, from 0
 * @property {string} groupName  its group or key in the store
 * @property {Record<string, any>} meta  what was stored with it, e.g. `{ step: 12 }`
 * @property {number} [step]     the state's step, where the entry is a state
 * @property {number} [time]     seconds
 * @property {BoresError} [error]  why none of the above is known: its attributes are broken
 *
 * @typedef {object} OpenOptions
 * @property {'r' | 'r+' | 'a' | 'w'} [mode]  'r': read; 'r+': read and write what is there; 'a'
 *   (default): the same, made when absent; 'w': emptied before the first write
 * @property {'nested' | 'flat'} [layout]  of what is written; default: the store's, 'nested' in a new one
 * @property {'raw' | 'record'} [arrays]   'record': arrays as the attributes that newer BORES writes
 * @property {2 | 3} [zarrFormat]  version of Zarr of what is written; default: the store's, 2 (which BORES
 *   reads) in a new one
 * @property {readonly number[]} [chunks]  lengths along the axes; default: BORES's
 * @property {readonly number[]} [shards]  of Zarr version 3: lengths along the axes of what is one file, rounded
 *   down to whole chunks; arrays of one chunk have none; default: none
 * @property {{ id: string, [setting: string]: unknown } | null} [compressor]  default: BORES's
 * @property {boolean} [statistics]  keep statistics of arrays beside the data (Zarr and HDF5), true by default:
 *   they are read with `statistics()`, and BORES and other readers pass over them
 * @property {'gzip' | 'lzf' | null} [compression]  of HDF5 files; default: gzip, as BORES does
 * @property {number} [compressionLevel]  of gzip, 0 to 9; default: 3, as BORES does
 * @property {'strict' | 'relaxed'} [durability]  'strict': on disk, not just with the system, before a
 *   write resolves
 * @property {boolean | 'auto'} [worker]  decode, encode and write in workers; 'auto' (default): in a
 *   page, where the location can be sent to one
 * @property {boolean} [consolidate]  when the store is closed and something was written, write
 *   `.zmetadata`; default: where there is one
 * @property {HttpOptions} [http]  of what is on a web server: headers, credentials, retries, limits,
 *   what tells of a download; with a `fetch` of one's own a page reads without workers
 * @property {S3Options} [s3]  of a bucket (`s3://BUCKET/PREFIX`): endpoint, region, keys; none is taken from the
 *   environment
 * @property {'file' | 'bores'} [units]  of an ECLIPSE run: as the files have them (default), or BORES's field units
 * @property {string} [case]  of several ECLIPSE runs in one folder, list of files or archive: the one with this name
 * @property {AbortSignal} [signal]
 *
 * @typedef {object} LoadOptions
 * @property {readonly number[]} [indices]  in this order; negative ones count from the end
 * @property {(entry: EntryMeta) => boolean} [predicate]
 * @property {(state: any) => any} [validator]  its result, unless undefined, is what is yielded
 * @property {readonly Path[]} [fields]  paths or beginnings of paths; nothing else is fetched
 *   (`step`, `step_size` and `time` always come)
 * @property {number} [prefetch]  entries read ahead (default 1)
 * @property {'state' | 'raw'} [as]  'raw': the plain tree
 * @property {AbortSignal} [signal]
 *
 * What load() makes of an entry's tree.
 * @typedef {{ from: (tree: any) => any, name: string }} Loadable
 *
 * @typedef {object} InventoryItem
 * @property {Path} path        dotted where that is one path only, else the names
 * @property {string[]} names   the path's names
 * @property {number[]} shape
 * @property {string} dtype     NumPy type string, e.g. '<f8'
 * @property {number} nbytes    decoded
 * @property {number[]} [chunks]
 * @property {string} [codec]
 * @property {number} [sparse]  for a sparse tensor: how many values it holds
 *
 * @typedef {object} Problem
 * @property {number} entry
 * @property {string} key
 * @property {string} code
 * @property {string} message
 *
 * @typedef {object} Repair
 * @property {string[]} dropped     keys and folders that an interrupted writer had not finished
 * @property {string[]} restored    those of a commit that was decided: it is finished
 * @property {string[]} unfinished  groups of entries that a foreign writer had not finished: dropped
 * @property {{ is: number | null, should: number } | null} count  the root's, where it was wrong
 */

export {};
