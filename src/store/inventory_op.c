/* SPDX-License-Identifier: MIT */
/* zarr.inventory: which arrays an entry has, without reading them. */
#include "engine.h"

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    return bw__entry_tree_begin(ctx, op, op->machine, group, NULL, BW_EXTENT_DESCRIBE);
}

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
static bw_status put_storage(bw_ctx *ctx, bw_arena *arena, bw_node *item, const bw_zarr_meta *meta)
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

static bw_status list_array(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw_array *array, const bw_view *names,
                            uint32_t depth)
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

/* A sparse tensor of the flat layout: a map of shape, dtype, default, keys and values. */
static bool is_sparse(const bw_node *node)
{
    const bw_node *shape = bw_map_get_text(node, "shape");
    const bw_node *keys = bw_map_get_text(node, "keys");

    return shape != NULL && keys != NULL && bw_map_get_text(node, "values") != NULL &&
           bw_map_get_text(node, "default") != NULL && keys->type == BW_NODE_ARRAY &&
           keys->array->data != NULL && shape->type == BW_NODE_ARRAY &&
           shape->array->data != NULL && shape->array->dtype.kind == 'i' &&
           shape->array->dtype.itemsize == 8 && shape->array->rank == 1 &&
           shape->array->shape[0] <= BW_MAX_RANK;
}

static bw_status list_sparse(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw_node *node, const bw_view *names,
                             uint32_t depth)
{
    bw_node *item = bw_node_map(ctx, arena);
    const bw_array *keys = bw_map_get_text(node, "keys")->array;
    const bw_array *shape = bw_map_get_text(node, "shape")->array;
    bw_view dtype = BW_VIEW("<f8");

    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    (void)bw_map_get_string(node, "dtype", &dtype);
    BW_TRY(put_path(ctx, arena, item, names, depth));
    BW_TRY(put_extents(ctx, arena, item, "shape", (uint32_t)shape->shape[0],
                       (const uint64_t *)(const void *)shape->data));
    BW_TRY(put(ctx, arena, item, "dtype", bw_node_text(ctx, arena, dtype)));
    BW_TRY(put(ctx, arena, item, "nbytes", bw_node_int(ctx, arena, (int64_t)keys->nbytes)));
    BW_TRY(put(ctx, arena, item, "sparse",
               bw_node_int(ctx, arena, keys->rank == 2 ? (int64_t)keys->shape[0] : 0)));
    return bw_list_push(ctx, arena, list, item);
}

static bw_status list_node(bw_ctx *ctx, bw_arena *arena, bw_node *list, const bw_node *node, bw_view *names,
                           uint32_t depth)
{
    if (node->type == BW_NODE_ARRAY) {
        return list_array(ctx, arena, list, node->array, names, depth);
    }
    if (node->type != BW_NODE_MAP && node->type != BW_NODE_LIST) {
        return BW_OK;
    }
    if (is_sparse(node)) {
        return list_sparse(ctx, arena, list, node, names, depth);
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

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    bw_entry_tree *tree = op->machine;

    BW_TRY(bw__entry_tree_finish(ctx, op, tree));
    return bw__inventory(ctx, &op->arena, tree->root, &op->result);
}

const bw_op_type bw__inventory_op = {"zarr.inventory", sizeof(bw_entry_tree), begin, finish,
                                     NULL};
