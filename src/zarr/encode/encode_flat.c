/* SPDX-License-Identifier: MIT */
/*
 * The flat layout, that of the newest BORES: one group an entry, with the keys of nested mappings
 * joined by U+2192. Arrays are Zarr arrays of that name, all else attributes; `_vtypes` says which
 * of them are None, a bool, or JSON text (a list that is no array, and a mapping without any key).
 * NaN in JSON text becomes null, as BORES writes it: it could not read another form.
 */
#include <string.h>

#include "bores/json.h"
#include "encode_zarr.h"

typedef struct flat_entry {
    bw_encoder *e;
    bw_view folder;
    bw_node *attributes;
    bw_node *tags; /* `_vtypes` */
    bw_bytes key;  /* of where we are */
} flat_entry;

static bw_status put_map(flat_entry *f, const bw_node *map);

/* Sets the attribute of the current key; `tag` is NULL where a value speaks for itself. */
static bw_status set_attribute(flat_entry *f, bw_node *value, const char *tag)
{
    bw_encoder *e = f->e;
    bw_view key = bw_bytes_view(&f->key);

    if (value == NULL) {
        return BW_ERR_NOMEM;
    }
    if (e->depth == 1 && bw__reserved_attribute(key)) {
        return bw_fail(e->ctx, BW_ERR_UNSUPPORTED, "BORES keeps this name for itself");
    }
    BW_TRY(bw_map_set(e->ctx, e->arena, f->attributes, key, value));
    if (tag == NULL) {
        return BW_OK;
    }
    value = bw_node_text(e->ctx, e->arena, bw_view_text(tag));
    return value == NULL ? BW_ERR_NOMEM : bw_map_set(e->ctx, e->arena, f->tags, key, value);
}

static bw_status put_scalar(flat_entry *f, const bw_node *node)
{
    bw_encoder *e = f->e;
    bw_node *copy;

    if (node->type == BW_NODE_NULL) {
        return set_attribute(f, bw_node_text(e->ctx, e->arena, BW_VIEW(BW_NONE_SENTINEL)),
                             "none");
    }
    BW_TRY(bw_node_copy(e->ctx, e->arena, node, &copy));
    return set_attribute(f, copy, node->type == BW_NODE_BOOL ? "bool" : NULL);
}

static bw_status put_json(flat_entry *f, const bw_node *node)
{
    bw_encoder *e = f->e;

    e->bytes.len = 0;
    BW_TRY(bw_json_write(e->ctx, node, BW_JSON_COMPACT, &e->bytes));
    return set_attribute(f, bw_node_text(e->ctx, e->arena, bw_bytes_view(&e->bytes)), "json");
}

static bw_status put_value(flat_entry *f, const bw_node *parent, bw_view name,
                           const bw_node *node)
{
    bw_encoder *e = f->e;
    bw_view folder;
    bw_node *plain;
    bw_form form;

    BW_TRY(bw__encode_form(e, parent, name, &node, &form));
    switch (form) {
    case BW_FORM_ATTRIBUTE:
        return put_scalar(f, node);
    case BW_FORM_ARRAY:
        BW_TRY(bw__encode_folder(e, f->folder, bw_bytes_view(&f->key), &folder));
        return bw__encode_put_array(e, folder, node->array);
    case BW_FORM_MAP:
        return node->children.len == 0 ? put_json(f, node) : put_map(f, node);
    case BW_FORM_MAPS:
        BW_TRY(bw__encode_plain(e, node, &plain));
        return put_json(f, plain);
    case BW_FORM_JSON:
        break;
    }
    return put_json(f, node);
}

static bw_status put_map(flat_entry *f, const bw_node *map)
{
    bw_ctx *ctx = f->e->ctx;
    size_t parent = f->key.len;

    for (uint32_t i = 0; i < map->children.len; i++) {
        bw_view name = map->children.keys[i];
        size_t before;

        BW_TRY(bw__encode_enter(f->e, name, &before));
        if (f->e->depth > 1) {
            BW_TRY(bw_bytes_append(ctx, &f->key, BW_ARROW, 3));
        }
        BW_TRY(bw__flat_name(ctx, &f->key, name));
        BW_TRY(put_value(f, map, name, map->children.items[i]));
        f->key.len = parent;
        bw__encode_leave(f->e, before);
    }
    return BW_OK;
}

bw_status bw__encode_flat(bw_encoder *e, bw_view group, const bw_node *data, bw_node *attributes)
{
    flat_entry f = {.e = e, .folder = group, .attributes = attributes};
    bw_status st;

    f.tags = bw_node_map(e->ctx, e->arena);
    st = f.tags == NULL ? BW_ERR_NOMEM
                        : bw_map_set(e->ctx, e->arena, attributes, BW_VIEW("_vtypes"), f.tags);
    if (st == BW_OK) {
        st = put_map(&f, data);
    }
    bw_bytes_free(e->ctx, &f.key);
    BW_TRY(st);
    BW_TRY(bw__encode_put_statistics(e, attributes));
    return bw__encode_put_group(e, group, attributes);
}
