/* SPDX-License-Identifier: MIT */
/* Which cells the arrays of a restart are about, and which of their elements each has. */
#include <inttypes.h>
#include <string.h>

#include "ecl_store.h"

/* Bits of ACTNUM in a grid of matrix and fractures; in any other each value but 0 is an active cell. */
typedef enum porosity { MATRIX = 1, FRACTURE = 2, ANY = 3 } porosity;

/* PORV is positive in active cells. */
static bool is_active(const bw_node *array, porosity of, uint64_t cell)
{
    int32_t value;

    if (array->array->dtype.kind != 'i') {
        return bw__ecl_number(array, cell, 0) > 0;
    }
    value = bw__ecl_int(array, cell, 0);
    return of == ANY ? value != 0 : (value & (int32_t)of) != 0;
}

static uint64_t count_active(const bw_node *array, porosity of, uint64_t cells)
{
    uint64_t count = 0;

    for (uint64_t n = 0; n < cells; n++) {
        count += is_active(array, of, n);
    }
    return count;
}

static bool fits(const bw_node *array, char kind, uint64_t cells)
{
    return array != NULL && array->type == BW_NODE_ARRAY && array->array->dtype.kind == kind &&
           array->array->shape[0] == cells;
}

/* `array` NULL: all cells. */
static bw_status place_cells(bw_ctx *ctx, bw_ecl_store *store, const bw_node *array, porosity of, uint32_t **places)
{
    uint64_t cells = store->size[0] * store->size[1] * store->size[2];
    uint32_t next = 0;

    *places = bw_arena_alloc(ctx, &store->arena, (size_t)cells * sizeof **places);
    if (*places == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t g = 0; g < cells; g++) {
        (*places)[g] = array == NULL || is_active(array, of, g) ? next++ : UINT32_MAX;
    }
    return BW_OK;
}

/* Where nothing tells fractures apart, they are in the cells of the matrix. */
static bw_status map_by(bw_ctx *ctx, bw_ecl_store *store, const bw_node *array, uint64_t count)
{
    BW_TRY(place_cells(ctx, store, array, ANY, &store->places));
    store->active_count = count;
    store->fracture_places = store->places;
    store->fracture_count = count;
    return BW_OK;
}

/* A grid of matrix and fractures: values of the matrix come first, then those of the fractures. */
static bw_status map_dual(bw_ctx *ctx, bw_ecl_store *store, const bw_node *actnum, uint64_t cells, int64_t wanted)
{
    uint64_t matrix = count_active(actnum, MATRIX, cells), fracture = count_active(actnum, FRACTURE, cells);
    uint64_t any = count_active(actnum, ANY, cells);

    if (wanted >= 0 && (uint64_t)wanted != matrix + fracture && (uint64_t)wanted != any) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "ACTNUM of the grid (EGRID) has %" PRIu64 " active cells of matrix and %"
                       PRIu64 " of fractures, INTEHEAD of the restart %" PRId64, matrix, fracture, wanted);
    }
    BW_TRY(place_cells(ctx, store, actnum, MATRIX, &store->places));
    BW_TRY(place_cells(ctx, store, actnum, FRACTURE, &store->fracture_places));
    store->active_count = matrix;
    store->fracture_count = fracture;
    return BW_OK;
}

static bool is_coarsened(const bw_node *corsnum, uint64_t cells)
{
    for (uint64_t g = 0; fits(corsnum, 'i', cells) && g < cells; g++) {
        if (bw__ecl_int(corsnum, g, 0) != 0) {
            return true;
        }
    }
    return false;
}

/*
 * Cells of one number in CORSNUM are one cell to the simulator: all of them have the value that comes where the first
 * active one of them would have it. Which of them ACTNUM has active does not matter.
 */
static bw_status map_coarse(bw_ctx *ctx, bw_ecl_store *store, const bw_node *actnum, const bw_node *corsnum,
                            int64_t wanted)
{
    uint64_t cells = store->size[0] * store->size[1] * store->size[2];
    uint32_t *places = bw_arena_alloc(ctx, &store->arena, (size_t)cells * sizeof *places);
    uint32_t *groups = bw_arena_alloc(ctx, &store->arena, (size_t)(cells + 1) * sizeof *groups), next = 0;

    if (places == NULL || groups == NULL) {
        return BW_ERR_NOMEM;
    }
    memset(groups, 0xff, (size_t)(cells + 1) * sizeof *groups);
    for (uint64_t g = 0; g < cells; g++) {
        int32_t group = bw__ecl_int(corsnum, g, 0);
        uint32_t *place = group > 0 && (uint64_t)group <= cells ? &groups[group] : &places[g];
        if (group < 0 || (uint64_t)group > cells) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "CORSNUM: cell %" PRIu64 " is of coarse cell %" PRId32
                           ", the grid has %" PRIu64 " cells", g, group, cells);
        }
        if (group == 0) {
            *place = UINT32_MAX;
        }
        if (*place == UINT32_MAX && (actnum == NULL || is_active(actnum, ANY, g))) {
            *place = next++;
        }
    }
    for (uint64_t g = 0; g < cells; g++) {
        int32_t group = bw__ecl_int(corsnum, g, 0);
        places[g] = group > 0 ? groups[group] : places[g];
    }
    if (wanted >= 0 && next != wanted) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "ACTNUM of the grid (EGRID) has %" PRIu32 " active cells where CORSNUM "
                       "counts as one, INTEHEAD of the restart %" PRId64, next, wanted);
    }
    store->coarse = true;
    store->places = store->fracture_places = places;
    store->active_count = store->fracture_count = next;
    return BW_OK;
}

bw_status bw__ecl_map_cells(bw_ctx *ctx, bw_ecl_store *store, const bw_node *actnum, const bw_node *corsnum,
                            const bw_node *porv)
{
    uint64_t cells = store->size[0] * store->size[1] * store->size[2], counted = cells;
    bool grid = bw__ecl_file_of(store, BW__ECL_GRID) != NULL, known = false;
    int64_t wanted = -1;

    for (uint32_t n = 0; n < store->step_count && wanted < 0; n++) {
        const bw__ecl_step *step = &store->steps[n];
        if (step->damage == NULL && step->size[0] != 0) { /* else nothing said it */
            wanted = step->active;
        }
    }
    if (store->dual && fits(actnum, 'i', cells)) {
        return map_dual(ctx, store, actnum, cells, wanted);
    }
    if (fits(actnum, 'i', cells)) {
        counted = count_active(actnum, ANY, cells);
        known = true;
    } else if (actnum != NULL) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "ACTNUM: %" PRIu64 " values where the grid has %" PRIu64
                       " cells", actnum->type == BW_NODE_ARRAY ? actnum->array->shape[0] : 0, cells);
    }
    known = known || grid;
    if (known && !store->dual && is_coarsened(corsnum, cells)) {
        return map_coarse(ctx, store, actnum, corsnum, wanted);
    }
    if (known && (wanted < 0 || counted == (uint64_t)wanted || (store->dual && 2 * counted == (uint64_t)wanted))) {
        return map_by(ctx, store, actnum, counted);
    }
    if (fits(porv, 'f', cells)) {
        uint64_t with_pores = count_active(porv, ANY, cells);
        if (wanted < 0 || with_pores == (uint64_t)wanted) {
            return map_by(ctx, store, porv, with_pores);
        }
    }
    if (!known && (wanted < 0 || (uint64_t)wanted == cells)) {
        return map_by(ctx, store, NULL, cells);
    }
    if (!known) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "%" PRId64 " of %" PRIu64 " cells are active, and without "
                       "EGRID (or PORV of INIT) nothing says which", wanted, cells);
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "ACTNUM of the grid (EGRID) has %" PRIu64 " active cells, "
                   "INTEHEAD of the restart %" PRId64, counted, wanted);
}

void bw__ecl_fill_active(const bw_ecl_store *store, const uint64_t size[3], const bw_node *actnum, uint8_t *active)
{
    uint64_t cells = size[0] * size[1] * size[2];
    bool same = memcmp(store->size, size, sizeof store->size) == 0;

    if (same && store->places != NULL && !store->dual && (store->step_count > 0 || actnum == NULL)) {
        for (uint64_t g = 0; g < cells; g++) {
            active[g] = store->places[g] != UINT32_MAX;
        }
        return;
    }
    for (uint64_t n = 0; n < cells; n++) {
        active[n] = actnum == NULL || (actnum->array->dtype.kind == 'i' ? bw__ecl_int(actnum, n, 0) != 0
                                                                        : bw__ecl_number(actnum, n, 0) != 0);
    }
}
