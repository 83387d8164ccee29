/* SPDX-License-Identifier: MIT */
/*
 * GRID files have eight corners for each cell, by itself. They are a corner-point grid all the same:
 * a pillar is the line through the highest and the lowest corner that lies on it.
 */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ecl_store.h"

struct bw__ecl_old_grid {
    uint64_t n[3], cell[3];
    bool placed; /* COORDS has said which cell comes */
    double *coord, *zcorn;
    float *across; /* x and y of each corner, NaN where there is no cell */
    bw_node *coord_node, *zcorn_node, *active_node;
    int32_t *active;
};

static bw_status new_array(bw_ctx *ctx, bw_op *op, const char *dtype_text, uint64_t count,
                           bw_array **array, bw_node **node)
{
    bw_dtype dtype;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtype_text), &dtype));
    BW_TRY(bw_array_new(ctx, &op->arena, dtype, 1, &count, array));
    *node = bw_node_array(ctx, &op->arena, *array);
    return *node == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__ecl_old_grid_new(bw_ctx *ctx, bw_op *op, const bw_node *dimens,
                               bw__ecl_old_grid **out)
{
    bw__ecl_old_grid *g = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *g);
    uint64_t pillars, cells = 1;
    bw_array *coord, *zcorn, *active;

    if (g == NULL) {
        return BW_ERR_NOMEM;
    }
    for (unsigned d = 0; d < 3; d++) {
        int32_t n = bw__ecl_int(dimens, d, 0);
        if (n <= 0 || cells > UINT32_MAX / (uint64_t)n) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "DIMENS counts %" PRId32 " x %" PRId32 " x %" PRId32 " cells",
                           bw__ecl_int(dimens, 0, 0), bw__ecl_int(dimens, 1, 0),
                           bw__ecl_int(dimens, 2, 0));
        }
        g->n[d] = (uint64_t)n;
        cells *= g->n[d];
    }
    pillars = (g->n[0] + 1) * (g->n[1] + 1);
    BW_TRY(new_array(ctx, op, "<f8", 6 * pillars, &coord, &g->coord_node));
    BW_TRY(new_array(ctx, op, "<f8", 8 * cells, &zcorn, &g->zcorn_node));
    BW_TRY(new_array(ctx, op, "<i4", cells, &active, &g->active_node));
    g->coord = (double *)(void *)coord->data;
    g->zcorn = (double *)(void *)zcorn->data;
    g->active = (int32_t *)(void *)active->data;
    for (uint64_t n = 0; n < pillars; n++) {
        g->coord[6 * n + 2] = INFINITY;
        g->coord[6 * n + 5] = -INFINITY;
    }
    memset(g->zcorn, 0, zcorn->nbytes);
    memset(g->active, 0, active->nbytes);
    g->across = bw_arena_alloc(ctx, &op->arena, (size_t)(16 * cells) * sizeof *g->across);
    if (g->across == NULL) {
        return BW_ERR_NOMEM;
    }
    memset(g->across, 0xff, (size_t)(16 * cells) * sizeof *g->across);
    *out = g;
    return BW_OK;
}

static bw_status take_place(bw_ctx *ctx, bw__ecl_old_grid *g, const bw_node *value)
{
    uint64_t number;

    for (unsigned d = 0; d < 3; d++) {
        int32_t at = bw__ecl_int(value, d, 0);
        if (at < 1 || (uint64_t)at > g->n[d]) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "COORDS: index %" PRId32 " where DIMENS has %" PRIu64, at,
                           g->n[d]);
        }
        g->cell[d] = (uint64_t)at - 1;
    }
    number = g->cell[0] + g->n[0] * (g->cell[1] + g->n[1] * g->cell[2]);
    g->active[number] = bw__ecl_int(value, 4, 1) != 0;
    g->placed = true;
    return BW_OK;
}

static void take_corner(bw__ecl_old_grid *g, unsigned a, unsigned b, unsigned c, const double at[3])
{
    uint64_t pillar = g->cell[0] + a + (g->n[0] + 1) * (g->cell[1] + b);
    double *line = g->coord + 6 * pillar;

    g->zcorn[2 * g->cell[0] + a +
             2 * g->n[0] * (2 * g->cell[1] + b + 2 * g->n[1] * (2 * g->cell[2] + c))] = at[2];
    if (at[2] < line[2]) {
        memcpy(line, at, 3 * sizeof *at);
    }
    if (at[2] > line[5]) {
        memcpy(line + 3, at, 3 * sizeof *at);
    }
}

bw_status bw__ecl_old_grid_take(bw_ctx *ctx, bw__ecl_old_grid *g, const char *name,
                                const bw_node *value)
{
    float *across;

    if (strcmp(name, "COORDS") == 0) {
        return take_place(ctx, g, value);
    }
    if (!g->placed || value->type != BW_NODE_ARRAY || value->array->shape[0] != 24) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "CORNERS: 24 numbers behind a COORDS are needed");
    }
    g->placed = false;
    across = g->across + 16 * (g->cell[0] + g->n[0] * (g->cell[1] + g->n[1] * g->cell[2]));
    for (unsigned n = 0; n < 8; n++) {
        double at[3];
        for (unsigned d = 0; d < 3; d++) {
            at[d] = bw__ecl_number(value, 3 * n + d, 0);
        }
        take_corner(g, n & 1, n >> 1 & 1, n >> 2, at);
        across[2 * n] = (float)at[0];
        across[2 * n + 1] = (float)at[1];
    }
    return BW_OK;
}

/* How far a corner of a cell lies from its pillar, and how far it may, since files have single precision. */
static double from_pillar(const bw__ecl_old_grid *g, uint64_t number, unsigned n, double *allowed)
{
    uint64_t i = number % g->n[0], j = number / g->n[0] % g->n[1], k = number / g->n[0] / g->n[1];
    unsigned a = n & 1, b = n >> 1 & 1, c = n >> 2;
    const double *line = g->coord + 6 * (i + a + (g->n[0] + 1) * (j + b));
    double z = g->zcorn[2 * i + a + 2 * g->n[0] * (2 * j + b + 2 * g->n[1] * (2 * k + c))];
    double t = line[5] == line[2] ? 0 : (z - line[2]) / (line[5] - line[2]), distance = 0, size = 0, off = 0;
    const float *across = g->across + 16 * number;

    for (unsigned d = 0; d < 2; d++) {
        double here = (double)across[2 * n + d];
        distance = fmax(distance, fabs(line[d] + t * (line[3 + d] - line[d]) - here));
        off = fmax(off, fabs(here));
        size = fmax(size, fabs((double)across[2 * (n ^ 3) + d] - here)); /* to the opposite corner */
    }
    *allowed = 1e-3 * size + 4e-7 * off;
    return distance;
}

/* Cells whose sides do not meet in common lines, as blocks of a layer that was moved, are no corner-point grid. */
static bw_status check_pillars(bw_ctx *ctx, const bw__ecl_old_grid *g)
{
    for (uint64_t number = 0; number < g->n[0] * g->n[1] * g->n[2]; number++) {
        for (unsigned n = 0; n < 8; n++) {
            double allowed, distance = from_pillar(g, number, n, &allowed);
            if (distance > allowed) {
                return bw_fail(ctx, BW_ERR_UNSUPPORTED, "CORNERS of cell %" PRIu64 ", %" PRIu64 ", %" PRIu64
                               ": corner %u lies %g from the line through the highest and the lowest corner of its "
                               "pillar",
                               number % g->n[0] + 1, number / g->n[0] % g->n[1] + 1, number / g->n[0] / g->n[1] + 1, n,
                               distance);
            }
        }
    }
    return BW_OK;
}

bw_status bw__ecl_old_grid_finish(bw_ctx *ctx, bw_op *op, bw__ecl_old_grid *g, bw_node *map)
{
    for (uint64_t n = 0; n < (g->n[0] + 1) * (g->n[1] + 1); n++) {
        if (g->coord[6 * n + 2] > g->coord[6 * n + 5]) { /* no cell touches it */
            memset(g->coord + 6 * n, 0, 6 * sizeof *g->coord);
        }
    }
    BW_TRY(check_pillars(ctx, g));
    BW_TRY(bw__ecl_put(ctx, op, map, "coord", g->coord_node));
    BW_TRY(bw__ecl_put(ctx, op, map, "zcorn", g->zcorn_node));
    return bw__ecl_put(ctx, op, map, "actnum", g->active_node);
}
