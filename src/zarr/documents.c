/* SPDX-License-Identifier: MIT */
/* Source: Zarr storage specification version 2, "Metadata"; core specification version 3, "Group metadata". */
#include "documents.h"

#include "bores/json.h"

const char *bw__array_document(const bw_op *op)
{
    return bw__is_v3(op) ? "zarr.json" : ".zarray";
}

const char *bw__group_document(const bw_op *op)
{
    return bw__is_v3(op) ? "zarr.json" : ".zgroup";
}

const char *bw__attributes_document(const bw_op *op)
{
    return bw__is_v3(op) ? "zarr.json" : ".zattrs";
}

/* Attributes -------------------------------------------------------------------------------- */

typedef struct asker {
    bw_document_handler handler;
    void *target;
} asker;

/* What a `zarr.json` has in attributes: a map, which is empty where none are written. */
static bw_status attributes_of(bw_ctx *ctx, bw_op *op, const bw_node *document, bw_node **out)
{
    bw_node *attributes = bw_map_get_text(document, "attributes");
    int64_t format = 0;

    if (!bw_map_get_int(document, "zarr_format", &format) || format != 3) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %lld, 3 is needed", (long long)format);
    }
    *out = attributes != NULL ? attributes : bw_node_map(ctx, &op->arena);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status on_v3_document(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    const asker *a = target;
    bw_node *attributes = NULL;

    if (document != NULL) {
        BW_TRY(attributes_of(ctx, op, document, &attributes));
    }
    return a->handler(ctx, op, a->target, attributes);
}

bw_status bw__want_attributes(bw_ctx *ctx, bw_op *op, bw_view folder, bw_document_handler handler,
                              void *target)
{
    asker *a;
    bw_view key;

    BW_TRY(bw__key_join(ctx, op, folder, bw_view_text(bw__attributes_document(op)), &key));
    if (!bw__is_v3(op)) {
        return bw__want_document(ctx, op, key, handler, target);
    }
    a = bw_arena_alloc(ctx, &op->arena, sizeof *a);
    if (a == NULL) {
        return BW_ERR_NOMEM;
    }
    *a = (asker){handler, target};
    return bw__want_document(ctx, op, key, on_v3_document, a);
}

/* The root ---------------------------------------------------------------------------------- */

static bw_status check_root(bw_ctx *ctx, bw_view format, bw_view type, bool *group)
{
    if (!bw_view_equal(format, BW_VIEW("3"))) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %.*s, 3 is needed",
                       (int)(format.len < 40 ? format.len : 40), (const char *)format.ptr);
    }
    *group = bw_view_equal(type, BW_VIEW("\"group\""));
    if (!*group && !bw_view_equal(type, BW_VIEW("\"array\""))) {
        return bw_fail(ctx, BW_ERR_METADATA, "node_type is %.*s, neither \"array\" nor \"group\"",
                       (int)(type.len < 40 ? type.len : 40), (const char *)type.ptr);
    }
    return BW_OK;
}

bw_status bw__read_v3_root(bw_ctx *ctx, bw_op *op, bw_view text, bw_v3_root *out)
{
    bw_view format = BW_VIEW("missing"), type = BW_VIEW("missing"), attributes = BW_VIEW("{}");
    bw_json_member *members;
    uint32_t count;

    BW_TRY(bw_json_members(ctx, &op->arena, text, ctx->limits.max_consolidated_bytes, &members,
                           &count));
    for (uint32_t i = 0; i < count; i++) {
        if (bw_view_equal(members[i].key, BW_VIEW("zarr_format"))) {
            format = members[i].value;
        } else if (bw_view_equal(members[i].key, BW_VIEW("node_type"))) {
            type = members[i].value;
        } else if (bw_view_equal(members[i].key, BW_VIEW("attributes"))) {
            attributes = members[i].value;
        }
    }
    BW_TRY(check_root(ctx, format, type, &out->group));
    BW_TRY(bw_json_parse(ctx, &op->arena, attributes, &out->attributes));
    if (out->attributes->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    return BW_OK;
}
