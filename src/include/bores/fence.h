/* SPDX-License-Identifier: MIT */
/**
 * Fences: what a curtain of upright planes along a line on the map cuts out of the cells.
 *
 * The line goes from point to point, x and y each. Along it runs the distance from its first point. Of a
 * cell that a part of the line crosses there is one *piece*: from station to station, by distance, what it has
 * between a top and a bottom depth; between two stations both are straight. A cell at a bend has a piece on
 * either side, and so has a cell that the line comes through again.
 *
 * A line along the boundary of two columns shows one of them: in a grid of boxes the one at the larger
 * index, in a corner-point grid the one to the right of the line's direction.
 */
#ifndef BORES_FENCE_H
#define BORES_FENCE_H

#include "bores/corner_grid.h"

/** All in the arena; the arrays are not NULL even when `count` is 0. */
typedef struct bw_fence {
    size_t count;     /**< pieces, part of the line after part, and in each by cells */
    uint32_t *cells;  /**< [count], flat index (i ny + j) nz + k */
    uint32_t *firsts; /**< [count + 1], of each piece its first station, and how many there are */
    double *stations; /**< [firsts[count]][3]: distance, depth of the top, depth of the bottom */
    double length;    /**< of the whole line */
} bw_fence;

/*
 * Errors of both functions: those of a grid, and
 *   BW_ERR_ARGUMENT  fewer than two points, one that is not finite or beyond 1e30, or a line without length
 *   BW_ERR_LIMIT     more points than BW_FENCE_POINTS, or more pieces than `ctx->limits.max_array_bytes` allows
 * Points that follow upon an equal one are passed over. Parts outside of the grid have no pieces.
 * Owner: `points` is borrowed, the result lives in `arena`. Outputs are written only on success.
 */

/** More points than anybody draws. */
#define BW_FENCE_POINTS 10000

/**
 * Of a grid of boxes, exactly: its layers are planes.
 *
 * Time: linear in the cells of the columns crossed.
 * @param points  [n][2], drawing coordinates as bw_grid_origin() has them, ft; depths are absolute
 */
bw_status bw_grid_fence(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, const double *points, size_t n,
                        bw_fence *out);

/**
 * Of a corner-point grid. A cell's sides are four triangles each, from its edges to the mean of its corners,
 * so that cells that share their corners share their sides, and cells with plane sides are cut exactly. Pillars may
 * slant: an upright line is taken to meet a cell in one interval. Inactive cells and cells without
 * room have no pieces.
 *
 * Time: linear in the grid's columns times parts of the line, and in the cells of the columns near it.
 * @param points  [n][2], in the grid's own x and y
 */
bw_status bw_corner_grid_fence(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid, const double *points,
                               size_t n, bw_fence *out);

#endif
