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
#define BOUND_ITEMS (1 + 2 * BW_PHASES)
#define MAX_COUNT (INT64_C(1) << 53) /* of what a double counts */

typedef enum item_way { TO_SAVED, CHECK_SAVED, FROM_SAVED } item_way;

/* Goes through items either way: to a list `at`, or from it, once what it holds has been checked. */
typedef struct items {
    double *at;
    item_way way;
    const char *key; /* of the list; the rest is for the check */
    bw_ctx *ctx;
    bw_status st;
} items;

static void item(items *it, double *value)
{
    if (it->way == FROM_SAVED) {
        *value = *it->at;
    } else if (it->way == TO_SAVED) {
        *it->at = *value;
    }
    it->at++;
}

static void item_wrong(items *it, const char *name, double is)
{
    if (it->st == BW_OK) {
        it->st = bw_fail(it->ctx, BW_ERR_VALIDATION, "saved.%s: %s is %g, which no state of this model has",
                         it->key, name, is);
    }
}

/* A whole number within [0, high]. */
static void item_long(items *it, const char *name, int64_t *value, int64_t high)
{
    double number = (double)*value;

    if (it->way == CHECK_SAVED && !(*it->at >= 0 && *it->at <= (double)high && *it->at == floor(*it->at))) {
        item_wrong(it, name, *it->at);
    }
    item(it, &number);
    if (it->way == FROM_SAVED) {
        *value = (int64_t)number;
    }
}

static void item_int(items *it, const char *name, int32_t *value, int32_t high)
{
    int64_t number = *value;

    item_long(it, name, &number, high);
    *value = (int32_t)number;
}

static void item_flag(items *it, bool *value)
{
    double number = *value;

    item(it, &number);
    if (it->way == FROM_SAVED) {
        *value = number != 0;
    }
}

static void well_items(items *it, const bw_sim *sim, bw_sim_well *well)
{
    int32_t control = (int32_t)well->control;

    item_flag(it, &well->open);
    item_flag(it, &well->head_known);
    item_flag(it, &well->crossflow);
    if (it->way == CHECK_SAVED && !well->producer && *it->at >= 0 && *it->at < BW_PHASES &&
        !bw__sim_can_inject(sim, (int32_t)*it->at)) {
        item_wrong(it, "an injector's fluid", *it->at);
    }
    item_int(it, "a well's fluid", &well->fluid, BW_PHASES - 1);
    item_int(it, "a well's control", &control, BW_CTL_COUNT - 1);
    well->control = (bw_sim_control)control;
    item(it, &well->bhp);
    if (it->way == FROM_SAVED) {
        well->bhp_last = well->bhp;
    }
    item(it, &well->skin);
    for (int32_t flow = 0; flow < BW_FLOWS; flow++) {
        item(it, &well->rate[flow]);
        item(it, &well->produced[flow]);
        item(it, &well->injected[flow]);
    }
    for (int32_t i = 0; i < BW_CTL_COUNT; i++) {
        item(it, &well->limit[i]);
    }
    item_flag(it, &well->named);
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
    item_int(it, "next_event", &sim->next_event, sim->nevents);
    item_int(it, "next_reason", &reason, BW_WHY_COUNT - 1);
    sim->next_reason = (bw_sim_reason)reason;
    item_long(it, "step", &sim->record.step, MAX_COUNT);
    item(it, &sim->record.step_size);
    item_long(it, "total_newton", &sim->record.total_newton, MAX_COUNT);
    item_long(it, "total_linear", &sim->record.total_linear, MAX_COUNT);
    item_long(it, "total_cuts", &sim->record.total_cuts, MAX_COUNT);
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
        well_items(it, sim, &sim->wells[i]);
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
        items it = {.at = bw__sim_set_array(w, map, lists[i].key, "f8", 1, &lists[i].count)};
        if (it.at != NULL) {
            lists[i].walk(&it, own);
        }
    }
    return map;
}

/* An array of a saved tree, of the type and the length that this model's has. */
static bw_status find(bw_ctx *ctx, const bw_node *saved, const char *key, char kind, size_t count,
                      const uint8_t **out)
{
    const bw_node *node = bw_map_get_text(saved, key);
    const bw_array *array = node != NULL && node->type == BW_NODE_ARRAY ? node->array : NULL;
    size_t itemsize = kind == 'f' ? 8 : 1, nbytes = count * itemsize;

    if (array == NULL || array->nbytes != nbytes) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "saved.%s: has %zu bytes, this model's %zu", key,
                       array != NULL ? array->nbytes : 0, nbytes);
    }
    if (array->dtype.kind != kind || array->dtype.itemsize != itemsize) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "saved.%s: is of type %c%u, not %c%zu", key, array->dtype.kind,
                       array->dtype.itemsize, kind, itemsize);
    }
    *out = array->data;
    return BW_OK;
}

/* A list of a saved tree, checked, where `walk` can read it. */
static bw_status find_list(bw_ctx *ctx, bw_arena *scratch, const bw_node *saved, const char *key, size_t count,
                           void (*walk)(items *, bw_sim *), bw_sim *sim, double **out)
{
    double *copy = bw_arena_alloc(ctx, scratch, (count + 1) * sizeof *copy);
    items it = {copy, CHECK_SAVED, key, ctx, BW_OK};
    const uint8_t *from = NULL;

    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(find(ctx, saved, key, 'f', count, &from));
    memcpy(copy, from, count * sizeof *copy);
    walk(&it, sim);
    *out = copy;
    return it.st;
}

static void read_list(double *from, void (*walk)(items *, bw_sim *), bw_sim *sim)
{
    items it = {.at = from, .way = FROM_SAVED};

    walk(&it, sim);
}

/* What a saved tree holds, found and checked. */
typedef struct found {
    const uint8_t *p, *sw, *x, *sat, *acc, *bound;
    double *scalars, *wells, *bounds;
} found;

/* Unknowns that a cell can have; NaN is none. */
static bw_status check_range(bw_ctx *ctx, const char *key, const uint8_t *from, size_t n, double high)
{
    for (size_t c = 0; c < n; c++) {
        double value = 0;
        memcpy(&value, from + 8 * c, 8);
        if (!(value >= 0 && value <= high)) {
            return bw_fail(ctx, BW_ERR_VALIDATION, "saved.%s: is %g in active cell %zu, which no state has", key,
                           value, c);
        }
    }
    return BW_OK;
}

static bw_status find_all(bw_ctx *ctx, bw_arena *scratch, bw_sim *sim, const bw_node *saved, found *out)
{
    size_t n = (size_t)sim->grid.n, bounds = (size_t)sim->nbounds * BOUND_ITEMS;
    size_t wells = (size_t)sim->nwells * WELL_ITEMS + (size_t)perforations(sim) * PERF_ITEMS;

    BW_TRY(find(ctx, saved, "pressure", 'f', n, &out->p));
    BW_TRY(find(ctx, saved, "water", 'f', n, &out->sw));
    BW_TRY(find(ctx, saved, "third", 'f', n, &out->x));
    BW_TRY(find(ctx, saved, "saturated", 'u', n, &out->sat));
    BW_TRY(find(ctx, saved, "accumulation", 'f', 3 * n, &out->acc));
    if (sim->rs_bound != NULL) {
        BW_TRY(find(ctx, saved, "rs_bound", 'f', n, &out->bound));
    }
    BW_TRY(check_range(ctx, "pressure", out->p, n, 1e9));
    BW_TRY(check_range(ctx, "water", out->sw, n, 1));
    BW_TRY(check_range(ctx, "third", out->x, n, 1e9));
    BW_TRY(find_list(ctx, scratch, saved, "scalars", SCALARS, scalar_items, sim, &out->scalars));
    BW_TRY(find_list(ctx, scratch, saved, "wells", wells, all_wells, sim, &out->wells));
    return find_list(ctx, scratch, saved, "boundaries", bounds, all_bounds, sim, &out->bounds);
}

/* False: at these pressures there are no properties. */
static bool take(bw_sim *sim, const found *from)
{
    size_t n = (size_t)sim->grid.n;

    read_list(from->scalars, scalar_items, sim);
    read_list(from->wells, all_wells, sim);
    read_list(from->bounds, all_bounds, sim);
    memcpy(sim->vars.p, from->p, 8 * n);
    memcpy(sim->vars.sw, from->sw, 8 * n);
    memcpy(sim->vars.x, from->x, 8 * n);
    for (size_t c = 0; c < n; c++) {
        sim->vars.sat[c] = from->sat[c] != 0;
    }
    memcpy(sim->acc_begin, from->acc, 24 * n);
    if (from->bound != NULL) {
        memcpy(sim->rs_bound, from->bound, 8 * n);
    }
    for (int32_t i = 0; i < sim->nwells; i++) {
        bw__sim_well_index(sim, &sim->wells[i]);
    }
    sim->cells_are_old = false;
    return bw__sim_props(sim);
}

bw_status bw_sim_restore(bw_ctx *ctx, bw_sim *sim, const bw_node *saved)
{
    bw_status st = BW_OK;
    bw_arena scratch = {0};
    bw_sim_writer w = {ctx, &scratch, BW_OK};
    const bw_node *before = NULL;
    found now = {0}, wanted = {0};
    int64_t version = 0;

    if (!bw_map_get_int(saved, "version", &version) || version != VERSION) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "saved.version: is %d, this release reads %d",
                       (int)version, VERSION);
    }
    BW_GO(find_all(ctx, &scratch, sim, saved, &wanted));
    before = bw__sim_saved_tree(&w, sim);
    BW_GO(w.st);
    BW_GO(find_all(ctx, &scratch, sim, before, &now));
    if (!take(sim, &wanted)) {
        st = bw_fail(ctx, BW_ERR_VALIDATION, "saved: %s", sim->failure.reason);
        (void)take(sim, &now);
    }

done:
    bw_arena_free(ctx, &scratch);
    return st;
}
