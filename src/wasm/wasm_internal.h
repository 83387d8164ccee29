/* SPDX-License-Identifier: MIT */
/** What the files of the export layer share. */
#ifndef BORES_WASM_INTERNAL_H
#define BORES_WASM_INTERNAL_H

#include "bores/context.h"

/** The one context of this instance. */
bw_ctx *bw_wasm_ctx(void);

#endif
