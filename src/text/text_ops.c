/* SPDX-License-Identifier: MIT */
/* text.entries, text.load, text.inventory, text.read and text.verify: each as its `zarr.` twin. */
#include "entry/statistics.h"
#include "text_store.h"

/* Entries ----------------------------------------------------------------------------------- */

static bw_status put_entry(bw_ctx *ctx, bw_op *op, uint32_t slot, bw_node *entry)
{
    bw_node *finished = bw_node_bool(ctx, &op->arena, true);

    if (finished == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(ctx, &op->arena, entry, BW_VIEW("finished"), finished));
    op->result->children.items[slot] = entry;
    return BW_OK;
}

static bw_status on_unclear(bw_ctx *ctx, bw_op *op, bw_text_task *task)
{
    bw_node *entry;

    BW_TRY(bw__text_task_meta(ctx, op, task, &entry));
    return put_entry(ctx, op, task->slot, entry);
}

static bw_status one_entry(bw_ctx *ctx, bw_op *op, bw_view group, uint32_t slot,
                           const bw_node *no_fields)
{
    const bw_text_store *store = bw__text_store(op);
    bw_text_task *task;
    bw_node *entry;
    size_t position;

    BW_TRY(bw__text_find(ctx, store, group, &position));
    if (!store->index.entries[position].unclear) {
        BW_TRY(bw__text_entry_meta(ctx, &op->arena, store, group, &entry));
        return put_entry(ctx, op, slot, entry);
    }
    task = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *task);
    if (task == NULL) {
        return BW_ERR_NOMEM;
    }
    task->done = on_unclear;
    task->slot = slot;
    return bw__text_task_begin(ctx, op, task, group, no_fields);
}

static bw_status entries_begin(bw_ctx *ctx, bw_op *op)
{
    const bw_node *groups = bw_map_get_text(op->params, "groups");
    bw_node *no_fields = bw_node_list(ctx, &op->arena), *place;

    if (groups == NULL || groups->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "text.entries: parameter 'groups' must be a list");
    }
    op->result = bw_node_list(ctx, &op->arena);
    if (op->result == NULL || no_fields == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < groups->children.len; i++) {
        if (groups->children.items[i]->type != BW_NODE_STRING) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "text.entries: group %u is no name", (unsigned)i);
        }
        place = bw_node_null(ctx, &op->arena);
        if (place == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, op->result, place));
        BW_TRY(one_entry(ctx, op, groups->children.items[i]->text, i, no_fields));
    }
    return BW_OK;
}

static bw_status nothing_left(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    (void)op;
    return BW_OK;
}

const bw_op_type bw__text_entries_op = {"text.entries", 1, entries_begin, nothing_left, NULL};

/* Load -------------------------------------------------------------------------------------- */

static bw_status load_begin(bw_ctx *ctx, bw_op *op)
{
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    return bw__text_task_begin(ctx, op, op->machine, group, bw_map_get_text(op->params, "fields"));
}

static bw_status load_finish(bw_ctx *ctx, bw_op *op)
{
    bw_text_task *task = op->machine;
    bw_node *entry, *data;

    BW_TRY(bw__text_task_data(ctx, task, &data));
    BW_TRY(bw__text_task_meta(ctx, op, task, &entry));
    BW_TRY(bw_map_set(ctx, &op->arena, entry, BW_VIEW("data"), data));
    op->result = entry;
    return BW_OK;
}

const bw_op_type bw__text_load_op = {"text.load", sizeof(bw_text_task), load_begin, load_finish,
                                     NULL};

/* Inventory --------------------------------------------------------------------------------- */

static bw_status inventory_begin(bw_ctx *ctx, bw_op *op)
{
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    return bw__text_task_begin(ctx, op, op->machine, group, NULL);
}

static bw_status inventory_finish(bw_ctx *ctx, bw_op *op)
{
    bw_node *data;

    BW_TRY(bw__text_task_data(ctx, op->machine, &data));
    return bw__inventory(ctx, &op->arena, data, &op->result);
}

const bw_op_type bw__text_inventory_op = {"text.inventory", sizeof(bw_text_task), inventory_begin,
                                          inventory_finish, NULL};

/* Read -------------------------------------------------------------------------------------- */

typedef struct read_machine {
    bw_text_task task;
    const bw_node *path;
} read_machine;

static bw_status read_begin(bw_ctx *ctx, bw_op *op)
{
    read_machine *m = op->machine;
    bw_node *fields = bw_node_list(ctx, &op->arena);
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    m->path = bw_map_get_text(op->params, "path");
    BW_TRY(bw__check_path(ctx, op->type->name, m->path));
    if (fields == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_list_push(ctx, &op->arena, fields, (bw_node *)(uintptr_t)m->path));
    return bw__text_task_begin(ctx, op, &m->task, group, fields);
}

static bw_status read_finish(bw_ctx *ctx, bw_op *op)
{
    read_machine *m = op->machine;
    bw_node *data;
    bw_status st;

    BW_TRY(bw__text_task_data(ctx, &m->task, &data));
    st = bw__read_result(ctx, &op->arena, data, m->path, bw_map_get_text(op->params, "slice"),
                         &op->result);
    if (st == BW_OK) {
        st = bw__read_tally(ctx, &op->arena, op->params, &op->result);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, (const char *)m->task.group.ptr, m->task.group.len);
}

const bw_op_type bw__text_read_op = {"text.read", sizeof(read_machine), read_begin, read_finish,
                                     NULL};

/* Verify ------------------------------------------------------------------------------------ */

typedef struct verify_machine {
    bw_text_task task;
    bw_node *problems;
} verify_machine;

static bw_status problem(bw_ctx *ctx, bw_op *op)
{
    return bw__verify_problem(ctx, &op->arena, ((verify_machine *)op->machine)->problems);
}

static bw_status verify_begin(bw_ctx *ctx, bw_op *op)
{
    verify_machine *m = op->machine;
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    m->problems = bw_node_list(ctx, &op->arena);
    if (m->problems == NULL) {
        return BW_ERR_NOMEM;
    }
    return bw__text_task_begin(ctx, op, &m->task, group, NULL);
}

static bw_status verify_finish(bw_ctx *ctx, bw_op *op)
{
    verify_machine *m = op->machine;
    bw_node *data = NULL, *meta;
    bw_status st = BW_OK;

    if (m->task.tree != NULL) { /* else its text has been a problem already */
        st = bw__text_task_data(ctx, &m->task, &data);
    }
    if (st == BW_OK) {
        st = bw__text_task_meta(ctx, op, &m->task, &meta);
    }
    if (st == BW_ERR_NOMEM) {
        return st;
    }
    if (st != BW_OK) {
        BW_TRY(problem(ctx, op));
    }
    return bw__verify_result(ctx, &op->arena, data, m->problems, &op->result);
}

const bw_op_type bw__text_verify_op = {"text.verify", sizeof(verify_machine), verify_begin,
                                       verify_finish, problem};
