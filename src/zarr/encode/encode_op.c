/* SPDX-License-Identifier: MIT */
/*
 * zarr.encode and zarr.root: entries, and the root of their store, as keys and bytes for the host
 * to commit. Neither wants anything: they are done when they have begun.
 *
 * An entry's attributes, which hold `_index`, are the last of its keys: an entry without one is one
 * whose writer did not come to the end.
 */
#include <inttypes.h>
#include <stdio.h>

#include "encode_zarr.h"

/* Parameters -------------------------------------------------------------------------------- */

/* One of two words; `*second` stays as it is when there is none. */
static bw_status param_choice(bw_ctx *ctx, const bw_op *op, const char *name, const char *first,
                              const char *other, bool *second)
{
    const bw_node *node = bw_map_get_text(op->params, name);

    if (node == NULL) {
        return BW_OK;
    }
    *second = node->type == BW_NODE_STRING && bw_view_equal(node->text, bw_view_text(other));
    if (!*second && (node->type != BW_NODE_STRING ||
                     !bw_view_equal(node->text, bw_view_text(first)))) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "operation %s: '%s' must be '%s' or '%s'",
                       op->type->name, name, first, other);
    }
    return BW_OK;
}

/* Zarr's version: 2, the default, or 3. */
static bw_status param_format(bw_ctx *ctx, const bw_op *op, bw_encoder *e)
{
    int64_t format = 2;

    (void)bw_map_get_int(op->params, "zarr_format", &format);
    if (format != 2 && format != 3) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "operation %s: 'zarr_format' must be 2 or 3",
                       op->type->name);
    }
    e->v3 = format == 3;
    return BW_OK;
}

static bw_status param_lengths(bw_ctx *ctx, const bw_op *op, const char *name, const bw_node **out)
{
    const bw_node *node = bw_map_get_text(op->params, name);

    if (node == NULL || node->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (node->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s must be a list of lengths", name);
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        const bw_node *length = node->children.items[i];
        if (length->type != BW_NODE_INT || length->integer < 1) {
            return bw_fail(ctx, BW_ERR_ARGUMENT,
                           "%s: the length along axis %u is no integer from 1 up", name, (unsigned)i);
        }
    }
    *out = node;
    return BW_OK;
}

/* Without one: what the BORES of that layout has for a default. */
static bw_status param_compressor(bw_ctx *ctx, const bw_op *op, bw_encoder *e)
{
    const bw_node *node = bw_map_get_text(op->params, "compressor");

    if (node != NULL) {
        return bw_codec_from_v2(ctx, "compressor", node, &e->compressor);
    }
    e->compressor = e->flat ? (bw_codec){.type = &bw_codec_blosc, .cname = "lz4", .level = 1}
                            : (bw_codec){.type = &bw_codec_blosc, .cname = "zstd", .level = 3};
    e->compressor.shuffle = 2;
    return BW_OK;
}

static bw_status read_params(bw_ctx *ctx, const bw_op *op, bw_encoder *e)
{
    BW_TRY(param_choice(ctx, op, "layout", "nested", "flat", &e->flat));
    BW_TRY(param_choice(ctx, op, "arrays", "raw", "record", &e->records));
    BW_TRY(param_format(ctx, op, e));
    BW_TRY(param_lengths(ctx, op, "chunks", &e->chunks));
    BW_TRY(param_lengths(ctx, op, "shards", &e->shards));
    if (e->shards != NULL && !e->v3) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "shards: Zarr version 2 has none, version 3 has");
    }
    BW_TRY(bw__param_statistics(ctx, op->params, e));
    return param_compressor(ctx, op, e);
}

/* Entries ----------------------------------------------------------------------------------- */

/* {_group_name, _index, _meta}. */
static bw_status identify(bw_encoder *e, bw_view group, int64_t idx, const bw_node *meta,
                          bw_node **out)
{
    bw_node *map = bw_node_map(e->ctx, e->arena), *name, *index, *copy;
    size_t before;

    name = bw_node_text(e->ctx, e->arena, group);
    index = bw_node_int(e->ctx, e->arena, idx);
    BW_TRY(bw__encode_enter(e, BW_VIEW("_meta"), &before));
    if (meta == NULL || meta->type == BW_NODE_NULL) {
        copy = bw_node_map(e->ctx, e->arena);
    } else if (meta->type == BW_NODE_MAP) {
        BW_TRY(bw__encode_plain(e, meta, &copy));
    } else {
        return bw_fail(e->ctx, BW_ERR_ARGUMENT, "the metadata of an entry must be a mapping");
    }
    bw__encode_leave(e, before);
    if (map == NULL || name == NULL || index == NULL || copy == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(e->ctx, e->arena, map, BW_VIEW("_group_name"), name));
    BW_TRY(bw_map_set(e->ctx, e->arena, map, BW_VIEW("_index"), index));
    BW_TRY(bw_map_set(e->ctx, e->arena, map, BW_VIEW("_meta"), copy));
    *out = map;
    return BW_OK;
}

static bw_status encode_entry(bw_encoder *e, const bw_node *entry)
{
    const bw_node *data = bw_map_get_text(entry, "data");
    bw_node *attributes = NULL;
    char name[32];
    bw_view group;
    bw_status st;
    int64_t idx;

    if (!bw_map_get_int(entry, "idx", &idx) || idx < 0 || idx > INT64_C(999999999999)) {
        return bw_fail(e->ctx, BW_ERR_ARGUMENT, "the index of an entry must be a number from 0 up");
    }
    snprintf(name, sizeof name, "entry_%010" PRId64, idx);
    group = bw_view_text(name);
    if (data == NULL || data->type != BW_NODE_MAP) {
        return bw_fail(e->ctx, BW_ERR_ARGUMENT, "%s: the data of an entry must be a mapping", name);
    }
    st = identify(e, group, idx, bw_map_get_text(entry, "meta"), &attributes);
    if (st == BW_OK) {
        st = e->flat ? bw__encode_flat(e, group, data, attributes)
                     : bw__encode_nested(e, group, data, attributes);
    }
    if (st != BW_OK) {
        bw__encoder_fail(e, st);
        return bw_fail_at(e->ctx, name, group.len);
    }
    return BW_OK;
}

static bw_status encode_entries(bw_encoder *e, const bw_node *entries)
{
    if (entries == NULL || entries->type != BW_NODE_LIST) {
        return bw_fail(e->ctx, BW_ERR_ARGUMENT, "zarr.encode: 'entries' must be a list");
    }
    for (uint32_t i = 0; i < entries->children.len; i++) {
        BW_TRY(encode_entry(e, entries->children.items[i]));
    }
    return BW_OK;
}

static bw_status begin_encode(bw_ctx *ctx, bw_op *op)
{
    bw_encoder e;
    bw_status st;

    BW_TRY(bw__encoder_begin(ctx, &op->arena, &e));
    BW_GO(read_params(ctx, op, &e));
    BW_GO(encode_entries(&e, bw_map_get_text(op->params, "entries")));
    BW_GO(bw__encode_result(&e, op));

done:
    bw__encoder_end(&e);
    return st;
}

/* The root ---------------------------------------------------------------------------------- */

/* What the root has in attributes already, with the new count. */
static bw_status root_attributes(bw_encoder *e, const bw_op *op, bw_node **out)
{
    const bw_node *given = bw_map_get_text(op->params, "attributes");
    bw_node *count, *attributes;
    int64_t number;

    if (!bw_map_get_int(op->params, "count", &number) || number < 0) {
        return bw_fail(e->ctx, BW_ERR_ARGUMENT, "zarr.root: 'count' must be a number from 0 up");
    }
    if (given == NULL || given->type == BW_NODE_NULL) {
        attributes = bw_node_map(e->ctx, e->arena);
    } else if (given->type == BW_NODE_MAP) {
        BW_TRY(bw_node_copy(e->ctx, e->arena, given, &attributes));
    } else {
        return bw_fail(e->ctx, BW_ERR_ARGUMENT, "zarr.root: 'attributes' must be a mapping");
    }
    count = bw_node_int(e->ctx, e->arena, number);
    if (count == NULL || attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = attributes;
    return bw_map_set(e->ctx, e->arena, attributes, BW_VIEW("count"), count);
}

static bw_status begin_root(bw_ctx *ctx, bw_op *op)
{
    bw_node *attributes = NULL;
    bw_encoder e;
    bw_status st;

    BW_TRY(bw__encoder_begin(ctx, &op->arena, &e));
    BW_GO(param_format(ctx, op, &e));
    BW_GO(root_attributes(&e, op, &attributes));
    BW_GO(bw__encode_put_group(&e, BW_VIEW(""), attributes));
    BW_GO(bw__encode_result(&e, op));

done:
    bw__encoder_end(&e);
    return st;
}

const bw_op_type bw__encode_op = {"zarr.encode", 0, begin_encode, NULL, NULL};
const bw_op_type bw__root_op = {"zarr.root", 0, begin_root, NULL, NULL};
