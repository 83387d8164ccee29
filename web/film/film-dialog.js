// SPDX-License-Identifier: MIT
// "Save what is shown", as a picture, a film or a session: what goes out, of what size, and how far it has come.

import { h, uniqueId } from '../base/dom.js';
import { formatBytes } from '../plot/scale.js';
import { stepAndDay } from '../time/time-axis.js';
import { makeFilm } from './film.js';
import { screenSize, sizeOfPixels } from './layout.js';
import { download, pictureBlob } from './picture.js';
import { sessionOf } from '../session/session.js';

/** @typedef {import('../model/viewer.js').Viewer} Viewer */
/** @typedef {import('./encoders.js').FilmFormat} FilmFormat */

const FORMATS = { mp4: 'MP4', webm: 'WebM', gif: 'GIF' };
/** Pixels; even, as encoders of films want them. */
const FILM_SIZES = { '1280x720': '1280 × 720', '1920x1080': '1920 × 1080', '854x480': '854 × 480',
  '3840x2160': '3840 × 2160' };
/** Numbers come first in an object, whatever its order. */
const PICTURE_SIZES = { screen: 'As on the screen', x2: 'Twice as sharp', x4: 'Four times as sharp',
  '3840x2160': '4K: 3840 × 2160', '1920x1080': '1920 × 1080' };

/**
 * @param {Viewer} viewer
 * @param {import('./layout.js').Stage} stage
 * @returns {HTMLDialogElement}  shown with showModal()
 */
export function filmDialog(viewer, stage) {
  const group = uniqueId('what');
  const kinds = Object.entries({ picture: 'Picture', film: 'Film', session: 'Session' }).map(([kind, text]) => {
    const input = h('input', { type: 'radio', name: group, value: kind, checked: kind === 'picture',
      onchange: () => {
        show();
        if (isFilm()) void offer();
      } });
    return { kind, input, label: h('label', {}, input, h('span', {}, text)) };
  });
  const choose = (/** @type {string} */ label, /** @type {Record<string, string>} */ options) => h('select',
    { 'aria-label': label }, ...Object.entries(options).map(([value, text]) => h('option', { value }, text)));
  const size = choose('Size of the picture', PICTURE_SIZES);
  const filmSize = choose('Size of the film', FILM_SIZES);
  const format = choose('Format', { gif: FORMATS.gif });
  const from = h('select', { 'aria-label': 'First step' }), to = h('select', { 'aria-label': 'Last step' });
  const lack = h('p', { class: 'quiet', hidden: true }, 'This browser cannot encode video (it has no WebCodecs, or no '
    + 'encoder for this size): a GIF can be made.');
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Making the film', hidden: true });
  const says = h('p', { class: 'quiet', role: 'status' });
  const save = h('button', { type: 'submit', class: 'primary' }, 'Save');
  const pictureRows = [h('label', {}, 'Size ', size)];
  const sessionRow = h('p', { class: 'quiet' }, 'What is shown and how, as a small file that opens like a run. The '
    + 'runs themselves are not in it.');
  const filmRows = [h('label', {}, 'Format ', format), h('label', {}, 'Size ', filmSize),
    h('label', {}, 'From ', from), h('label', {}, 'To ', to), lack];
  /** @type {AbortController | null} */ let running = null;
  const isFilm = () => kinds[1].input.checked;
  const isSession = () => kinds[2].input.checked;
  const pixels = () => {
    const [width, height] = filmSize.value.split('x').map(Number);
    return { width, height };
  };
  const show = () => {
    for (const row of pictureRows) row.hidden = isFilm() || isSession();
    sessionRow.hidden = !isSession();
    for (const row of filmRows) row.hidden = !isFilm() || (row === lack && (!offered || format.options.length > 1));
    bar.hidden = running === null || !isFilm();
    for (const control of [save, size, filmSize, format, from, to]) control.disabled = running !== null;
  };
  const offer = async () => {
    const { filmFormats } = await import('./encoders.js'); // not needed for a picture
    const found = await filmFormats(pixels());
    const before = format.value;
    format.replaceChildren(...found.map((id) => h('option', { value: id }, FORMATS[id])));
    if (found.includes(/** @type {FilmFormat} */ (before)) && offered) format.value = before;
    offered = true;
    show();
  };
  let offered = false;
  filmSize.addEventListener('change', () => { void offer(); });
  const start = async (/** @type {Event} */ event) => {
    event.preventDefault();
    running = new AbortController();
    says.textContent = '';
    show();
    try {
      const saved = isFilm() ? await saveFilm(running.signal) : isSession() ? saveSession() : await savePicture();
      dialog.close();
      viewer.set({ notice: saved });
    } catch (error) {
      says.textContent = running.signal.aborted ? 'Nothing was saved.'
        : `It could not be saved: ${error instanceof Error ? error.message : error}`;
    } finally {
      running = null;
      show();
    }
  };
  const saveFilm = async (/** @type {AbortSignal} */ signal) => {
    const [first, last] = [from, to].map(({ value }) => Number(value)).sort((a, b) => a - b);
    const blob = await makeFilm(viewer, stage, { ...pixels(), format: /** @type {FilmFormat} */ (format.value),
      from: first, to: last, signal, onProgress: (done, total) => {
        bar.max = total;
        bar.value = done;
        says.textContent = `Step ${done} of ${total}`;
      } });
    return `Saved: ${download(viewer, blob, `${first}-${last}.${format.value}`)}, ${formatBytes(blob.size)}`;
  };
  const saveSession = () => {
    const blob = new Blob([sessionOf(viewer.state.now)], { type: 'application/json' });
    return `Saved: ${download(viewer, blob, 'session.json')}, ${formatBytes(blob.size)}`;
  };
  const savePicture = async () => {
    const wanted = pictureSize(size.value, screenSize(viewer, stage));
    const blob = await pictureBlob(viewer, stage, 'image/png', { size: wanted });
    if (!blob) throw new Error('this browser makes no PNG of that size');
    return `Saved: ${download(viewer, blob, `${viewer.state.now.step}.png`)}, ${formatBytes(blob.size)}`;
  };
  const dialog = h('dialog', { class: 'save-dialog film-dialog', 'aria-label': 'Save what is shown',
    oncancel: (/** @type {Event} */ event) => { if (running) { event.preventDefault(); running.abort(); } } },
  h('form', { onsubmit: start }, h('h2', {}, 'Save what is shown'),
    h('div', { class: 'segmented', role: 'radiogroup', 'aria-label': 'What to save' },
      ...kinds.map(({ label }) => label)),
    ...pictureRows, ...filmRows, sessionRow, bar, says,
    h('div', { class: 'dialog-buttons' }, h('button', { type: 'button', onclick: () => {
      if (running) running.abort();
      else dialog.close();
    } }, 'Cancel'), save)));
  const open = dialog.showModal.bind(dialog);
  dialog.showModal = () => {
    const steps = (viewer.state.now.run?.steps ?? []).map((_, n, all) => ({ n, text: stepAndDay(all, n) }));
    for (const list of [from, to]) list.replaceChildren(...steps.map(({ n, text }) => h('option', { value: n }, text)));
    to.value = String(steps.length - 1);
    says.textContent = '';
    if (isFilm()) void offer();
    show();
    open();
    save.focus();
  };
  return dialog;
}

/** @param {string} wish @param {import('./layout.js').Size} screen @returns {import('./layout.js').Size} */
function pictureSize(wish, screen) {
  if (wish === 'screen') return screen;
  if (wish.startsWith('x')) return { ...screen, ratio: Number(wish.slice(1)) };
  const [width, height] = wish.split('x').map(Number);
  return sizeOfPixels({ width, height });
}
