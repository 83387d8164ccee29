// SPDX-License-Identifier: MIT
// What browsers are started with. Chromium takes the names of files for text in the locale's encoding
// and cannot open 'a→b' where there is no locale, as on a bare machine; so it is given one of ours,
// which C libraries have without being installed.

export const browserEnvironment = { ...process.env, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
