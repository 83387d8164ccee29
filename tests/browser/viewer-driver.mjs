// SPDX-License-Identifier: MIT
// Drives the built viewer (build/web/) in a real browser, for its tests and for measuring it.

import { fileURLToPath } from 'node:url';

import puppeteer from 'puppeteer-core';

import { createStaticServer } from '../../web/static-server.mjs';

/** @import { Browser, Page, LaunchOptions, Viewport } from 'puppeteer-core' */

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
  const options = BROWSERS[name];
  return puppeteer.launch({ ...options, headless: true, args: [...options.args ?? [], ...args] });
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
   * @param {Browser} browser
   * @param {string} url
   * @param {{ viewport?: Viewport, before?: (page: Page) => Promise<unknown> }} [options]
   */
  static async create(browser, url, { viewport = { width: 1280, height: 800 }, before } = {}) {
    const page = await browser.newPage();
    const viewer = new ViewerPage(page, url);
    await page.setViewport(viewport);
    page.on('pageerror', (error) => viewer.complaints.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') viewer.complaints.push(message.text());
    });
    await before?.(page);
    return viewer;
  }

  /** @param {string} [hash]  without '#' */
  async load(hash = '') {
    // The same address with another fragment would not load again.
    await this.page.goto('about:blank');
    await this.page.goto(`${this.url}${hash && `#${hash}`}`);
    await this.page.evaluate(() => {
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
    await this.page.waitForFunction(() =>
      document.querySelector('bores-viewer')?.shadowRoot?.querySelector('.app'));
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

  /** Until the wanted step of the wanted property is drawn. */
  async shown() {
    await this.page.waitForFunction(() => {
      const element = /** @type {any} */ (document.querySelector('bores-viewer'));
      const { phase, shown, step, property, faces, busy, trouble } = element.viewer.state.now;
      return phase === 'failed' || (faces && !busy
        && (trouble !== '' || (shown?.step === step && shown.property === property)));
    }, { timeout: 30_000 });
    await this.frames(3);
  }

  /** Lets the page draw. @param {number} count */
  frames(count) {
    return this.run(async (_root, _viewer, frames) => {
      for (let n = 0; n < frames; n += 1) await new Promise(requestAnimationFrame);
    }, count);
  }

  /** A CSS selector in the viewer. @param {string} selector */
  async find(selector) {
    const found = await this.page.waitForSelector(`bores-viewer >>> ${selector}`);
    if (!found) throw new Error(`there is no ${selector}`);
    return found;
  }

  /** Drops files or folders, as a file manager does. Chromium only. @param {string[]} files */
  async drop(files) {
    const session = await this.page.createCDPSession();
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
      await session.send('Input.dispatchDragEvent', { type, x: 500, y: 400, data });
    }
    await session.detach();
  }
}
