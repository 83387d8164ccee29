/* SPDX-License-Identifier: MIT */
/**
 * Corner-point grids: cells between pillars, with faults and pinch-outs.
 *
 * Cell (i, j, k) has its eight corners on the pillars (i, j), (i+1, j), (i, j+1), (i+1, j+1), at
 * depths of its own; k grows downward, z is depth. Corner (a, b, c) is right by a, back by b, bottom
 * by c. Neighbouring columns need not agree in depth: where they do not, there is a fault.
 * Cell numbers are g = i + nx (j + ny k), as in the files that have such grids.
 * Everything is computed in float64, since float32 shows cracks far from the origin.
 *
 * Source: D. K. Ponting, "Corner point geometry in reservoir simulation", ECMOR I, 1989; the layout
 * of COORD and ZCORN in OPM Flow Reference Manual, appendix F.
 */
#ifndef BORES_CORNER_GRID_H
#define BORES_CORNER_GRID_H

#include "bores/geometry.h"

/** All borrowed. */
typedef struct bw_corner_grid {
    uint64_t nx, ny, nz;
    const bw_array *coord; /**< f4 or f8, 6 (nx+1) (ny+1): x y z of each pillar's top and bottom */
    const bw_array *zcorn; /**< f4 or f8, 8 nx ny nz: depth at (2i+a) + 2nx ((2j+b) + 2ny (2k+c)) */
    bw_view active;        /**< one byte a cell by g, 0 is inactive; absent: all are active */
} bw_corner_grid;

/*
 * Errors of every function that takes a grid:
 *   BW_ERR_ARGUMENT  an axis is empty, or an array is no float or has another number of elements
 *   BW_ERR_LIMIT     more than 2^32 - 1 cells, or a result beyond `ctx->limits.max_array_bytes`
 *   BW_ERR_NOMEM
 */

/** The corners of a cell within the grid, a fastest, then b, then c: x, y, depth. */
void bw_corner_cell(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k,
                    double corners[8][3]);

/**
 * The volume of the cell that trilinear interpolation of its corners makes: the integral of the
 * Jacobian's determinant over the unit cube, which two Gauss points an axis give exactly. Not
 * negative, whichever hand the grid has.
 */
double bw_corner_volume(const double corners[8][3]);

/** What is known of each cell. Arrays of shape (nx, ny, nz) or (nx, ny, nz, 3), f8, in the arena. */
typedef struct bw_corner_cells {
    bw_array *volumes; /**< cubed length units of the grid */
    bw_array *centres; /**< mean of the corners: x, y, depth */
} bw_corner_cells;
bw_status bw_corner_grid_cells(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid,
                               bw_corner_cells *out);

/**
 * Which active cells touch, and by what area: [count] each, in the arena.
 *
 * Columns (i, j) and (i+1, j) share two pillars. From pillar to pillar, s in [0, 1], a cell's side is
 * a band between two straight lines z(s); two cells touch where their bands overlap. Across k, cells
 * touch whose faces meet, also through cells of no thickness between them.
 */
typedef struct bw_corner_connections {
    size_t count;
    uint32_t *a, *b;     /**< g of the cells; a is the one with the smaller i, j or k */
    uint8_t *directions; /**< 0 along i, 1 along j, 2 along k */
    double *heights;     /**< mean height of the overlap between the pillars; along k 0 */
    double *areas;
} bw_corner_connections;
bw_status bw_corner_grid_connections(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid,
                                     bw_corner_connections *out);

/**
 * The visible skin, as bw_grid_faces() has it: of each side what no visible neighbour covers, in
 * quads between the pillars. Quads' cells are flat indices (i ny + j) nz + k. Sides and tops of
 * cells without thickness are left out.
 *
 * @param origin  x, y and depth that become (0, 0, 0)
 * @param filter  NULL for all active cells; its mask is in the order of the flat indices
 */
bw_status bw_corner_grid_faces(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid,
                               const double origin[3], const bw_cell_filter *filter,
                               bw_faces *out);

#endif
