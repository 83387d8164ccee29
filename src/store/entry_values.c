/* SPDX-License-Identifier: MIT */
/*
 * What an entry's values mean, whichever format they were stored in: None, the entry's identity, and
 * a value by its path.
 */
#include "engine.h"

#include "encode.h"

/* BORES writes None as a string. */
bw_status bw__attribute_value(bw_ctx *ctx, bw_arena *arena, bw_node *stored, bw_node **out)
{
    if (stored->type == BW_NODE_STRING &&
        bw_view_equal(stored->text, bw_view_text(BW_NONE_SENTINEL))) {
        *out = bw_node_null(ctx, arena);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    *out = stored;
    return BW_OK;
}

bw_status bw__entry_meta(bw_ctx *ctx, bw_arena *arena, bw_view group, const bw_node *attributes,
                         bw_node **out)
{
    static const char *const copied[] = {"step", "time", "step_size"};
    bw_node *entry = bw_node_map(ctx, arena), *meta = bw_map_get_text(attributes, "_meta");
    bw_node *name = bw_node_text(ctx, arena, group), *index;
    int64_t number = -1, step;
    bw_group_kind kind = bw__group_kind(group, &number);

    index = bw_node_int(ctx, arena, number);
    if (meta == NULL || meta->type != BW_NODE_MAP) {
        meta = bw_node_map(ctx, arena);
        if (meta != NULL && kind == BW_GROUP_STEP &&
            bw_map_get_int(attributes, "step", &step)) {
            bw_node *value = bw_node_int(ctx, arena, step);
            if (value == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_map_set(ctx, arena, meta, BW_VIEW("step"), value));
        }
    }
    if (entry == NULL || meta == NULL || name == NULL || index == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(ctx, arena, entry, BW_VIEW("idx"), index));
    BW_TRY(bw_map_set(ctx, arena, entry, BW_VIEW("group"), name));
    BW_TRY(bw_map_set(ctx, arena, entry, BW_VIEW("meta"), meta));
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        bw_node *value = bw_map_get_text(attributes, copied[i]);
        if (value != NULL) {
            BW_TRY(bw_map_set(ctx, arena, entry, bw_view_text(copied[i]), value));
        }
    }
    *out = entry;
    return BW_OK;
}

bw_status bw__entry_finished(bw_ctx *ctx, bw_arena *arena, bw_view group,
                             const bw_node *attributes, bw_node *entry)
{
    int64_t index;
    bool finished = bw__group_kind(group, &index) == BW_GROUP_STEP ||
                    bw_map_get_text(attributes, "_index") != NULL;
    bw_node *node = bw_node_bool(ctx, arena, finished);

    return node == NULL ? BW_ERR_NOMEM
                        : bw_map_set(ctx, arena, entry, BW_VIEW("finished"), node);
}

const bw_node *bw__tree_find(const bw_node *root, const bw_node *path)
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
