/* SPDX-License-Identifier: MIT */
/* What a verification finds, and how much there was to find it in. */
#include "entry.h"

#define MAX_PROBLEMS 1000u

static bw_status put(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, arena, map, bw_view_text(key), value);
}

bw_status bw__verify_problem(bw_ctx *ctx, bw_arena *arena, bw_node *problems)
{
    bw_error error = ctx->error;
    bw_node *item;

    if (problems->children.len >= MAX_PROBLEMS) {
        return BW_OK;
    }
    item = bw_node_map(ctx, arena);
    if (item == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put(ctx, arena, item, "key", bw_node_text(ctx, arena, bw_view_text(error.key))));
    BW_TRY(put(ctx, arena, item, "code",
               bw_node_text(ctx, arena, bw_view_text(bw_status_name(error.status)))));
    BW_TRY(put(ctx, arena, item, "message",
               bw_node_text(ctx, arena, bw_view_text(error.message))));
    return bw_list_push(ctx, arena, problems, item);
}

typedef struct verify_counts {
    int64_t arrays, chunks, nbytes;
} verify_counts;

static void count_nodes(const bw_node *node, verify_counts *counts, uint32_t depth)
{
    const bw_array_meta *meta;
    int64_t chunks = 1;

    if (node->type == BW_NODE_ARRAY) {
        meta = node->array->origin;
        for (uint32_t d = 0; meta != NULL && d < meta->rank; d++) {
            chunks *= (int64_t)((meta->shape[d] + meta->chunks[d] - 1) / meta->chunks[d]);
        }
        counts->arrays++;
        counts->chunks += meta != NULL ? chunks : 0;
        counts->nbytes += (int64_t)node->array->nbytes;
    } else if ((node->type == BW_NODE_MAP || node->type == BW_NODE_LIST) && depth > 0) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            count_nodes(node->children.items[i], counts, depth - 1);
        }
    }
}

bw_status bw__verify_result(bw_ctx *ctx, bw_arena *arena, const bw_node *root, bw_node *problems,
                            bw_node **out)
{
    verify_counts counts = {0};
    bw_node *result = bw_node_map(ctx, arena);

    if (result == NULL) {
        return BW_ERR_NOMEM;
    }
    if (root != NULL) {
        count_nodes(root, &counts, ctx->limits.max_depth);
    }
    BW_TRY(put(ctx, arena, result, "arrays", bw_node_int(ctx, arena, counts.arrays)));
    BW_TRY(put(ctx, arena, result, "chunks", bw_node_int(ctx, arena, counts.chunks)));
    BW_TRY(put(ctx, arena, result, "nbytes", bw_node_int(ctx, arena, counts.nbytes)));
    *out = result;
    return put(ctx, arena, result, "problems", problems);
}
