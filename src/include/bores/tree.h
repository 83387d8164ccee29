/* SPDX-License-Identifier: MIT */
/**
 * The one tree that every format reads into and writes from: null, bool, int,
 * float, string, list, map (in insertion order, keys unique) and n-d array.
 *
 * Nodes live in an arena and end with it; there is no per-node free. Maps of more
 * than a few keys carry an index, so that hostile documents with a million keys
 * cost no quadratic time.
 */
#ifndef BORES_TREE_H
#define BORES_TREE_H

#include "bores/array.h"

typedef enum bw_node_type {
    BW_NODE_NULL,
    BW_NODE_BOOL,
    BW_NODE_INT,
    BW_NODE_FLOAT,
    BW_NODE_STRING,
    BW_NODE_LIST,
    BW_NODE_MAP,
    BW_NODE_ARRAY
} bw_node_type;

typedef struct bw_node bw_node;
typedef struct bw_map_index bw_map_index;

struct bw_node {
    bw_node_type type;
    union {
        bool boolean;
        int64_t integer;
        struct {
            double number;
            uint64_t natural; /**< the exact integer where `number` stands for one of
                               *   [2^63, 2^64), which `integer` cannot hold; else 0 */
        };
        bw_view text; /**< UTF-8, terminated behind `len` */
        bw_array *array;
        struct {
            bw_node **items;
            uint32_t len, cap;
            bw_view *keys;       /**< maps only, parallel to `items` */
            bw_map_index *index; /**< maps only, NULL while small */
        } children;
    };
};

/** Constructors; NULL (BW_ERR_NOMEM recorded) when memory is out. Text is copied. */
bw_node *bw_node_null(bw_ctx *ctx, bw_arena *arena);
bw_node *bw_node_bool(bw_ctx *ctx, bw_arena *arena, bool value);
bw_node *bw_node_int(bw_ctx *ctx, bw_arena *arena, int64_t value);
bw_node *bw_node_float(bw_ctx *ctx, bw_arena *arena, double value);
bw_node *bw_node_text(bw_ctx *ctx, bw_arena *arena, bw_view text);
bw_node *bw_node_list(bw_ctx *ctx, bw_arena *arena);
bw_node *bw_node_map(bw_ctx *ctx, bw_arena *arena);
bw_node *bw_node_array(bw_ctx *ctx, bw_arena *arena, bw_array *array); /* takes the pointer */

/** Appends to a list. `item` must live in the same arena. */
bw_status bw_list_push(bw_ctx *ctx, bw_arena *arena, bw_node *list, bw_node *item);
/** Sets a key, replacing the value (not the position) if it is there; copies the key. */
bw_status bw_map_set(bw_ctx *ctx, bw_arena *arena, bw_node *map, bw_view key, bw_node *item);
/** NULL when `map` is not a map or has no such key. */
bw_node *bw_map_get(const bw_node *map, bw_view key);
bw_node *bw_map_get_text(const bw_node *map, const char *key);
/** A deep copy in `arena`; arrays' elements are shared, not copied. BW_ERR_LIMIT: too deep. */
bw_status bw_node_copy(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_node **out);
/** Removes a key if it is there. */
void bw_map_remove(bw_node *map, bw_view key);

/** Reads out of a map with a type check; false (outputs untouched) when absent or of another type. */
bool bw_map_get_int(const bw_node *map, const char *key, int64_t *out);
bool bw_map_get_bool(const bw_node *map, const char *key, bool *out);
bool bw_map_get_string(const bw_node *map, const char *key, bw_view *out);

#endif
