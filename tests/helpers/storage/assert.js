// SPDX-License-Identifier: MIT
// Assertions that run in Node and in browsers, and print both values. Node's own assert module
// is not used, since the same suites run in pages and workers.

/** @param {unknown} value */
function show(value) {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (value instanceof Uint8Array) {
    const more = value.length > 16 ? ' …' : '';
    return `Uint8Array(${value.length}) [${value.subarray(0, 16).join(' ')}${more}]`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value) ?? value);
}

/**
 * @param {unknown} condition
 * @param {string} message
 * @returns {asserts condition}
 */
export function ok(condition, message) {
  if (!condition) throw new Error(message);
}

/**
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} [what]
 */
export function equal(actual, expected, what = 'value') {
  ok(Object.is(actual, expected), `${what}: is ${show(actual)}, expected ${show(expected)}`);
}

/**
 * JSON equality: plain trees of arrays, objects and scalars.
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} [what]
 */
export function deepEqual(actual, expected, what = 'value') {
  equal(JSON.stringify(actual), JSON.stringify(expected), what);
}

/**
 * @param {unknown} actual
 * @param {Uint8Array} expected
 * @param {string} [what]
 */
export function bytesEqual(actual, expected, what = 'bytes') {
  ok(actual instanceof Uint8Array, `${what}: is ${show(actual)}, expected ${show(expected)}`);
  equal(actual.length, expected.length, `${what}: length`);
  for (let i = 0; i < expected.length; i += 1) {
    if (actual[i] !== expected[i]) equal(actual[i], expected[i], `${what}: byte ${i}`);
  }
}

/**
 * The error has this `code`, and its message holds each of these texts.
 * @param {unknown} error
 * @param {string} code
 * @param {...string} texts
 */
export function isError(error, code, ...texts) {
  const found = /** @type {{ code?: string, message?: string }} */ (error);
  ok(found?.code === code, `expected ${code}, got ${show(error)} (code ${found?.code})`);
  for (const text of texts) {
    ok(found.message?.includes(text), `the message does not mention '${text}': ${found.message}`);
  }
}

/**
 * @param {() => unknown} run  may return a promise
 * @returns {Promise<any>}  what it threw
 */
export async function failure(run) {
  let result;
  try {
    result = await run();
  } catch (error) {
    return error;
  }
  throw new Error(`expected an error, got ${show(result)}`);
}

/**
 * @param {() => unknown} run  may return a promise
 * @param {string} code
 * @param {...string} texts  parts of the message
 */
export async function fails(run, code, ...texts) {
  isError(await failure(run), code, ...texts);
}
