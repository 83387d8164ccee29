// SPDX-License-Identifier: MIT
/// <reference path="./gifenc.d.ts" />
// Frames to a file: MP4 and WebM by the browser's own encoders (WebCodecs), GIF everywhere.

import { BufferTarget, CanvasSource, getFirstEncodableVideoCodec, Mp4OutputFormat, Output, QUALITY_HIGH,
  WebMOutputFormat } from 'mediabunny';
import { applyPalette, GIFEncoder, quantize } from 'gifenc/dist/gifenc.esm.js';

/**
 * @typedef {object} FilmEncoder
 * @property {(frame: HTMLCanvasElement, seconds: number) => Promise<void>} add  as large as all the others
 * @property {() => Promise<Blob>} end
 * @property {() => Promise<void>} cancel
 */

/** @typedef {'mp4' | 'webm' | 'gif'} FilmFormat */

/** By how many programs play them. @type {Record<'mp4' | 'webm', import('mediabunny').VideoCodec[]>} */
const CODECS = { mp4: ['avc', 'av1', 'vp9'], webm: ['vp9', 'vp8', 'av1'] };
const COLOURS = 256;

/**
 * What this browser can make of frames of this size.
 * @param {{ width: number, height: number }} size  pixels, even
 * @returns {Promise<FilmFormat[]>}
 */
export async function filmFormats(size) {
  /** @type {FilmFormat[]} */ const found = [];
  for (const format of /** @type {const} */ (['mp4', 'webm'])) if (await codecOf(format, size)) found.push(format);
  return [...found, 'gif'];
}

/** @param {'mp4' | 'webm'} format @param {{ width: number, height: number }} size */
async function codecOf(format, { width, height }) {
  if (typeof VideoEncoder === 'undefined') return null;
  return getFirstEncodableVideoCodec(CODECS[format], { width, height });
}

/**
 * @param {FilmFormat} format
 * @param {{ width: number, height: number }} size  pixels of every frame
 * @returns {Promise<FilmEncoder>}
 */
export async function startEncoder(format, size) {
  if (format === 'gif') return gifEncoder();
  const codec = await codecOf(format, size);
  if (!codec) throw new Error(`this browser makes no ${format} of ${size.width} × ${size.height}`);
  const target = new BufferTarget();
  const output = new Output({ format: format === 'mp4' ? new Mp4OutputFormat() : new WebMOutputFormat(), target });
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const source = new CanvasSource(canvas, { codec, bitrate: QUALITY_HIGH });
  output.addVideoTrack(source);
  await output.start();
  let time = 0;
  return {
    async add(frame, seconds) {
      context.drawImage(frame, 0, 0);
      await source.add(time, seconds);
      time += seconds;
    },
    async end() {
      await output.finalize();
      return new Blob([/** @type {ArrayBuffer} */ (target.buffer)], { type: `video/${format}` });
    },
    cancel: () => output.cancel(),
  };
}

/** @returns {FilmEncoder} */
function gifEncoder() {
  const gif = GIFEncoder();
  return {
    async add(frame, seconds) {
      const { width, height } = frame;
      const context = /** @type {CanvasRenderingContext2D} */ (frame.getContext('2d'));
      const { data } = context.getImageData(0, 0, width, height);
      const palette = quantize(data, COLOURS);
      gif.writeFrame(applyPalette(data, palette), width, height, { palette, delay: Math.round(1000 * seconds) });
      await new Promise((resolve) => { setTimeout(resolve); }); // the page answers between two frames
    },
    async end() {
      gif.finish();
      return new Blob([gif.bytes()], { type: 'image/gif' });
    },
    async cancel() { /* nothing is held */ },
  };
}
