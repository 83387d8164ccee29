// SPDX-License-Identifier: MIT
// The legend of oil, gas and water: a triangle, each of its corners one of them alone.

/**
 * Gas at the top, water at the left, oil at the right.
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} top
 * @param {number} width
 * @param {string} ink  of the words
 */
export function drawTriangle(context, left, top, width, ink) {
  const height = Math.round(width * Math.sqrt(3) / 2);
  const picture = new ImageData(width, height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const gas = 1 - (y + 0.5) / height;
      const oil = (x + 0.5) / width - gas / 2, water = 1 - gas - oil;
      if (oil < 0 || water < 0) continue;
      picture.data.set([gas, oil, water].map((part) => Math.round(255 * part)), 4 * (y * width + x));
      picture.data[4 * (y * width + x) + 3] = 255;
    }
  }
  const small = new OffscreenCanvas(width, height);
  small.getContext('2d')?.putImageData(picture, 0, 0);
  context.drawImage(small, left, top + 16);
  context.fillStyle = ink;
  context.textBaseline = 'middle';
  context.textAlign = 'center';
  context.fillText('gas', left + width / 2, top + 7);
  context.textAlign = 'left';
  context.fillText('water', left, top + height + 26);
  context.textAlign = 'right';
  context.fillText('oil', left + width, top + height + 26);
  context.textAlign = 'left';
}

/** Room that it takes. @param {number} width */
export function triangleHeight(width) {
  return Math.round(width * Math.sqrt(3) / 2) + 34;
}
