/* SPDX-License-Identifier: MIT */
/*
 * The complete solver state: what the next step depends on, and what results add up. Each item is
 * one row of a table, so that saving and restoring cannot differ.
 */
#include <math.h>
#include <string.h>

#include "sim_parts.h"
#include "sim_tree.h"

#define VERSION 1
#define WELL_ITEMS (8 + 3 * BW_FLOWS + BW_CTL_COUNT)
#define PERF_ITEMS (BW_PHASES + 3)
#define SCALARS (13 + 2 * BW_PHASES)

/* Goes through items either way: to `out`, or from it. */
typedef struct items {
    double *at;
    bool reading;
} items;

static void item(items *it, double *value)
{
    if (it->reading) {
        *value = *it->at;
    } else {
        *it->at = *value;
    }
    it->at++;
}

static void item_int(items *it, int32_t *value)
{
    double number = *value;

    item(it, &number);
    *value = (int32_t)number;
}

static void item_long(items *it, int64_t *value)
{
    double number = (double)*value;

    item(it, &number);
    *value = (int64_t)number;
}

static void item_flag(items *it, bool *value)
{
    double number = *value;

    item(it, &number);
    *value = number != 0;
}

static void well_items(items *it, bw_sim_well *well)
{
    int32_t control = (int32_t)well->control;

    item_flag(it, &well->open);
    item_flag(it, &well->head_known);
    item_flag(it, &well->crossflow);
    item_int(it, &well->fluid);
    item_int(it, &control);
    well->control = control >= 0 && control < BW_CTL_COUNT ? (bw_sim_control)control : BW_CTL_SHUT;
    item(it, &well->bhp);
    item(it, &well->skin);
    for (int32_t flow = 0; flow < BW_FLOWS; flow++) {
        item(it, &well->rate[flow]);
        item(it, &well->produced[flow]);
        item(it, &well->injected[flow]);
    }
    for (int32_t i = 0; i < BW_CTL_COUNT; i++) {
        item(it, &well->limit[i]);
    }
    it->at++; /* room */
}

static void perf_items(items *it, bw_sim_perf *perf)
{
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        item(it, &perf->rate[phase]);
    }
    item(it, &perf->pressure);
    item(it, &perf->head);
    item(it, &perf->skin);
}

static void scalar_items(items *it, bw_sim *sim)
{
    int32_t reason = (int32_t)sim->next_reason;

    item(it, &sim->day);
    item(it, &sim->next_step);
    item(it, &sim->last_step);
    item_int(it, &sim->next_event);
    item_int(it, &reason);
    sim->next_reason = reason >= 0 && reason < BW_WHY_COUNT ? (bw_sim_reason)reason : BW_WHY_GROWTH;
    item_long(it, &sim->record.step);
    item(it, &sim->record.step_size);
    item_long(it, &sim->record.total_newton);
    item_long(it, &sim->record.total_linear);
    item_long(it, &sim->record.total_cuts);
    item(it, &sim->means_begin.pressure);
    item(it, &sim->means_begin.rs);
    item(it, &sim->means_begin.pore_volume);
    for (int32_t phase = 0; phase < BW_PHASES; phase++) {
        item(it, &sim->in_place[phase]);
        item(it, &sim->balance[phase]);
    }
}

static int32_t perforations(const bw_sim *sim)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < sim->nwells; i++) {
        sum += sim->wells[i].nperf;
    }
    return sum;
}

/* The wells and their perforations, one after the other. */
static void all_wells(items *it, bw_sim *sim)
{
    for (int32_t i = 0; i < sim->nwells; i++) {
        well_items(it, &sim->wells[i]);
        for (int32_t k = 0; k < sim->wells[i].nperf; k++) {
            perf_items(it, &sim->wells[i].perf[k]);
        }
    }
}

static void all_bounds(items *it, bw_sim *sim)
{
    for (int32_t b = 0; b < sim->nbounds; b++) {
        item(it, &sim->bounds[b].influx);
        for (int32_t phase = 0; phase < BW_PHASES; phase++) {
            item(it, &sim->bounds[b].into[phase]);
            item(it, &sim->bounds[b].total[phase]);
        }
    }
}

#define BOUND_ITEMS (1 + 2 * BW_PHASES)

bw_node *bw__sim_saved_tree(bw_sim_writer *w, const bw_sim *sim)
{
    bw_node *map = bw__sim_map(w);
    bw_sim *own = (bw_sim *)(uintptr_t)sim; /* the walk below only writes when it reads */
    uint64_t n = (uint64_t)sim->grid.n, n3 = 3 * n, scalars = SCALARS;
    uint64_t wells = (uint64_t)sim->nwells * WELL_ITEMS + (uint64_t)perforations(sim) * PERF_ITEMS;
    uint64_t bounds = (uint64_t)sim->nbounds * BOUND_ITEMS;
    const struct {
        const char *key, *type;
        const void *from;
        uint64_t count;
    } arrays[] = {
        {"pressure", "f8", sim->vars.p, n},       {"water", "f8", sim->vars.sw, n},
        {"third", "f8", sim->vars.x, n},          {"saturated", "u1", sim->vars.sat, n},
        {"accumulation", "f8", sim->acc_begin, n3}, {"rs_bound", "f8", sim->rs_bound, n},
    };
    struct {
        const char *key;
        uint64_t count;
        void (*walk)(items *, bw_sim *);
    } lists[] = {{"scalars", scalars, scalar_items}, {"wells", wells, all_wells},
                 {"boundaries", bounds, all_bounds}};

    bw__sim_set_int(w, map, "version", VERSION);
    bw__sim_set_number(w, map, "day", sim->day);
    bw__sim_set_int(w, map, "step", sim->record.step);
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) {
        void *to = arrays[i].from != NULL
                       ? bw__sim_set_array(w, map, arrays[i].key, arrays[i].type, 1,
                                           &arrays[i].count) : NULL;
        if (to != NULL) {
            memcpy(to, arrays[i].from, arrays[i].count * (arrays[i].type[0] == 'f' ? 8 : 1));
        }
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        items it = {bw__sim_set_array(w, map, lists[i].key, "f8", 1, &lists[i].count), false};
        if (it.at != NULL) {
            lists[i].walk(&it, own);
        }
    }
    return map;
}

/* An array of a saved tree, of the length that this model's has. */
static bw_status find(bw_ctx *ctx, const bw_node *saved, const char *key, size_t nbytes,
                      const uint8_t **out)
{
    const bw_node *node = bw_map_get_text(saved, key);

    if (node == NULL || node->type != BW_NODE_ARRAY || node->array->nbytes != nbytes) {
        return bw_fail(ctx, BW_ERR_VALIDATION,
                       "saved.%s: has %zu bytes, this model's %zu", key,
                       node != NULL && node->type == BW_NODE_ARRAY ? node->array->nbytes : 0,
                       nbytes);
    }
    *out = node->array->data;
    return BW_OK;
}

static bw_status read_list(bw_ctx *ctx, bw_arena *scratch, const uint8_t *from, size_t count,
                           void (*walk)(items *, bw_sim *), bw_sim *sim)
{
    double *copy = bw_arena_alloc(ctx, scratch, (count + 1) * sizeof *copy);
    items it = {copy, true};

    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    memcpy(copy, from, count * sizeof *copy);
    walk(&it, sim);
    return BW_OK;
}

bw_status bw_sim_restore(bw_ctx *ctx, bw_sim *sim, const bw_node *saved)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0};
    size_t n = (size_t)sim->grid.n, wells = 0, bounds = (size_t)sim->nbounds * BOUND_ITEMS;
    const uint8_t *p = NULL, *sw = NULL, *x = NULL, *sat = NULL, *acc = NULL, *bound = NULL;
    const uint8_t *lists[3];
    int64_t version = 0;

    wells = (size_t)sim->nwells * WELL_ITEMS + (size_t)perforations(sim) * PERF_ITEMS;
    if (!bw_map_get_int(saved, "version", &version) || version != VERSION) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "saved.version: is %d, this release reads %d",
                       (int)version, VERSION);
    }
    BW_GO(find(ctx, saved, "pressure", 8 * n, &p));
    BW_GO(find(ctx, saved, "water", 8 * n, &sw));
    BW_GO(find(ctx, saved, "third", 8 * n, &x));
    BW_GO(find(ctx, saved, "saturated", n, &sat));
    BW_GO(find(ctx, saved, "accumulation", 24 * n, &acc));
    if (sim->rs_bound != NULL) {
        BW_GO(find(ctx, saved, "rs_bound", 8 * n, &bound));
    }
    BW_GO(find(ctx, saved, "scalars", 8 * SCALARS, &lists[0]));
    BW_GO(find(ctx, saved, "wells", 8 * wells, &lists[1]));
    BW_GO(find(ctx, saved, "boundaries", 8 * bounds, &lists[2]));
    BW_GO(read_list(ctx, &scratch, lists[0], SCALARS, scalar_items, sim));
    BW_GO(read_list(ctx, &scratch, lists[1], wells, all_wells, sim));
    BW_GO(read_list(ctx, &scratch, lists[2], bounds, all_bounds, sim));
    memcpy(sim->vars.p, p, 8 * n);
    memcpy(sim->vars.sw, sw, 8 * n);
    memcpy(sim->vars.x, x, 8 * n);
    memcpy(sim->vars.sat, sat, n);
    memcpy(sim->acc_begin, acc, 24 * n);
    if (bound != NULL) {
        memcpy(sim->rs_bound, bound, 8 * n);
    }
    for (int32_t i = 0; i < sim->nwells; i++) {
        bw__sim_well_index(sim, &sim->wells[i]);
    }
    if (!bw__sim_props(sim)) {
        st = bw_fail(ctx, BW_ERR_VALIDATION, "saved: %s", sim->failure.reason);
    }

done:
    bw_arena_free(ctx, &scratch);
    return st;
}
