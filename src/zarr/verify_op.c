/* SPDX-License-Identifier: MIT */
/*
 * zarr.verify: every document parsed and every chunk of an entry decoded. Failures are collected
 * with their keys rather than ending the operation.
 */
#include "zarr_store.h"

typedef struct verify_machine {
    bw_entry_tree tree;
    bw_node *problems;
} verify_machine;

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    verify_machine *m = op->machine;
    bw_view group;

    m->problems = bw_node_list(ctx, &op->arena);
    if (m->problems == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__param_text(ctx, op, "group", &group));
    return bw__entry_tree_begin(ctx, op, &m->tree, group, NULL, BW_EXTENT_CHECK);
}

static bw_status problem(bw_ctx *ctx, bw_op *op)
{
    return bw__verify_problem(ctx, &op->arena, ((verify_machine *)op->machine)->problems);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    verify_machine *m = op->machine;
    bw_status st = bw__entry_tree_finish(ctx, op, &m->tree);

    if (st == BW_ERR_NOMEM) {
        return st;
    }
    if (st != BW_OK) {
        BW_TRY(problem(ctx, op)); /* an array record in the attributes */
    }
    return bw__verify_result(ctx, &op->arena, m->tree.root, m->problems, &op->result);
}

const bw_op_type bw__verify_op = {"zarr.verify", sizeof(verify_machine), begin, finish, problem};
