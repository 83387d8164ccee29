/* SPDX-License-Identifier: MIT */
/**
 * A grid as the inner loops want it: checked once, then column by column.
 *
 * Within a column, depths are *local*: ft below its top, without datum and dip. Neighbouring
 * columns meet on a plane where both have the same dip offset, so local depths compare directly.
 */
#ifndef BORES_GEOMETRY_GRID_H
#define BORES_GEOMETRY_GRID_H

#include "bores/geometry.h"

/** Beyond this, ft, float32 and products of lengths would overflow. */
#define BW__MAX_LENGTH 1e30

/** A grid and a filter that passed the checks. */
typedef struct bw__cells {
    const uint8_t *thickness; /**< whole grid, f4 or f8, as `itemsize` says */
    uint32_t itemsize;
    const uint8_t *mask; /**< whole grid; NULL: all */
    size_t shape[3];
    size_t lo[3], hi[3]; /**< the filter's box */
    double dx, dy;       /**< ft */
    double datum;        /**< ft */
    double slope_x;      /**< ft of depth per ft along x */
    double slope_y;
} bw__cells;

/** Visible cells of a column without a gap between them; inactive ones may be among them. */
typedef struct bw__run {
    double top, bottom;  /**< local depths, ft */
    uint32_t begin, end; /**< layers of the box, half-open; the first and the last have thickness */
} bw__run;

/** Most runs that a column of `layers` cells can have: every other one visible. */
static inline size_t bw__runs_max(size_t layers)
{
    return layers / 2 + 1;
}

/** `filter` NULL: all cells. Errors: those of bores/geometry.h. */
bw_status bw__cells_open(bw_ctx *ctx, const bw_grid *grid, const bw_cell_filter *filter,
                         bw__cells *out);

/** The box's part of a column. */
typedef struct bw__column {
    double *z;     /**< [layers + 1] boundaries, as bw__column_depths() has them */
    bw__run *runs; /**< [bw__runs_max(layers)] from the top; a gap is between any two */
    size_t count;  /**< of runs */
} bw__column;

/**
 * Local depths of the layer boundaries of the box: `z[0]` is the top of layer lo[2], `z[n]` the
 * bottom of layer lo[2] + n - 1. A cell has room exactly where z[n + 1] > z[n].
 * Errors: BW_ERR_ARGUMENT when the column is thicker than BW__MAX_LENGTH.
 */
bw_status bw__column_depths(bw_ctx *ctx, const bw__cells *cells, size_t i, size_t j, double *z);

/** Fills a column: boundaries, then runs. Errors: as bw__column_depths(). */
bw_status bw__column_read(bw_ctx *ctx, const bw__cells *cells, size_t i, size_t j,
                          bw__column *out);

/** Whether the run fills the local depths from `top` to `bottom`. */
static inline bool bw__run_covers(const bw__run *run, double top, double bottom)
{
    return run->top <= top && run->bottom >= bottom;
}

/** Dip offset, ft, `i` and `j` in cells from the centre of column (0, 0). */
static inline double bw__dip_offset(const bw__cells *cells, double i, double j)
{
    return i * cells->dx * cells->slope_x + j * cells->dy * cells->slope_y;
}

/** Drawing coordinates' zero, as bw_grid_origin(). */
bw_status bw__cells_origin(bw_ctx *ctx, const bw__cells *cells, double origin[3]);

#endif
