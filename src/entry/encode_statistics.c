/* SPDX-License-Identifier: MIT */
/*
 * Statistics of an entry's arrays, which are kept in an attribute of its group that BORES and other readers
 * pass over: text of JSON, one object a group, one list an array (statistics.h).
 *
 * They are of what is read of entries most, grids and the values of sparse tensors, whichever form they
 * are written in. Lists of BORES's own (grid_shape and others) and the keys of tensors have none.
 */
#include <math.h>
#include <string.h>

#include "bores/json.h"
#include "encode.h"
#include "entry.h"
#include "statistics.h"

/* Elements from which on there are more bins: they are nothing beside the array then. */
#define LARGE (1u << 18)
#define FEW_BINS 32u

static bool has_statistics(const bw_node *parent, bw_view name, const bw_array *array)
{
    bool number = array->dtype.kind == 'b' || array->dtype.kind == 'i' || array->dtype.kind == 'u' ||
                  (array->dtype.kind == 'f' && array->dtype.itemsize <= 8);

    return number && array->rank > 0 && !bw__is_list_field(name) &&
           bw_map_get_text(parent, "__ndarray__") == NULL && /* a record's own parts */
           (!bw__is_sparse_tensor(parent) || bw_view_equal(name, BW_VIEW("values")));
}

/* The map of the group that holds what is encoded now. */
static bw_status find_place(bw_encoder *e, bw_node **out)
{
    size_t depth = e->names.len / sizeof(bw_view);
    bw_node *map;

    if (e->statistics == NULL) {
        e->statistics = bw_node_map(e->ctx, e->arena);
    }
    map = e->statistics;
    for (size_t i = 0; map != NULL && i + 1 < depth; i++) {
        bw_node *child;
        bw_view name;

        memcpy(&name, e->names.ptr + i * sizeof name, sizeof name);
        child = bw_map_get(map, name);
        if (child == NULL) {
            child = bw_node_map(e->ctx, e->arena);
            if (child == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_map_set(e->ctx, e->arena, map, name, child));
        }
        map = child;
    }
    *out = map;
    return map == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status push(bw_encoder *e, bw_node *list, bw_node *item)
{
    return item == NULL ? BW_ERR_NOMEM : bw_list_push(e->ctx, e->arena, list, item);
}

static bw_status push_count(bw_encoder *e, bw_node *list, uint64_t count)
{
    return push(e, list, bw_node_int(e->ctx, e->arena, (int64_t)count));
}

static bw_status push_number(bw_encoder *e, bw_node *list, double number)
{
    return push(e, list, isfinite(number) ? bw_node_float(e->ctx, e->arena, number)
                                          : bw_node_null(e->ctx, e->arena));
}

static bw_status make_row(bw_encoder *e, const bw_tally *t, bw_node **out)
{
    bw_node *row = bw_node_list(e->ctx, e->arena), *counts = bw_node_list(e->ctx, e->arena);

    if (row == NULL || counts == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = row;
    BW_TRY(push_count(e, row, t->count));
    BW_TRY(push_count(e, row, t->nan_count));
    BW_TRY(push_count(e, row, t->inf_count));
    if (t->count == 0) {
        return BW_OK;
    }
    BW_TRY(push_number(e, row, t->min));
    if (t->bins == 0) {
        return BW_OK;
    }
    BW_TRY(push_number(e, row, t->max));
    BW_TRY(push_number(e, row, t->mean));
    BW_TRY(push(e, row, bw_node_int(e->ctx, e->arena, t->exponent)));
    BW_TRY(push(e, row, bw_node_int(e->ctx, e->arena, t->first)));
    for (uint32_t bin = 0; bin < t->bins; bin++) {
        BW_TRY(push_count(e, counts, t->counts[bin]));
    }
    BW_TRY(push(e, row, counts));
    return t->min > 0 ? BW_OK : push_number(e, row, t->min_positive);
}

bw_status bw__encode_tally(bw_encoder *e, const bw_node *parent, bw_view name, const bw_array *array)
{
    bw_node *map, *row;
    bw_tally tally;

    if (!e->keeps_statistics || !has_statistics(parent, name, array)) {
        return BW_OK;
    }
    BW_TRY(bw_tally_take(e->ctx, array, array->nbytes / array->dtype.itemsize < LARGE ? FEW_BINS : BW_TALLY_BINS,
                         &tally));
    BW_TRY(find_place(e, &map));
    BW_TRY(make_row(e, &tally, &row));
    return bw_map_set(e->ctx, e->arena, map, name, row);
}

bw_status bw__param_statistics(bw_ctx *ctx, const bw_node *params, bw_encoder *e)
{
    const bw_node *given = bw_map_get_text(params, "statistics");

    if (given != NULL && given->type != BW_NODE_BOOL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "statistics must be true or false");
    }
    e->keeps_statistics = given != NULL && given->boolean;
    return BW_OK;
}

bw_status bw__encode_statistics(bw_encoder *e, bw_node **out)
{
    bw_node *document = bw_node_map(e->ctx, e->arena), *version = bw_node_int(e->ctx, e->arena, 1);

    *out = NULL;
    if (e->statistics == NULL) {
        return BW_OK;
    }
    if (document == NULL || version == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(e->ctx, e->arena, document, BW_VIEW("version"), version));
    BW_TRY(bw_map_set(e->ctx, e->arena, document, BW_VIEW("arrays"), e->statistics));
    e->statistics = NULL; /* the next entry's are its own */
    e->bytes.len = 0;
    BW_TRY(bw_json_write(e->ctx, document, BW_JSON_COMPACT, &e->bytes));
    *out = bw_node_text(e->ctx, e->arena, bw_bytes_view(&e->bytes));
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}
