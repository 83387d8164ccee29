/* SPDX-License-Identifier: MIT */
/*
 * The visible skin of a corner-point grid, column by column.
 *
 * A side face is what the visible cells of the neighbouring column leave of its band: nothing where
 * the layers meet (four equal depths), the whole where there is no neighbour, polygons at faults.
 * The quads of a face and of what covers it share their edges' lines, so no crack opens between them.
 */
#include <math.h>
#include <string.h>

#include "corner_internal.h"

typedef struct builder {
    bw_ctx *ctx;
    const bw_corner_grid *grid;
    const bw_cell_filter *filter;
    const double *origin;
    bool left_handed;
    bw_bytes positions, cells, directions;
    bw__piece *bands[4], *facing[4]; /* [nz] for each side: own, and the neighbour's */
    uint8_t *shown, *beside[4];      /* [nz] visibility: of the column, of its neighbours */
    bool there[4];                   /* whether there is a neighbouring column */
    bw__pieces left, rest;
} builder;

static bool is_shown(const builder *x, uint64_t i, uint64_t j, uint64_t k)
{
    const bw_corner_grid *grid = x->grid;
    const bw_cell_filter *filter = x->filter;

    if (grid->active.ptr != NULL && grid->active.ptr[i + grid->nx * (j + grid->ny * k)] == 0) {
        return false;
    }
    if (filter == NULL) {
        return true;
    }
    if (i < filter->lo[0] || i >= filter->hi[0] || j < filter->lo[1] || j >= filter->hi[1] ||
        k < filter->lo[2] || k >= filter->hi[2]) {
        return false;
    }
    return filter->mask.ptr == NULL || filter->mask.ptr[(i * grid->ny + j) * grid->nz + k] != 0;
}

static bw_status add_quad(builder *x, const double corners[4][3], bool reversed, uint64_t i,
                          uint64_t j, uint64_t k, int direction)
{
    uint32_t cell = (uint32_t)((i * x->grid->ny + j) * x->grid->nz + k);
    uint8_t side = (uint8_t)direction;
    float out[4][3];

    reversed = reversed != x->left_handed;
    for (unsigned n = 0; n < 4; n++) {
        const double *from = corners[reversed ? 3 - n : n];
        out[n][0] = (float)(from[0] - x->origin[0]);
        out[n][1] = (float)(from[1] - x->origin[1]);
        out[n][2] = (float)(x->origin[2] - from[2]);
    }
    BW_TRY(bw_bytes_append(x->ctx, &x->positions, out, sizeof out));
    BW_TRY(bw_bytes_append(x->ctx, &x->cells, &cell, sizeof cell));
    return bw_bytes_append(x->ctx, &x->directions, &side, 1);
}

/* What the neighbours leave of the side, to x->left. */
static bw_status uncovered(builder *x, int side, uint64_t k)
{
    const bw__piece *band = &x->bands[side][k];
    bw__pieces swap;

    x->left.count = 0;
    BW_TRY(bw__pieces_add(x->ctx, &x->left, 0, 1, band->top, band->bottom));
    for (uint64_t k2 = 0; x->there[side] && k2 < x->grid->nz && x->left.count > 0; k2++) {
        const bw__piece *other = &x->facing[side][k2];
        if (!x->beside[side][k2] ||
            !(fmax(other->bottom.z0, other->bottom.z1) > fmin(band->top.z0, band->top.z1) &&
              fmax(band->bottom.z0, band->bottom.z1) > fmin(other->top.z0, other->top.z1))) {
            continue;
        }
        x->rest.count = 0;
        for (size_t n = 0; n < x->left.count; n++) {
            BW_TRY(bw__piece_rest(x->ctx, &x->left.items[n], other, &x->rest));
        }
        swap = x->left;
        x->left = x->rest;
        x->rest = swap;
    }
    return BW_OK;
}

static bw_status add_side(builder *x, uint64_t i, uint64_t j, uint64_t k, int side)
{
    const bw__piece *band = &x->bands[side][k];
    uint64_t p[2], q[2];

    if (x->there[side] && x->beside[side][k] && memcmp(band, &x->facing[side][k], sizeof *band) == 0) {
        return BW_OK;
    }
    BW_TRY(uncovered(x, side, k));
    bw__side_pillars(i, j, side, p, q);
    for (size_t n = 0; n < x->left.count; n++) {
        double corners[4][3];
        bw__piece_corners(x->grid, p, q, &x->left.items[n], corners);
        BW_TRY(add_quad(x, (const double(*)[3])corners, side == BW_WEST || side == BW_NORTH, i, j,
                        k, side));
    }
    return BW_OK;
}

/* The depths of the cell's top (c = 0) or bottom (c = 1). */
static void level(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k, unsigned c,
                  double out[4])
{
    for (unsigned n = 0; n < 4; n++) {
        out[n] = bw__corner_z(grid, i, j, k, n & 1, n >> 1, c);
    }
}

static bool is_flat(const bw_corner_grid *grid, uint64_t i, uint64_t j, uint64_t k)
{
    double top[4], bottom[4];

    level(grid, i, j, k, 0, top);
    level(grid, i, j, k, 1, bottom);
    return memcmp(top, bottom, sizeof top) == 0;
}

/* True when a visible cell lies right above (c = 0) or below (c = 1), looking through flat ones. */
static bool is_covered(const builder *x, uint64_t i, uint64_t j, uint64_t k, unsigned c)
{
    double own[4], other[4];

    level(x->grid, i, j, k, c, own);
    for (uint64_t n = c == 0 ? k : x->grid->nz - 1 - k; n > 0; n--) {
        uint64_t k2 = c == 0 ? n - 1 : x->grid->nz - n;
        if (is_flat(x->grid, i, j, k2)) {
            continue;
        }
        level(x->grid, i, j, k2, 1 - c, other);
        return x->shown[k2] && memcmp(own, other, sizeof own) == 0;
    }
    return false;
}

static bw_status add_level(builder *x, uint64_t i, uint64_t j, uint64_t k, unsigned c)
{
    static const unsigned around[4] = {0, 1, 3, 2};
    double cell[8][3], quad[4][3];

    if (is_covered(x, i, j, k, c)) {
        return BW_OK;
    }
    bw_corner_cell(x->grid, i, j, k, cell);
    for (unsigned n = 0; n < 4; n++) {
        memcpy(quad[n], cell[around[n] + 4 * c], sizeof quad[n]);
    }
    return add_quad(x, (const double(*)[3])quad, c == 1, i, j, k, c == 0 ? BW_UP : BW_DOWN);
}

/* Bands of a column's side, and of the neighbour that faces it. */
static void look(builder *x, uint64_t i, uint64_t j, int side)
{
    uint64_t i2 = i + (side == BW_EAST) - (side == BW_WEST);
    uint64_t j2 = j + (side == BW_NORTH) - (side == BW_SOUTH);

    x->there[side] = i2 < x->grid->nx && j2 < x->grid->ny; /* -1 wraps to a large number */
    for (uint64_t k = 0; k < x->grid->nz; k++) {
        bw__side_band(x->grid, i, j, k, side, &x->bands[side][k]);
        if (x->there[side]) {
            bw__side_band(x->grid, i2, j2, k, side ^ 1, &x->facing[side][k]);
            x->beside[side][k] = is_shown(x, i2, j2, k);
        }
    }
}

static bw_status add_column(builder *x, uint64_t i, uint64_t j)
{
    bool any = false;

    for (uint64_t k = 0; k < x->grid->nz; k++) {
        x->shown[k] = is_shown(x, i, j, k);
        any = any || x->shown[k];
    }
    if (!any) {
        return BW_OK;
    }
    for (int side = BW_WEST; side <= BW_NORTH; side++) {
        look(x, i, j, side);
    }
    for (uint64_t k = 0; k < x->grid->nz; k++) {
        if (!x->shown[k] || is_flat(x->grid, i, j, k)) {
            continue;
        }
        for (int side = BW_WEST; side <= BW_NORTH; side++) {
            BW_TRY(add_side(x, i, j, k, side));
        }
        BW_TRY(add_level(x, i, j, k, 0));
        BW_TRY(add_level(x, i, j, k, 1));
    }
    return BW_OK;
}

/* Whether i and j turn clockwise seen from above: by the plan's outline. */
static bool is_left_handed(const bw_corner_grid *grid)
{
    const uint64_t at[4][2] = {{0, 0}, {grid->nx, 0}, {grid->nx, grid->ny}, {0, grid->ny}};
    double area = 0, p[4][3];

    for (unsigned n = 0; n < 4; n++) {
        bw__pillar_point(grid, at[n][0], at[n][1], bw__corner_z(grid, 0, 0, 0, 0, 0, 0), p[n]);
    }
    for (unsigned n = 0; n < 4; n++) {
        const double *from = p[n], *to = p[(n + 1) % 4];
        area += from[0] * to[1] - to[0] * from[1];
    }
    return area < 0;
}

static bw_status take(builder *x, bw_arena *arena, bw_faces *out)
{
    out->count = x->directions.len;
    out->positions = (float *)(void *)bw_arena_copy(x->ctx, arena, x->positions.ptr, x->positions.len);
    out->cells = (uint32_t *)(void *)bw_arena_copy(x->ctx, arena, x->cells.ptr, x->cells.len);
    out->directions = (uint8_t *)bw_arena_copy(x->ctx, arena, x->directions.ptr, x->directions.len);
    memcpy(out->origin, x->origin, sizeof out->origin);
    return out->positions == NULL || out->cells == NULL || out->directions == NULL ? BW_ERR_NOMEM
                                                                                   : BW_OK;
}

static bw_status build(builder *x, uint8_t *room, bw_arena *arena, bw_faces *out)
{
    size_t nz = (size_t)x->grid->nz;
    bw__piece *bands = (bw__piece *)(void *)room;

    for (int side = 0; side < 4; side++) {
        x->bands[side] = bands + (size_t)side * nz;
        x->facing[side] = bands + (size_t)(side + 4) * nz;
        x->beside[side] = room + 8 * nz * sizeof *bands + (size_t)side * nz;
    }
    x->shown = room + 8 * nz * sizeof *bands + 4 * nz;
    x->left_handed = is_left_handed(x->grid);
    /* Appended to once and cut again, so that there is something to copy when no quad follows. */
    BW_TRY(bw_bytes_reserve(x->ctx, &x->positions, 1));
    BW_TRY(bw_bytes_reserve(x->ctx, &x->cells, 1));
    BW_TRY(bw_bytes_reserve(x->ctx, &x->directions, 1));
    for (uint64_t i = 0; i < x->grid->nx; i++) {
        for (uint64_t j = 0; j < x->grid->ny; j++) {
            BW_TRY(add_column(x, i, j));
        }
    }
    return take(x, arena, out);
}

bw_status bw_corner_grid_faces(bw_ctx *ctx, bw_arena *arena, const bw_corner_grid *grid,
                               const double origin[3], const bw_cell_filter *filter,
                               bw_faces *out)
{
    builder x = {.ctx = ctx, .grid = grid, .filter = filter, .origin = origin};
    uint8_t *room;
    bw_status st;

    BW_TRY(bw__corner_check(ctx, grid));
    if (filter != NULL && filter->mask.ptr != NULL &&
        filter->mask.len != grid->nx * grid->ny * grid->nz) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a mask of %zu bytes for %zu cells", filter->mask.len,
                       (size_t)(grid->nx * grid->ny * grid->nz));
    }
    room = bw_alloc(ctx, (size_t)grid->nz * (8 * sizeof(bw__piece) + 5));
    if (room == NULL) {
        return BW_ERR_NOMEM;
    }
    st = build(&x, room, arena, out);
    bw_release(ctx, room);
    bw__pieces_free(ctx, &x.left);
    bw__pieces_free(ctx, &x.rest);
    bw_bytes_free(ctx, &x.positions);
    bw_bytes_free(ctx, &x.cells);
    bw_bytes_free(ctx, &x.directions);
    return st;
}
