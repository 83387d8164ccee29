/* SPDX-License-Identifier: MIT */
/*
 * An entry's tree, in either of BORES's HDF5 layouts: mappings are groups, arrays datasets, scalars
 * attributes; newer versions keep arrays as records, which are groups of attributes too.
 */
#include "h5_entry.h"

#include <string.h>

#include "bores/json.h"
#include "bores/record.h"

#define DESCRIBE_READS_UP_TO 64u /* as for Zarr (array_task.c) */
#define CHECK_KEEPS_BYTES 1024u
#define MAX_NODES 1000000u /* groups may be linked to many times over */

/* A group being read; those above it are its ancestors. */
typedef struct visit {
    const struct visit *parent;
    H5O_token_t token;
    bw_node *path; /* names below the entry */
    bw_view name;
    uint32_t depth;
} visit;

static bw_status visit_group(bw_ctx *ctx, bw_h5_entry *e, hid_t group, visit *v, bw_node *place);

static bw_status child_path(bw_ctx *ctx, bw_arena *arena, const bw_node *path, bw_view name,
                            bw_node **out)
{
    bw_node *longer = bw_node_list(ctx, arena), *last = bw_node_text(ctx, arena, name);

    if (longer == NULL || last == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < path->children.len; i++) {
        BW_TRY(bw_list_push(ctx, arena, longer, path->children.items[i]));
    }
    *out = longer;
    return bw_list_push(ctx, arena, longer, last);
}

/* "group/a/b" before the message of the failure just recorded. */
static bw_status fail_in(bw_ctx *ctx, const bw_h5_entry *e, const bw_node *path, bw_status st)
{
    bw_bytes key = {0};

    if (st == BW_ERR_NOMEM || bw_bytes_append(ctx, &key, e->group.ptr, e->group.len) != BW_OK) {
        return st;
    }
    for (uint32_t i = 0; i < path->children.len; i++) {
        bw_view name = path->children.items[i]->text;
        if (bw_bytes_append(ctx, &key, "/", 1) != BW_OK ||
            bw_bytes_append(ctx, &key, name.ptr, name.len) != BW_OK) {
            break;
        }
    }
    st = bw_fail_at(ctx, (const char *)key.ptr, key.len);
    bw_bytes_free(ctx, &key);
    return st;
}

/* Datasets ---------------------------------------------------------------------------------- */

static uint64_t element_count(const bw_h5_dataset *d)
{
    uint64_t count = 1;

    for (uint32_t i = 0; i < d->meta.rank; i++) {
        if (d->meta.shape[i] == 0) {
            return 0;
        }
        count = count > UINT64_MAX / d->meta.shape[i] ? UINT64_MAX : count * d->meta.shape[i];
    }
    return count;
}

/* {compressor: {id}}, which is where the inventory looks. */
static bw_status storage_document(bw_ctx *ctx, bw_arena *arena, bw_h5_dataset *d)
{
    bw_node *document = bw_node_map(ctx, arena), *compressor = bw_node_map(ctx, arena);

    if (document == NULL || compressor == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < d->filter_count; i++) {
        H5Z_filter_t id = d->filters[i].id;
        if (id != H5Z_FILTER_SHUFFLE && id != H5Z_FILTER_FLETCHER32) {
            BW_TRY(bw__h5_put(ctx, arena, compressor, "id",
                              bw_node_text(ctx, arena,
                                           bw_view_text(bw__h5_filter_name(&d->filters[i])))));
        }
    }
    d->meta.document = document;
    return bw__h5_put(ctx, arena, document, "compressor", compressor);
}

/* An array without its elements. */
static bw_status describe_array(bw_ctx *ctx, bw_arena *arena, bw_h5_dataset *d, bw_node **out)
{
    bw_array *array = bw_arena_alloc_zeroed(ctx, arena, sizeof *array);
    uint64_t count = element_count(d), item = d->type.dtype.itemsize;

    if (array == NULL) {
        return BW_ERR_NOMEM;
    }
    array->dtype = d->type.dtype;
    array->rank = d->meta.rank;
    memcpy(array->shape, d->meta.shape, sizeof array->shape);
    array->nbytes = count > SIZE_MAX / item ? SIZE_MAX : (size_t)(count * item);
    array->origin = &d->meta;
    *out = bw_node_array(ctx, arena, array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* All elements decoded and forgotten, but for a few. */
static bw_status check_dataset(bw_ctx *ctx, bw_h5_entry *e, bw_h5_dataset *d, bw_node **out)
{
    bw_arena scratch = {0};
    bw_node *value;
    bw_status st;

    if (element_count(d) <= CHECK_KEEPS_BYTES / d->type.dtype.itemsize) {
        return bw__h5_dataset_slice(ctx, e->arena, d, NULL, BW_H5_TREE, out);
    }
    st = bw__h5_dataset_slice(ctx, &scratch, d, NULL, BW_H5_TREE, &value);
    bw_arena_free(ctx, &scratch);
    return st == BW_OK ? describe_array(ctx, e->arena, d, out) : st;
}

static bw_status read_dataset(bw_ctx *ctx, bw_h5_entry *e, hid_t id, bw_node **out)
{
    bw_h5_dataset *d = bw_arena_alloc_zeroed(ctx, e->arena, sizeof *d);
    bw_array_meta meta;
    bool numbers;
    bw_status st;

    if (d == NULL) {
        (void)H5Dclose(id);
        return BW_ERR_NOMEM;
    }
    st = bw__h5_dataset_begin(ctx, e->arena, e->file, id, d);
    numbers = d->type.plain && d->type.dtype.kind != 'S' && d->meta.rank > 0;
    if (st == BW_OK && e->extent != BW_EXTENT_REGION) {
        st = storage_document(ctx, e->arena, d);
    }
    if (st == BW_OK) {
        if (numbers && e->extent == BW_EXTENT_DESCRIBE && element_count(d) > DESCRIBE_READS_UP_TO) {
            st = describe_array(ctx, e->arena, d, out);
        } else if (numbers && e->extent == BW_EXTENT_CHECK) {
            st = check_dataset(ctx, e, d, out);
        } else {
            st = bw__h5_dataset_slice(ctx, e->arena, d, NULL, BW_H5_TREE, out);
        }
    }
    meta = d->meta;
    bw__h5_dataset_end(d);
    d->meta = meta; /* an array's origin */
    return st;
}

/* Groups ------------------------------------------------------------------------------------ */

static bw_status group_attributes(bw_ctx *ctx, bw_h5_entry *e, const visit *v,
                                  const bw_node *attributes, bw_node *place)
{
    for (uint32_t i = 0; i < attributes->children.len; i++) {
        bw_view key = attributes->children.keys[i];
        bw_node *value, *path;

        if (v->parent == NULL && bw__reserved_attribute(key)) {
            continue;
        }
        BW_TRY(child_path(ctx, e->arena, v->path, key, &path));
        if (bw__fields_match(e->fields, path)) {
            BW_TRY(bw__attribute_value(ctx, e->arena, attributes->children.items[i], &value));
            BW_TRY(bw_map_set(ctx, e->arena, place, key, value));
        }
    }
    return BW_OK;
}

static bool is_ancestor(const visit *v, const H5O_token_t *token)
{
    for (; v != NULL; v = v->parent) {
        if (memcmp(&v->token, token, sizeof *token) == 0) {
            return true;
        }
    }
    return false;
}

static bw_status object_token(bw_ctx *ctx, hid_t id, H5O_token_t *out)
{
    H5O_info2_t info;

    if (H5Oget_info3(id, &info, H5O_INFO_BASIC) < 0) {
        return bw__h5_fail(ctx, "an object cannot be read");
    }
    *out = info.token;
    return BW_OK;
}

/* A child's value; NULL for what has no place in an entry (a named type, a group in itself). */
static bw_status read_child(bw_ctx *ctx, bw_h5_entry *e, hid_t id, const visit *parent,
                            bw_node *path, bw_view name, bw_node **out)
{
    visit v = {.parent = parent, .path = path, .name = name, .depth = parent->depth + 1};
    bw_status st;

    switch (H5Iget_type(id)) {
    case H5I_DATASET:
        return read_dataset(ctx, e, id, out); /* closes it */
    case H5I_GROUP:
        st = object_token(ctx, id, &v.token);
        if (st == BW_OK && !is_ancestor(parent, &v.token)) {
            *out = bw_node_map(ctx, e->arena);
            st = *out == NULL ? BW_ERR_NOMEM : visit_group(ctx, e, id, &v, *out);
        }
        break;
    default:
        st = BW_OK;
        break;
    }
    (void)H5Oclose(id);
    return st;
}

static bw_status visit_child(bw_ctx *ctx, bw_h5_entry *e, hid_t group, const visit *parent,
                             const bw_h5_link *link, bw_node *place)
{
    bw_node *path, *value = NULL;
    bw_status st;
    hid_t id;

    if (link->type != H5L_TYPE_HARD && link->type != H5L_TYPE_SOFT) {
        return BW_OK; /* other files are no part of an entry */
    }
    BW_TRY(child_path(ctx, e->arena, parent->path, link->name, &path));
    if (!bw__fields_match(e->fields, path)) {
        return BW_OK;
    }
    if (++e->nodes > MAX_NODES) {
        return bw_fail_limit(ctx, "groups and datasets of an entry", e->nodes, MAX_NODES);
    }
    id = H5Oopen(group, link->raw, H5P_DEFAULT);
    if (id < 0 && link->type == H5L_TYPE_SOFT) {
        H5Eclear2(H5E_DEFAULT);
        return BW_OK; /* leads nowhere */
    }
    st = id < 0 ? bw__h5_fail(ctx, "it cannot be opened")
                : read_child(ctx, e, id, parent, path, link->name, &value);
    if (st != BW_OK) {
        st = fail_in(ctx, e, path, st);
        if (e->problems == NULL || st == BW_ERR_NOMEM) {
            return st;
        }
        return bw__verify_problem(ctx, e->arena, e->problems);
    }
    return value == NULL ? BW_OK : bw_map_set(ctx, e->arena, place, link->name, value);
}

static bw_status visit_group(bw_ctx *ctx, bw_h5_entry *e, hid_t group, visit *v, bw_node *place)
{
    bw_node *attributes = NULL;
    bw_h5_link *links = NULL;
    uint32_t count = 0;
    int64_t number;

    if (v->depth > ctx->limits.max_depth) {
        return bw_fail_limit(ctx, "levels of groups", v->depth, ctx->limits.max_depth);
    }
    BW_TRY(bw__h5_attributes(ctx, e->arena, group, true, &attributes));
    BW_TRY(bw__h5_links(ctx, e->arena, group, &links, &count));
    if (v->parent == NULL) {
        BW_TRY(bw__h5_parse_meta(ctx, e->arena, attributes));
        e->attributes = attributes;
    }
    BW_TRY(group_attributes(ctx, e, v, attributes, place));
    for (uint32_t i = 0; i < count; i++) {
        BW_TRY(visit_child(ctx, e, group, v, &links[i], place));
    }
    return v->parent == NULL ? BW_OK
                             : bw__numbered_to_list(ctx, e->arena, place, v->name,
                                                    bw__group_kind(e->group, &number) ==
                                                        BW_GROUP_STEP);
}

bw_status bw__h5_parse_meta(bw_ctx *ctx, bw_arena *arena, bw_node *attributes)
{
    bw_node *meta = bw_map_get_text(attributes, "_meta"), *parsed;
    bw_status st;

    if (meta == NULL || meta->type != BW_NODE_STRING) {
        return BW_OK;
    }
    st = bw_json_parse(ctx, arena, meta->text, &parsed);
    if (st != BW_OK) {
        bw_error error = ctx->error;
        return bw_fail(ctx, st, "attribute '_meta': %s", error.message);
    }
    return bw_map_set(ctx, arena, attributes, BW_VIEW("_meta"), parsed);
}

bw_status bw__h5_entry_load(bw_ctx *ctx, bw_h5_entry *e)
{
    visit v = {.path = bw_node_list(ctx, e->arena)};
    hid_t id = H5I_INVALID_HID;
    bw_status st;

    e->root = bw_node_map(ctx, e->arena);
    if (v.path == NULL || e->root == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_open_object(ctx, e->file->id, e->group, &id));
    if (H5Iget_type(id) != H5I_GROUP) {
        st = bw_fail(ctx, BW_ERR_NOT_FOUND, "this is no group, so there is no such entry");
        goto done;
    }
    BW_GO(object_token(ctx, id, &v.token));
    BW_GO(visit_group(ctx, e, id, &v, e->root));
    st = bw_record_expand(ctx, e->arena, &e->root);
    if (st != BW_OK && st != BW_ERR_NOMEM && e->problems != NULL) {
        (void)bw_fail_at(ctx, (const char *)e->group.ptr, e->group.len);
        st = bw__verify_problem(ctx, e->arena, e->problems);
    }

done:
    (void)H5Oclose(id);
    return st == BW_OK ? BW_OK : bw_fail_at(ctx, (const char *)e->group.ptr, e->group.len);
}
