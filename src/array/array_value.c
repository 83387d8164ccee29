/* SPDX-License-Identifier: MIT */
/* Arrays whose elements no typed array holds: lists of values, as HDF5's compound types are. */
#include "array_value.h"

static bw_status put(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *name, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, bw_view_text(name), value);
}

static bw_status put_shape(bw_ctx *ctx, bw_arena *arena, bw_node *map, const bw_array *array)
{
    bw_node *shape = bw_node_list(ctx, arena);

    if (shape == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t d = 0; d < array->rank; d++) {
        bw_node *length = bw_node_int(ctx, arena, (int64_t)array->shape[d]);

        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, shape, length));
    }
    return put(ctx, arena, map, "shape", shape);
}

/* Each element as a node; `*text` stays true where all are text. */
static bw_status put_values(bw_ctx *ctx, bw_arena *arena, const bw_array *array, bw_node *data,
                            bool *text)
{
    const bw_array_meta *meta = array->origin;
    size_t count = array->nbytes / array->dtype.itemsize;

    for (size_t i = 0; i < count; i++) {
        bw_node *value = NULL;

        if (meta->objects != NULL) {
            value = ((bw_node *const *)(const void *)array->data)[i];
        } else {
            BW_TRY(bw_record_value(ctx, arena, meta->record,
                                   array->data + i * array->dtype.itemsize, &value));
        }
        *text = *text && value->type == BW_NODE_STRING;
        BW_TRY(bw_list_push(ctx, arena, data, value));
    }
    return BW_OK;
}

bw_status bw__array_value(bw_ctx *ctx, bw_arena *arena, bw_array *array, bw_node **out)
{
    const bw_array_meta *meta = array->origin;
    bw_node *map, *data;
    bool text = true;

    if (array->data == NULL || meta == NULL || (meta->record == NULL && meta->objects == NULL)) {
        *out = bw_node_array(ctx, arena, array);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    map = bw_node_map(ctx, arena);
    data = bw_node_list(ctx, arena);
    if (map == NULL || data == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put_values(ctx, arena, array, data, &text));
    text = text && meta->objects != NULL;
    BW_TRY(put(ctx, arena, map, "ndarray",
               bw_node_text(ctx, arena, text ? BW_VIEW("str") : BW_VIEW("object"))));
    BW_TRY(put_shape(ctx, arena, map, array));
    BW_TRY(put(ctx, arena, map, "data", data));
    *out = map;
    return BW_OK;
}
