/* SPDX-License-Identifier: MIT */
/** Finding array records in a tree and putting arrays in their place; see bores/record.h. */
#include <stdio.h>
#include <string.h>

#include "bores/record.h"
#include "node_text.h"
#include "record_data.h"

/* Where a node is: one frame a level, on the C stack, innermost first. */
typedef struct frame {
    const struct frame *parent;
    bw_view key;    /* absent for the item of a list */
    uint32_t index;
} frame;

typedef struct expander {
    bw_ctx *ctx;
    bw_arena *arena;
    uint64_t nbytes; /* of the arrays made so far */
} expander;

static size_t put_part(char *out, size_t cap, size_t used, const void *text, size_t len)
{
    if (len > cap - used) {
        len = cap - used;
    }
    memcpy(out + used, text, len);
    return used + len;
}

/* Writes "a.b.0.c", cut at `cap`, and returns its length. */
static size_t put_path(const frame *at, char *out, size_t cap)
{
    char number[16];
    size_t used;

    if (at->parent == NULL) {
        return 0;
    }
    used = put_path(at->parent, out, cap);
    if (used > 0) {
        used = put_part(out, cap, used, ".", 1);
    }
    if (at->key.ptr != NULL) {
        return put_part(out, cap, used, at->key.ptr, at->key.len);
    }
    snprintf(number, sizeof number, "%u", at->index);
    return put_part(out, cap, used, number, strlen(number));
}

/* Puts the path before the failure just recorded. The error's key stays free: it is for the
 * store's key, which is not known here. */
static bw_status fail_at_path(bw_ctx *ctx, const frame *at, bw_status status)
{
    uint64_t needed = ctx->error.needed, limit = ctx->error.limit;
    char path[240];
    size_t len = put_path(at, path, sizeof path);

    if (len > 0) {
        bw_fail(ctx, status, "%.*s: %s", (int)len, path, ctx->error.message);
        ctx->error.needed = needed;
        ctx->error.limit = limit;
    }
    return status;
}

static bool is_record(const bw_node *node)
{
    bool flag = false;
    int64_t number = 0;

    return (bw_map_get_bool(node, "__ndarray__", &flag) && flag) ||
           (bw_map_get_int(node, "__ndarray__", &number) && number == 1);
}

static bool length_from_list(const bw_node *shape, uint32_t d, uint64_t *out)
{
    const bw_node *length = shape->children.items[d];

    if (length->type != BW_NODE_INT || length->integer < 0) {
        return false;
    }
    *out = (uint64_t)length->integer;
    return true;
}

static bool length_from_array(const bw_array *shape, uint32_t d, uint64_t *out)
{
    int64_t length;

    memcpy(&length, shape->data + 8 * d, 8);
    *out = (uint64_t)length;
    return length >= 0;
}

/* True for int64[n], and for the empty int8 array that stands for [] in Zarr and HDF5 stores. */
static bool is_shape_array(const bw_node *node)
{
    const bw_array *a = node->array;
    return node->type == BW_NODE_ARRAY && a->rank == 1 &&
           (a->nbytes == 0 || (a->dtype.kind == 'i' && a->dtype.itemsize == 8));
}

static bw_status read_shape(bw_ctx *ctx, const bw_node *map, bw__record *r)
{
    const bw_node *node = bw_map_get_text(map, "shape");
    char text[BW__NODE_TEXT_MAX];
    bool list = node != NULL && node->type == BW_NODE_LIST;
    uint64_t rank;

    if (!list && (node == NULL || !is_shape_array(node))) {
        bw__node_text(node, text);
        return bw_fail(ctx, BW_ERR_METADATA, "shape: %s is not a list of integers", text);
    }
    rank = list ? node->children.len : node->array->shape[0];
    if (rank > BW_MAX_RANK) {
        return bw_fail_limit(ctx, "shape: dimensions", rank, BW_MAX_RANK);
    }
    r->rank = (uint32_t)rank;
    for (uint32_t d = 0; d < r->rank; d++) {
        if (!(list ? length_from_list(node, d, &r->shape[d])
                   : length_from_array(node->array, d, &r->shape[d]))) {
            return bw_fail(ctx, BW_ERR_METADATA, "shape: dimension %u is no length", d);
        }
    }
    return BW_OK;
}

static bw_status read_record(expander *e, const bw_node *map, bw_array **out)
{
    bw__record r = {.map = map};
    bw_view text;

    if (!bw_map_get_string(map, "dtype", &text)) {
        return bw_fail(e->ctx, BW_ERR_METADATA, "dtype: missing, or not text");
    }
    BW_TRY(bw_dtype_parse(e->ctx, text, &r.dtype));
    BW_TRY(read_shape(e->ctx, map, &r));
    BW_TRY(bw_array_size(e->ctx, r.dtype, r.rank, r.shape, &r.count, &r.nbytes));
    if (r.nbytes > e->ctx->limits.max_array_bytes - e->nbytes) {
        return bw_fail_limit(e->ctx, "bytes of all array records", e->nbytes + r.nbytes,
                             e->ctx->limits.max_array_bytes);
    }
    e->nbytes += r.nbytes;
    return bw__record_array(e->ctx, e->arena, &r, out);
}

/* Recursion is as deep as the tree, which is limited. */
static bw_status expand(expander *e, const frame *at, uint32_t depth, bw_node **node)
{
    bw_node *parent = *node;

    if (parent->type != BW_NODE_LIST && parent->type != BW_NODE_MAP) {
        return BW_OK;
    }
    if (depth >= e->ctx->limits.max_depth) {
        bw_fail_limit(e->ctx, "nesting depth of a tree", depth + UINT64_C(1),
                      e->ctx->limits.max_depth);
        return fail_at_path(e->ctx, at, BW_ERR_LIMIT);
    }
    if (is_record(parent)) {
        bw_array *array = NULL;
        bw_status st = read_record(e, parent, &array);
        if (st != BW_OK) {
            return fail_at_path(e->ctx, at, st);
        }
        parent = bw_node_array(e->ctx, e->arena, array);
        *node = parent == NULL ? *node : parent;
        return parent == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    for (uint32_t i = 0; i < parent->children.len; i++) {
        frame child = {at, {0}, i};
        if (parent->type == BW_NODE_MAP) {
            child.key = parent->children.keys[i];
        }
        BW_TRY(expand(e, &child, depth + 1, &parent->children.items[i]));
    }
    return BW_OK;
}

bw_status bw_record_expand(bw_ctx *ctx, bw_arena *arena, bw_node **root)
{
    expander e = {ctx, arena, 0};
    frame top = {0};
    return expand(&e, &top, 0, root);
}
