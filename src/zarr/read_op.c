/* SPDX-License-Identifier: MIT */
/*
 * zarr.read: one value of an entry, by path. An array is asked for straight by its key (that of the
 * store's layout first), so that reading one property costs its metadata and its chunks;
 * only what is no array of its own (a scalar, an array record, a group) costs the entry's tree.
 * With `statistics` the answer is what is to be said of the elements, and they stay here.
 */
#include "entry/statistics.h"
#include "zarr_store.h"

typedef struct read_machine {
    bw_view group;
    bw_node *fields; /* [path] */
    const bw_node *path, *slice;
    bw_view keys[2]; /* nested and flat, the likelier one first */
    uint32_t tried;
    bool whole_entry;
    bw_entry_tree tree;
} read_machine;

static bw_status on_array(bw_ctx *ctx, bw_op *op, void *target, bw_array *array)
{
    read_machine *m = target;

    if (array != NULL) {
        op->result = bw_node_array(ctx, &op->arena, array);
        return op->result == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (m->tried < 2) {
        return bw__array_read(ctx, op, m->keys[m->tried++], m->slice, BW_EXTENT_REGION, on_array,
                              m);
    }
    m->whole_entry = true;
    return bw__entry_tree_begin(ctx, op, &m->tree, m->group, m->fields, BW_EXTENT_REGION);
}

static bw_status nested_key(bw_ctx *ctx, bw_op *op, const read_machine *m, bw_view *out)
{
    *out = m->group;
    for (uint32_t i = 0; i < m->path->children.len; i++) {
        BW_TRY(bw__key_join(ctx, op, *out, m->path->children.items[i]->text, out));
    }
    return BW_OK;
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    read_machine *m = op->machine;
    bw_view layout = BW_VIEW("nested"), flat;
    uint32_t flat_at;

    BW_TRY(bw__param_text(ctx, op, "group", &m->group));
    (void)bw_map_get_string(op->params, "layout", &layout);
    m->path = bw_map_get_text(op->params, "path");
    m->slice = bw_map_get_text(op->params, "slice");
    BW_TRY(bw__check_path(ctx, op->type->name, m->path));
    m->fields = bw_node_list(ctx, &op->arena);
    if (m->fields == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_list_push(ctx, &op->arena, m->fields, (bw_node *)(uintptr_t)m->path));
    flat_at = bw_view_equal(layout, BW_VIEW("flat")) ? 0 : 1;
    BW_TRY(nested_key(ctx, op, m, &m->keys[1 - flat_at]));
    BW_TRY(bw__flat_key(ctx, &op->arena, m->path, &flat));
    BW_TRY(bw__key_join(ctx, op, m->group, flat, &m->keys[flat_at]));
    if (bw_view_equal(m->keys[0], m->keys[1])) {
        m->tried = 1; /* a path of one name is the same in both */
    }
    m->tried++;
    return bw__array_read(ctx, op, m->keys[0], m->slice, BW_EXTENT_REGION, on_array, m);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    read_machine *m = op->machine;
    bw_status st;

    st = BW_OK;
    if (op->result == NULL) {
        BW_TRY(bw__entry_tree_finish(ctx, op, &m->tree));
        st = bw__read_result(ctx, &op->arena, m->tree.root, m->path, m->slice, &op->result);
    }
    if (st == BW_OK) {
        st = bw__read_tally(ctx, &op->arena, op->params, &op->result);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, (const char *)m->keys[0].ptr, m->keys[0].len);
}

const bw_op_type bw__read_op = {"zarr.read", sizeof(read_machine), begin, finish, NULL};
