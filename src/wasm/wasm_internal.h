/* SPDX-License-Identifier: MIT */
/** What the files of the export layer share. */
#ifndef BORES_WASM_INTERNAL_H
#define BORES_WASM_INTERNAL_H

#include "bores/tree.h"

/** The one context of this instance. */
bw_ctx *bw_wasm_ctx(void);
/** Unpacks parameters; arrays that lie beyond memory are refused. */
bw_status bw_wasm_params(bw_ctx *ctx, bw_arena *arena, bw_view packed, bw_node **out);

#endif
