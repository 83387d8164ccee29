// SPDX-License-Identifier: MIT
// What makes pictures and films is fetched when one is wanted.

/**
 * @param {import('../model/viewer.js').Viewer} viewer
 * @param {import('./layout.js').Stage} stage
 * @param {() => HTMLElement} place  of the dialog
 */
export async function askForFilm(viewer, stage, place) {
  try {
    const { filmDialog } = await import('./film-dialog.js');
    const known = /** @type {HTMLDialogElement | null} */ (place().querySelector('.film-dialog'));
    const dialog = known ?? filmDialog(viewer, stage);
    if (!known) place().append(dialog);
    dialog.showModal();
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    viewer.set({ notice: `What saves pictures could not be fetched: ${message}` });
  }
}
