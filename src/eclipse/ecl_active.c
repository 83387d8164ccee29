/* SPDX-License-Identifier: MIT */
/* Which cells the arrays of a restart are about, and where they lie in arrays [i][j][k]. */
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
static bw_status list_cells(bw_ctx *ctx, bw_ecl_store *store, const bw_node *array, porosity of, uint64_t count,
                            uint32_t **out, uint32_t **places)
{
    uint64_t nx = store->size[0], ny = store->size[1], nz = store->size[2], cell = 0;
    uint32_t *next = bw_arena_alloc(ctx, &store->arena, (size_t)(count + 1) * sizeof *next);

    *places = bw_arena_alloc(ctx, &store->arena, (size_t)(nx * ny * nz) * sizeof **places);
    if (next == NULL || *places == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = next;
    for (uint64_t k = 0; k < nz; k++) {
        for (uint64_t j = 0; j < ny; j++) {
            for (uint64_t i = 0; i < nx; i++, cell++) {
                bool active = array == NULL || is_active(array, of, cell);
                (*places)[cell] = active ? (uint32_t)(next - *out) : UINT32_MAX;
                if (active) {
                    *next++ = (uint32_t)((i * ny + j) * nz + k);
                }
            }
        }
    }
    return BW_OK;
}

/* Where nothing tells fractures apart, they are in the cells of the matrix. */
static bw_status map_by(bw_ctx *ctx, bw_ecl_store *store, const bw_node *array, uint64_t count)
{
    BW_TRY(list_cells(ctx, store, array, ANY, count, &store->cells, &store->places));
    store->active_count = count;
    store->fractures = store->cells;
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
    BW_TRY(list_cells(ctx, store, actnum, MATRIX, matrix, &store->cells, &store->places));
    BW_TRY(list_cells(ctx, store, actnum, FRACTURE, fracture, &store->fractures, &store->fracture_places));
    store->active_count = matrix;
    store->fracture_count = fracture;
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

    if (same && store->cells != NULL && !store->dual && (store->step_count > 0 || actnum == NULL)) {
        memset(active, 0, (size_t)cells);
        for (uint64_t n = 0; n < store->active_count; n++) {
            uint64_t flat = store->cells[n], k = flat % size[2], column = flat / size[2];
            active[column / size[1] + size[0] * (column % size[1] + size[1] * k)] = 1;
        }
        return;
    }
    for (uint64_t n = 0; n < cells; n++) {
        active[n] = actnum == NULL || (actnum->array->dtype.kind == 'i' ? bw__ecl_int(actnum, n, 0) != 0
                                                                        : bw__ecl_number(actnum, n, 0) != 0);
    }
}
