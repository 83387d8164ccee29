// SPDX-License-Identifier: MIT
// The viewer as a widget of a notebook, by the contract of anywidget (https://anywidget.dev/en/afm/): what Python
// sets is shown, what one does in the picture comes back to Python.

/** Attributes of the element that are traits of the widget, too. */
const SETTINGS = ['property', 'range', 'colormap', 'view', 'controls', 'theme'];

export default {
  render({ model, el }) {
    const viewer = document.createElement('bores-viewer');
    viewer.style.height = `${model.get('height')}px`;
    for (const name of SETTINGS) {
      const set = () => { if (model.get(name)) viewer.setAttribute(name, model.get(name)); };
      set();
      model.on(`change:${name}`, set);
    }
    const open = async () => {
      // Bytes that Python has read, or an address that the browser can reach.
      const data = model.get('data');
      const location = data?.byteLength > 0 ? new File([data], model.get('name')) : model.get('src');
      if (!location) return;
      viewer.step = model.get('step'); // it opens there
      await viewer.open(location, { name: model.get('name') }).catch(() => { /* told as an event */ });
    };
    const goTo = () => { if (viewer.step !== model.get('step')) viewer.goTo(model.get('step')).catch(() => {}); };
    const tell = (values) => {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    };
    viewer.addEventListener('step', ({ detail: { step } }) => tell({ step }));
    viewer.addEventListener('pick', ({ detail: { cell, value } }) => tell({ cell: cell ?? [], value: value ?? null }));
    viewer.addEventListener('error', ({ detail: { message } }) => tell({ error: message }));
    for (const name of ['src', 'data']) model.on(`change:${name}`, open);
    model.on('change:step', goTo);
    el.append(viewer);
    void open();
    return () => {
      for (const name of SETTINGS) model.off(`change:${name}`);
      for (const name of ['src', 'data', 'step']) model.off(`change:${name}`);
      viewer.remove(); // frees its worker and its graphics
    };
  },
};
