/* SPDX-License-Identifier: MIT */
/* Which cells of a corner-point grid touch. */
#include <math.h>
#include <string.h>

#include "corner_internal.h"

typedef struct builder {
    bw_ctx *ctx;
    const bw_corner_grid *grid;
    bw_bytes a, b, directions, heights, areas;
    bw__piece *own, *other; /* [nz] bands of two columns */
    bw__pieces pieces;
} builder;

static uint64_t number(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k)
{
    return i + grid->nx * (j + grid->ny * k);
}

static bool is_active(const bw_corner_grid *grid, uint64_t g)
{
    return grid->active.ptr == NULL || grid->active.ptr[g] != 0;
}

static bw_status add(builder *x, uint64_t a, uint64_t b, uint8_t direction, double height,
                     double area)
{
    uint32_t a4 = (uint32_t)a, b4 = (uint32_t)b;

    BW_TRY(bw_bytes_append(x->ctx, &x->a, &a4, sizeof a4));
    BW_TRY(bw_bytes_append(x->ctx, &x->b, &b4, sizeof b4));
    BW_TRY(bw_bytes_append(x->ctx, &x->directions, &direction, 1));
    BW_TRY(bw_bytes_append(x->ctx, &x->heights, &height, sizeof height));
    return bw_bytes_append(x->ctx, &x->areas, &area, sizeof area);
}

/* Depths that two bands have in common, roughly: false means certainly none. */
static bool may_touch(const bw__piece *a, const bw__piece *b)
{
    return fmax(a->bottom.z0, a->bottom.z1) > fmin(b->top.z0, b->top.z1) &&
           fmax(b->bottom.z0, b->bottom.z1) > fmin(a->top.z0, a->top.z1);
}

static bw_status touch(builder *x, uint64_t a, uint64_t b, uint8_t direction, const uint64_t p[2],
                       const uint64_t q[2], const bw__piece *own, const bw__piece *other)
{
    double height = 0, area = 0;

    x->pieces.count = 0;
    BW_TRY(bw__piece_overlap(x->ctx, own, other, &x->pieces));
    for (size_t n = 0; n < x->pieces.count; n++) {
        const bw__piece *piece = &x->pieces.items[n];
        double corners[4][3], middle = (piece->s0 + piece->s1) / 2;
        bw__piece_corners(x->grid, p, q, piece, corners);
        area += bw__quad_area((const double(*)[3])corners);
        height += (bw__line_at(piece->bottom, middle) - bw__line_at(piece->top, middle)) *
                  (piece->s1 - piece->s0);
    }
    return height > 0 ? add(x, a, b, direction, height, area) : BW_OK;
}

/* Column (i, j) with the next one along i or j. Where all their bands agree, layer meets layer. */
static bw_status columns(builder *x, uint64_t i, uint64_t j, int side)
{
    const bw_corner_grid *grid = x->grid;
    uint64_t i2 = i + (side == BW_EAST), j2 = j + (side == BW_NORTH), p[2], q[2];
    bool agree = true;

    bw__side_pillars(i, j, side, p, q);
    for (uint64_t k = 0; k < grid->nz; k++) {
        bw__side_band(grid, i, j, k, side, &x->own[k]);
        bw__side_band(grid, i2, j2, k, side - 1, &x->other[k]);
        agree = agree && memcmp(&x->own[k], &x->other[k], sizeof x->own[k]) == 0;
    }
    for (uint64_t k = 0; k < grid->nz; k++) {
        uint64_t a = number(grid, i, j, k);
        uint64_t first = agree ? k : 0, end = agree ? k + 1 : grid->nz;
        if (!is_active(grid, a)) {
            continue;
        }
        for (uint64_t k2 = first; k2 < end; k2++) {
            uint64_t b = number(grid, i2, j2, k2);
            if (is_active(grid, b) && may_touch(&x->own[k], &x->other[k2])) {
                BW_TRY(touch(x, a, b, side == BW_NORTH, p, q, &x->own[k], &x->other[k2]));
            }
        }
    }
    return BW_OK;
}

/* Area of the bilinear patch between four points (x fastest): Gauss, five points an axis. */
static double patch_area(const double x[4][3])
{
    static const double at[5] = {0.046910077030668, 0.230765344947158, 0.5, 0.769234655052842,
                                 0.953089922969332};
    static const double weight[5] = {0.118463442528095, 0.239314335249683, 0.284444444444444,
                                     0.239314335249683, 0.118463442528095};
    double area = 0, du0[3], dv0[3];
    bool twisted = false;

    for (unsigned d = 0; d < 3; d++) {
        du0[d] = x[1][d] - x[0][d];
        dv0[d] = x[2][d] - x[0][d];
        twisted = twisted || x[3][d] - x[2][d] != du0[d];
    }
    if (!twisted) { /* a parallelogram */
        return bw__cross_length(du0, dv0);
    }
    for (unsigned m = 0; m < 25; m++) {
        double u = at[m % 5], v = at[m / 5], du[3], dv[3];
        for (unsigned d = 0; d < 3; d++) {
            du[d] = (1 - v) * (x[1][d] - x[0][d]) + v * (x[3][d] - x[2][d]);
            dv[d] = (1 - u) * (x[2][d] - x[0][d]) + u * (x[3][d] - x[1][d]);
        }
        area += weight[m % 5] * weight[m / 5] * bw__cross_length(du, dv);
    }
    return area;
}

static bool is_flat(const double cell[8][3])
{
    for (unsigned n = 0; n < 4; n++) {
        if (cell[n + 4][2] != cell[n][2]) {
            return false;
        }
    }
    return true;
}

static bool meet(const double above[8][3], const double below[8][3])
{
    for (unsigned n = 0; n < 4; n++) {
        if (above[n + 4][2] != below[n][2]) {
            return false;
        }
    }
    return true;
}

/* Down a column. Cells of no thickness are looked through. */
static bw_status stack(builder *x, uint64_t i, uint64_t j)
{
    double above[8][3], cell[8][3];
    uint64_t last = 0;
    bool any = false;

    for (uint64_t k = 0; k < x->grid->nz; k++) {
        uint64_t g = number(x->grid, i, j, k);
        bw_corner_cell(x->grid, i, j, k, cell);
        if (is_flat((const double(*)[3])cell)) {
            continue;
        }
        if (any && is_active(x->grid, last) && is_active(x->grid, g) &&
            meet((const double(*)[3])above, (const double(*)[3])cell)) {
            BW_TRY(add(x, last, g, 2, 0, patch_area((const double(*)[3])cell)));
        }
        memcpy(above, cell, sizeof above);
        last = g;
        any = true;
    }
    return BW_OK;
}

static bw_status all(builder *x)
{
    for (uint64_t i = 0; i < x->grid->nx; i++) {
        for (uint64_t j = 0; j < x->grid->ny; j++) {
            if (i + 1 < x->grid->nx) {
                BW_TRY(columns(x, i, j, BW_EAST));
            }
            if (j + 1 < x->grid->ny) {
                BW_TRY(columns(x, i, j, BW_NORTH));
            }
            BW_TRY(stack(x, i, j));
        }
    }
    return BW_OK;
}

static bw_status take(bw_ctx *ctx, bw_arena *arena, const bw_bytes *bytes, void **out)
{
    *out = bw_arena_copy(ctx, arena, bytes->len > 0 ? (const void *)bytes->ptr : "", bytes->len);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw_corner_grid_connections(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid,
                                     bw_corner_connections *out)
{
    builder x = {.ctx = ctx, .grid = grid};
    void *parts[5];
    bw_status st;

    BW_TRY(bw__corner_check(ctx, grid));
    x.own = bw_alloc(ctx, (size_t)grid->nz * sizeof *x.own);
    x.other = bw_alloc(ctx, (size_t)grid->nz * sizeof *x.other);
    if (x.own == NULL || x.other == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    BW_GO(all(&x));
    BW_GO(take(ctx, arena, &x.a, &parts[0]));
    BW_GO(take(ctx, arena, &x.b, &parts[1]));
    BW_GO(take(ctx, arena, &x.directions, &parts[2]));
    BW_GO(take(ctx, arena, &x.heights, &parts[3]));
    BW_GO(take(ctx, arena, &x.areas, &parts[4]));
    *out = (bw_corner_connections){x.directions.len, parts[0], parts[1], parts[2], parts[3], parts[4]};

done:
    bw_release(ctx, x.own);
    bw_release(ctx, x.other);
    bw__pieces_free(ctx, &x.pieces);
    bw_bytes_free(ctx, &x.a);
    bw_bytes_free(ctx, &x.b);
    bw_bytes_free(ctx, &x.directions);
    bw_bytes_free(ctx, &x.heights);
    bw_bytes_free(ctx, &x.areas);
    return st;
}
