/* SPDX-License-Identifier: MIT */
/*
 * ecl.wells: `{group, units}` → the wells of a step as its arrays have them, in their order:
 * `[{name, type, phase, status, isOpen, head: [i, j] | null, group, segments, rates: {oil, water, gas, liquid,
 * reservoir} | null, bottomHolePressure, totals: {oil, water, gas, waterInjected, gasInjected} | null, connections:
 * [{cell: [i, j, k], isOpen, direction, segment, factor, depth, diameter, rates: {oil, water, gas} | null}]}]`.
 *
 * Cells are from 0; connections outside of the grid are left out. What was injected is negative. What an
 * array is too short for is null.
 */
#include <math.h>
#include <string.h>

#include "ecl_store.h"

typedef struct wells_machine {
    const bw__ecl_step *step;
    bw__ecl_well_arrays arrays;
    bw__ecl_well_rows rows;
} wells_machine;

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    wells_machine *m = op->machine;
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    BW_TRY(bw__ecl_step_at(ctx, op, group, &m->step));
    return bw__ecl_want_wells(ctx, op, m->step, true, &m->arrays);
}

/* A number of an array in the units asked for; null where the array is too short. */
static bw_status put_number(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, const bw_node *array,
                            int64_t at, bw__ecl_quantity quantity)
{
    double value = at < 0 ? (double)NAN : bw__ecl_number(array, (uint64_t)at, (double)NAN);

    BW_TRY(bw__ecl_to_units(ctx, op, quantity, &value));
    return bw__ecl_put(ctx, op, map, key,
                       isnan(value) ? bw_node_null(ctx, &op->arena) : bw_node_float(ctx, &op->arena, value));
}

static bw_status put_indices(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, const int32_t *indices,
                             unsigned count)
{
    bw_node *list = bw_node_list(ctx, &op->arena);

    for (unsigned d = 0; list != NULL && d < count; d++) {
        bw_node *item = bw_node_int(ctx, &op->arena, indices[d]);
        if (item == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, list, item));
    }
    return bw__ecl_put(ctx, op, map, key, list);
}

static bw_status put_text_or_null(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, const char *text)
{
    return bw__ecl_put(ctx, op, map, key, text == NULL ? bw_node_null(ctx, &op->arena)
                                                       : bw_node_text(ctx, &op->arena, bw_view_text(text)));
}

typedef struct row_item {
    const char *key;
    uint8_t at, quantity;
} row_item;

/* Items of a row, which begins at `row` (-1: there is none), as a map; null where the row is not there. */
static bw_status put_items(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, const bw_node *array, int64_t row,
                           const row_item *items, size_t count)
{
    bool there = row >= 0 && !isnan(bw__ecl_number(array, (uint64_t)row + items[count - 1].at, (double)NAN));
    bw_node *values = there ? bw_node_map(ctx, &op->arena) : bw_node_null(ctx, &op->arena);

    if (values == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; there && n < count; n++) {
        BW_TRY(put_number(ctx, op, values, items[n].key, array, row + items[n].at,
                          (bw__ecl_quantity)items[n].quantity));
    }
    return bw__ecl_put(ctx, op, map, key, values);
}

/* Rates, volumes so far and the bottom-hole pressure, of XWEL. */
static bw_status put_rates(bw_ctx *ctx, bw_op *op, int64_t well, bw_node *map)
{
    static const row_item rates[] = {{"oil", 0, BW__ECL_LIQUID_RATE},
                                     {"water", 1, BW__ECL_LIQUID_RATE},
                                 {"gas", 2, BW__ECL_GAS_RATE},
                                 {"liquid", 3, BW__ECL_LIQUID_RATE},
                                 {"reservoir", 4, BW__ECL_RESERVOIR_RATE}};
    static const row_item totals[] = {{"oil", 18, BW__ECL_LIQUID_VOLUME},
                                  {"water", 19, BW__ECL_LIQUID_VOLUME},
                                  {"gas", 20, BW__ECL_GAS_VOLUME},
                                  {"waterInjected", 23, BW__ECL_LIQUID_VOLUME},
                                  {"gasInjected", 24, BW__ECL_GAS_VOLUME}};
    const wells_machine *m = op->machine;
    int64_t row = m->rows.xwel > 6 ? well * m->rows.xwel : -1;

    BW_TRY(put_items(ctx, op, map, "rates", m->arrays.xwel, row, rates, 5));
    BW_TRY(put_items(ctx, op, map, "totals", m->arrays.xwel, m->rows.xwel > 24 ? row : -1, totals, 5));
    return put_number(ctx, op, map, "bottomHolePressure", m->arrays.xwel, row < 0 ? -1 : row + 6, BW__ECL_PRESSURE);
}

static bw_status add_connection(bw_ctx *ctx, bw_op *op, int64_t well, int64_t c, bw_node *list)
{
    static const char *const names[] = {NULL, "x", "y", "z"};
    static const row_item rates[] = {{"oil", 0, BW__ECL_LIQUID_RATE},
                                     {"water", 1, BW__ECL_LIQUID_RATE},
                                 {"gas", 2, BW__ECL_GAS_RATE}};
    const wells_machine *m = op->machine;
    const bw__ecl_well_rows *r = &m->rows;
    int64_t row = (well * r->connections + c) * r->icon;
    int64_t reals = r->scon > 2 ? (well * r->connections + c) * r->scon : -1;
    int64_t flows = r->xcon > 2 ? (well * r->connections + c) * r->xcon : -1;
    int32_t direction = r->icon > 13 ? bw__ecl_int(m->arrays.icon, (uint64_t)row + 13, 0) : 0;
    int32_t segment = r->icon > 14 ? bw__ecl_int(m->arrays.icon, (uint64_t)row + 14, 0) : 0, ijk[3];
    bool open = bw__ecl_int(m->arrays.icon, (uint64_t)row + 5, 0) > 0;
    bw_node *map;

    if (!bw__ecl_connection_cell(bw__ecl_store(op), &m->arrays, r, well, c, ijk)) {
        return BW_OK;
    }
    map = bw_node_map(ctx, &op->arena);
    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put_indices(ctx, op, map, "cell", ijk, 3));
    BW_TRY(bw__ecl_put(ctx, op, map, "isOpen", bw_node_bool(ctx, &op->arena, open)));
    BW_TRY(put_text_or_null(ctx, op, map, "direction", names[direction >= 0 && direction <= 3 ? direction : 0]));
    BW_TRY(bw__ecl_put(ctx, op, map, "segment", bw_node_int(ctx, &op->arena, segment)));
    BW_TRY(put_number(ctx, op, map, "factor", m->arrays.scon, reals, BW__ECL_PLAIN));
    BW_TRY(put_number(ctx, op, map, "depth", m->arrays.scon, reals < 0 ? -1 : reals + 1, BW__ECL_LENGTH));
    BW_TRY(put_number(ctx, op, map, "diameter", m->arrays.scon, reals < 0 ? -1 : reals + 2, BW__ECL_LENGTH));
    BW_TRY(put_items(ctx, op, map, "rates", m->arrays.xcon, flows, rates, 3));
    return bw_list_push(ctx, &op->arena, list, map);
}

static bw_status put_connections(bw_ctx *ctx, bw_op *op, int64_t well, bw_node *item)
{
    const wells_machine *m = op->machine;
    int64_t count = bw__ecl_connection_count(&m->arrays, &m->rows, well);
    bw_node *list = bw_node_list(ctx, &op->arena);

    for (int64_t c = 0; list != NULL && c < count; c++) {
        BW_TRY(add_connection(ctx, op, well, c, list));
    }
    return bw__ecl_put(ctx, op, item, "connections", list);
}

/* Where the well meets the grid; heads at (0, 0) and outside of it occur. */
static bw_status put_head(bw_ctx *ctx, bw_op *op, uint64_t row, bw_node *item)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    const bw_node *iwel = ((const wells_machine *)op->machine)->arrays.iwel;
    int32_t head[2] = {bw__ecl_int(iwel, row, 0) - 1, bw__ecl_int(iwel, row + 1, 0) - 1};

    if (head[0] < 0 || head[1] < 0 || (uint64_t)head[0] >= store->size[0] || (uint64_t)head[1] >= store->size[1]) {
        return put_text_or_null(ctx, op, item, "head", NULL);
    }
    return put_indices(ctx, op, item, "head", head, 2);
}

static bw_status add_well(bw_ctx *ctx, bw_op *op, int64_t well)
{
    static const char *const types[] = {NULL, "producer", "injector", "injector", "injector"};
    static const char *const phases[] = {NULL, NULL, "oil", "water", "gas"};
    const wells_machine *m = op->machine;
    uint64_t row = (uint64_t)(well * m->rows.iwel);
    const bw_node *name = m->arrays.zwel->children.items[well * m->rows.zwel];
    int32_t type = bw__ecl_int(m->arrays.iwel, row + 6, 0), status = bw__ecl_int(m->arrays.iwel, row + 10, 0);
    int32_t group = bw__ecl_int(m->arrays.iwel, row + 5, 0);
    int32_t segments = m->rows.iwel > 70 ? bw__ecl_int(m->arrays.iwel, row + 70, 0) : 0;
    bw_node *item = bw_node_map(ctx, &op->arena);

    if (name->text.len == 0) {
        return item == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    type = type >= 0 && type <= 4 ? type : 0;
    BW_TRY(bw__ecl_put(ctx, op, item, "name", bw_node_text(ctx, &op->arena, name->text)));
    BW_TRY(put_text_or_null(ctx, op, item, "type", types[type]));
    BW_TRY(put_text_or_null(ctx, op, item, "phase", phases[type]));
    BW_TRY(bw__ecl_put(ctx, op, item, "status", bw_node_int(ctx, &op->arena, status)));
    BW_TRY(bw__ecl_put(ctx, op, item, "isOpen", bw_node_bool(ctx, &op->arena, status > 0)));
    BW_TRY(put_head(ctx, op, row, item));
    BW_TRY(bw__ecl_put(ctx, op, item, "group", bw_node_int(ctx, &op->arena, group)));
    BW_TRY(bw__ecl_put(ctx, op, item, "segments", bw_node_int(ctx, &op->arena, segments)));
    BW_TRY(put_rates(ctx, op, well, item));
    BW_TRY(put_connections(ctx, op, well, item));
    return bw_list_push(ctx, &op->arena, op->result, item);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    wells_machine *m = op->machine;

    op->result = bw_node_list(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    if (!bw__ecl_well_rows_of(&m->arrays, &m->rows)) {
        return BW_OK;
    }
    for (int64_t well = 0; well < m->rows.wells; well++) {
        BW_TRY(add_well(ctx, op, well));
    }
    return BW_OK;
}

const bw_op_type bw__ecl_wells_op = {"ecl.wells", sizeof(wells_machine), begin, finish, NULL};
