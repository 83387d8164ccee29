// SPDX-License-Identifier: MIT
// Small pictures for docs/simulation.md, as SVG text of a few kB: panels with lines (what was simulated here) and dots
// (the reference), on a ground of their own, so that they are readable on light and dark pages.

/** Of a panel, in the picture's units; two are a pixel where it is shown 900 wide. */
const WIDTH = 580, HEIGHT = 330, LEFT = 84, TOP = 62, BOTTOM = 40, GAP = 20, LEGEND = 44;
/** How many dots a reference's curve has at the most. */
const DOTS = 40;

const STYLE = 'text{font:22px sans-serif;fill:#24292f}rect{fill:#fff}.g{stroke:#8c959f55;fill:none}'
  + '.l{fill:none;stroke:#0969da;stroke-width:3}.l2{fill:none;stroke:#8250df;stroke-width:3}'
  + '.l3{fill:none;stroke:#1a7f37;stroke-width:3}.d{stroke:#bc4c00;stroke-width:9;stroke-linecap:round}'
  + '.r{fill:none;stroke:#bc4c00;stroke-width:3;stroke-dasharray:10 7}'
  + '@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#161b22}.l{stroke:#58a6ff}.l2{stroke:#bc8cff}'
  + '.l3{stroke:#56d364}.d,.r{stroke:#f0883e}}';

/**
 * @typedef {object} Curve
 * @property {readonly number[]} x
 * @property {readonly number[]} y
 * @property {'l' | 'l2' | 'l3' | 'r' | 'd'} style  lines, a dashed one, dots
 *
 * @typedef {object} Panel
 * @property {string} title
 * @property {string} note   below it: a number
 * @property {readonly Curve[]} curves
 * @property {boolean} [logarithmic]
 */

/**
 * @param {string} label   what it shows, for those who do not see it
 * @param {readonly Panel[]} panels  side by side
 * @param {readonly [Curve['style'], string][]} legend
 * @returns {string}
 */
export function picture(label, panels, legend) {
  const width = panels.length * (WIDTH + GAP) + GAP, height = HEIGHT + LEGEND;
  const drawn = panels.map((one, i) => `<g transform="translate(${GAP + i * (WIDTH + GAP)})">${panel(one)}</g>`);
  const apart = Math.min(420, Math.floor((width - LEFT - 2 * GAP) / legend.length));
  const keys = legend.map(([style, text], i) => {
    const x = GAP + LEFT + i * apart, y = HEIGHT + 18;
    return `<path class="${style}" d="M${x} ${y}h${style === 'd' ? 0 : 40}"/>${words(x + 54, y + 8, text)}`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(label)}">`
    + `<style>${STYLE}</style><rect width="${width}" height="${height}"/>${drawn.join('')}${keys.join('')}</svg>\n`;
}

/** @param {Panel} one */
function panel({ title, note, curves, logarithmic = false }) {
  const of = (/** @type {(curve: Curve) => readonly number[]} */ values) => curves.flatMap((curve) => [...values(curve)]);
  const x = axis(of((curve) => curve.x), LEFT, WIDTH - 10, logarithmic);
  const y = axis(of((curve) => curve.y), HEIGHT - BOTTOM, TOP, logarithmic);
  const lines = [...x.ticks.map((tick) => `M${x.at(tick)} ${TOP}V${HEIGHT - BOTTOM}`),
    ...y.ticks.map((tick) => `M${LEFT} ${y.at(tick)}H${WIDTH - 10}`)].join('');
  const marks = [...x.ticks.map((tick) => words(x.at(tick), HEIGHT - BOTTOM + 26, shortOf(tick), 'middle')),
    ...y.ticks.map((tick) => words(LEFT - 8, y.at(tick) + 7, shortOf(tick), 'end'))].join('');
  const paths = curves.map((curve) => {
    const points = Array.from(curve.x, (value, i) => /** @type {[number, number]} */ ([x.at(value), y.at(curve.y[i])]));
    return `<path class="${curve.style}" d="${curve.style === 'd' ? dots(points) : line(points)}"/>`;
  });
  return words(0, 24, title) + words(0, 50, note) + `<path class="g" d="${lines}"/>${marks}${paths.join('')}`;
}

/**
 * @param {readonly number[]} values
 * @param {number} from  where the axis begins in the picture
 * @param {number} to
 * @param {boolean} logarithmic
 */
function axis(values, from, to, logarithmic) {
  const scale = logarithmic ? Math.log10 : (/** @type {number} */ value) => value;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = 10 ** Math.floor(Math.log10((high - low) / 2 || 1));
  const size = [step, 2 * step, 5 * step].find((one) => (high - low) / one <= 5) ?? 10 * step;
  const begin = logarithmic ? low / 1.3 : Math.floor(low / size) * size;
  const end = logarithmic ? high * 1.3 : high;
  const ticks = logarithmic ? [1, 2, 5].flatMap((digit) => Array.from({ length: 12 }, (_, n) => digit * 10 ** (n - 6)))
    .filter((tick) => tick >= begin && tick <= end)
    : Array.from({ length: Math.floor((end - begin) / size + 1e-9) + 1 }, (_, n) => begin + n * size);
  return { ticks, at: (/** @type {number} */ value) =>
    Math.round(from + (to - from) * (scale(value) - scale(begin)) / (scale(end) - scale(begin))) };
}

/** Points that a straight line between others would meet anyway are left out. @param {readonly [number, number][]} points */
function line(points) {
  const kept = points.slice(0, 1);
  for (let i = 1, from = 0; i < points.length; i += 1) {
    const next = points[i + 1], [x, y] = points[from];
    const isStraight = next && points.slice(from + 1, i + 1).every(([px, py]) =>
      Math.abs(y + (next[1] - y) * (px - x) / (next[0] - x || 1) - py) <= 0.5);
    if (isStraight) continue;
    kept.push(points[i]);
    from = i;
  }
  return kept.map(([x, y], i) => (i === 0 ? `M${x} ${y}` : `l${x - kept[i - 1][0]} ${y - kept[i - 1][1]}`)).join('');
}

/** @param {readonly [number, number][]} points */
function dots(points) {
  const every = Math.ceil(points.length / DOTS);
  return points.filter((_, i) => i % every === 0 || i === points.length - 1).map(([x, y]) => `M${x} ${y}h0`).join('');
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 * @param {'middle' | 'end'} [anchor]
 */
const words = (x, y, text, anchor) =>
  `<text x="${x}" y="${y}"${anchor ? ` text-anchor="${anchor}"` : ''}>${escaped(text)}</text>`;

/** @param {number} value */
const shortOf = (value) => (Math.abs(value) >= 1e4 ? `${Number((value / 1000).toPrecision(4))}k`
  : String(Number(value.toPrecision(4))));

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
