// SPDX-License-Identifier: MIT
// Drives the built viewer (build/web/) in a real browser, for its tests and for measuring it.

import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';

import { createStaticServer } from '../../js/cli/server/static-server.js';
import { dropFiles } from '../browser/host/drop.mjs';
import { OWN_SIGNALS, endsWithUs } from '../helpers/endings.mjs';
import { browserEnvironment as env } from '../helpers/environment.mjs';

/** @import { Browser, BrowserContext, Page, LaunchOptions, Viewport } from 'puppeteer-core' */

export const SAMPLE = 'samples/waterflood.zarr.zip';
const LAUNCH_MS = 180_000; // on a busy machine
const root = fileURLToPath(new URL('../../', import.meta.url));

/** @type {Record<string, LaunchOptions>} */
const BROWSERS = {
  chromium: {
    browser: 'chrome',
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--disable-quic',
      '--no-first-run', '--disable-background-networking', '--disable-component-update'],
  },
  firefox: {
    browser: 'firefox',
    executablePath: process.env.FIREFOX ?? '/usr/bin/firefox-esr',
    extraPrefsFirefox: { 'webgl.force-enabled': true, 'network.http.http3.enable': false },
  },
};

/**
 * @param {string} name  'chromium' or 'firefox'
 * @param {string[]} [args]
 */
export function launch(name, args = []) {
  const options = { ...BROWSERS[name], env, headless: true, timeout: LAUNCH_MS };
  return puppeteer.launch({ ...options, ...OWN_SIGNALS, args: [...options.args ?? [], ...args] })
    .then(endsWithUs);
}

/**
 * Serves build/web/ and other folders.
 * @param {Record<string, string>} [folders]  by the start of their address
 */
export async function serve(folders = {}) {
  const server = createStaticServer({ '/': `${root}build/web`, ...folders });
  await new Promise((resolve) => { server.listen(0, '127.0.0.1', () => resolve(undefined)); });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://localhost:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * Older releases of Firefox do not know the command for the screen's orientation that goes with the
 * one for its size; the size is set all the same.
 * @param {Page} page
 * @param {Viewport} viewport
 */
export async function resize(page, viewport) {
  await page.setViewport(viewport).catch(async (error) => {
    if (!/unknown command emulation\.setScreenOrientation/.test(String(error))) throw error;
    await page.evaluate('innerWidth'); // answered after the size has been set
  });
}

/**
 * As in a browser that hands folders over as lists of files and not as handles.
 * @param {Page} page
 */
export function withoutHandles(page) {
  return page.evaluateOnNewDocument(() => {
    delete /** @type {any} */ (DataTransferItem.prototype).getAsFileSystemHandle;
  });
}

/** Not by frames, which a browser may hold back. */
export const POLL = { polling: 50, timeout: 120_000 };

/** One page with the viewer in it, and everything that it complained of. */
export class ViewerPage {
  /** @type {string[]} console errors, exceptions, violated policies */
  complaints = [];

  /** @param {Page} page @param {string} url  of the viewer */
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  /**
   * @param {Browser | BrowserContext} browser
   * @param {string} url
   * @param {{ viewport?: Viewport, before?: (page: Page) => Promise<unknown> }} [options]
   */
  static async create(browser, url, { viewport = { width: 1280, height: 800 }, before } = {}) {
    const page = await browser.newPage();
    const viewer = new ViewerPage(page, url);
    page.setDefaultTimeout(POLL.timeout);
    await resize(page, viewport);
    page.on('pageerror', (error) => viewer.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') viewer.complaints.push(message.text());
    });
    await page.evaluateOnNewDocument(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
    await before?.(page);
    return viewer;
  }

  /** @param {string} [hash]  without '#' */
  async load(hash = '') {
    // The same address with another fragment would not load again.
    if (this.page.url() !== 'about:blank') await this.page.goto('about:blank');
    await this.page.goto(`${this.url}${hash && `#${hash}`}`);
    await this.page.waitForFunction(() =>
      document.querySelector('bores-viewer')?.shadowRoot?.querySelector('.app'), POLL);
  }

  /** Goes to another link of the same page, and waits for what it names. @param {string} hash */
  async follow(hash) {
    await this.run((_root, viewer, wanted) => {
      viewer.close();
      location.hash = String(wanted);
    }, hash);
    await this.page.waitForFunction(() => /** @type {any} */ (document.querySelector('bores-viewer'))
      .viewer.state.now.phase !== 'empty', POLL);
    await this.shown();
  }

  /**
   * Runs a function in the page with the viewer's root and model.
   * @template T
   * @param {(root: ShadowRoot, viewer: any, ...args: any[]) => T} what
   * @param {...unknown} args
   * @returns {Promise<Awaited<T>>}
   */
  run(what, ...args) {
    return this.page.evaluate(`(async () => {
      const element = document.querySelector('bores-viewer');
      return (${what})(element.shadowRoot, element.viewer, ...${JSON.stringify(args)});
    })()`);
  }

  /**
   * Looks again and again, until something is so in the viewer. What is not there yet to be looked at is not so.
   * @template T
   * @param {(root: ShadowRoot, viewer: any, ...args: any[]) => T} what
   * @param {...unknown} args
   * @returns {Promise<any>}  what it gave then
   */
  async until(what, ...args) {
    const found = await this.page.waitForFunction(`(() => {
      const element = document.querySelector('bores-viewer');
      try {
        return element?.viewer && (${what})(element.shadowRoot, element.viewer, ...${JSON.stringify(args)});
      } catch {
        return false;
      }
    })()`, POLL).catch(async (error) => {
      throw new Error(`it does not come: ${what}, ${args}; ${JSON.stringify(await this.state().catch(String))}`,
        { cause: error });
    });
    return found.jsonValue();
  }

  /**
   * Until that can be read there.
   * @param {string} selector
   * @param {RegExp} words
   * @returns {Promise<string>}  all that is read there then
   */
  async says(selector, words) {
    return this.until((root, _viewer, wanted, source, flags) => {
      const { innerText: text } = /** @type {HTMLElement} */ (root.querySelector(wanted));
      return new RegExp(source, flags).test(text) && text;
    }, selector, words.source, words.flags).catch(async (error) => {
      throw new Error(`${selector} says “${await this.text(selector)}”, not ${words}`, { cause: error });
    });
  }

  /**
   * Clicks an element in the moment in which it is found: a list that is drawn anew, or a page that shifts while
   * something comes, takes away what a handle or a place stood for.
   * @param {string} selector
   */
  click(selector) {
    return this.until((root, _viewer, wanted) => {
      const element = /** @type {any} */ (root.querySelector(wanted));
      if (element.disabled || element.getClientRects().length === 0) return false;
      element.click();
      return true;
    }, selector);
  }

  /** Gives an element the focus. @param {string} selector */
  focus(selector) {
    return this.until((root, _viewer, wanted) => {
      const element = /** @type {HTMLElement} */ (root.querySelector(wanted));
      element.focus();
      return root.activeElement === element;
    }, selector);
  }

  /** Until the wanted step of the wanted property is drawn, with its wells, or cannot be. */
  async shown() {
    await this.until((_root, viewer) => {
      const { phase, shown, missed, step, property, faces, busy } = viewer.state.now;
      const isOfIt = (/** @type {any} */ one) => one?.step === step && one.property === property;
      return phase === 'failed' || (faces && !busy && (isOfIt(shown) || isOfIt(missed)));
    });
    // They come after the values.
    await this.run(async (_root, viewer) => {
      const { run, step } = viewer.state.now;
      await run?.wells(step).catch(() => {});
    });
    await this.frames(3);
  }

  /** Until the range over all steps is known and shown. */
  async scanned() {
    await this.until((_root, viewer) => {
      const { scan: { done, total } } = viewer.state.now;
      return total > 0 && done === total;
    });
    await this.frames(3);
  }

  /** Until all is there that comes after the picture, times, ranges and curves, and nothing moves for it any more. */
  async settled() {
    await this.shown();
    await this.until((_root, viewer) => {
      const { timesRead, stepCount, scan, rangeMode, property, history } = viewer.state.now;
      const isScanned = rangeMode !== 'all' || property.ternary || scan.asks
        || (scan.total > 0 && scan.done === scan.total);
      return timesRead >= stepCount && isScanned && history?.status !== 'reading';
    });
    await this.frames(3);
  }

  /** Lets the page draw, unless its browser holds frames back for long. @param {number} count */
  frames(count) {
    return this.run(async (_root, _viewer, frames) => {
      for (let n = 0; n < frames; n += 1) {
        await new Promise((resolve) => {
          requestAnimationFrame(resolve);
          setTimeout(resolve, 1000);
        });
      }
    }, count);
  }

  /** A CSS selector in the viewer. @param {string} selector */
  async find(selector) {
    // Not waitForSelector(): it waits for changes of the document, and these are in a shadow root.
    const found = await this.page.waitForFunction((wanted) =>
      document.querySelector('bores-viewer')?.shadowRoot?.querySelector(wanted), POLL, selector);
    return /** @type {import('puppeteer-core').ElementHandle} */ (found.asElement());
  }

  /**
   * Where an element stands on the page, once it stays there: what is drawn anew meanwhile is looked for again.
   * @param {string} selector
   */
  async box(selector) {
    const found = await this.page.waitForFunction((wanted) => {
      const rect = document.querySelector('bores-viewer')?.shadowRoot?.querySelector(wanted)?.getBoundingClientRect();
      const { x, y, width, height } = rect ?? { x: 0, y: 0, width: 0, height: 0 };
      const memory = /** @type {any} */ (globalThis);
      const before = memory.boxBefore;
      memory.boxBefore = [wanted, x, y, width, height].join();
      return width > 0 && before === memory.boxBefore && { x, y, width, height };
    }, POLL, selector);
    return /** @type {Promise<{ x: number, y: number, width: number, height: number }>} */ (found.jsonValue());
  }

  /** Opens the sample. @param {string} [more]  of the link: '&t=3' */
  async sample(more = '') {
    await this.load(`bores=1&src=${SAMPLE}${more}`);
    await this.shown();
  }

  /** What the page knows, for comparing. */
  state() {
    return this.run((_root, viewer) => {
      const { phase, step, property, cell, trouble, playing, map, rangeMode, range, box, view,
        exaggeration, failure, wells, history, source, scan } = viewer.state.now;
      return { phase, step, property: property?.id, cell, trouble, playing, map, rangeMode, range,
        box, view, exaggeration, failure, wells, history, source, scan };
    });
  }

  /**
   * Remembers the picture, the slice where there is no 3-D, under a name.
   * @param {string} name
   */
  remember(name) {
    return this.run(async (root, _viewer, key) => {
      const canvas = /** @type {HTMLCanvasElement} */ (
        root.querySelector('.canvas-box canvas') ?? root.querySelector('canvas.slice'));
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (copy.getContext('2d'));
      // Another theme would draw again; the copy is made in the frame in which that happens.
      for (const drawn of root.querySelectorAll('.stage, .slice')) {
        drawn.dispatchEvent(new Event('themechange'));
      }
      await new Promise((resolve) => requestAnimationFrame(() => {
        context.drawImage(canvas, 0, 0);
        resolve(undefined);
      }));
      const pictures = /** @type {any} */ (globalThis).pictures ??= {};
      pictures[key] = context.getImageData(0, 0, copy.width, copy.height);
    }, name);
  }

  /**
   * Part of the pixels in which two remembered pictures differ.
   * @param {string} a
   * @param {string} b
   */
  difference(a, b) {
    return this.run((_root, _viewer, first, second) => {
      const { pictures } = /** @type {any} */ (globalThis);
      const [one, other] = [pictures[first].data, pictures[second].data];
      let differ = 0;
      for (let n = 0; n < one.length; n += 4) {
        differ += Number([0, 1, 2].some((c) => one[n + c] !== other[n + c]));
      }
      return differ / (one.length / 4);
    }, a, b);
  }

  /**
   * @param {string} name  of a remembered picture
   * @param {{ x: number, y: number }} at  CSS pixels
   */
  pixel(name, { x, y }) {
    return this.run((_root, _viewer, key, px, py) => {
      const { data, width } = /** @type {any} */ (globalThis).pictures[key];
      const [column, row] = [px, py].map((n) => Math.floor(n * devicePixelRatio));
      const at = 4 * (row * width + column);
      return [...data.slice(at, at + 3)];
    }, name, x, y);
  }

  /** What a person reads there. @param {string} selector  '' is no such element */
  text(selector) {
    return this.run((root, _viewer, wanted) =>
      /** @type {HTMLElement | null} */ (root.querySelector(wanted))?.innerText ?? '', selector);
  }

  /** Clicks the middle of an element. @param {string} selector */
  async clickMiddle(selector) {
    const box = await this.box(selector);
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** Drops files or folders, as a file manager does. Chromium only. @param {string[]} files */
  drop(files) {
    return dropFiles(this.page, { x: 500, y: 400 }, files);
  }
}
