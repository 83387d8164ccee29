/* SPDX-License-Identifier: MIT */
/*
 * The nested layout, that of the guide's BORES: a group a mapping, numbered groups for a list of
 * mappings, an array a list of numbers, attributes for scalars (None as text). A list that is none
 * of these, which BORES refuses, is an attribute with the JSON list.
 */
#include <stdio.h>

#include "encode_zarr.h"

static bw_status put_group(bw_encoder *e, bw_view folder, const bw_node *map,
                           bw_node *attributes);

static bw_status set_attribute(bw_encoder *e, bw_node *attributes, bw_view name,
                               const bw_node *node)
{
    bw_node *value;

    if (node->type == BW_NODE_NULL) {
        value = bw_node_text(e->ctx, e->arena, BW_VIEW(BW_NONE_SENTINEL));
    } else {
        BW_TRY(bw_node_copy(e->ctx, e->arena, node, &value));
    }
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(e->ctx, e->arena, attributes, name, value);
}

static bw_status put_map(bw_encoder *e, bw_view folder, const bw_node *map)
{
    bw_node *attributes = bw_node_map(e->ctx, e->arena);

    if (attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    if (bw__encode_looks_like_list(e, map)) {
        return bw_fail(e->ctx, BW_ERR_UNSUPPORTED,
                       "mappings named \"0\", \"1\", … would be read back as a list; the flat "
                       "layout keeps them apart");
    }
    return put_group(e, folder, map, attributes);
}

static bw_status put_maps(bw_encoder *e, bw_view folder, const bw_node *list)
{
    for (uint32_t i = 0; i < list->children.len; i++) {
        char number[16];
        size_t before;
        bw_view child;

        snprintf(number, sizeof number, "%u", (unsigned)i);
        BW_TRY(bw__encode_enter(e, bw_view_text(number), &before));
        BW_TRY(bw__encode_folder(e, folder, bw_view_text(number), &child));
        BW_TRY(put_map(e, child, list->children.items[i]));
        bw__encode_leave(e, before);
    }
    return bw__encode_put_group(e, folder, NULL);
}

/* An entry is taken for a flat one by an arrow in a name, and has attributes of its own. */
static bw_status check_entry_name(bw_encoder *e, bw_view name, bw_form form)
{
    if (bw__name_is_flat(name)) {
        return bw_fail(e->ctx, BW_ERR_UNSUPPORTED,
                       "a name with U+2192 would be read back in the flat layout");
    }
    if (bw__reserved_attribute(name) && (form == BW_FORM_ATTRIBUTE || form == BW_FORM_JSON)) {
        return bw_fail(e->ctx, BW_ERR_UNSUPPORTED, "BORES keeps this name for itself");
    }
    return BW_OK;
}

static bw_status put_child(bw_encoder *e, bw_view folder, const bw_node *map, uint32_t i,
                           bw_node *attributes)
{
    const bw_node *node = map->children.items[i];
    bw_view name = map->children.keys[i], child;
    bw_form form;

    BW_TRY(bw__encode_form(e, map, name, &node, &form));
    if (e->depth == 1) {
        BW_TRY(check_entry_name(e, name, form));
    }
    if (form == BW_FORM_ATTRIBUTE || form == BW_FORM_JSON) {
        return set_attribute(e, attributes, name, node);
    }
    BW_TRY(bw__encode_folder(e, folder, name, &child));
    return form == BW_FORM_ARRAY  ? bw__encode_put_array(e, child, node->array)
           : form == BW_FORM_MAPS ? put_maps(e, child, node)
                                  : put_map(e, child, node);
}

/* Children before the group itself, and its attributes last. */
static bw_status put_group(bw_encoder *e, bw_view folder, const bw_node *map,
                           bw_node *attributes)
{
    for (uint32_t i = 0; i < map->children.len; i++) {
        size_t before;

        BW_TRY(bw__encode_enter(e, map->children.keys[i], &before));
        BW_TRY(put_child(e, folder, map, i, attributes));
        bw__encode_leave(e, before);
    }
    if (e->depth == 0) {
        BW_TRY(bw__encode_put_statistics(e, attributes));
    }
    return bw__encode_put_group(e, folder, attributes);
}

bw_status bw__encode_nested(bw_encoder *e, bw_view group, const bw_node *data,
                            bw_node *attributes)
{
    return put_group(e, group, data, attributes);
}
