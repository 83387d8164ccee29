/* SPDX-License-Identifier: MIT */
/*
 * Which keywords are arrays of cells, and the grids for them.
 *
 * An array with as many elements as there are active cells (or cells) is one, unless it is one of
 * the headers and well arrays, whose lengths are a matter of chance. Where there are two porosities
 * the values of the matrix come first. Inactive cells have NaN, integers 0.
 */
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

bool bw__ecl_is_of_all(const bw_ecl_store *store, const bw_ecl_keyword *keyword)
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
           (keyword->count == store->active_count || bw__ecl_is_of_all(store, keyword) ||
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
