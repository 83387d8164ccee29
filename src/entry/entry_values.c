/* SPDX-License-Identifier: MIT */
/*
 * What an entry's values mean, whichever format they were stored in: None, and the entry's
 * identity.
 */
#include "encode.h"
#include "entry.h"

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

bool bw__is_sparse_tensor(const bw_node *map)
{
    static const char *const fields[] = {"shape", "dtype", "default", "keys", "values"};

    if (map->type != BW_NODE_MAP || map->children.len != sizeof fields / sizeof *fields) {
        return false;
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (bw_map_get_text(map, fields[i]) == NULL) {
            return false;
        }
    }
    return true;
}
