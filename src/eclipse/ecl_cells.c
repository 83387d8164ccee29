/* SPDX-License-Identifier: MIT */
/*
 * Which keywords are arrays of cells, and their elements as grids [i][j][k].
 *
 * An array with as many elements as there are active cells (or cells) is one, unless it is one of
 * the headers and well arrays, whose lengths are a matter of chance. Where there are two porosities
 * the values of the matrix come first. Inactive cells have NaN, integers 0.
 */
#include <math.h>
#include <string.h>

#include "ecl_store.h"

static bool is_header(const char *name)
{
    static const char *const headers[] = {
        "SEQNUM", "INTEHEAD", "LOGIHEAD", "DOUBHEAD", "IGRP", "SGRP", "XGRP", "ZGRP", "ISEG", "ILBS", "ILBR",
        "RSEG", "IWEL", "SWEL", "XWEL", "ZWEL", "ICON", "SCON", "XCON", "IAAQ", "SAAQ", "XAAQ", "ICAQ", "SCAQ",
        "ACAQ", "TABDIMS", "TAB", "CON", "DLYTIM", "THPRES", "TRANNNC", "NNC1", "NNC2", "IUDQ", "DUDF", "DUDW",
        "DUDG", "ZUDN", "ZUDL", "IUAD", "IUAP", "IGPH", "IACT", "SACT", "ZACT", "ZLACT", "ZACN", "IACN", "SACN",
        "HIDDEN", "OPM_XWEL", "OPM_IWEL", "EXTRA",
    };

    for (size_t n = 0; n < sizeof headers / sizeof headers[0]; n++) {
        if (strcmp(headers[n], name) == 0) {
            return true;
        }
    }
    return false;
}

static uint64_t all_cells(const bw_ecl_store *store)
{
    return store->size[0] * store->size[1] * store->size[2];
}

/* Whether an array has a value for each cell of the grid, or of each porosity. */
static bool is_of_all(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
{
    if (store->dual && keyword->count == store->active_count + store->fracture_count) {
        return keyword->count == 2 * all_cells(store);
    }
    return keyword->count == all_cells(store) || (store->dual && keyword->count == 2 * all_cells(store));
}

/* Whether values of the fractures follow those of the matrix. */
bool bw__ecl_has_fractures(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
{
    if (store->dual) {
        return store->fracture_count > 0 && (keyword->count == store->active_count + store->fracture_count ||
                                             keyword->count == 2 * all_cells(store));
    }
    return keyword->count != all_cells(store) && keyword->count != store->active_count &&
           keyword->count == store->active_count + store->fracture_count;
}

bool bw__ecl_is_cell_array(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
{
    return keyword->count > 0 && keyword->type != BW_ECL_CHAR && keyword->type != BW_ECL_MESS &&
           !is_header(keyword->name) &&
           (keyword->count == store->active_count || is_of_all(store, keyword) ||
            bw__ecl_has_fractures(store, keyword));
}

/* Of the types of cell arrays. */
static const char *const dtypes[] = {"<i4", "<f4", "<f8", "|b1"};

bw_status bw__ecl_grid_new(bw_ctx *ctx, bw_op *op, const bw_ecl_keyword *keyword, bool describe, bw_array **out)
{
    const bw_ecl_store *store = bw__ecl_store(op);
    bw_array *array;
    bw_dtype dtype;
    uint64_t count;

    BW_TRY(bw_dtype_parse(ctx, bw_view_text(dtypes[keyword->type]), &dtype));
    if (!describe) {
        return bw_array_new(ctx, &op->arena, dtype, 3, store->size, out);
    }
    array = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *array);
    if (array == NULL) {
        return BW_ERR_NOMEM;
    }
    array->dtype = dtype;
    array->rank = 3;
    memcpy(array->shape, store->size, sizeof store->size);
    *out = array;
    return bw_array_size(ctx, dtype, 3, store->size, &count, &array->nbytes);
}

double bw__ecl_element(const bw_array *array, uint64_t n)
{
    switch (array->dtype.kind) {
    case 'f':
        return array->dtype.itemsize == 8 ? ((const double *)(const void *)array->data)[n]
                                          : ((const float *)(const void *)array->data)[n];
    case 'i':
        return ((const int32_t *)(const void *)array->data)[n];
    default:
        return array->data[n];
    }
}

void bw__ecl_set_element(bw_array *array, uint64_t n, double value)
{
    if (array->dtype.kind == 'f' && array->dtype.itemsize == 8) {
        ((double *)(void *)array->data)[n] = value;
    } else if (array->dtype.kind == 'f') {
        ((float *)(void *)array->data)[n] = (float)value;
    } else if (array->dtype.kind == 'i') {
        ((int32_t *)(void *)array->data)[n] = (int32_t)value;
    } else {
        array->data[n] = value != 0;
    }
}

/* Cells of a tile along i and along k: a tile's lines stay in the cache while it is turned. */
#define TILE 16u

/*
 * Elements of `words` 32-bit words each from file order (i fastest) to [i][j][k]. `places` says where among the
 * elements the value of cell g is, UINT32_MAX for an inactive one; NULL: at g.
 */
static inline void turn(const uint64_t size[3], const uint32_t *places, const uint32_t *from, uint32_t *to,
                        unsigned words, const uint32_t *nothing)
{
    size_t nx = (size_t)size[0], ny = (size_t)size[1], nz = (size_t)size[2], plane = nx * ny;
    size_t across = (nz + TILE - 1) / TILE, tiles = (nx + TILE - 1) / TILE * ny * across;

    for (size_t n = 0; n < tiles; n++) {
        size_t k0 = n % across * TILE, j = n / across % ny, i0 = n / across / ny * TILE;
        size_t i1 = i0 + TILE < nx ? i0 + TILE : nx, k1 = k0 + TILE < nz ? k0 + TILE : nz;
        for (size_t i = i0; i < i1; i++) {
            uint32_t *out = to + words * ((i * ny + j) * nz + k0);
            size_t g = i + nx * j + plane * k0;
            for (size_t k = k0; k < k1; k++, g += plane, out += words) {
                size_t place = places == NULL ? g : places[g];
                const uint32_t *value = place == UINT32_MAX ? nothing : from + words * place;
                for (unsigned w = 0; w < words; w++) {
                    out[w] = value[w];
                }
            }
        }
    }
}

void bw__ecl_scatter(const bw_ecl_store *store, const bw_ecl_keyword *keyword, const bw_array *from,
                     bool fracture, bw_array *grid)
{
    const uint32_t *places = is_of_all(store, keyword) ? NULL : fracture ? store->fracture_places : store->places;
    uint64_t before = !fracture ? 0 : places == NULL ? all_cells(store) : store->active_count;
    uint64_t nx = store->size[0], ny = store->size[1], nz = store->size[2];
    uint32_t size = grid->dtype.itemsize, nothing[2] = {0, 0};
    const uint8_t *first = from->data + before * size;

    if (grid->dtype.kind == 'f' && size == 8) {
        double nan = (double)NAN;
        memcpy(nothing, &nan, sizeof nan);
    } else if (grid->dtype.kind == 'f') {
        float nan = NAN;
        memcpy(nothing, &nan, sizeof nan);
    }
    if (size == 4) {
        turn(store->size, places, (const uint32_t *)(const void *)first, (uint32_t *)(void *)grid->data, 1, nothing);
    } else if (size == 8) {
        turn(store->size, places, (const uint32_t *)(const void *)first, (uint32_t *)(void *)grid->data, 2, nothing);
    } else { /* flags, of which there are few */
        for (uint64_t g = 0; g < all_cells(store); g++) {
            uint64_t place = places == NULL ? g : places[g], i = g % nx, j = g / nx % ny, k = g / nx / ny;
            grid->data[(i * ny + j) * nz + k] = place == UINT32_MAX ? 0 : first[place];
        }
    }
}
