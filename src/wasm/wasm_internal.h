/* SPDX-License-Identifier: MIT */
/** What the files of the export layer share. */
#ifndef BORES_WASM_INTERNAL_H
#define BORES_WASM_INTERNAL_H

#include "bores/context.h"

/** Marks a function that JavaScript calls; its name must also stand in exports.txt. */
#define BW_EXPORT __attribute__((visibility("default"), used))

/** The one context of this instance. */
bw_ctx *bw_wasm_ctx(void);

#endif
