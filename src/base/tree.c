/* SPDX-License-Identifier: MIT */
/** Nodes, lists and maps in an arena. */
#include "bores/tree.h"

#include <string.h>

#include "map_index.h"

/* Below this a linear search is as fast, and most maps of metadata are this small. */
#define UNINDEXED_MAX 8u

static bw_node *node_new(bw_ctx *ctx, bw_arena *arena, bw_node_type type)
{
    bw_node *node = bw_arena_alloc_zeroed(ctx, arena, sizeof *node);
    if (node != NULL) {
        node->type = type;
    }
    return node;
}

bw_node *bw_node_null(bw_ctx *ctx, bw_arena *arena)
{
    return node_new(ctx, arena, BW_NODE_NULL);
}

bw_node *bw_node_bool(bw_ctx *ctx, bw_arena *arena, bool value)
{
    bw_node *node = node_new(ctx, arena, BW_NODE_BOOL);
    if (node != NULL) {
        node->boolean = value;
    }
    return node;
}

bw_node *bw_node_int(bw_ctx *ctx, bw_arena *arena, int64_t value)
{
    bw_node *node = node_new(ctx, arena, BW_NODE_INT);
    if (node != NULL) {
        node->integer = value;
    }
    return node;
}

bw_node *bw_node_float(bw_ctx *ctx, bw_arena *arena, double value)
{
    bw_node *node = node_new(ctx, arena, BW_NODE_FLOAT);
    if (node != NULL) {
        node->number = value;
    }
    return node;
}

bw_node *bw_node_text(bw_ctx *ctx, bw_arena *arena, bw_view text)
{
    bw_node *node = node_new(ctx, arena, BW_NODE_STRING);
    char *copy = node == NULL ? NULL : bw_arena_copy(ctx, arena, text.ptr, text.len);
    if (copy == NULL) {
        return NULL;
    }
    node->text = (bw_view){(const uint8_t *)copy, text.len};
    return node;
}

bw_node *bw_node_list(bw_ctx *ctx, bw_arena *arena)
{
    return node_new(ctx, arena, BW_NODE_LIST);
}

bw_node *bw_node_map(bw_ctx *ctx, bw_arena *arena)
{
    return node_new(ctx, arena, BW_NODE_MAP);
}

bw_node *bw_node_array(bw_ctx *ctx, bw_arena *arena, bw_array *array)
{
    bw_node *node = node_new(ctx, arena, BW_NODE_ARRAY);
    if (node != NULL) {
        node->array = array;
    }
    return node;
}

/* A copy of `count` elements of `size` bytes with room for `cap`; the arena keeps the old one. */
static void *grow(bw_ctx *ctx, bw_arena *arena, const void *old, uint32_t count, size_t cap,
                  size_t size)
{
    void *grown = bw_arena_alloc(ctx, arena, cap * size);
    if (grown != NULL && count > 0) {
        memcpy(grown, old, count * size);
    }
    return grown;
}

static bw_status reserve_child(bw_ctx *ctx, bw_arena *arena, bw_node *parent)
{
    uint32_t len = parent->children.len;
    size_t cap = parent->children.cap == 0 ? 4 : (size_t)parent->children.cap * 2;
    bw_node **items;
    bw_view *keys = NULL;

    if (len < parent->children.cap) {
        return BW_OK;
    }
    if (cap > BW__MAP_MAX || cap > SIZE_MAX / sizeof *keys) {
        return bw_fail_limit(ctx, "children of a node", cap, BW__MAP_MAX);
    }
    items = grow(ctx, arena, parent->children.items, len, cap, sizeof *items);
    if (items == NULL) {
        return BW_ERR_NOMEM;
    }
    if (parent->type == BW_NODE_MAP) {
        keys = grow(ctx, arena, parent->children.keys, len, cap, sizeof *keys);
        if (keys == NULL) {
            return BW_ERR_NOMEM;
        }
    }
    parent->children.items = items;
    parent->children.keys = keys;
    parent->children.cap = (uint32_t)cap;
    return BW_OK;
}

bw_status bw_list_push(bw_ctx *ctx, bw_arena *arena, bw_node *list, bw_node *item)
{
    if (list->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "an item is pushed to a node of type %d, not a list",
                       (int)list->type);
    }
    BW_TRY(reserve_child(ctx, arena, list));
    list->children.items[list->children.len++] = item;
    return BW_OK;
}

/* The position of a key, or -1. */
static int64_t find(const bw_node *map, bw_view key)
{
    if (map == NULL || map->type != BW_NODE_MAP) {
        return -1;
    }
    if (map->children.index != NULL) {
        return bw__map_index_find(map->children.index, map->children.keys, key);
    }
    for (uint32_t i = 0; i < map->children.len; i++) {
        if (bw_view_equal(map->children.keys[i], key)) {
            return i;
        }
    }
    return -1;
}

/* Indexes the keys that are there so far. */
static bw_status build_index(bw_ctx *ctx, bw_arena *arena, const bw_node *map,
                             bw_map_index **index)
{
    for (uint32_t i = 0; i < map->children.len; i++) {
        BW_TRY(bw__map_index_add(ctx, arena, index, map->children.keys, i));
    }
    return BW_OK;
}

bw_status bw_map_set(bw_ctx *ctx, bw_arena *arena, bw_node *map, bw_view key, bw_node *item)
{
    int64_t at = find(map, key);
    bw_map_index *index;
    uint32_t len;
    char *copy;

    if (map->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a key is set in a node of type %d, not a map",
                       (int)map->type);
    }
    if (at >= 0) {
        map->children.items[at] = item;
        return BW_OK;
    }
    BW_TRY(reserve_child(ctx, arena, map));
    copy = bw_arena_copy(ctx, arena, key.ptr, key.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    len = map->children.len;
    index = map->children.index;
    map->children.keys[len] = (bw_view){(const uint8_t *)copy, key.len};
    map->children.items[len] = item;
    if (index != NULL || len >= UNINDEXED_MAX) {
        if (index == NULL) {
            BW_TRY(build_index(ctx, arena, map, &index));
        }
        BW_TRY(bw__map_index_add(ctx, arena, &index, map->children.keys, len));
        map->children.index = index;
    }
    map->children.len = len + 1;
    return BW_OK;
}

bw_node *bw_map_get(const bw_node *map, bw_view key)
{
    int64_t at = find(map, key);
    return at < 0 ? NULL : map->children.items[at];
}

bw_node *bw_map_get_text(const bw_node *map, const char *key)
{
    return bw_map_get(map, bw_view_text(key));
}

void bw_map_remove(bw_node *map, bw_view key)
{
    int64_t at = find(map, key);
    uint32_t rest;

    if (at < 0) {
        return;
    }
    if (map->children.index != NULL) {
        if (map->children.len == 1) {
            map->children.index = NULL; /* an index is never empty */
        } else {
            bw__map_index_remove(map->children.index, map->children.keys, (uint32_t)at);
        }
    }
    rest = map->children.len - (uint32_t)at - 1;
    memmove(map->children.items + at, map->children.items + at + 1,
            rest * sizeof *map->children.items);
    memmove(map->children.keys + at, map->children.keys + at + 1,
            rest * sizeof *map->children.keys);
    map->children.len--;
}

bool bw_map_get_int(const bw_node *map, const char *key, int64_t *out)
{
    const bw_node *node = bw_map_get_text(map, key);
    if (node == NULL || node->type != BW_NODE_INT) {
        return false;
    }
    *out = node->integer;
    return true;
}

bool bw_map_get_bool(const bw_node *map, const char *key, bool *out)
{
    const bw_node *node = bw_map_get_text(map, key);
    if (node == NULL || node->type != BW_NODE_BOOL) {
        return false;
    }
    *out = node->boolean;
    return true;
}

bool bw_map_get_string(const bw_node *map, const char *key, bw_view *out)
{
    const bw_node *node = bw_map_get_text(map, key);
    if (node == NULL || node->type != BW_NODE_STRING) {
        return false;
    }
    *out = node->text;
    return true;
}

static bw_status copy_children(bw_ctx *ctx, bw_arena *arena, const bw_node *node, uint32_t depth,
                               bw_node *copy);

static bw_status copy_node(bw_ctx *ctx, bw_arena *arena, const bw_node *node, uint32_t depth,
                           bw_node **out)
{
    bw_node *copy;

    switch (node->type) {
    case BW_NODE_STRING:
        copy = bw_node_text(ctx, arena, node->text);
        break;
    case BW_NODE_LIST:
        copy = bw_node_list(ctx, arena);
        break;
    case BW_NODE_MAP:
        copy = bw_node_map(ctx, arena);
        break;
    default:
        copy = bw_node_null(ctx, arena);
        if (copy != NULL) {
            *copy = *node;
        }
        break;
    }
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    if (node->type == BW_NODE_LIST || node->type == BW_NODE_MAP) {
        BW_TRY(copy_children(ctx, arena, node, depth, copy));
    }
    *out = copy;
    return BW_OK;
}

static bw_status copy_children(bw_ctx *ctx, bw_arena *arena, const bw_node *node, uint32_t depth,
                               bw_node *copy)
{
    if (depth >= ctx->limits.max_depth) {
        return bw_fail_limit(ctx, "levels of a tree", depth + 1u, ctx->limits.max_depth);
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        bw_node *child;

        BW_TRY(copy_node(ctx, arena, node->children.items[i], depth + 1, &child));
        BW_TRY(node->type == BW_NODE_LIST
                   ? bw_list_push(ctx, arena, copy, child)
                   : bw_map_set(ctx, arena, copy, node->children.keys[i], child));
    }
    return BW_OK;
}

bw_status bw_node_copy(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_node **out)
{
    return copy_node(ctx, arena, node, 0, out);
}
