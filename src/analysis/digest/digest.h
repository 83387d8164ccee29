/* SPDX-License-Identifier: MIT */
/** What a state is to an analysis, as a tree that travels: its record, and what the analysis learns of the grid. */
#ifndef BORES_ANALYSIS_DIGEST_H
#define BORES_ANALYSIS_DIGEST_H

#include "analysis/analysis_internal.h"

/** What an analysis learns of a state beside its record. */
typedef struct bw__facts {
    uint64_t shape[3];
    double dx, dy;    /**< ft; NaN where the state has none */
    bool head, wheel; /**< whose formulas `compat` takes */
} bw__facts;

/** A record with `zones` zones as a tree in `arena`, which borrows nothing of it. */
bw_status bw__digest_write(bw_ctx *ctx, const bw__facts *facts, const bw__record *record, uint32_t zones,
                           bw_arena *arena, bw_node **out);
/** The step and the facts of a digest. Errors: BW_ERR_ARGUMENT. */
bw_status bw__digest_head(bw_ctx *ctx, const bw_node *digest, int64_t *step, bw__facts *facts);
/**
 * The record of a digest, of an analysis with `zones` zones and `cells` cells. `before` (or NULL) are wells that it
 * shares when it has the same. Errors: BW_ERR_ARGUMENT for what is no digest, or one of another grid.
 */
bw_status bw__digest_read(bw_ctx *ctx, const bw_node *digest, uint32_t zones, size_t cells, bw__wells *before,
                          bw__record **out);

#endif
