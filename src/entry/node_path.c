/* SPDX-License-Identifier: MIT */
/* Values of an entry by their paths. */
#include "array/slice.h"
#include "entry.h"

bw_status bw__check_path(bw_ctx *ctx, const char *operation, const bw_node *path)
{
    if (path == NULL || path->type != BW_NODE_LIST || path->children.len == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: parameter 'path' must be a list of names",
                       operation);
    }
    for (uint32_t i = 0; i < path->children.len; i++) {
        if (path->children.items[i]->type != BW_NODE_STRING) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: path item %u is no name", operation,
                           (unsigned)i);
        }
    }
    return BW_OK;
}

const bw_node *bw__node_at(const bw_node *root, const bw_node *path)
{
    const bw_node *node = root;

    for (uint32_t i = 0; i < path->children.len && node != NULL; i++) {
        bw_view name = path->children.items[i]->text;

        if (node->type == BW_NODE_LIST) {
            uint64_t at = 0;
            for (size_t c = 0; c < name.len; c++) {
                at = name.ptr[c] >= '0' && name.ptr[c] <= '9' && at < UINT32_MAX
                         ? at * 10 + (name.ptr[c] - '0')
                         : UINT32_MAX;
            }
            node = name.len > 0 && at < node->children.len ? node->children.items[at] : NULL;
        } else {
            node = bw__numbered_get(node, name);
        }
    }
    return node;
}

bw_status bw__read_result(bw_ctx *ctx, bw_arena *arena, const bw_node *root, const bw_node *path,
                          const bw_node *slice, bw_node **out)
{
    const bw_node *node = bw__node_at(root, path);
    bw_array *part;

    if (node == NULL) {
        bw_view name = path->children.items[path->children.len - 1]->text;
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no '%.*s'",
                       (int)(name.len > 200 ? 200 : name.len), (const char *)name.ptr);
    }
    *out = (bw_node *)(uintptr_t)node;
    if (node->type == BW_NODE_ARRAY && slice != NULL && slice->type != BW_NODE_NULL) {
        BW_TRY(bw__slice_array(ctx, arena, node->array, slice, &part));
        *out = bw_node_array(ctx, arena, part);
    }
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}
