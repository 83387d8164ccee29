/* SPDX-License-Identifier: MIT */
/*
 * A node is what its documents say: `zarr.json` of version 3, or `.zarray`, `.zgroup` and `.zattrs` of
 * version 2. All are asked for at once; version 3 wins where both are, as in zarr-python. A node that
 * has none of them may still stand in the root's consolidated metadata.
 */
#include "find_node.h"

#include <string.h>

static bw_status check_group(bw_ctx *ctx, const bw_node *document, int64_t version)
{
    int64_t format = 0;

    if (!bw_map_get_int(document, "zarr_format", &format) || format != version) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %lld, %lld is needed",
                       (long long)format, (long long)version);
    }
    return BW_OK;
}

static bw_status take_attributes(bw_ctx *ctx, bw_found_node *node, bw_node *attributes)
{
    if (attributes != NULL && attributes->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    node->attributes = attributes;
    return BW_OK;
}

/*
 * An array that this build cannot read (an extension) is described all the same, so that a hierarchy
 * can be listed; reading it says what is missing.
 */
static bw_status take_array(bw_ctx *ctx, bw_op *op, bw_found_node *node, bw_node *document,
                            int version)
{
    bw_array_meta *meta;
    bw_status st = bw_zarr_meta_from_node(ctx, &op->arena, document, &meta);

    if (st == BW_OK && meta->version != version) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %d, %d is needed", meta->version,
                       version);
    }
    if (st == BW_OK || st == BW_ERR_UNSUPPORTED) {
        node->document = document;
        node->version = version;
        return BW_OK;
    }
    return st;
}

static bw_status on_version_3(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    bw_found_node *node = target;
    bw_view type;

    if (document == NULL) {
        return BW_OK;
    }
    node->group = false;
    node->document = NULL;
    node->version = 3;
    BW_TRY(take_attributes(ctx, node, bw_map_get_text(document, "attributes")));
    if (bw_map_get_string(document, "node_type", &type) && bw_view_equal(type, BW_VIEW("group"))) {
        node->group = true;
        return check_group(ctx, document, 3);
    }
    return take_array(ctx, op, node, document, 3);
}

static bw_status on_group(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    bw_found_node *node = target;

    (void)op;
    if (document == NULL || node->version == 3) {
        return BW_OK;
    }
    BW_TRY(check_group(ctx, document, 2));
    node->group = true;
    node->version = 2;
    return BW_OK;
}

static bw_status on_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    bw_found_node *node = target;

    (void)op;
    return node->version == 3 ? BW_OK : take_attributes(ctx, node, document);
}

static bw_status on_array(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    bw_found_node *node = target;

    return document == NULL || node->version == 3 ? BW_OK : take_array(ctx, op, node, document, 2);
}

static bw_status want(bw_ctx *ctx, bw_op *op, bw_found_node *node, bw_view name,
                      bw_document_handler handler)
{
    bw_view key;

    BW_TRY(bw__key_join(ctx, op, node->path, name, &key));
    return bw__want_document(ctx, op, key, handler, node);
}

bw_status bw__find_node(bw_ctx *ctx, bw_op *op, bw_found_node *node, int64_t version)
{
    if (version != 3) {
        BW_TRY(want(ctx, op, node, BW_VIEW(".zarray"), on_array));
        BW_TRY(want(ctx, op, node, BW_VIEW(".zgroup"), on_group));
        BW_TRY(want(ctx, op, node, BW_VIEW(".zattrs"), on_attributes));
    }
    return version == 2 ? BW_OK : want(ctx, op, node, BW_VIEW("zarr.json"), on_version_3);
}

/* Further ----------------------------------------------------------------------------------- */

/* A root without .zgroup is a group all the same if there is anything in it. */
static bw_status on_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    bw_found_node *node = target;

    (void)op;
    if (bw__listing_has(names, ".zarray")) {
        return bw_fail(ctx, BW_ERR_METADATA, ".zarray: listed, but there is no such document");
    }
    if (names.len > 0 && node->version == 0) {
        node->group = true;
        node->version = 2;
    }
    return BW_OK;
}

/* One document of the node out of consolidated metadata, given to its handler. */
static bw_status pick(bw_ctx *ctx, bw_op *op, bw_found_node *node, bw_view text, bw_view name,
                      bw_document_handler handler)
{
    bw_node *document;
    bw_view key, found;

    BW_TRY(bw__key_join(ctx, op, node->path, name, &key));
    BW_TRY(bw__consolidated_pick(ctx, &op->arena, text, key, &found));
    if (found.ptr == NULL) {
        return BW_OK;
    }
    BW_TRY(bw_json_parse(ctx, &op->arena, found, &document));
    return handler(ctx, op, node, document);
}

/* Keeps the text: what was picked out of it stays there. */
static bw_status keep(bw_ctx *ctx, bw_op *op, bw_view *text)
{
    char *copy = bw_arena_copy(ctx, &op->arena, text->ptr, text->len);

    text->ptr = (const uint8_t *)copy;
    return copy == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status on_consolidated(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                 bw_view text)
{
    bw_found_node *node = target;

    (void)cookie;
    if (text.ptr == NULL || node->version == 3) {
        return BW_OK;
    }
    BW_TRY(keep(ctx, op, &text));
    BW_TRY(pick(ctx, op, node, text, BW_VIEW(".zarray"), on_array));
    BW_TRY(pick(ctx, op, node, text, BW_VIEW(".zgroup"), on_group));
    return pick(ctx, op, node, text, BW_VIEW(".zattrs"), on_attributes);
}

static bw_status on_root_v3(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view text)
{
    (void)cookie;
    if (text.ptr == NULL) {
        return BW_OK;
    }
    BW_TRY(keep(ctx, op, &text));
    return pick(ctx, op, target, text, BW_VIEW("zarr.json"), on_version_3);
}

static bw_status ask_further(bw_ctx *ctx, bw_op *op, bw_found_node *node)
{
    node->asked_further = true;
    if (node->path.len == 0) {
        BW_TRY(bw__want_list(ctx, op, node->path, on_listing, node));
    } else {
        BW_TRY(bw__want_get(ctx, op, BW_VIEW("zarr.json"), on_root_v3, node, 0));
    }
    return bw__want_get(ctx, op, BW_VIEW(".zmetadata"), on_consolidated, node, 0);
}

bw_status bw__node_found(bw_ctx *ctx, bw_op *op, bw_found_node *node, bool *found)
{
    *found = node->document != NULL || node->group;
    if (*found) {
        return bw__key_join(ctx, op, node->path,
                            node->version == 3 ? BW_VIEW("zarr.json") : BW_VIEW(".zarray"),
                            &node->document_key);
    }
    if (!node->asked_further) {
        return ask_further(ctx, op, node);
    }
    return bw_fail(ctx, BW_ERR_NOT_FOUND, "%.*s: there is no group or array",
                   (int)(node->path.len > 200 ? 200 : node->path.len),
                   (const char *)node->path.ptr);
}
