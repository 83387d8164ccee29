// SPDX-License-Identifier: MIT
// What becomes of wells while a run goes on, when predicates over its step and time come true. Each event
// happens once. What has happened, and how the wells are set, is part of a checkpoint.

/**
 * `step` and `time` (s) are met from then on.
 * @typedef {{ step?: number, time?: number, any?: Predicate[], all?: Predicate[], not?: Predicate }} Predicate
 *
 * @typedef {{ [field: string]: any }} WellChange  of a schedule's entry: status, control, rates, …
 * @typedef {object} WellEvent
 * @property {string} id
 * @property {string} well
 * @property {Predicate} when
 * @property {WellChange} change
 * @property {string} [fluid]  of an injector whose rate is a number of barrels or of standard cubic feet, by what it
 *   injects then: what it injects at first, which the change's rate is translated for unless the change says another
 *
 * @typedef {object} EventsRecord  what a checkpoint keeps
 * @property {string[]} happened  ids
 * @property {{ [well: string]: WellChange }} settings  of the wells that events have changed
 */

const SECONDS_PER_DAY = 86_400;

/** Standard cubic feet of a unit of a gas rate; a barrel is one of a liquid's. */
const SCF_PER_MSCF = 1000;

/** What a new control replaces. */
const LIMITS = ['control', 'orat', 'wrat', 'grat', 'lrat', 'resv', 'rate', 'bhp', 'crossflow'];

export class Events {
  /** @type {WellEvent[]} */ #pending;
  /** @type {Set<string>} */ #happened;
  /** @type {Map<string, WellChange>} */ #settings;
  /** @type {Set<string>} */ #changed;
  #isWhole;

  /**
   * @param {readonly WellEvent[]} events
   * @param {{ [well: string]: WellChange }} [start]  how the wells are set until something happens; undefined:
   *   the simulator knows, whose schedule goes on
   * @param {EventsRecord} [record]  of a checkpoint
   */
  constructor(events, start, record) {
    this.#happened = new Set(record?.happened);
    this.#pending = events.filter(({ id }) => !this.#happened.has(id));
    this.#settings = new Map(Object.entries({ ...start, ...record?.settings }));
    this.#changed = new Set(Object.keys(record?.settings ?? {}));
    this.#isWhole = start !== undefined;
  }

  /**
   * Those that are due happen.
   * @param {number} step
   * @param {number} day
   * @returns {{ [well: string]: WellChange } | undefined}  how the wells are set that they change; what is set
   *   anew of them, where the simulator knows the rest
   */
  happen(step, day) {
    const due = this.#pending.filter(({ when }) => holds(when, step, day * SECONDS_PER_DAY));
    if (due.length === 0) return undefined;
    /** @type {Map<string, WellChange>} */
    const now = new Map();
    for (const event of due) {
      const { id, well } = event;
      this.#happened.add(id);
      this.#changed.add(well);
      const before = now.get(well) ?? (this.#isWhole ? this.#settings.get(well) : undefined) ?? {};
      const change = inUnits(event, before);
      now.set(well, this.#isWhole || !now.has(well) ? merge(before, change) : settingAfter(before, change));
    }
    this.#pending = this.#pending.filter((event) => !due.includes(event));
    for (const [well, setting] of now) this.#settings.set(well, setting);
    return Object.fromEntries(now);
  }

  /**
   * The next day on which a step has to end, because something may happen then.
   * @param {number} day
   */
  nextDay(day) {
    const times = this.#pending.flatMap(({ when }) => timesOf(when))
      .map((time) => time / SECONDS_PER_DAY).filter((next) => next > day * (1 + 1e-12));
    return Math.min(Infinity, ...times);
  }

  /** @returns {EventsRecord} */
  record() {
    const changed = Array.from(this.#changed, (well) => [well, this.#settings.get(well) ?? {}]);
    return { happened: [...this.#happened], settings: Object.fromEntries(changed) };
  }
}

/**
 * A change whose rate is in units of what the well injects then; and the rate that stays where only that changes.
 * @param {WellEvent} event
 * @param {WellChange} before
 * @returns {WellChange}
 */
function inUnits({ change, fluid: first }, before) {
  if (first === undefined) return change;
  const last = before.fluid ?? first, now = change.fluid ?? last;
  const translated = change.fluid ?? first;
  if (change.rate !== undefined) return { ...change, rate: change.rate * (unitOf(translated) / unitOf(now)) };
  const stays = change.control === undefined && before.rate !== undefined && now !== last;
  return stays ? { ...change, rate: before.rate * (unitOf(last) / unitOf(now)) } : change;
}

/** @param {string} fluid */
const unitOf = (fluid) => (fluid === 'gas' ? SCF_PER_MSCF : 1);

/**
 * @param {Predicate} predicate
 * @param {number} step
 * @param {number} time  s; rounding does not make an event late
 * @returns {boolean}
 */
function holds({ step: wanted, time: due, any, all, not }, step, time) {
  if (wanted !== undefined) return step >= wanted;
  if (due !== undefined) return time >= due - 1e-9 * Math.max(1, due);
  if (any) return any.some((part) => holds(part, step, time));
  if (all) return all.length > 0 && all.every((part) => holds(part, step, time));
  return not !== undefined && !holds(not, step, time);
}

/**
 * @param {Predicate} predicate
 * @returns {number[]}
 */
function timesOf({ time, any = [], all = [], not }) {
  return [...(time === undefined ? [] : [time]), ...[...any, ...all, ...(not ? [not] : [])].flatMap(timesOf)];
}

/**
 * A schedule's entry after what has been said before, as the simulator takes it: with a control, limits of before
 * go and the well opens; without one, what is not said stays.
 * @param {WellChange | undefined} before
 * @param {WellChange} entry
 * @returns {WellChange}
 */
export function settingAfter(before, entry) {
  const { control, ...rest } = entry;
  const setting = control === 'shut' ? { ...before, ...rest } : merge(before ?? {}, entry);
  return { ...setting, status: entry.status ?? statusOf(control) ?? before?.status ?? 'open' };
}

/** @param {unknown} control  of an entry that says no status */
const statusOf = (control) => (isGiven(control) ? (control === 'shut' ? 'shut' : 'open') : undefined);

/** @param {unknown} value */
const isGiven = (value) => value !== undefined && value !== null;

/**
 * @param {WellChange} setting
 * @param {WellChange} change
 */
function merge(setting, change) {
  const kept = !isGiven(change.control) ? setting
    : Object.fromEntries(Object.entries(setting).filter(([name]) => !LIMITS.includes(name)));
  return { ...kept, ...change };
}
