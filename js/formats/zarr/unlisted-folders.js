// SPDX-License-Identifier: MIT
// A run's folder on a web server without `.zmetadata`: servers do not list, as HTTP has no listing. Many show a page
// of links for a folder, and that is a list; where there is none, the names that BORES gives are tried, one request
// each. Names of wells are people's own: without a page of links they cannot be known. So it is with a bucket that
// may be read and not listed, which has no such pages.

import { BoresError } from '../../core/errors.js';
import { ROOT_V3 } from './documents.js';

/**
 * @import { ReadOptions, Storage } from '../../storage/base/storage.js'
 * @typedef {Storage & { folderPage?: (folder: string, options?: ReadOptions) => Promise<string | undefined> }} Unlisted
 */

const ARRAY = '.zarray', GROUP = '.zgroup', ATTRIBUTES = '.zattrs', WHOLE = '.zmetadata';
const PHASES = 'oil water gas';

/** What a nested entry of BORES may hold, by folder; a name that ends with '/' is a group. */
const NAMES = /** @type {Record<string, string>} */ ({
  '': 'model/ wells/ injection/ production/ relative_permeabilities/ relative_mobilities/ capillary_pressures/ '
    + 'timer_state/ solver_state/ cumulatives/ rates/',
  model: 'grid_shape cell_dimension thickness_grid fluid_properties/ rock_properties/ saturation_history/ '
    + 'hysteresis_state/ face_transmissibilities/',
  'model/fluid_properties': 'pressure_grid temperature_grid solution_gas_to_oil_ratio_grid solvent_concentration_grid '
    + 'water_salinity_grid gas_solubility_in_water_grid gas_compressibility_factor_grid gas_gravity_grid '
    + 'gas_molecular_weight_grid oil_api_gravity_grid oil_specific_gravity_grid oil_bubble_point_pressure_grid '
    + 'water_bubble_point_pressure_grid oil_effective_viscosity_grid oil_effective_density_grid '
    + ['saturation', 'viscosity', 'density', 'compressibility', 'formation_volume_factor']
      .flatMap((what) => PHASES.split(' ').map((phase) => `${phase}_${what}_grid`)).join(' '),
  'model/rock_properties': 'porosity_grid net_to_gross_ratio_grid net_to_gross_grid connate_water_saturation_grid '
    + 'irreducible_water_saturation_grid residual_gas_saturation_grid residual_oil_saturation_gas_grid '
    + 'residual_oil_saturation_water_grid absolute_permeability/',
  'model/rock_properties/absolute_permeability': 'x y z mean',
  'model/face_transmissibilities': 'x y z',
  ...Object.fromEntries(['saturation_history', 'hysteresis_state'].map((name) => [`model/${name}`,
    'max_gas_saturation_grid max_water_saturation_grid gas_imbibition_flag_grid water_imbibition_flag_grid '
    + 'gas_reversal_saturation_grid water_reversal_saturation_grid'])),
  injection: PHASES,
  production: PHASES,
  relative_permeabilities: PHASES.replace(/\w+/g, '$&_relative_permeability'),
  relative_mobilities: PHASES.replace(/\w+/g, '$&_relative_mobility'),
  capillary_pressures: 'oil_water_capillary_pressure gas_oil_capillary_pressure',
});

/** Folders whose names are their makers' own. */
const OWN = /^(wells|rates|cumulatives|solver_state|timer_state)(\/|$)/;

/**
 * A storage that does not list, or may not, with listings as far as they can be found out.
 * @param {Unlisted} storage
 * @returns {Storage}
 */
export function withListings(storage) {
  const folders = new Folders(storage);
  return /** @type {Storage} */ (new Proxy(storage, {
    get(target, name) {
      if (name === 'list') return (/** @type {string} */ folder, /** @type {ReadOptions} */ options) =>
        folders.list(folder, options);
      if (name === 'get') return (/** @type {string} */ key, /** @type {ReadOptions} */ options) =>
        folders.get(key, options);
      const value = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  }));
}

class Folders {
  #storage;
  /** Whether the server shows pages of links. @type {boolean | undefined} */ #shows;
  #consolidated = false;
  /** Of the document that says everything: it is asked for once. @type {Promise<Uint8Array | undefined> | undefined} */
  #whole;

  /** @param {Unlisted} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  /** @param {string} key @param {ReadOptions} [options] */
  get(key, options) {
    const asked = key === WHOLE ? this.#whole : undefined;
    this.#whole = key === WHOLE ? undefined : this.#whole;
    return asked ?? this.#storage.get(key, options);
  }

  /**
   * @param {string} folder
   * @param {ReadOptions} [options]
   * @returns {Promise<string[]>}  undefined, which storages that can list do not give: nothing is known
   */
  async list(folder, options) {
    const listed = await this.#storage.list?.(folder, options);
    if (listed !== undefined) return listed;
    const nothing = /** @type {any} */ (undefined);
    if (folder === '') {
      if (this.#consolidated) return nothing;
      this.#whole = this.#storage.get(WHOLE, options);
      this.#consolidated = await this.#whole !== undefined;
      if (this.#consolidated) return nothing;
    }
    const page = this.#shows === false ? undefined : await this.#storage.folderPage?.(folder, options);
    const names = page === undefined ? [] : linksIn(page);
    this.#shows ??= names.length > 0 && folder === '';
    if (names.length > 0) return this.#withDocuments(folder, names, options);
    if (folder === '') return nothing; // the root's own count says what there is
    return this.#tried(folder, options);
  }

  /**
   * Servers hide names that begin with a dot.
   * @param {string} folder @param {string[]} names @param {ReadOptions} [options]
   */
  async #withDocuments(folder, names, options) {
    if (names.some((name) => name.startsWith('.z'))) return names;
    return [...names, ...await this.#there(folder, [GROUP, ARRAY, ATTRIBUTES], options)].sort();
  }

  /** @param {string} folder @param {ReadOptions} [options] */
  async #tried(folder, options) {
    const [, ...below] = folder.split('/');
    const place = below.join('/');
    const documents = await this.#there(folder, [GROUP, ARRAY, ATTRIBUTES], options);
    if (documents.length === 0 && (await this.#there(folder, [ROOT_V3], options)).length > 0) throw unknowable(folder);
    if (documents.length === 0 || documents.includes(ARRAY)) return documents;
    const known = NAMES[place];
    if (known === undefined || OWN.test(place)) throw unknowable(folder);
    const names = known.split(' ');
    const found = await this.#there(folder, names.map((name) =>
      (name.endsWith('/') ? `${name}${GROUP}` : `${name}/${ARRAY}`)), options);
    if (place === '' && found.length === 0) throw unknowable(folder); // an entry of another layout
    return [...documents, ...found.map((key) => `${key.split('/')[0]}/`)].sort();
  }

  /** Those that are there. @param {string} folder @param {string[]} names @param {ReadOptions} [options] */
  async #there(folder, names, options) {
    const prefix = folder === '' ? '' : `${folder}/`;
    const found = await Promise.all(names.map(async (name) =>
      await this.#storage.get(prefix + name, options) !== undefined));
    return names.filter((_, n) => found[n]);
  }
}

/** @param {string} folder */
function unknowable(folder) {
  return new BoresError('ERR_UNSUPPORTED', `${folder}: what is in it cannot be known, as this server shows no list of `
    + 'its folders and there are no consolidated metadata; run `bores consolidate` on the store where its files are',
  { key: folder });
}

/**
 * The names of a page of links: those that lead one level down. What a server makes of every address (an app's
 * own page) has none.
 * @param {string} page  HTML
 * @returns {string[]}  sorted; folders end with '/'
 */
export function linksIn(page) {
  const here = 'http://x/a/folder/';
  /** @type {Set<string>} */ const names = new Set();
  for (const [, quoted, single, bare] of page.matchAll(/<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi)) {
    const href = (quoted ?? single ?? bare).replaceAll('&amp;', '&');
    // An address from the top of the server: its last part is the name.
    const link = /^\/(?!\/)/.test(href) ? href.replace(/^.*?([^/]+\/?)$/, '$1') : href;
    if (/^([a-z][a-z0-9+.-]*:|\/\/|\?|#|\.\.)/i.test(link)) continue;
    try {
      const { href: found } = new URL(link, here);
      const name = decodeURIComponent(found.replace(/[?#].*$/, '').slice(here.length));
      if (found.startsWith(here) && /^[^/]+\/?$/.test(name)) names.add(name);
    } catch { /* no address */ }
  }
  return [...names].sort();
}
