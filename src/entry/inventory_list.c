/* SPDX-License-Identifier: MIT */
/* The arrays in an entry's tree, listed. */
#include "entry.h"

static bw_status put(bw_ctx *ctx, bw_arena *arena, bw_node *item, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, arena, item, bw_view_text(key), value);
}

static bw_status put_extents(bw_ctx *ctx, bw_arena *arena, bw_node *item, const char *key,
                             uint32_t rank, const uint64_t *extents)
{
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t d = 0; d < rank; d++) {
        bw_node *extent = bw_node_int(ctx, arena, (int64_t)extents[d]);
        if (extent == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, extent));
    }
    return put(ctx, arena, item, key, list);
}

static bw_status put_path(bw_ctx *ctx, bw_arena *arena, bw_node *item, const bw_view *names,
                          uint32_t depth)
{
    bw_node *path = bw_node_list(ctx, arena);

    if (path == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < depth; i++) {
        bw_node *name = bw_node_text(ctx, arena, names[i]);
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, path, name));
    }
    return put(ctx, arena, item, "path", path);
}

/* How the array is stored; nothing for arrays that come out of attributes (array records). */
static bw_status put_storage(bw_ctx *ctx, bw_arena *arena, bw_node *item, const bw_array_meta *meta)
{
    const bw_node *compressor;
    bw_view id;

    if (meta == NULL) {
        return BW_OK;
    }
    BW_TRY(put_extents(ctx, arena, item, "chunks", meta->rank, meta->chunks));
    compressor = bw_map_get_text(meta->document, "compressor");
    if (compressor != NULL && (bw_map_get_string(compressor, "cname", &id) ||
                               bw_map_get_string(compressor, "id", &id))) {
        BW_TRY(put(ctx, arena, item, "codec", bw_node_text(ctx, arena, id)));
    }
    return BW_OK;
}

static bw_status list_array(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw_array *array,
                            const bw_view *names, uint32_t depth)
{
    bw_node *item = bw_node_map(ctx, arena);
    char dtype[32];

    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    bw_dtype_format(array->dtype, dtype);
    BW_TRY(put_path(ctx, arena, item, names, depth));
    BW_TRY(put_extents(ctx, arena, item, "shape", array->rank, array->shape));
    BW_TRY(put(ctx, arena, item, "dtype", bw_node_text(ctx, arena, bw_view_text(dtype))));
    BW_TRY(put(ctx, arena, item, "nbytes", bw_node_int(ctx, arena, (int64_t)array->nbytes)));
    BW_TRY(put_storage(ctx, arena, item, array->origin));
    return bw_list_push(ctx, arena, list, item);
}

/* What a sparse tensor's `shape` says, an array in some formats and a list in others. */
static bool sparse_extents(const bw_node *shape, uint32_t *rank, uint64_t *extents)
{
    bool list = shape->type == BW_NODE_LIST;
    const bw_array *array = shape->type == BW_NODE_ARRAY ? shape->array : NULL;

    if (!list && (array == NULL || array->data == NULL || array->dtype.kind != 'i' ||
                  array->dtype.itemsize != 8 || array->rank != 1)) {
        return false;
    }
    *rank = list ? shape->children.len : array->shape[0] > BW_MAX_RANK ? UINT32_MAX
                                                                      : (uint32_t)array->shape[0];
    if (*rank > BW_MAX_RANK) {
        return false;
    }
    for (uint32_t d = 0; d < *rank; d++) {
        if (list && shape->children.items[d]->type != BW_NODE_INT) {
            return false;
        }
        extents[d] = list ? (uint64_t)shape->children.items[d]->integer
                          : ((const uint64_t *)(const void *)array->data)[d];
    }
    return true;
}

/* A sparse tensor: a map of shape, dtype, default, keys and values. */
static bool is_sparse(const bw_node *node, uint32_t *rank, uint64_t *extents)
{
    const bw_node *shape = bw_map_get_text(node, "shape");
    const bw_node *keys = bw_map_get_text(node, "keys");

    return shape != NULL && keys != NULL && bw_map_get_text(node, "values") != NULL &&
           bw_map_get_text(node, "default") != NULL &&
           (keys->type == BW_NODE_LIST ||
            (keys->type == BW_NODE_ARRAY && keys->array->data != NULL)) &&
           sparse_extents(shape, rank, extents);
}

static bw_status list_sparse(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw_node *node,
                             const bw_view *names, uint32_t depth, uint32_t rank,
                             const uint64_t *extents)
{
    bw_node *item = bw_node_map(ctx, arena);
    const bw_node *keys = bw_map_get_text(node, "keys");
    bool listed = keys->type == BW_NODE_LIST;
    int64_t count = listed ? keys->children.len
                           : keys->array->rank == 2 ? (int64_t)keys->array->shape[0] : 0;
    int64_t nbytes = listed ? count * rank * 8 : (int64_t)keys->array->nbytes;
    bw_view dtype = BW_VIEW("<f8");

    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    (void)bw_map_get_string(node, "dtype", &dtype);
    BW_TRY(put_path(ctx, arena, item, names, depth));
    BW_TRY(put_extents(ctx, arena, item, "shape", rank, extents));
    BW_TRY(put(ctx, arena, item, "dtype", bw_node_text(ctx, arena, dtype)));
    BW_TRY(put(ctx, arena, item, "nbytes", bw_node_int(ctx, arena, nbytes)));
    BW_TRY(put(ctx, arena, item, "sparse", bw_node_int(ctx, arena, count)));
    return bw_list_push(ctx, arena, list, item);
}

static bw_status list_node(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw_node *node,
                           bw_view *names, uint32_t depth)
{
    uint64_t extents[BW_MAX_RANK];
    uint32_t rank;

    if (node->type == BW_NODE_ARRAY) {
        return list_array(ctx, arena, list, node->array, names, depth);
    }
    if (node->type != BW_NODE_MAP && node->type != BW_NODE_LIST) {
        return BW_OK;
    }
    if (is_sparse(node, &rank, extents)) {
        return list_sparse(ctx, arena, list, node, names, depth, rank, extents);
    }
    if (depth >= ctx->limits.max_depth) {
        return bw_fail_limit(ctx, "levels of an entry", depth + 1u, ctx->limits.max_depth);
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        char number[12];

        if (node->type == BW_NODE_MAP) {
            names[depth] = node->children.keys[i];
        } else {
            char *digit = number + sizeof number - 1;
            uint32_t rest = i;

            *digit = '\0';
            do {
                *--digit = (char)('0' + rest % 10);
                rest /= 10;
            } while (rest > 0);
            names[depth] = bw_view_text(digit);
        }
        BW_TRY(list_node(ctx, arena, list, node->children.items[i], names, depth + 1));
    }
    return BW_OK;
}

bw_status bw__inventory(bw_ctx *ctx, bw_arena *arena, const bw_node *root, bw_node **out)
{
    bw_view *names = bw_arena_alloc(ctx, arena, (ctx->limits.max_depth + 1u) * sizeof *names);
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL || names == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = list;
    return list_node(ctx, arena, list, root, names, 0);
}
