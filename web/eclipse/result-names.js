// SPDX-License-Identifier: MIT
// Which files are those of an ECLIPSE run, by their names (OPM Flow Reference Manual, appendix F).

const RESULT = /^(.+)\.(f?egrid|f?grid|f?init|f?unrst|[xf]\d{4}|grdecl|f?smspec|f?unsmry|[sa]\d{4})$/i;

/** The stem of a result file's name; '' is none. @param {string} name */
export function stemOf(name) {
  return RESULT.exec(name)?.[1] ?? '';
}

/** Whether what was named are files of such a run. @param {any} location @returns {Promise<boolean>} */
export async function holdsResults(location) {
  const one = location instanceof URL ? location.href : location;
  if (typeof one === 'string') return stemOf(one.replace(/[?#].*$/, '').split('/').at(-1) ?? '') !== '';
  if (location?.kind === 'directory') {
    for await (const { name } of location.values()) if (stemOf(name) !== '') return true;
    return false;
  }
  const items = Array.isArray(location) ? location : [location];
  return items.some((item) => stemOf((item?.file ?? item)?.name ?? '') !== '');
}
