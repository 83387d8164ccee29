/* SPDX-License-Identifier: MIT */
/* What zarr.node says of an array of version 3, in the words of version 2 where it has them. */
#include <string.h>

#include "find_node.h"

static bw_status put(bw_ctx *ctx, bw_op *op, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, op->result, bw_view_text(key), value);
}

/* "<f8", "str", or NumPy's list of fields. */
static bw_status put_dtype(bw_ctx *ctx, bw_op *op, const bw_array_meta *meta)
{
    char text[32];

    if (meta->record != NULL) {
        return put(ctx, op, "dtype", bw_node_text(ctx, &op->arena, BW_VIEW("compound")));
    }
    if (meta->objects != NULL || meta->dtype.kind == 'O') {
        bool bytes = meta->objects != NULL && strcmp(meta->objects->name, "vlen-bytes") == 0;

        return put(ctx, op, "dtype",
                   bw_node_text(ctx, &op->arena, bytes ? BW_VIEW("bytes") : BW_VIEW("str")));
    }
    bw_dtype_format(meta->dtype, text);
    return put(ctx, op, "dtype", bw_node_text(ctx, &op->arena, bw_view_text(text)));
}

static const bw_node *grid_shape(const bw_node *document)
{
    return bw_map_get_text(bw_map_get_text(bw_map_get_text(document, "chunk_grid"),
                                           "configuration"), "chunk_shape");
}

/* The chunk shape of shards in a list of codecs; NULL: there are none. */
static bw_node *inner_shape(const bw_node *codecs)
{
    for (uint32_t i = 0; codecs != NULL && i < codecs->children.len; i++) {
        bw_view name;

        if (bw_map_get_string(codecs->children.items[i], "name", &name) &&
            bw_view_equal(name, BW_VIEW("sharding_indexed"))) {
            return bw_map_get_text(bw_map_get_text(codecs->children.items[i], "configuration"),
                                   "chunk_shape");
        }
    }
    return NULL;
}

bw_status bw__describe_v3(bw_ctx *ctx, bw_op *op, const bw_node *document)
{
    static const char *const copied[] = {"shape",          "data_type",         "fill_value",
                                         "codecs",         "chunk_key_encoding", "dimension_names"};
    bw_node *shape = (bw_node *)(uintptr_t)grid_shape(document);
    bw_node *inner = inner_shape(bw_map_get_text(document, "codecs"));
    bw_array_meta *meta;
    bw_status st;

    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        bw_node *value = bw_map_get_text(document, copied[i]);

        if (value != NULL) {
            BW_TRY(put(ctx, op, copied[i], value));
        }
    }
    BW_TRY(put(ctx, op, "filters", bw_node_null(ctx, &op->arena)));
    if (shape != NULL) {
        BW_TRY(put(ctx, op, "chunks", inner != NULL ? inner : shape));
        BW_TRY(put(ctx, op, "shards", inner != NULL ? shape : bw_node_null(ctx, &op->arena)));
    }
    st = bw_zarr_meta_from_node(ctx, &op->arena, document, &meta);
    if (st == BW_ERR_NOMEM) {
        return st;
    }
    return st == BW_OK ? put_dtype(ctx, op, meta)
                       : put(ctx, op, "dtype", bw_node_null(ctx, &op->arena));
}
