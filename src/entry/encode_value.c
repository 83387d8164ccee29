/* SPDX-License-Identifier: MIT */
/*
 * What a value of an entry becomes on disk, as far as both layouts agree.
 *
 * Arrays are Zarr arrays, or records (`arrays: 'record'`, the newest BORES's default). In either
 * case what is a list in Python (grid_shape and a few others; shape and keys of sparse tensors) is
 * an array, and the values of a sparse tensor are a record. The stores in tests/data/bores show it.
 */
#include <string.h>

#include "bores/record.h"
#include "encode.h"
#include "entry.h"

static bool is_record_field(const bw_encoder *e, const bw_node *parent, bw_view name)
{
    if (bw__is_sparse_tensor(parent)) {
        return bw_view_equal(name, BW_VIEW("values"));
    }
    return e->records && !bw__is_list_field(name);
}

/* The keys of a tensor without any are [] in Python. */
static bw_status empty_keys(bw_encoder *e, const bw_node **node)
{
    bw_node list = {.type = BW_NODE_LIST};
    bw_array *array;

    BW_TRY(bw__list_to_array(e->ctx, e->arena, &list, &array));
    *node = bw_node_array(e->ctx, e->arena, array);
    return *node == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status array_form(bw_encoder *e, const bw_node *parent, bw_view name,
                            const bw_node **node, bw_form *form)
{
    bw_node *record;

    *form = BW_FORM_ARRAY;
    if (is_record_field(e, parent, name)) {
        BW_TRY(bw_record_make(e->ctx, e->arena, (*node)->array, &record));
        *node = record;
        *form = BW_FORM_MAP;
    } else if ((*node)->array->nbytes == 0 && bw__is_sparse_tensor(parent) &&
               bw_view_equal(name, BW_VIEW("keys"))) {
        return empty_keys(e, node);
    }
    return BW_OK;
}

static bool all_maps(const bw_node *list)
{
    for (uint32_t i = 0; i < list->children.len; i++) {
        if (list->children.items[i]->type != BW_NODE_MAP) {
            return false;
        }
    }
    return list->children.len > 0;
}

static bw_status list_form(bw_encoder *e, const bw_node **node, bw_form *form)
{
    bw_array *array;
    bw_node *made;

    if (all_maps(*node)) {
        *form = BW_FORM_MAPS;
        return BW_OK;
    }
    BW_TRY(bw__list_to_array(e->ctx, e->arena, *node, &array));
    if (array != NULL) {
        made = bw_node_array(e->ctx, e->arena, array);
        *form = BW_FORM_ARRAY;
    } else {
        BW_TRY(bw__encode_plain(e, *node, &made));
        *form = BW_FORM_JSON;
    }
    *node = made;
    return made == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__encode_form(bw_encoder *e, const bw_node *parent, bw_view name, const bw_node **node,
                          bw_form *form)
{
    switch ((*node)->type) {
    case BW_NODE_ARRAY:
        BW_TRY(bw__encode_tally(e, parent, name, (*node)->array));
        return array_form(e, parent, name, node, form);
    case BW_NODE_LIST:
        BW_TRY(list_form(e, node, form));
        return *form == BW_FORM_ARRAY ? bw__encode_tally(e, parent, name, (*node)->array) : BW_OK;
    case BW_NODE_MAP:
        *form = BW_FORM_MAP;
        return BW_OK;
    default:
        *form = BW_FORM_ATTRIBUTE;
        return bw__encode_check_scalar(e, *node);
    }
}

bw_status bw__encode_check_scalar(bw_encoder *e, const bw_node *node)
{
    if (node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW(BW_NONE_SENTINEL))) {
        return bw_fail(e->ctx, BW_ERR_UNSUPPORTED,
                       "the text \"" BW_NONE_SENTINEL "\" would be read back as None");
    }
    return BW_OK;
}

static bw_status plain_children(bw_encoder *e, const bw_node *node, bw_node *copy)
{
    for (uint32_t i = 0; i < node->children.len; i++) {
        bool map = node->type == BW_NODE_MAP;
        bw_view name = map ? node->children.keys[i] : BW_VIEW("[]");
        bw_node *child;
        size_t before;

        BW_TRY(bw__encode_enter(e, name, &before));
        BW_TRY(bw__encode_plain(e, node->children.items[i], &child));
        bw__encode_leave(e, before);
        BW_TRY(map ? bw_map_set(e->ctx, e->arena, copy, name, child)
                   : bw_list_push(e->ctx, e->arena, copy, child));
    }
    return BW_OK;
}

bw_status bw__encode_plain(bw_encoder *e, const bw_node *node, bw_node **out)
{
    bw_node *copy;

    if (node->type == BW_NODE_ARRAY) {
        return bw_record_make(e->ctx, e->arena, node->array, out);
    }
    if (node->type != BW_NODE_LIST && node->type != BW_NODE_MAP) {
        return bw_node_copy(e->ctx, e->arena, node, out);
    }
    copy = node->type == BW_NODE_LIST ? bw_node_list(e->ctx, e->arena)
                                      : bw_node_map(e->ctx, e->arena);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(plain_children(e, node, copy));
    *out = copy;
    return BW_OK;
}
