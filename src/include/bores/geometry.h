/* SPDX-License-Identifier: MIT */
/**
 * Cells to pictures: depths, the visible skin, picking and planes.
 *
 * A grid is block-centred: nx by ny columns of the same area, each a stack of nz cells whose
 * thickness is free. Arrays are in C order, [i, j, k]; k = 0 is the top and depth grows with k.
 *
 * A cell whose thickness is not a positive finite number is *inactive*: it takes no room, so the
 * cells above and below it touch (a pinch-out), and it is never drawn nor picked.
 *
 * Dip: depths get offset(i, j) = (i dx sin az + j dy cos az) tan(dip) ft at the centre of column
 * (i, j), az counted from +y towards +x, so that the grid deepens towards the azimuth. Corners lie
 * on the same plane: it passes through the centres, hence its value at the corner between columns
 * i - 1 and i is offset(i - 1/2, ...), and dipped layers meet without steps.
 *
 * Drawing coordinates: right-handed, ft: x east (along i), y north (along j), z up (minus depth),
 * relative to an origin that bw_grid_origin() takes from the grid alone. It does not move when
 * filters or time do, and float32 keeps about 0.01 ft over 20 miles.
 *
 * Nothing here converts units. Source of the conventions: BORES's documented grid model
 * (`cell_dimension`, `thickness_grid`, `datum_depth`, `dip_angle`, `dip_azimuth`).
 */
#ifndef BORES_GEOMETRY_H
#define BORES_GEOMETRY_H

#include "bores/numbers.h"

/** All borrowed. The shape (nx, ny, nz) is that of `thickness`: rank 3, f4 or f8, no empty axis. */
typedef struct bw_grid {
    const bw_array *thickness; /**< ft */
    double dx, dy;             /**< ft, finite and positive: size of a cell along i and along j */
    double datum_depth;        /**< ft, depth of the top of column (0, 0)'s first cell */
    double dip_angle;          /**< degrees, [0, 90) */
    double dip_azimuth;        /**< degrees, 0 is +y (j), 90 is +x (i) */
} bw_grid;

/**
 * Which cells are looked at: those of the half-open index box [lo, hi) whose mask byte is not 0.
 * The others are as good as gone. `mask` has one byte a cell of the whole grid; absent: all.
 */
typedef struct bw_cell_filter {
    uint64_t lo[3], hi[3];
    bw_view mask;
} bw_cell_filter;

/** Every cell of the grid. */
void bw_cell_filter_all(const bw_grid *grid, bw_cell_filter *out);

/** Sides of a cell, by the outward normal. */
typedef enum bw_direction {
    BW_WEST,  /**< -x, towards i - 1 */
    BW_EAST,  /**< +x, towards i + 1 */
    BW_SOUTH, /**< -y, towards j - 1 */
    BW_NORTH, /**< +y, towards j + 1 */
    BW_UP,    /**< +z, towards k - 1 */
    BW_DOWN   /**< -z, towards k + 1 */
} bw_direction;

/*
 * Errors of every function that takes a grid:
 *   BW_ERR_ARGUMENT     thickness is not a 3-D float array, an axis is empty, a scalar is out of
 *                       its range, the mask's length is not the number of cells, or depths or
 *                       lengths exceed 1e30 ft
 *   BW_ERR_INDEX_RANGE  a filter's box is not within the grid
 *   BW_ERR_LIMIT        more than 2^32 - 1 cells, or a result beyond `ctx->limits.max_array_bytes`
 *   BW_ERR_NOMEM        memory is out
 * Outputs are written only on success. Thread: safe with one `ctx` a thread.
 */

/**
 * Where drawing coordinates have their zero: x and y in the middle of the grid, z at the depth of
 * the middle of column (nx / 2, ny / 2), dip included. In ft, z being minus depth.
 */
bw_status bw_grid_origin(bw_ctx *ctx, const bw_grid *grid, double origin[3]);

/**
 * Depth of each cell's centre, ft: datum + thicknesses above + half of its own + offset.
 *
 * Shape:  (nx, ny, nz). Inactive cells have NaN.
 * Owner:  `*out` lives in `arena`.
 * @param itemsize  4 or 8: float32 or float64
 */
bw_status bw_grid_depths(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, uint32_t itemsize,
                         bw_array **out);

/**
 * Which cells a filter leaves: a byte a cell of the whole grid, 1 for those that are active and within
 * the box and whose mask is not 0. How many of the grid's cells are active, too.
 * Owner:  `*mask` lives in `arena`.
 */
bw_status bw_grid_shown(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, const bw_cell_filter *filter,
                        uint8_t **mask, uint64_t *active);

/** What cells hold, ft3. A pore volume is NaN where there is no porosity. */
typedef struct bw_cell_volumes {
    uint64_t count;    /**< cells */
    double bulk, pore;
    double *pores;     /**< [cells of the grid] each one's, in the arena; NULL without porosity */
} bw_cell_volumes;

/**
 * Volumes of the cells of a mask: dx dy h, and of pores dx dy h porosity net_to_gross, as BORES has
 * them. A cell without a finite porosity, or with a negative one, has no pores, and inactive ones no volume.
 * Errors: those of a grid; BW_ERR_ARGUMENT when an array has not one number a cell.
 *
 * @param mask          [cells]
 * @param porosity      NULL: not known
 * @param net_to_gross  NULL: 1
 */
bw_status bw_grid_volumes(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid, const uint8_t *mask,
                          const bw_array *porosity, const bw_array *net_to_gross, bw_cell_volumes *out);

/** The visible skin. All in the arena; the arrays are not NULL even when `count` is 0. */
typedef struct bw_faces {
    size_t count;        /**< quads */
    float *positions;    /**< [count][4][3], drawing coordinates, counter-clockwise from outside */
    uint32_t *cells;     /**< [count], flat index (i ny + j) nz + k; ascending */
    uint8_t *directions; /**< [count], bw_direction, ascending within a cell */
    double origin[3];    /**< bw_grid_origin() */
} bw_faces;

/**
 * The faces of the cells that pass `filter` and that no others of them hide.
 *
 * Columns of different thickness do not match layer by layer, so a side face is left out when the
 * neighbouring column's visible cells, taken together, cover its whole depth interval, and is drawn
 * whole otherwise. Intervals are compared exactly, in float64: what is left out is hidden.
 *
 * Time:   linear in the cells of the box.
 * Memory: 53 bytes a quad, one byte a cell of the box, and for one i-layer of the box 40 bytes a
 *         cell and 128 bytes a column.
 * Owner:  the result lives in `arena`.
 * @param filter  NULL for all cells
 */
bw_status bw_grid_faces(bw_ctx *ctx, bw_arena *arena, const bw_grid *grid,
                        const bw_cell_filter *filter, bw_faces *out);

/** What a ray met. */
typedef struct bw_pick {
    bool hit;
    uint32_t cell;          /**< flat index, as in bw_faces */
    bw_direction direction; /**< the face it met */
    double distance;        /**< in lengths of the ray's direction vector, at least 0 */
    double point[3];        /**< drawing coordinates */
} bw_pick;

/**
 * The nearest quad of bw_grid_faces() that the ray meets from outside, as a renderer that culls
 * back faces shows it: a ray that starts within rock passes until it has left it. No quads are
 * made: the ray walks the columns (J. Amanatides and A. Woo, "A fast voxel traversal algorithm for
 * ray tracing", Eurographics 1987), in coordinates sheared so that the dip is gone.
 *
 * `origin` and `direction` are in drawing coordinates; a vertical exaggeration is the caller's to
 * take out of both first. The direction need not have unit length but must not be zero.
 * Errors, beside the grid's: BW_ERR_ARGUMENT for a ray that is not finite or has no direction.
 *
 * @param filter  NULL for all cells
 */
bw_status bw_grid_pick(bw_ctx *ctx, const bw_grid *grid, const bw_cell_filter *filter,
                       const double origin[3], const double direction[3], bw_pick *out);

/**
 * One plane of a 3-D array as float32 or float64, as a picture is: rows first, and of the two axes
 * that remain the one that a picture has across runs fastest. `values` are numbers (bores/numbers.h).
 *
 *   axis  plane of one   result [row][column]
 *   0     i              [k][j]
 *   1     j              [k][i]
 *   2     k              [j][i]
 *
 * So NumPy's `values[:, :, k]` is the transpose of it. Row 0 is index 0: the top for k, the south
 * for j.
 * Errors: BW_ERR_ARGUMENT (rank, axis, itemsize), BW_ERR_INDEX_RANGE, BW_ERR_UNSUPPORTED,
 *         BW_ERR_NOMEM.
 * Owner:  `*out` lives in `arena`.
 * @param itemsize  4 or 8; float32 saturates at its largest finite number
 */
bw_status bw_slice_plane(bw_ctx *ctx, bw_arena *arena, const bw_array *values, uint32_t axis,
                         uint64_t index, uint32_t itemsize, bw_array **out);

#endif
