/* SPDX-License-Identifier: MIT */
/* zarr.statistics: what is kept of arrays beside them, from the attributes of entries alone. */
#include "documents.h"
#include "entry/statistics.h"

typedef struct statistics_machine {
    bw_node *list;
} statistics_machine;

static bw_status on_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    bw_node **place = target;

    return bw__read_statistics(ctx, &op->arena, bw_map_get_text(document, BW_STATISTICS),
                               bw_map_get_text(op->params, "paths"), place);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    statistics_machine *m = op->machine;
    const bw_node *groups = bw_map_get_text(op->params, "groups");

    if (groups == NULL || groups->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "zarr.statistics: parameter 'groups' must be a list");
    }
    m->list = bw_node_list(ctx, &op->arena);
    if (m->list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < groups->children.len; i++) {
        bw_node *empty = bw_node_list(ctx, &op->arena);

        if (empty == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, m->list, empty));
    }
    for (uint32_t i = 0; i < groups->children.len; i++) { /* the list does not move any more */
        const bw_node *name = groups->children.items[i];

        if (name->type != BW_NODE_STRING) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "zarr.statistics: group %u is no name", (unsigned)i);
        }
        BW_TRY(bw__want_attributes(ctx, op, name->text, on_attributes, &m->list->children.items[i]));
    }
    return BW_OK;
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    op->result = ((statistics_machine *)op->machine)->list;
    return BW_OK;
}

const bw_op_type bw__statistics_op = {"zarr.statistics", sizeof(statistics_machine), begin, finish, NULL};
