/* SPDX-License-Identifier: MIT */
/** An analysis: its options, the records of its states by step, the first state's grids. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis_internal.h"
#include "digest/digest.h"
#include "sweep.h"

/* Options ------------------------------------------------------------------------------------ */

static bw_status read_given(bw_ctx *ctx, const bw_node *options, bw_analysis *a)
{
    static const char *const names[4] = {"stoiip", "stgiip", "freeGiip", "stwiip"};

    for (int n = 0; n < 4; n++) {
        const bw_node *node = bw__find(options, names[n]);

        a->given[n] = NAN;
        if (node != NULL && (!bw__to_number(node, &a->given[n]) || !isfinite(a->given[n]))) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "%s must be a finite number", names[n]);
        }
    }
    return BW_OK;
}

static bw_status read_compat(bw_ctx *ctx, const bw_node *options, bw_analysis *a)
{
    const bw_node *node = bw__find(options, "compat");

    if (node == NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_STRING || !bw_view_equal(node->text, BW_VIEW("bores"))) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "compat can be 'bores' or nothing");
    }
    a->compat = true;
    return BW_OK;
}

/* An array of region numbers; nothing, or "layers", makes each layer one. */
static bw_status read_regions(bw_ctx *ctx, const bw_node *options, bw_analysis *a)
{
    const bw_node *node = bw__find(options, "regions");
    double *numbers;
    size_t count;

    if (node == NULL ||
        (node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW("layers")))) {
        return BW_OK;
    }
    if (node->type != BW_NODE_ARRAY && node->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "regions can be 'layers' or an array of integers");
    }
    BW_TRY(bw__to_numbers(ctx, &a->arena, node, &numbers, &count));
    if (count > UINT32_MAX) {
        return bw_fail_limit(ctx, "cells with a region", count, UINT32_MAX);
    }
    a->region = bw_arena_alloc(ctx, &a->arena, (count + 1) * sizeof *a->region);
    if (a->region == NULL) {
        return BW_ERR_NOMEM;
    }
    a->cells = count; /* the grid must have as many */
    for (size_t n = 0; n < count; n++) {
        if (!(numbers[n] >= 0 && numbers[n] <= 65535) || numbers[n] != floor(numbers[n])) {
            return bw_fail(ctx, BW_ERR_ARGUMENT,
                           "region %g of cell %zu is no integer of 0 to 65535", numbers[n], n);
        }
        a->region[n] = (uint32_t)numbers[n];
        a->zones = a->region[n] > a->zones ? a->region[n] : a->zones;
    }
    return BW_OK;
}

bw_status bw_analysis_new(bw_ctx *ctx, const bw_node *options, bw_analysis **out)
{
    bw_analysis *a = bw_alloc_zeroed(ctx, sizeof *a);
    bw_status st;

    if (a == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_GO(read_given(ctx, options, a));
    BW_GO(read_compat(ctx, options, a));
    BW_GO(read_regions(ctx, options, a));
    *out = a;
    return BW_OK;
done:
    bw_analysis_free(ctx, a);
    return st;
}

void bw_analysis_free(bw_ctx *ctx, bw_analysis *a)
{
    if (a == NULL) {
        return;
    }
    for (uint32_t n = 0; n < a->count; n++) {
        bw__record_free(ctx, a->records[n]);
    }
    bw_release(ctx, a->records);
    bw_arena_free(ctx, &a->reference.arena);
    bw_arena_free(ctx, &a->arena);
    bw_release(ctx, a);
}

/* States ------------------------------------------------------------------------------------- */

/* The first state says how large the grid is; the others must have the same. */
static bw_status check_grid(bw_ctx *ctx, const bw_analysis *a, int64_t step, const uint64_t shape[3])
{
    uint64_t cells = shape[0] * shape[1] * shape[2];
    char has[96], wants[96];

    if (a->count > 0 && memcmp(a->shape, shape, sizeof a->shape) != 0) {
        bw_shape_format(3, shape, has, sizeof has);
        bw_shape_format(3, a->shape, wants, sizeof wants);
        return bw_fail(ctx, BW_ERR_VALIDATION,
                       "step %" PRId64 ": model.grid_shape is %s, that of step %" PRId64 " %s",
                       step, has, a->records[0]->step, wants);
    }
    if (a->region != NULL && a->cells != cells) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "regions are of %zu cells, the grid has %" PRIu64,
                       a->cells, cells);
    }
    return BW_OK;
}

/* Where a step is, or would go: the first record that is not before it. */
static uint32_t place_of(const bw_analysis *a, int64_t step)
{
    uint32_t low = 0, high = a->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (a->records[middle]->step < step) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bw_status reserve(bw_ctx *ctx, bw_analysis *a)
{
    uint32_t cap = a->cap == 0 ? 16 : a->cap * 2;
    void *grown;

    if (a->count < a->cap) {
        return BW_OK;
    }
    grown = bw_resize(ctx, a->records, a->cap * sizeof(bw__record *),
                      cap * sizeof(bw__record *));
    if (grown == NULL) {
        return BW_ERR_NOMEM;
    }
    a->records = grown;
    a->cap = cap;
    return BW_OK;
}

static void put_record(bw_ctx *ctx, bw_analysis *a, uint32_t at, bw__record *record)
{
    if (at < a->count && a->records[at]->step == record->step) {
        bw__record_free(ctx, a->records[at]);
    } else {
        memmove(&a->records[at + 1], &a->records[at], (a->count - at) * sizeof *a->records);
        a->count++;
    }
    a->records[at] = record;
}

/* What an analysis of one grid makes records with. */
static bw_analysis sized_for(const bw_analysis *a, const bw__facts *facts)
{
    bw_analysis sized = *a;

    memcpy(sized.shape, facts->shape, sizeof sized.shape);
    sized.cells = (size_t)(facts->shape[0] * facts->shape[1] * facts->shape[2]);
    sized.zones = a->region == NULL ? (uint32_t)facts->shape[2] : a->zones;
    return sized;
}

static bw__facts facts_of(const bw__state *state)
{
    bw__facts facts = {.dx = state->dx, .dy = state->dy};

    memcpy(facts.shape, state->shape, sizeof facts.shape);
    facts.head = bw__find(state->root, "rates") != NULL;
    facts.wheel = !facts.head && state->grid[BW__Z] == NULL; /* which came after it */
    return facts;
}

/* Keeps a record in its place, for which there is room; the earliest one says where cells are. */
static void take_record(bw_ctx *ctx, bw_analysis *a, uint32_t at, const bw__facts *facts, bw__record *record)
{
    bw_analysis sized = sized_for(a, facts);

    memcpy(a->shape, sized.shape, sizeof a->shape);
    a->cells = sized.cells;
    a->zones = sized.zones;
    a->dx = at == 0 ? facts->dx : a->dx;
    a->dy = at == 0 ? facts->dy : a->dy;
    a->head = facts->head;
    a->wheel = facts->wheel;
    put_record(ctx, a, at, record);
    a->settled = a->settled < at ? a->settled : at;
}

static bw_status add_state(bw_ctx *ctx, bw_analysis *a, const bw__state *state)
{
    uint32_t at = place_of(a, state->step);
    bw__facts facts = facts_of(state);
    bw_analysis sized = sized_for(a, &facts);
    bw__reference reference = {.stb = NULL};
    bw__record *record = NULL;
    bw_status st;

    BW_GO(check_grid(ctx, a, state->step, state->shape));
    BW_GO(bw__record_make_state(ctx, &sized, state,
                                at > 0 ? a->records[at - 1]->wells : NULL, &record));
    if (at == 0) {
        BW_GO(bw__reference_make(ctx, state, &reference));
    }
    BW_GO(reserve(ctx, a));
    if (at == 0) {
        bw_arena_free(ctx, &a->reference.arena);
        a->reference = reference;
        a->generation++;
    }
    take_record(ctx, a, at, &facts, record);
    bw__sweep_record(a, state, record);
    return BW_OK;
done:
    bw_arena_free(ctx, &reference.arena);
    bw__record_free(ctx, record);
    return st;
}

bw_status bw_analysis_add(bw_ctx *ctx, bw_analysis *analysis, const bw_node *root)
{
    bw__state state;
    bw_status st;

    BW_TRY(bw__state_open(ctx, root, UINT32_MAX, &state));
    st = add_state(ctx, analysis, &state);
    bw__state_close(ctx, &state);
    return st;
}

/* Digests: what other threads have made of states --------------------------------------------- */

static bw_status digest_state(bw_ctx *ctx, const bw_analysis *a, const bw__state *state, bw_arena *arena,
                              bw_node **out)
{
    bw__facts facts = facts_of(state);
    bw_analysis sized = sized_for(a, &facts);
    bw__record *record = NULL;
    bw_status st;

    BW_TRY(check_grid(ctx, a, state->step, state->shape));
    BW_TRY(bw__record_make_state(ctx, &sized, state, NULL, &record));
    if (a->reference.stb != NULL && memcmp(a->shape, state->shape, sizeof a->shape) == 0) {
        bw__sweep_record(a, state, record);
    }
    st = bw__digest_write(ctx, &facts, record, sized.zones, arena, out);
    bw__record_free(ctx, record);
    return st;
}

bw_status bw_analysis_digest(bw_ctx *ctx, const bw_analysis *analysis, const bw_node *root, bw_arena *arena,
                             bw_node **out)
{
    bw__state state;
    bw_status st;

    BW_TRY(bw__state_open(ctx, root, UINT32_MAX, &state));
    st = digest_state(ctx, analysis, &state, arena, out);
    bw__state_close(ctx, &state);
    return st;
}

bw_status bw_analysis_take(bw_ctx *ctx, bw_analysis *a, const bw_node *digest, bool *taken)
{
    bw__record *record;
    bw__facts facts;
    int64_t step;
    uint32_t at;

    BW_TRY(bw__digest_head(ctx, digest, &step, &facts));
    at = place_of(a, step);
    if (at == 0) { /* sweep is measured against it: its grids are needed */
        *taken = false;
        return BW_OK;
    }
    BW_TRY(check_grid(ctx, a, step, facts.shape));
    BW_TRY(reserve(ctx, a));
    BW_TRY(bw__digest_read(ctx, digest, a->zones, a->cells, a->records[at - 1]->wells, &record));
    take_record(ctx, a, at, &facts, record);
    *taken = true;
    return BW_OK;
}

/* Fields ------------------------------------------------------------------------------------- */

/* What is looked at beside grids; `*` stands for any name. */
static const char *const other_fields[] = {
    "step", "time", "step_size", "model.grid_shape", "model.cell_dimension",
    "model.rock_properties.compressibility", "production", "injection", "cumulatives",
    "material_balance_errors",
};
static const char *const tensors[] = {
    "rates.production_rates", "rates.injection_rates", "rates.production_fvfs", "rates.injection_fvfs",
    "rates.production_bhps", "rates.injection_bhps",
};
static const char *const tensor_members[] = {"keys", "values"};
static const char *const wells[] = {
    "wells.production_wells.*", "wells.production_wells.*.production_well", "wells.injection_wells.*",
    "wells.injection_wells.*.injection_well",
};
static const char *const well_members[] = {
    "name", "is_active", "radius", "skin_factor", "orientation", "perforating_intervals",
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Appends to a field the names of a path. */
static bw_status push_names(bw_ctx *ctx, bw_arena *arena, bw_node *field, const char *path)
{
    while (*path != '\0') {
        size_t len = strcspn(path, ".");
        bw_node *name = path[0] == '*' ? bw_node_null(ctx, arena)
                                       : bw_node_text(ctx, arena, (bw_view){(const uint8_t *)path, len});

        BW_TRY(name == NULL ? BW_ERR_NOMEM : bw_list_push(ctx, arena, field, name));
        path += len;
        path += *path == '.';
    }
    return BW_OK;
}

static bw_status push_field(bw_ctx *ctx, bw_arena *arena, bw_node *list, const char *path, const char *member)
{
    bw_node *field = bw_node_list(ctx, arena);

    BW_TRY(field == NULL ? BW_ERR_NOMEM : push_names(ctx, arena, field, path));
    BW_TRY(push_names(ctx, arena, field, member));
    return bw_list_push(ctx, arena, list, field);
}

static bw_status push_members(bw_ctx *ctx, bw_arena *arena, bw_node *list, const char *path,
                              const char *const *members, size_t count)
{
    for (size_t n = 0; n < count; n++) {
        BW_TRY(push_field(ctx, arena, list, path, members[n]));
    }
    return BW_OK;
}

bw_status bw_analysis_fields(bw_ctx *ctx, const bw_analysis *analysis, bw_arena *arena,
                             bw_node **out)
{
    bw_node *list = bw_node_list(ctx, arena);
    char path[64];

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t n = 0; n < COUNT(other_fields); n++) {
        BW_TRY(push_field(ctx, arena, list, other_fields[n], ""));
    }
    for (size_t n = 0; n < BW__GRIDS; n++) {
        if (analysis->compat || (n != BW__CO && n != BW__CG)) { /* BORES's guide alone makes something of them */
            BW_TRY(push_field(ctx, arena, list, bw__grid_paths[n], ""));
        }
    }
    for (size_t n = 0; n < COUNT(tensors) * BW__PHASES; n++) {
        (void)snprintf(path, sizeof path, "%s.%s", tensors[n / BW__PHASES], bw__phase_names[n % BW__PHASES]);
        BW_TRY(push_members(ctx, arena, list, path, tensor_members, COUNT(tensor_members)));
    }
    for (size_t n = 0; n < COUNT(wells); n++) {
        BW_TRY(push_members(ctx, arena, list, wells[n], well_members, COUNT(well_members)));
    }
    *out = list;
    return BW_OK;
}
