/* SPDX-License-Identifier: MIT */
/*
 * write, remove, clear and flush: entries in BORES's nested HDF5 layout. A mapping is a group, a list of
 * mappings a group of numbered ones, arrays and lists of numbers are datasets, scalars attributes. The
 * entry's own attributes come last, so that one without `_index` is one that was not finished.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bores/json.h"
#include "entry/entry.h"
#include "entry/statistics.h"
#include "h5_write.h"

#define LZF 32000
#define NAME_CAP 32

/* Groups ------------------------------------------------------------------------------------ */

static bw_status put_group(bw_h5_writer *w, hid_t parent, bw_view name, const bw_node *map);

/* What a group holds; its own name is made. */
static bw_status put_children(bw_h5_writer *w, hid_t group, const bw_node *map);

static bw_status put_maps(bw_h5_writer *w, hid_t parent, bw_view name, const bw_node *list)
{
    hid_t group;
    bw_status st;

    BW_TRY(bw__h5_write_group(w->encoder.ctx, parent, name, &group));
    st = BW_OK;
    for (uint32_t i = 0; st == BW_OK && i < list->children.len; i++) {
        char number[16];
        size_t before;

        snprintf(number, sizeof number, "%u", (unsigned)i);
        BW_GO(bw__encode_enter(&w->encoder, bw_view_text(number), &before));
        BW_GO(put_group(w, group, bw_view_text(number), list->children.items[i]));
        bw__encode_leave(&w->encoder, before);
    }

done:
    (void)H5Gclose(group);
    return st;
}

static bw_status put_child(bw_h5_writer *w, hid_t group, const bw_node *map, uint32_t i)
{
    bw_ctx *ctx = w->encoder.ctx;
    const bw_node *node = map->children.items[i];
    bw_view name = map->children.keys[i];
    bw_form form;

    BW_TRY(bw__encode_form(&w->encoder, map, name, &node, &form));
    if (w->encoder.depth == 1 && bw__reserved_attribute(name) &&
        (form == BW_FORM_ATTRIBUTE || form == BW_FORM_JSON)) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "BORES keeps this name for itself");
    }
    switch (form) {
    case BW_FORM_ARRAY:
        return bw__h5_write_array(w, group, name, node->array);
    case BW_FORM_MAPS:
        return put_maps(w, group, name, node);
    case BW_FORM_MAP:
        if (bw__encode_looks_like_list(&w->encoder, node)) {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                           "mappings named \"0\", \"1\", … would be read back as a list");
        }
        return put_group(w, group, name, node);
    default:
        return node->type == BW_NODE_LIST ? bw__h5_write_texts(w, group, name, node)
                                          : bw__h5_write_attribute(ctx, group, name, node);
    }
}

static bw_status put_children(bw_h5_writer *w, hid_t group, const bw_node *map)
{
    for (uint32_t i = 0; i < map->children.len; i++) {
        size_t before;

        BW_TRY(bw__encode_enter(&w->encoder, map->children.keys[i], &before));
        BW_TRY(put_child(w, group, map, i));
        bw__encode_leave(&w->encoder, before);
    }
    return BW_OK;
}

static bw_status put_group(bw_h5_writer *w, hid_t parent, bw_view name, const bw_node *map)
{
    hid_t group;
    bw_status st;

    BW_TRY(bw__h5_write_group(w->encoder.ctx, parent, name, &group));
    st = put_children(w, group, map);
    (void)H5Gclose(group);
    return st;
}

/* Entries ----------------------------------------------------------------------------------- */

/* `_meta` as JSON, `_index`, `_group_name`. */
static bw_status identify(bw_h5_writer *w, hid_t group, const char *name, int64_t idx,
                          const bw_node *meta)
{
    bw_ctx *ctx = w->encoder.ctx;
    bw_node empty = {.type = BW_NODE_MAP}, *plain = NULL;
    bw_node index = {.type = BW_NODE_INT, .integer = idx};
    bw_node text = {.type = BW_NODE_STRING, .text = bw_view_text(name)};
    bw_bytes json = {0};
    bw_status st;

    if (meta == NULL || meta->type == BW_NODE_NULL) {
        meta = &empty;
    }
    if (meta->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "the metadata of an entry must be a mapping");
    }
    BW_GO(bw__encode_plain(&w->encoder, meta, &plain));
    BW_GO(bw_json_write(ctx, plain, BW_JSON_COMPACT, &json));
    BW_GO(bw_bytes_append(ctx, &json, "", 1));
    BW_GO(bw__h5_write_bytes_attribute(ctx, group, "_meta", (bw_view){json.ptr, json.len - 1}));
    BW_GO(bw__h5_write_attribute(ctx, group, BW_VIEW("_index"), &index));
    BW_GO(bw__h5_write_attribute(ctx, group, BW_VIEW("_group_name"), &text));

done:
    bw_bytes_free(ctx, &json);
    return st;
}

static bw_status put_statistics(bw_h5_writer *w, hid_t group)
{
    bw_node *text;

    BW_TRY(bw__encode_statistics(&w->encoder, &text));
    return text == NULL ? BW_OK
                        : bw__h5_write_attribute(w->encoder.ctx, group, BW_VIEW(BW_STATISTICS), text);
}

static bw_status remove_group(bw_ctx *ctx, hid_t file, const char *name)
{
    htri_t there = H5Lexists(file, name, H5P_DEFAULT);

    if (there < 0 || (there > 0 && H5Ldelete(file, name, H5P_DEFAULT) < 0)) {
        bw_status st = bw__h5_fail(ctx, "it cannot be removed");
        (void)st;
        return bw_fail_at(ctx, name, strlen(name));
    }
    return BW_OK;
}

static bw_status write_entry(bw_h5_writer *w, hid_t file, const bw_node *entry, char name[NAME_CAP])
{
    bw_ctx *ctx = w->encoder.ctx;
    const bw_node *data = bw_map_get_text(entry, "data");
    hid_t group = H5I_INVALID_HID;
    int64_t idx;
    bw_status st;

    if (!bw_map_get_int(entry, "idx", &idx) || idx < 0 || idx > INT64_C(999999999999)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "the index of an entry must be a number from 0 up");
    }
    snprintf(name, NAME_CAP, "entry_%010" PRId64, idx);
    if (data == NULL || data->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: the data of an entry must be a mapping", name);
    }
    BW_TRY(remove_group(ctx, file, name));
    BW_TRY(bw__h5_write_group(ctx, file, bw_view_text(name), &group));
    st = put_children(w, group, data);
    if (st == BW_OK) {
        st = put_statistics(w, group);
    }
    if (st == BW_OK) {
        st = identify(w, group, name, idx, bw_map_get_text(entry, "meta"));
    }
    if (st != BW_OK) {
        bw__encoder_fail(&w->encoder, st);
        (void)bw_fail_at(ctx, name, strlen(name));
    }
    if (H5Gclose(group) < 0 && st == BW_OK) {
        st = bw__h5_fail(ctx, "the entry cannot be written");
    }
    if (st != BW_OK) { /* nothing half-written stays */
        bw_error error = ctx->error;
        (void)H5Ldelete(file, name, H5P_DEFAULT);
        H5Eclear2(H5E_DEFAULT);
        ctx->error = error;
    }
    return st;
}

/* Parameters -------------------------------------------------------------------------------- */

static bw_status read_compression(bw_ctx *ctx, const bw_node *params, bw_h5_writer *w)
{
    const bw_node *node = bw_map_get_text(params, "compression");
    int64_t level = 3;

    w->filter = H5Z_FILTER_DEFLATE;
    if (node != NULL && node->type == BW_NODE_NULL) {
        w->filter = H5Z_FILTER_NONE;
    } else if (node != NULL && node->type == BW_NODE_STRING &&
               bw_view_equal(node->text, BW_VIEW("lzf"))) {
        w->filter = LZF;
    } else if (node != NULL && (node->type != BW_NODE_STRING ||
                                !bw_view_equal(node->text, BW_VIEW("gzip")))) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "compression must be 'gzip', 'lzf' or null");
    }
    (void)bw_map_get_int(params, "level", &level);
    if (level < 0 || level > 9) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "level is %lld, 0 to 9 are allowed", (long long)level);
    }
    w->level = (unsigned)level;
    return BW_OK;
}

static bw_status read_params(bw_ctx *ctx, bw_h5_call *call, bw_h5_writer *w)
{
    const bw_node *chunks = bw_map_get_text(call->params, "chunks");
    bw_view arrays = BW_VIEW("raw");

    *w = (bw_h5_writer){.encoder = {.ctx = ctx, .arena = call->arena}};
    (void)bw_map_get_string(call->params, "arrays", &arrays);
    w->encoder.records = bw_view_equal(arrays, BW_VIEW("record"));
    if (!w->encoder.records && !bw_view_equal(arrays, BW_VIEW("raw"))) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "arrays must be 'raw' or 'record'");
    }
    BW_TRY(bw__param_statistics(ctx, call->params, &w->encoder));
    if (chunks != NULL && chunks->type == BW_NODE_LIST) {
        for (uint32_t i = 0; i < chunks->children.len; i++) {
            const bw_node *length = chunks->children.items[i];
            if (length->type != BW_NODE_INT || length->integer < 1 ||
                length->integer > UINT32_MAX) {
                return bw_fail(ctx, BW_ERR_ARGUMENT,
                               "chunks: the length along axis %u is no integer from 1 up",
                               (unsigned)i);
            }
        }
        w->chunks = chunks;
    }
    return read_compression(ctx, call->params, w);
}

/* Attributes of the root that are not among those that it is to have. */
static bw_status drop_attributes(bw_ctx *ctx, bw_h5_call *call, const bw_node *wanted)
{
    bw_node *found = NULL;

    BW_TRY(bw__h5_attributes(ctx, call->arena, call->file->id, true, &found));
    for (uint32_t i = 0; i < found->children.len; i++) {
        bw_view name = found->children.keys[i];
        char *raw;

        if (bw_map_get(wanted, name) != NULL || bw_view_equal(name, BW_VIEW("count"))) {
            continue;
        }
        raw = bw_arena_copy(ctx, call->arena, name.ptr, name.len);
        if (raw == NULL) {
            return BW_ERR_NOMEM;
        }
        if (H5Aexists(call->file->id, raw) == 0) {
            (void)bw__h5_raw_name(raw);
        }
        if (H5Adelete(call->file->id, raw) < 0) {
            return bw__h5_fail(ctx, "an attribute cannot be removed");
        }
    }
    return BW_OK;
}

/* The attributes that the root is to have, where they are given, and the count of entries. */
static bw_status write_root(bw_ctx *ctx, bw_h5_call *call)
{
    const bw_node *attributes = bw_map_get_text(call->params, "attributes");
    const bw_node *count = bw_map_get_text(call->params, "count");

    if (attributes != NULL && attributes->type == BW_NODE_MAP) {
        BW_TRY(drop_attributes(ctx, call, attributes));
        for (uint32_t i = 0; i < attributes->children.len; i++) {
            BW_TRY(bw__h5_write_attribute(ctx, call->file->id, attributes->children.keys[i],
                                          attributes->children.items[i]));
        }
    }
    if (count == NULL || count->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (count->type != BW_NODE_INT || count->integer < 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "count must be a number from 0 up");
    }
    return bw__h5_write_attribute(ctx, call->file->id, BW_VIEW("count"), count);
}

/* Operations -------------------------------------------------------------------------------- */

bw_status bw__h5_op_flush(bw_ctx *ctx, bw_h5_call *call)
{
    return H5Fflush(call->file->id, H5F_SCOPE_GLOBAL) >= 0
               ? BW_OK : bw__h5_fail(ctx, "the file cannot be written out");
}

bw_status bw__h5_op_write(bw_ctx *ctx, bw_h5_call *call)
{
    const bw_node *entries = bw_map_get_text(call->params, "entries");
    bw_node *result = bw_node_map(ctx, call->arena), *groups = bw_node_list(ctx, call->arena);
    char name[NAME_CAP];
    bw_h5_writer w;
    bw_status st;

    if (entries != NULL && entries->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "hdf5.write: 'entries' must be a list");
    }
    if (result == NULL || groups == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(read_params(ctx, call, &w));
    st = BW_OK;
    for (uint32_t i = 0; entries != NULL && i < entries->children.len; i++) {
        bw_node *text;

        BW_GO(write_entry(&w, call->file->id, entries->children.items[i], name));
        text = bw_node_text(ctx, call->arena, bw_view_text(name));
        if (text == NULL) {
            st = BW_ERR_NOMEM;
            goto done;
        }
        BW_GO(bw_list_push(ctx, call->arena, groups, text));
    }
    BW_GO(write_root(ctx, call));
    BW_GO(bw__h5_op_flush(ctx, call)); /* reading goes past HDF5's caches */
    BW_GO(bw__h5_put(ctx, call->arena, result, "groups", groups));
    call->result = result;

done:
    bw__encoder_end(&w.encoder);
    return st;
}

bw_status bw__h5_op_remove(bw_ctx *ctx, bw_h5_call *call)
{
    const bw_node *groups = bw_map_get_text(call->params, "groups");

    if (groups == NULL || groups->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "hdf5.remove: 'groups' must be a list of names");
    }
    for (uint32_t i = 0; i < groups->children.len; i++) {
        const bw_node *name = groups->children.items[i];

        if (name->type != BW_NODE_STRING) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "hdf5.remove: group %u is no name", (unsigned)i);
        }
        BW_TRY(remove_group(ctx, call->file->id, (const char *)name->text.ptr));
    }
    BW_TRY(write_root(ctx, call));
    return bw__h5_op_flush(ctx, call);
}

bw_status bw__h5_op_clear(bw_ctx *ctx, bw_h5_call *call)
{
    bw_h5_link *links = NULL;
    bw_node *attributes = NULL;
    uint32_t count = 0;
    hid_t root = H5Gopen2(call->file->id, "/", H5P_DEFAULT);
    bw_status st;

    if (root < 0) {
        return bw__h5_fail(ctx, "the root group cannot be opened");
    }
    BW_GO(bw__h5_links(ctx, call->arena, root, &links, &count));
    for (uint32_t i = 0; i < count; i++) {
        BW_GO(remove_group(ctx, root, links[i].raw));
    }
    BW_GO(bw__h5_attributes(ctx, call->arena, root, true, &attributes));
    for (uint32_t i = 0; i < attributes->children.len; i++) {
        if (H5Adelete(root, (const char *)attributes->children.keys[i].ptr) < 0) {
            st = bw__h5_fail(ctx, "an attribute cannot be removed");
            goto done;
        }
    }
    BW_GO(bw__h5_op_flush(ctx, call));

done:
    (void)H5Gclose(root);
    return st;
}
