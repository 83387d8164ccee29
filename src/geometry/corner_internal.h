/* SPDX-License-Identifier: MIT */
/** Sides of corner-point cells as bands between two pillars. */
#ifndef BORES_GEOMETRY_CORNER_INTERNAL_H
#define BORES_GEOMETRY_CORNER_INTERNAL_H

#include <math.h>

#include "bores/corner_grid.h"

/** A straight line from pillar to pillar: depth at s = 0 and at s = 1. */
typedef struct bw__line {
    double z0, z1;
} bw__line;

static inline double bw__line_at(bw__line line, double s)
{
    return line.z0 + s * (line.z1 - line.z0);
}

/** What lies between two lines from s0 to s1, top above bottom throughout. */
typedef struct bw__piece {
    double s0, s1;
    bw__line top, bottom;
} bw__piece;

/** A growing list of pieces. */
typedef struct bw__pieces {
    bw__piece *items;
    size_t count, cap;
} bw__pieces;

bw_status bw__corner_check(bw_ctx *ctx, const bw_corner_grid *grid);

/** Depth of a corner of cell (i, j, k). */
static inline double bw__corner_z(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k,
                                  unsigned a, unsigned b, unsigned c)
{
    uint64_t n = (2 * i + a) + 2 * grid->nx * ((2 * j + b) + 2 * grid->ny * (2 * k + c));

    return grid->zcorn->dtype.itemsize == 8 ? ((const double *)(const void *)grid->zcorn->data)[n]
                                            : ((const float *)(const void *)grid->zcorn->data)[n];
}

/** The point of pillar (p, q), 0 <= p <= nx, at a depth. */
void bw__pillar_point(const bw_corner_grid *grid, uint64_t p, uint64_t q, double z, double out[3]);

/** A cell's side between its pillars: `side` is a bw_direction below BW_UP. */
void bw__side_band(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k, int side,
                   bw__piece *out);
/** The pillars of that side at s = 0 and s = 1. */
void bw__side_pillars(uint64_t i, uint64_t j, int side, uint64_t p[2], uint64_t q[2]);
/** The four corners in space of a piece: top and bottom at s0, bottom and top at s1. */
void bw__piece_corners(const bw_corner_grid *grid, const uint64_t p[2], const uint64_t q[2],
                       const bw__piece *piece, double out[4][3]);

/** Appends what `band` covers of `piece`. */
bw_status bw__piece_overlap(bw_ctx *ctx, const bw__piece *piece, const bw__piece *band,
                            bw__pieces *out);
/** Appends what `band` leaves of `piece`. */
bw_status bw__piece_rest(bw_ctx *ctx, const bw__piece *piece, const bw__piece *band,
                         bw__pieces *out);
/** Appends a piece; one of no height is dropped, one that goes on between the same lines made longer. */
bw_status bw__pieces_add(bw_ctx *ctx, bw__pieces *pieces, double s0, double s1, bw__line top,
                         bw__line bottom);
void bw__pieces_free(bw_ctx *ctx, bw__pieces *pieces);
/** Length of the cross product. */
static inline double bw__cross_length(const double d[3], const double e[3])
{
    double x = d[1] * e[2] - d[2] * e[1], y = d[2] * e[0] - d[0] * e[2], z = d[0] * e[1] - d[1] * e[0];

    return sqrt(x * x + y * y + z * z);
}

/** Area of a quad in space, by its vector area. */
double bw__quad_area(const double corners[4][3]);

#endif
