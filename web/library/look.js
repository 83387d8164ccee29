// SPDX-License-Identifier: MIT
// A small picture of a run, made once it is seen, for the list of runs.

import { remember } from './library.js';

/** Milliseconds after the first picture: the range of the colours is settled by then, mostly. */
const PAUSE = 1500;
const WIDTH = 144;
const HEIGHT = 96;

/**
 * Remembers each run that a link can open again, with its picture.
 * @param {import('../element.js').BoresViewer} element
 */
export function keepLooks(element) {
  const { state } = element.viewer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ let waiting;
  /** @type {unknown} */ let done = null;
  state.watch(['run', 'source', 'shown'], ({ run, source, shown }) => {
    if (!run || source === null || !shown || done === `${source} ${run.name}`) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (state.now.run !== run || state.now.source !== source) return;
      done = `${source} ${run.name}`;
      smallPicture(element).then((look) => remember(source, { name: run.name, ...(look && { look }) }))
        .catch(() => { /* a browser that keeps nothing */ });
    }, PAUSE);
  });
}

/** @param {import('../element.js').BoresViewer} element @returns {Promise<Blob | null>} */
async function smallPicture(element) {
  const bitmap = await createImageBitmap(await element.toImage());
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  const scale = Math.max(WIDTH / bitmap.width, HEIGHT / bitmap.height);
  const [width, height] = [bitmap.width * scale, bitmap.height * scale];
  context.drawImage(bitmap, (WIDTH - width) / 2, (HEIGHT - height) / 2, width, height);
  bitmap.close();
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
}
