// SPDX-License-Identifier: MIT
// The Results panel's part of a link: `rq` quantities, `rs` subjects, `rx` time axis, `rl` logarithmic,
// `rf` a decline. Without `rq` the panel is closed.

/** @typedef {import('./link.js').ResultsLink} ResultsLink */
/** @typedef {import('./link.js').DeclineLink} DeclineLink */

/** What is shown when the panel is opened. @type {ResultsLink} */
export const CLOSED_RESULTS = Object.freeze({
  open: false, subjects: Object.freeze(['F']), quantities: Object.freeze(['OPR', 'WPR', 'GPR']),
  axis: /** @type {const} */ ('days'), log: false, decline: null,
});

/** Names of wells may hold anything, commas too. */
const SEPARATOR = '~';
/** Of a link that anyone may have written, no more is looked at. */
const MOST = 64;
/** Mnemonics, with what tells several of one name apart. */
const QUANTITY = /^[A-Z0-9][A-Z0-9_+:#,-]{1,15}$/;
const SUBJECT = /^([FM]|[WRGBCSA]:.+)$/;
const MODELS = ['best', 'exponential', 'harmonic', 'hyperbolic'];

/** @param {ResultsLink | undefined} results @returns {[string, string | undefined][]} */
export function resultsToLink(results) {
  if (!results?.open) return [];
  const { subjects, quantities, axis, log, decline } = results;
  return [
    ['rq', quantities.join(SEPARATOR)],
    ['rs', subjects.length === 1 && subjects[0] === 'F' ? undefined : subjects.join(SEPARATOR)],
    ['rx', axis === 'days' ? undefined : axis],
    ['rl', log ? '1' : undefined],
    ['rf', decline ? [decline.phase, decline.model, decline.from ?? '', decline.to ?? '', decline.years,
      decline.limit].join(',') : undefined],
  ];
}

/** @param {Map<string, string>} texts @returns {ResultsLink | undefined} */
export function resultsFromLink(texts) {
  const quantities = texts.get('rq');
  if (quantities === undefined) return undefined;
  const axis = texts.get('rx');
  const list = (/** @type {string} */ text) => text.split(SEPARATOR).filter((part) => part !== '').slice(0, MOST);
  return {
    open: true,
    quantities: list(quantities).filter((id) => QUANTITY.test(id)),
    subjects: list(texts.get('rs') ?? 'F').filter((id) => SUBJECT.test(id)),
    axis: axis === 'steps' || axis === 'dates' ? axis : 'days',
    log: texts.get('rl') === '1',
    decline: declineFrom(texts.get('rf')),
  };
}

/** @param {string | undefined} text @returns {DeclineLink | null} */
function declineFrom(text) {
  const [phase, model, from, to, years, limit] = (text ?? '').split(',');
  const step = (/** @type {string} */ part) => (/^\d{1,9}$/.test(part) ? Number(part) : null);
  if (!['oil', 'gas', 'water'].includes(phase) || !MODELS.includes(model)) return null;
  if (!(Number(years) > 0 && Number(years) <= 200 && Number(limit) >= 0)) return null;
  return { phase: /** @type {DeclineLink['phase']} */ (phase), model: /** @type {DeclineLink['model']} */ (model),
    from: step(from), to: step(to), years: Number(years), limit: Number(limit) };
}
