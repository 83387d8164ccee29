/* SPDX-License-Identifier: MIT */
/* ecl.entries, ecl.load, ecl.inventory, ecl.read and ecl.verify: each as its `zarr.` twin. `units:
 * 'bores'` converts what BORES has a name for. */
#include "ecl_store.h"
#include "entry/statistics.h"

static bw_status begin_state(bw_ctx *ctx, bw_op *op, const bw__ecl_step **step,
                             const bw_node *fields, bool describe, bw__ecl_state **state)
{
    bw_view group;

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    BW_TRY(bw__ecl_step_at(ctx, op, group, step));
    return bw__ecl_state_begin(ctx, op, *step, fields, describe, state);
}

/* Entries ----------------------------------------------------------------------------------- */

static bw_status entries_begin(bw_ctx *ctx, bw_op *op)
{
    const bw_node *groups = bw_map_get_text(op->params, "groups");
    const bw_ecl_store *store = bw__ecl_store(op);

    if (store == NULL || groups == NULL || groups->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "ecl.entries: parameter 'groups' must be a list");
    }
    op->result = bw_node_list(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t n = 0; n < groups->children.len; n++) {
        const bw_node *group = groups->children.items[n];
        int64_t number = -1;
        bw_node *entry;
        if (group->type != BW_NODE_STRING ||
            bw__group_kind(group->text, &number) != BW_GROUP_ENTRY || number < 0 ||
            number >= (int64_t)store->step_count) {
            return bw_fail(ctx, BW_ERR_NOT_FOUND, "ecl.entries: group %u is no entry", (unsigned)n);
        }
        BW_TRY(bw__ecl_entry(ctx, op, &store->steps[number], &entry));
        BW_TRY(bw_list_push(ctx, &op->arena, op->result, entry));
    }
    return BW_OK;
}

static bw_status nothing_left(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    (void)op;
    return BW_OK;
}

const bw_op_type bw__ecl_entries_op = {"ecl.entries", 1, entries_begin, nothing_left, NULL};

/* Load, inventory --------------------------------------------------------------------------- */

typedef struct state_machine {
    bw__ecl_one_cell *cell; /* of a read of one cell, until its block turns out to be none */
    const bw__ecl_step *step;
    bw__ecl_state *state;
    const bw_node *path;
    bw_node *problems;
} state_machine;

static bw_status load_begin(bw_ctx *ctx, bw_op *op)
{
    state_machine *m = op->machine;

    return begin_state(ctx, op, &m->step, bw_map_get_text(op->params, "fields"), false, &m->state);
}

static bw_status load_finish(bw_ctx *ctx, bw_op *op)
{
    const state_machine *m = op->machine;
    bw_node *entry, *data;

    BW_TRY(bw__ecl_state_finish(ctx, op, m->state, &data));
    BW_TRY(bw__ecl_entry(ctx, op, m->step, &entry));
    BW_TRY(bw__ecl_put(ctx, op, entry, "data", data));
    op->result = entry;
    return BW_OK;
}

const bw_op_type bw__ecl_load_op = {"ecl.load", sizeof(state_machine), load_begin, load_finish, NULL};

static bw_status inventory_begin(bw_ctx *ctx, bw_op *op)
{
    state_machine *m = op->machine;

    return begin_state(ctx, op, &m->step, NULL, true, &m->state);
}

static bw_status inventory_finish(bw_ctx *ctx, bw_op *op)
{
    const state_machine *m = op->machine;
    bw_node *data;

    BW_TRY(bw__ecl_state_finish(ctx, op, m->state, &data));
    return bw__inventory(ctx, &op->arena, data, &op->result);
}

const bw_op_type bw__ecl_inventory_op = {"ecl.inventory", sizeof(state_machine), inventory_begin,
                                         inventory_finish, NULL};

/* Read -------------------------------------------------------------------------------------- */

static bw_status read_whole(bw_ctx *ctx, bw_op *op)
{
    state_machine *m = op->machine;
    bw_node *fields = bw_node_list(ctx, &op->arena);

    if (fields == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_list_push(ctx, &op->arena, fields, (bw_node *)(uintptr_t)m->path));
    return begin_state(ctx, op, &m->step, fields, false, &m->state);
}

static bw_status read_begin(bw_ctx *ctx, bw_op *op)
{
    state_machine *m = op->machine;
    bw_view group;

    m->path = bw_map_get_text(op->params, "path");
    BW_TRY(bw__check_path(ctx, op->type->name, m->path));
    BW_TRY(bw__param_text(ctx, op, "group", &group));
    BW_TRY(bw__ecl_step_at(ctx, op, group, &m->step));
    BW_TRY(bw__ecl_one_cell_begin(ctx, op, m->step, m->path, bw_map_get_text(op->params, "slice"), &m->cell));
    return m->cell != NULL ? BW_OK : read_whole(ctx, op);
}

static bw_status read_finish(bw_ctx *ctx, bw_op *op)
{
    state_machine *m = op->machine;
    bw_view group;
    bw_node *data;
    bw_status st;

    if (m->cell != NULL) {
        op->result = bw__ecl_one_cell_value(m->cell);
        m->cell = NULL;
        return op->result != NULL ? BW_OK : read_whole(ctx, op); /* then this is called again */
    }

    BW_TRY(bw__param_text(ctx, op, "group", &group));
    BW_TRY(bw__ecl_state_finish(ctx, op, m->state, &data));
    st = bw__read_result(ctx, &op->arena, data, m->path, bw_map_get_text(op->params, "slice"),
                         &op->result);
    if (st == BW_OK) {
        st = bw__read_tally(ctx, &op->arena, op->params, &op->result);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, (const char *)group.ptr, group.len);
}

const bw_op_type bw__ecl_read_op = {"ecl.read", sizeof(state_machine), read_begin, read_finish, NULL};

/* Verify ------------------------------------------------------------------------------------ */

static bw_status problem(bw_ctx *ctx, bw_op *op)
{
    return bw__verify_problem(ctx, &op->arena, ((state_machine *)op->machine)->problems);
}

static bw_status verify_begin(bw_ctx *ctx, bw_op *op)
{
    state_machine *m = op->machine;
    bw_status st;

    m->problems = bw_node_list(ctx, &op->arena);
    if (m->problems == NULL) {
        return BW_ERR_NOMEM;
    }
    st = begin_state(ctx, op, &m->step, NULL, false, &m->state);
    return st == BW_OK || st == BW_ERR_NOMEM ? st : problem(ctx, op);
}

static bw_status verify_finish(bw_ctx *ctx, bw_op *op)
{
    const state_machine *m = op->machine;
    bw_node *data = NULL;

    if (m->state != NULL) {
        BW_TRY(bw__ecl_state_finish(ctx, op, m->state, &data));
    }
    return bw__verify_result(ctx, &op->arena, data, m->problems, &op->result);
}

const bw_op_type bw__ecl_verify_op = {"ecl.verify", sizeof(state_machine), verify_begin,
                                      verify_finish, problem};
