/* SPDX-License-Identifier: MIT */
/* Which cells the arrays of a restart are about, and where they lie in arrays [i][j][k]. */
#include <inttypes.h>
#include <string.h>

#include "ecl_store.h"

/* ACTNUM is 0 for inactive, 1 to 3 by porosity; PORV is positive in active cells. */
static bool is_active(const bw_node *array, uint64_t cell)
{
    return array->array->dtype.kind == 'i' ? bw__ecl_int(array, cell, 0) != 0
                                           : bw__ecl_number(array, cell, 0) > 0;
}

static uint64_t count_active(const bw_node *array, uint64_t cells)
{
    uint64_t count = 0;

    for (uint64_t n = 0; n < cells; n++) {
        count += is_active(array, n);
    }
    return count;
}

static bool fits(const bw_node *array, char kind, uint64_t cells)
{
    return array != NULL && array->type == BW_NODE_ARRAY && array->array->dtype.kind == kind &&
           array->array->shape[0] == cells;
}

static bw_status map_by(bw_ctx *ctx, bw_ecl_store *store, const bw_node *array, uint64_t count)
{
    uint64_t nx = store->size[0], ny = store->size[1], nz = store->size[2], cell = 0;
    uint32_t *next;

    store->cells = bw_arena_alloc(ctx, &store->arena, (size_t)(count + 1) * sizeof *store->cells);
    if (store->cells == NULL) {
        return BW_ERR_NOMEM;
    }
    next = store->cells;
    for (uint64_t k = 0; k < nz; k++) {
        for (uint64_t j = 0; j < ny; j++) {
            for (uint64_t i = 0; i < nx; i++, cell++) {
                if (array == NULL || is_active(array, cell)) {
                    *next++ = (uint32_t)((i * ny + j) * nz + k);
                }
            }
        }
    }
    store->active_count = count;
    return BW_OK;
}

bw_status bw__ecl_map_cells(bw_ctx *ctx, bw_ecl_store *store, const bw_node *actnum,
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
    if (fits(actnum, 'i', cells)) {
        counted = count_active(actnum, cells);
        known = true;
    } else if (actnum != NULL) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "ACTNUM: %" PRIu64 " values where the grid has %" PRIu64
                       " cells", actnum->type == BW_NODE_ARRAY ? actnum->array->shape[0] : 0, cells);
    }
    known = known || grid;
    if (known && (wanted < 0 || counted == (uint64_t)wanted)) {
        return map_by(ctx, store, actnum, counted);
    }
    if (fits(porv, 'f', cells)) {
        uint64_t with_pores = count_active(porv, cells);
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
