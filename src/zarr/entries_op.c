/* SPDX-License-Identifier: MIT */
/*
 * zarr.entries: what each entry is, from its attributes alone.
 *
 * BORES writes an entry key by key, and its `_index` when everything else is there (seen in the order
 * of the attributes in its HDF5 files, and in what a killed one leaves), as we do: an entry that has
 * it is finished. The oldest layout has no such mark.
 */
#include "documents.h"

typedef struct entries_machine {
    bw_node *list;
} entries_machine;

typedef struct entry_slot {
    bw_view group;
    uint32_t at;
} entry_slot;

static bw_status on_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    entries_machine *m = op->machine;
    entry_slot *slot = target;
    bw_node *entry;

    if (document != NULL && document->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    BW_TRY(bw__entry_meta(ctx, &op->arena, slot->group, document, &entry));
    BW_TRY(bw__entry_finished(ctx, &op->arena, slot->group, document, entry));
    m->list->children.items[slot->at] = entry;
    return BW_OK;
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    entries_machine *m = op->machine;
    const bw_node *groups = bw_map_get_text(op->params, "groups");

    if (groups == NULL || groups->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "zarr.entries: parameter 'groups' must be a list");
    }
    m->list = bw_node_list(ctx, &op->arena);
    if (m->list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < groups->children.len; i++) {
        entry_slot *slot = bw_arena_alloc(ctx, &op->arena, sizeof *slot);
        bw_node *place = bw_node_null(ctx, &op->arena);

        if (slot == NULL || place == NULL) {
            return BW_ERR_NOMEM;
        }
        if (groups->children.items[i]->type != BW_NODE_STRING) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "zarr.entries: group %u is no name",
                           (unsigned)i);
        }
        *slot = (entry_slot){groups->children.items[i]->text, i};
        BW_TRY(bw_list_push(ctx, &op->arena, m->list, place));
        BW_TRY(bw__want_attributes(ctx, op, slot->group, on_attributes, slot));
    }
    return BW_OK;
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    op->result = ((entries_machine *)op->machine)->list;
    return BW_OK;
}

const bw_op_type bw__entries_op = {"zarr.entries", sizeof(entries_machine), begin, finish, NULL};
