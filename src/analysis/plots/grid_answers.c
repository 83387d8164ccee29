/* SPDX-License-Identifier: MIT */
/** What is made of a state's grids when it is asked for: maps of columns, statistics of a property. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plots.h"

/* The state that was given, which must be that of the step; false: it has to be asked for. */
static bw_status open_given(bw__question *q, uint32_t *at, bw__state *state, bool *given)
{
    BW_TRY(bw__option_step(q, at));
    *given = q->state != NULL;
    if (!*given) {
        return BW_OK;
    }
    BW_TRY(bw__state_open(q->ctx, q->state, UINT32_MAX, state));
    if (state->step != q->a->records[*at]->step || state->cells != q->a->cells) {
        bw__state_close(q->ctx, state);
        return bw_fail(q->ctx, BW_ERR_VALIDATION, "%s: the state given is of another step or grid",
                       q->row->name);
    }
    return BW_OK;
}

/* Maps --------------------------------------------------------------------------------------- */

enum { OIL_THICKNESS, MOVABLE_OIL, WATER_THICKNESS, GAS_THICKNESS, OIL_DRAINED };

/* ft of a phase in a cell (phi NTG h S), or reservoir ft3 of oil that have left it. */
static double in_cell(const bw_analysis *a, const bw__state *state, int quantity, size_t cell,
                      const double *residual)
{
    static const bw__grid grids[] = {BW__SO, BW__SO, BW__SW, BW__SG, BW__SO};
    double v = bw__pore_volume(state, cell), s;

    if (v == 0) {
        return 0;
    }
    s = state->grid[grids[quantity]] == NULL ? NAN : state->grid[grids[quantity]][cell];
    if (quantity == OIL_DRAINED) {
        return v * (a->reference.s[BW__OIL][cell] - s);
    }
    if (quantity == MOVABLE_OIL && residual != NULL) {
        s = s > residual[cell] ? s - residual[cell] : 0;
    }
    return v * s / (state->dx * state->dy);
}

static bw_status make_map(bw__question *q, const bw__state *state, int quantity, bw_node **out)
{
    static const char *const units[] = {"ft", "ft", "ft", "ft", "ft3"};
    const bw_analysis *a = q->a;
    const bw_node *residual = bw__find(
        state->root, "model.rock_properties.residual_oil_saturation_water_grid");
    const double *left = NULL;
    bw_array *map;
    double *values;

    if (residual != NULL && residual->type == BW_NODE_ARRAY &&
        residual->array->nbytes / residual->array->dtype.itemsize == a->cells) {
        BW_TRY(bw__widen(q->ctx, q->arena, residual->array, &left));
    }
    BW_TRY(bw_array_new(q->ctx, q->arena, (bw_dtype){.kind = 'f', .itemsize = 8}, 2, a->shape,
                        &map));
    values = (double *)(void *)map->data;
    for (size_t column = 0; column < (size_t)(a->shape[0] * a->shape[1]); column++) {
        values[column] = 0;
        for (size_t k = 0; k < (size_t)a->shape[2]; k++) {
            values[column] += in_cell(a, state, quantity, column * (size_t)a->shape[2] + k, left);
        }
    }
    BW_TRY(bw__answer_map(q, out));
    BW_TRY(bw__put_text(q, *out, "unit", units[quantity]));
    return bw__put(q, *out, "values", bw_node_array(q->ctx, q->arena, map));
}

bw_status bw__answer_map_of(bw__question *q, bw_node **out)
{
    static const char *const quantities[] = {"oilThickness", "movableOilThickness",
                                             "waterThickness", "gasThickness", "oilDrained", NULL};
    bw__state state;
    bool given;
    uint32_t at;
    int quantity;
    bw_status st;

    BW_TRY(bw__option_choice(q, "quantity", quantities, 0, &quantity));
    BW_TRY(open_given(q, &at, &state, &given));
    if (!given) {
        return bw__answer_needs(q, q->a->records[at]->step, out);
    }
    st = make_map(q, &state, quantity, out);
    bw__state_close(q->ctx, &state);
    return st;
}

/* Statistics --------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* As numpy.percentile(): linear between ranks. P10 has 10 % of the cells below it. */
static double percentile(const double *sorted, size_t count, double fraction)
{
    double rank = fraction * (double)(count - 1);
    size_t below = (size_t)rank;

    return below + 1 < count
               ? sorted[below] + (rank - (double)below) * (sorted[below + 1] - sorted[below])
               : sorted[below];
}

/* Of the cells of a region (0: all) that have pore volume and a finite number. */
static bw_status put_statistics(bw__question *q, const bw__state *state, const double *values,
                                uint32_t region, double *room, bw_node *map)
{
    static const struct { const char *key; double fraction; } ranks[] = {
        {"min", 0}, {"p10", 0.1}, {"p50", 0.5}, {"p90", 0.9}, {"max", 1}};
    const double *so = state->grid[BW__SO], *sg = state->grid[BW__SG];
    double sum = 0, pore = 0, pore_sum = 0, hc = 0, hc_sum = 0;
    size_t count = 0;

    for (size_t cell = 0; cell < state->cells; cell++) {
        double v = bw__pore_volume(state, cell), value = values[cell], w;

        if (!(v > 0) || !isfinite(value) ||
            (region != 0 && bw__region_of(q->a, (uint32_t)cell) != region)) {
            continue;
        }
        room[count++] = value;
        sum += value;
        pore += v;
        pore_sum += v * value;
        w = so == NULL || sg == NULL ? 0 : v * (so[cell] + sg[cell]);
        hc += w;
        hc_sum += w * value;
    }
    qsort(room, count, sizeof *room, by_size);
    BW_TRY(bw__put_int(q, map, "count", (int64_t)count));
    BW_TRY(bw__plot_number(q, map, "mean", count == 0 ? NAN : sum / (double)count));
    BW_TRY(bw__plot_number(q, map, "poreVolumeWeighted", pore == 0 ? NAN : pore_sum / pore));
    BW_TRY(bw__plot_number(q, map, "hydrocarbonWeighted", hc == 0 ? NAN : hc_sum / hc));
    for (size_t n = 0; n < sizeof ranks / sizeof *ranks; n++) {
        BW_TRY(bw__plot_number(q, map, ranks[n].key,
                               count == 0 ? NAN : percentile(room, count, ranks[n].fraction)));
    }
    return BW_OK;
}

static bw_status make_statistics(bw__question *q, const bw__state *state, const bw_node *path,
                                 bw_node **out)
{
    const bw_node *node = bw__find(state->root, (const char *)path->text.ptr);
    const double *values;
    bw_node *regions;
    double *room;

    if (node == NULL || node->type != BW_NODE_ARRAY ||
        node->array->nbytes / node->array->dtype.itemsize != state->cells) {
        return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "statistics: the state has no grid '%.*s'",
                       (int)(path->text.len < 120 ? path->text.len : 120),
                       (const char *)path->text.ptr);
    }
    BW_TRY(bw__widen(q->ctx, q->arena, node->array, &values));
    room = bw_arena_alloc(q->ctx, q->arena, state->cells * sizeof *room);
    if (room == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__answer_map(q, out));
    BW_TRY(put_statistics(q, state, values, 0, room, *out));
    BW_TRY(bw__answer_list(q, &regions));
    for (uint32_t n = 1; n <= q->a->zones; n++) {
        bw_node *map;

        BW_TRY(bw__answer_map(q, &map));
        BW_TRY(bw__put_int(q, map, "region", n));
        BW_TRY(put_statistics(q, state, values, n, room, map));
        BW_TRY(bw__push(q, regions, map));
    }
    return bw__put(q, *out, "regions", regions);
}

bw_status bw__answer_statistics(bw__question *q, bw_node **out)
{
    const bw_node *path = bw__find(q->params, "property");
    bw__state state;
    bool given;
    uint32_t at;
    bw_status st;

    if (path == NULL || path->type != BW_NODE_STRING) {
        return bw_fail(q->ctx, BW_ERR_ARGUMENT, "statistics: property must be a grid's path");
    }
    BW_TRY(open_given(q, &at, &state, &given));
    if (!given) {
        return bw__answer_needs(q, q->a->records[at]->step, out);
    }
    st = make_statistics(q, &state, path, out);
    bw__state_close(q->ctx, &state);
    return st;
}
