/* SPDX-License-Identifier: MIT */
/* zarr.inventory: which arrays an entry has, without reading them. */
#include "zarr_store.h"

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    return bw__entry_tree_begin(ctx, op, op->machine, group, NULL, BW_EXTENT_DESCRIBE);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    bw_entry_tree *tree = op->machine;

    BW_TRY(bw__entry_tree_finish(ctx, op, tree));
    return bw__inventory(ctx, &op->arena, tree->root, &op->result);
}

const bw_op_type bw__inventory_op = {"zarr.inventory", sizeof(bw_entry_tree), begin, finish,
                                     NULL};
