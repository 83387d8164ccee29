/* SPDX-License-Identifier: MIT */
/* zarr.load: an entry, or the fields of it that are asked for, as a tree. */
#include "zarr_store.h"

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    return bw__entry_tree_begin(ctx, op, op->machine, group, bw_map_get_text(op->params, "fields"),
                                BW_EXTENT_REGION);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    bw_entry_tree *tree = op->machine;
    bw_node *entry;

    BW_TRY(bw__entry_tree_finish(ctx, op, tree));
    BW_TRY(bw__entry_meta(ctx, &op->arena, tree->group, tree->attributes, &entry));
    BW_TRY(bw_map_set(ctx, &op->arena, entry, BW_VIEW("data"), tree->root));
    op->result = entry;
    return BW_OK;
}

const bw_op_type bw__load_op = {"zarr.load", sizeof(bw_entry_tree), begin, finish, NULL};
