/* SPDX-License-Identifier: MIT */
/*
 * Wells of a step. What a row is long, the headers say (strides differ by version); what does not
 * fit, a head, a connection or a whole well outside of the grid or of its array, is left out, and
 * the state kept.
 */
#include <stdio.h>
#include <string.h>

#include "ecl_store.h"

bw_status bw__ecl_want_wells(bw_ctx *ctx, bw_op *op, const bw__ecl_step *step, bool rates,
                             bw__ecl_well_arrays *arrays)
{
    const struct {
        const char *name;
        const bw_node **to;
    } wanted[] = {
        {"INTEHEAD", &arrays->intehead}, {"IWEL", &arrays->iwel}, {"ZWEL", &arrays->zwel},
        {"ICON", &arrays->icon},         {"SCON", &arrays->scon}, {"XWEL", &arrays->xwel},
        {"XCON", &arrays->xcon},
    };
    const bw__ecl_file *file = &bw__ecl_store(op)->files[step->file];
    size_t count = sizeof wanted / sizeof wanted[0] - (rates ? 0 : 2);

    for (size_t n = 0; n < count; n++) {
        const bw_ecl_keyword *keyword = bw__ecl_find(&file->index, step->first, step->end, wanted[n].name);
        if (keyword != NULL) {
            BW_TRY(bw__ecl_want(ctx, op, file, keyword, bw__ecl_keep_node, (void *)wanted[n].to, 0));
        }
    }
    return BW_OK;
}

static uint64_t length_of(const bw_node *array)
{
    if (array == NULL) {
        return 0;
    }
    return array->type == BW_NODE_ARRAY ? array->array->shape[0] : array->children.len;
}

bool bw__ecl_well_rows_of(const bw__ecl_well_arrays *arrays, bw__ecl_well_rows *r)
{
    r->wells = bw__ecl_int(arrays->intehead, 16, 0);
    r->connections = bw__ecl_int(arrays->intehead, 17, 0);
    r->iwel = bw__ecl_int(arrays->intehead, 24, 0);
    r->xwel = bw__ecl_int(arrays->intehead, 26, 0);
    r->zwel = bw__ecl_int(arrays->intehead, 27, 0);
    r->icon = bw__ecl_int(arrays->intehead, 32, 0);
    r->scon = bw__ecl_int(arrays->intehead, 33, 0);
    r->xcon = bw__ecl_int(arrays->intehead, 34, 0);
    if (r->wells <= 0) {
        return false;
    }
    if (r->icon <= 5 || r->connections > (int64_t)length_of(arrays->icon) / r->icon / r->wells) {
        r->connections = 0;
    }
    return r->iwel > 10 && r->zwel > 0 && arrays->zwel != NULL && arrays->zwel->type == BW_NODE_LIST &&
           (uint64_t)(r->wells * r->iwel) <= length_of(arrays->iwel) &&
           (uint64_t)(r->wells * r->zwel) <= length_of(arrays->zwel);
}

int64_t bw__ecl_connection_count(const bw__ecl_well_arrays *arrays, const bw__ecl_well_rows *r, int64_t well)
{
    int64_t count = bw__ecl_int(arrays->iwel, (uint64_t)(well * r->iwel + 4), 0);

    return count < 0 ? 0 : count < r->connections ? count : r->connections;
}

bool bw__ecl_connection_cell(const bw_ecl_store *store, const bw__ecl_well_arrays *arrays,
                             const bw__ecl_well_rows *r, int64_t well, int64_t c, int32_t ijk[3])
{
    uint64_t row = (uint64_t)((well * r->connections + c) * r->icon);
    bool inside = true;

    for (unsigned d = 0; d < 3; d++) {
        int32_t number = bw__ecl_int(arrays->icon, row + 1 + d, 0);
        if (d == 2 && store->dual && number > 0 && (uint64_t)number > store->size[2]) {
            number -= (int32_t)store->size[2]; /* layers of the fractures follow those of the matrix */
        }
        inside = inside && number >= 1 && (uint64_t)number <= store->size[d];
        ijk[d] = inside ? number - 1 : -1;
    }
    return inside;
}

static bw_status push_triple(bw_ctx *ctx, bw_op *op, bw_node *list, const int32_t ijk[3])
{
    bw_node *triple = bw_node_list(ctx, &op->arena);

    if (triple == NULL) {
        return BW_ERR_NOMEM;
    }
    for (unsigned d = 0; d < 3; d++) {
        bw_node *index = bw_node_int(ctx, &op->arena, ijk[d]);
        if (index == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, triple, index));
    }
    return bw_list_push(ctx, &op->arena, list, triple);
}

static bw_status push_interval(bw_ctx *ctx, bw_op *op, bw_node *list, const int32_t from[3],
                               const int32_t to[3])
{
    bw_node *interval = bw_node_list(ctx, &op->arena);

    if (interval == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(push_triple(ctx, op, interval, from));
    BW_TRY(push_triple(ctx, op, interval, to));
    return bw_list_push(ctx, &op->arena, list, interval);
}

/* Open connections within the grid as intervals; runs straight down a column are joined. */
static bw_status intervals(bw_ctx *ctx, bw_op *op, const bw__ecl_well_arrays *arrays, const bw__ecl_well_rows *r,
                           int64_t well, bw_node **out, double *radius)
{
    int64_t count = bw__ecl_connection_count(arrays, r, well);
    int32_t from[3] = {0}, to[3] = {0};
    bool any = false;

    *out = bw_node_list(ctx, &op->arena);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int64_t c = 0; c < count; c++) {
        uint64_t row = (uint64_t)((well * r->connections + c) * r->icon);
        int32_t ijk[3];
        bool follows;
        if (bw__ecl_int(arrays->icon, row + 5, 0) <= 0 ||
            !bw__ecl_connection_cell(bw__ecl_store(op), arrays, r, well, c, ijk)) {
            continue;
        }
        if (r->scon > 2 && *radius == 0) {
            uint64_t at = (uint64_t)((well * r->connections + c) * r->scon + 2);
            *radius = bw__ecl_number(arrays->scon, at, 0) / 2;
        }
        follows = any && ijk[0] == to[0] && ijk[1] == to[1] && ijk[2] == to[2] + 1;
        if (any && !follows) {
            BW_TRY(push_interval(ctx, op, *out, from, to));
        }
        if (!follows) {
            memcpy(from, ijk, sizeof from);
        }
        memcpy(to, ijk, sizeof to);
        any = true;
    }
    return any ? push_interval(ctx, op, *out, from, to) : BW_OK;
}

static const char *orientation(const bw__ecl_well_arrays *arrays, const bw__ecl_well_rows *r, int64_t well)
{
    static const char *const names[] = {"z", "x", "y", "z"};
    int32_t direction = 0;

    if (r->connections > 0 && r->icon > 13) {
        direction = bw__ecl_int(arrays->icon, (uint64_t)(well * r->connections * r->icon + 13), 0);
    }
    return names[direction >= 0 && direction <= 3 ? direction : 0];
}

static bw_status add_well(bw_ctx *ctx, bw_op *op, const bw__ecl_well_arrays *arrays, const bw__ecl_well_rows *r,
                          int64_t well, bw_node *producers, bw_node *injectors)
{
    static const char *const phases[] = {"", "", "oil", "water", "gas"};
    uint64_t row = (uint64_t)(well * r->iwel);
    int32_t type = bw__ecl_int(arrays->iwel, row + 6, 0);
    bool producer = type == 1, injector = type >= 2 && type <= 4;
    const bw_node *name = arrays->zwel->children.items[well * r->zwel];
    bw_node *item = bw_node_map(ctx, &op->arena), *list, *wrapped = bw_node_map(ctx, &op->arena);
    double radius = 0;

    if ((!producer && !injector) || name->text.len == 0) {
        return item == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (item == NULL || wrapped == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(intervals(ctx, op, arrays, r, well, &list, &radius));
    BW_TRY(bw__ecl_put(ctx, op, item, "name", bw_node_text(ctx, &op->arena, name->text)));
    BW_TRY(bw__ecl_put(ctx, op, item, "perforating_intervals", list));
    BW_TRY(bw__ecl_to_units(ctx, op, BW__ECL_LENGTH, &radius));
    BW_TRY(bw__ecl_put(ctx, op, item, "radius", bw_node_float(ctx, &op->arena, radius)));
    BW_TRY(bw__ecl_put(ctx, op, item, "orientation",
                       bw_node_text(ctx, &op->arena, bw_view_text(orientation(arrays, r, well)))));
    BW_TRY(bw__ecl_put(ctx, op, item, "is_active",
                       bw_node_bool(ctx, &op->arena, bw__ecl_int(arrays->iwel, row + 10, 0) > 0)));
    if (injector) {
        bw_node *fluid = bw_node_map(ctx, &op->arena);
        if (fluid == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw__ecl_put(ctx, op, fluid, "phase",
                           bw_node_text(ctx, &op->arena, bw_view_text(phases[type]))));
        BW_TRY(bw__ecl_put(ctx, op, item, "injected_fluid", fluid));
    }
    BW_TRY(bw__ecl_put(ctx, op, wrapped, producer ? "production_well" : "injection_well", item));
    return bw_map_set(ctx, &op->arena, producer ? producers : injectors, name->text, wrapped);
}

bw_status bw__ecl_wells(bw_ctx *ctx, bw_op *op, const bw__ecl_well_arrays *arrays, bw_node **out)
{
    bw_node *producers, *injectors, *wells;
    bw__ecl_well_rows r;

    *out = NULL;
    if (!bw__ecl_well_rows_of(arrays, &r)) {
        return BW_OK;
    }
    wells = bw_node_map(ctx, &op->arena);
    injectors = bw_node_map(ctx, &op->arena);
    producers = bw_node_map(ctx, &op->arena);
    if (wells == NULL || injectors == NULL || producers == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int64_t well = 0; well < r.wells; well++) {
        BW_TRY(add_well(ctx, op, arrays, &r, well, producers, injectors));
    }
    BW_TRY(bw__ecl_put(ctx, op, wells, "injection_wells", injectors));
    BW_TRY(bw__ecl_put(ctx, op, wells, "production_wells", producers));
    *out = wells;
    return BW_OK;
}
