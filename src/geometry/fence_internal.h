/* SPDX-License-Identifier: MIT */
/** What fences of all grids share: the line's parts, and the list of pieces that grows. */
#ifndef BORES_GEOMETRY_FENCE_INTERNAL_H
#define BORES_GEOMETRY_FENCE_INTERNAL_H

#include "bores/fence.h"

/** A straight part of the line. */
typedef struct bw__fence_part {
    double from[2];
    double along[2]; /**< unit vector */
    double start;    /**< distance of `from` along the whole line */
    double length;
} bw__fence_part;

/** What a piece has at one distance. */
typedef struct bw__station {
    double at, top, bottom;
} bw__station;

/** Pieces so far; `ctx` owns the memory. */
typedef struct bw__fence_list {
    uint32_t *cells, *firsts;
    bw__station *stations;
    size_t count, cap;                 /**< pieces */
    size_t station_count, station_cap;
} bw__fence_list;

/**
 * The parts of the line, less those without length. Errors: BW_ERR_ARGUMENT, BW_ERR_LIMIT, as in
 * bores/fence.h. The parts live in `scratch`.
 */
bw_status bw__fence_parts(bw_ctx *ctx, bw_arena *scratch, const double *points, size_t n, bw__fence_part **parts,
                          size_t *count);

/** Adds a piece, unless it has no room: nowhere more height than rounding makes. */
bw_status bw__fence_add(bw_ctx *ctx, bw__fence_list *list, uint32_t cell, const bw__station *stations, size_t count);

/** Moves what the list has into `arena`. */
bw_status bw__fence_end(bw_ctx *ctx, bw_arena *arena, const bw__fence_list *list, double length, bw_fence *out);

void bw__fence_list_free(bw_ctx *ctx, bw__fence_list *list);

#endif
