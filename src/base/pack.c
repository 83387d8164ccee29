/* SPDX-License-Identifier: MIT */
/** Trees to packed bytes. The format is described in pack.h; unpack.c reads it. */
#include "bores/pack.h"

#include <string.h>

#include "pack_tags.h"

static bw_status put_number(bw_ctx *ctx, bw_bytes *out, uint64_t value, unsigned nbytes)
{
    uint8_t raw[8];
    for (unsigned i = 0; i < nbytes; i++) {
        raw[i] = (uint8_t)(value >> (8 * i));
    }
    return bw_bytes_append(ctx, out, raw, nbytes);
}

static bw_status put_tag(bw_ctx *ctx, bw_bytes *out, int tag)
{
    return put_number(ctx, out, (uint64_t)tag, 1);
}

static bw_status put_text(bw_ctx *ctx, bw_bytes *out, bw_view text)
{
    if (text.len > UINT32_MAX) {
        return bw_fail_limit(ctx, "bytes of a packed string", text.len, UINT32_MAX);
    }
    BW_TRY(put_number(ctx, out, text.len, 4));
    return bw_bytes_append(ctx, out, text.ptr, text.len);
}

static bw_status put_array(bw_ctx *ctx, bw_bytes *out, const bw_array *array)
{
    size_t unit_len = strlen(array->dtype.unit);

    BW_TRY(put_tag(ctx, out, BW__PACK_ARRAY));
    BW_TRY(put_number(ctx, out, (uint8_t)array->dtype.kind, 1));
    BW_TRY(put_number(ctx, out, array->dtype.itemsize, 4));
    BW_TRY(put_number(ctx, out, unit_len, 1));
    BW_TRY(bw_bytes_append(ctx, out, array->dtype.unit, unit_len));
    BW_TRY(put_number(ctx, out, array->rank, 1));
    for (uint32_t d = 0; d < array->rank; d++) {
        BW_TRY(put_number(ctx, out, array->shape[d], 8));
    }
    BW_TRY(put_number(ctx, out, array->nbytes, 8));
    return put_number(ctx, out, (uintptr_t)array->data, sizeof(uintptr_t));
}

static bw_status put_node(bw_ctx *ctx, bw_bytes *out, const bw_node *node, uint32_t depth);

static bw_status put_children(bw_ctx *ctx, bw_bytes *out, const bw_node *node, uint32_t depth)
{
    bool map = node->type == BW_NODE_MAP;

    if (depth >= ctx->limits.max_depth) {
        return bw_fail_limit(ctx, "nesting depth of a tree", depth + UINT64_C(1),
                             ctx->limits.max_depth);
    }
    BW_TRY(put_tag(ctx, out, map ? BW__PACK_MAP : BW__PACK_LIST));
    BW_TRY(put_number(ctx, out, node->children.len, 4));
    for (uint32_t i = 0; i < node->children.len; i++) {
        if (map) {
            BW_TRY(put_text(ctx, out, node->children.keys[i]));
        }
        BW_TRY(put_node(ctx, out, node->children.items[i], depth + 1));
    }
    return BW_OK;
}

static bw_status put_node(bw_ctx *ctx, bw_bytes *out, const bw_node *node, uint32_t depth)
{
    uint64_t bits;

    switch (node->type) {
    case BW_NODE_NULL:
        return put_tag(ctx, out, BW__PACK_NULL);
    case BW_NODE_BOOL:
        return put_tag(ctx, out, node->boolean ? BW__PACK_TRUE : BW__PACK_FALSE);
    case BW_NODE_INT:
        BW_TRY(put_tag(ctx, out, BW__PACK_INT));
        return put_number(ctx, out, (uint64_t)node->integer, 8);
    case BW_NODE_FLOAT:
        memcpy(&bits, &node->number, sizeof bits);
        BW_TRY(put_tag(ctx, out, node->natural != 0 ? BW__PACK_NATURAL : BW__PACK_FLOAT));
        return put_number(ctx, out, node->natural != 0 ? node->natural : bits, 8);
    case BW_NODE_STRING:
        BW_TRY(put_tag(ctx, out, BW__PACK_STRING));
        return put_text(ctx, out, node->text);
    case BW_NODE_LIST:
    case BW_NODE_MAP:
        return put_children(ctx, out, node, depth);
    case BW_NODE_ARRAY:
        return put_array(ctx, out, node->array);
    }
    return bw_fail(ctx, BW_ERR_INTERNAL, "a node has the unknown type %d", (int)node->type);
}

bw_status bw_pack(bw_ctx *ctx, const bw_node *node, bw_bytes *out)
{
    size_t before = out->len;
    bw_status st = put_node(ctx, out, node, 0);
    if (st != BW_OK) {
        out->len = before;
    }
    return st;
}
