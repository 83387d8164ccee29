/* SPDX-License-Identifier: MIT */
/**
 * An array's `zarr.json`, checked field by field. What it holds beyond the specification must say that
 * it need not be understood.
 * Source: Zarr core specification, version 3.1, "Array metadata".
 */
#include <string.h>

#include "array/node_text.h"
#include "zarr_v3.h"

bool bw__v3_name(const bw_node *node, bw_view *name, const bw_node **configuration)
{
    *configuration = NULL;
    if (node->type == BW_NODE_STRING) {
        *name = node->text;
        return true;
    }
    *configuration = bw_map_get_text(node, "configuration");
    return bw_map_get_string(node, "name", name);
}

static bw_status require(bw_ctx *ctx, const bw_node *document, const char *field,
                         const bw_node **out)
{
    *out = bw_map_get_text(document, field);
    return *out != NULL ? BW_OK : bw_fail(ctx, BW_ERR_METADATA, "%s: missing", field);
}

static bw_status refuse_name(bw_ctx *ctx, const char *field, bw_view name)
{
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "%s \"%.*s\" is not supported", field,
                   (int)(name.len < 64 ? name.len : 64), (const char *)name.ptr);
}

/* Extensions that nobody has told us of. */
static bw_status check_fields(bw_ctx *ctx, const bw_node *document)
{
    static const char *const known[] = {
        "zarr_format", "node_type", "shape", "data_type", "chunk_grid", "chunk_key_encoding",
        "fill_value", "codecs", "attributes", "dimension_names", "storage_transformers",
        "consolidated_metadata"};

    for (uint32_t i = 0; i < document->children.len; i++) {
        bw_view key = document->children.keys[i];
        bool must = true, found = false;

        for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
            found |= bw_view_equal(key, bw_view_text(known[k]));
        }
        if (!found && (!bw_map_get_bool(document->children.items[i], "must_understand", &must) ||
                       must)) {
            return refuse_name(ctx, "field", key);
        }
    }
    return BW_OK;
}

static bw_status check_transformers(bw_ctx *ctx, const bw_node *document)
{
    const bw_node *node = bw_map_get_text(document, "storage_transformers"), *configuration;
    bw_view name = BW_VIEW("without a name");

    if (node == NULL || (node->type == BW_NODE_LIST && node->children.len == 0)) {
        return BW_OK;
    }
    if (node->type != BW_NODE_LIST) {
        return bw__node_refuse(ctx, "storage_transformers", node, "a list");
    }
    (void)bw__v3_name(node->children.items[0], &name, &configuration);
    return refuse_name(ctx, "storage_transformers:", name);
}

static bw_status read_grid(bw_ctx *ctx, const bw_node *document, bw_array_meta *meta)
{
    const bw_node *node, *configuration, *lengths;
    bw_view name;

    BW_TRY(require(ctx, document, "chunk_grid", &node));
    if (!bw__v3_name(node, &name, &configuration)) {
        return bw__node_refuse(ctx, "chunk_grid", node, "a name with its configuration");
    }
    if (!bw_view_equal(name, BW_VIEW("regular"))) {
        return refuse_name(ctx, "chunk_grid", name);
    }
    lengths = bw_map_get_text(configuration, "chunk_shape");
    if (lengths == NULL) {
        return bw_fail(ctx, BW_ERR_METADATA, "chunk_grid: chunk_shape: missing");
    }
    return bw__zarr_chunk_lengths(ctx, "chunk_grid: chunk_shape", lengths, meta);
}

static bw_status read_keys(bw_ctx *ctx, const bw_node *document, bw_array_meta *meta)
{
    const bw_node *node, *configuration, *separator;
    bw_view name;

    BW_TRY(require(ctx, document, "chunk_key_encoding", &node));
    if (!bw__v3_name(node, &name, &configuration)) {
        return bw__node_refuse(ctx, "chunk_key_encoding", node, "a name with its configuration");
    }
    meta->prefixed = bw_view_equal(name, BW_VIEW("default"));
    if (!meta->prefixed && !bw_view_equal(name, BW_VIEW("v2"))) {
        return refuse_name(ctx, "chunk_key_encoding", name);
    }
    meta->separator = meta->prefixed ? '/' : '.';
    separator = bw_map_get_text(configuration, "separator");
    if (separator == NULL) {
        return BW_OK;
    }
    if (separator->type != BW_NODE_STRING || separator->text.len != 1 ||
        (separator->text.ptr[0] != '/' && separator->text.ptr[0] != '.')) {
        return bw__node_refuse(ctx, "chunk_key_encoding: separator", separator, "\".\" or \"/\"");
    }
    meta->separator = (char)separator->text.ptr[0];
    return BW_OK;
}

static bw_status check_names(bw_ctx *ctx, const bw_node *document, uint32_t rank)
{
    const bw_node *names = bw_map_get_text(document, "dimension_names");

    if (names == NULL || names->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (names->type != BW_NODE_LIST || names->children.len != rank) {
        return bw__node_refuse(ctx, "dimension_names", names, "a list as long as shape");
    }
    for (uint32_t d = 0; d < rank; d++) {
        const bw_node *name = names->children.items[d];

        if (name->type != BW_NODE_STRING && name->type != BW_NODE_NULL) {
            return bw__node_refuse(ctx, "dimension_names", name, "text or null");
        }
    }
    return BW_OK;
}

static bw_status check_node_type(bw_ctx *ctx, const bw_node *document)
{
    const bw_node *node;

    BW_TRY(require(ctx, document, "node_type", &node));
    return node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW("array"))
               ? BW_OK
               : bw__node_refuse(ctx, "node_type", node, "\"array\"");
}

bw_status bw__zarr_meta_v3(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                           bw_array_meta **out)
{
    bw_array_meta *meta = bw_arena_alloc_zeroed(ctx, arena, sizeof *meta);
    const bw_node *node;

    if (meta == NULL) {
        return BW_ERR_NOMEM;
    }
    meta->version = 3;
    meta->document = document;
    BW_TRY(check_node_type(ctx, document));
    BW_TRY(require(ctx, document, "shape", &node));
    BW_TRY(bw__zarr_lengths(ctx, "shape", node, 0, meta->shape, &meta->rank));
    BW_TRY(read_grid(ctx, document, meta));
    BW_TRY(read_keys(ctx, document, meta));
    BW_TRY(check_names(ctx, document, meta->rank));
    BW_TRY(check_transformers(ctx, document));
    BW_TRY(check_fields(ctx, document));
    BW_TRY(require(ctx, document, "data_type", &node));
    BW_TRY(bw__v3_data_type(ctx, arena, node, meta));
    BW_TRY(require(ctx, document, "fill_value", &node));
    BW_TRY(bw__v3_fill(ctx, arena, node, meta));
    BW_TRY(require(ctx, document, "codecs", &node));
    BW_TRY(bw__v3_codecs(ctx, arena, node, meta));
    *out = meta;
    return BW_OK;
}
