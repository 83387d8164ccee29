// SPDX-License-Identifier: MIT
// What <bores-viewer> tells its page. With a bundler or an import map the import is 'bores-wasm/viewer'.
import '../../build/viewer/viewer.js';

const viewer = document.querySelector('#player');
const output = document.querySelector('output');

viewer.addEventListener('step', ({ detail: { step, steps, timeInDays } }) => {
  output.textContent = `Step ${step} of ${steps - 1}${timeInDays === null ? '' : `, day ${timeInDays.toFixed(1)}`}`;
});
viewer.addEventListener('pick', ({ detail: { cell, value, unit } }) => {
  output.textContent = cell ? `Cell ${cell.join(', ')}: ${value} ${unit}` : 'No cell';
});
viewer.addEventListener('error', ({ detail: { message } }) => { output.textContent = message; });

const story = document.querySelector('#story');
for (const link of document.querySelectorAll('a[data-step]')) {
  link.addEventListener('click', async (event) => {
    event.preventDefault();
    const { step, cell, view } = link.dataset;
    story.view = view ?? 'home';
    await story.goTo(Number(step));
    await (cell ? story.pick(...cell.split(',').map(Number)) : story.pick());
  });
}
