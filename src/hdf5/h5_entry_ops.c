/* SPDX-License-Identifier: MIT */
/* open, entries, load, inventory, read and verify: what a store of entries is asked for. */
#include <stdlib.h>
#include <string.h>

#include "h5_entry.h"
#include "array/slice.h"
#include "entry/statistics.h"

/* open -------------------------------------------------------------------------------------- */

typedef struct entry_name {
    int64_t index;
    bw_view name;
} entry_name;

static int by_index(const void *a, const void *b)
{
    const entry_name *x = a, *y = b;

    return (x->index > y->index) - (x->index < y->index);
}

/* Entries win over steps, should a file hold both. */
static uint32_t collect(const bw_h5_link *links, uint32_t count, entry_name *names,
                        bw_group_kind *kind)
{
    uint32_t found = 0;

    *kind = BW_GROUP_OTHER;
    for (uint32_t i = 0; i < count; i++) {
        int64_t index = 0;
        bw_group_kind this = links[i].type == H5L_TYPE_HARD
                                 ? bw__group_kind(links[i].name, &index) : BW_GROUP_OTHER;

        if (this == BW_GROUP_OTHER || (*kind == BW_GROUP_ENTRY && this == BW_GROUP_STEP)) {
            continue;
        }
        if (this != *kind) {
            found = 0;
        }
        *kind = this;
        names[found++] = (entry_name){index, links[i].name};
    }
    qsort(names, found, sizeof *names, by_index);
    return found;
}

static bw_status open_result(bw_ctx *ctx, bw_h5_call *call, bw_group_kind kind, bool empty,
                             const entry_name *names, uint32_t count, bw_node *attributes)
{
    bw_arena *arena = call->arena;
    bw_node *map = bw_node_map(ctx, arena), *groups = bw_node_list(ctx, arena);
    const char *layout = kind == BW_GROUP_ENTRY  ? "nested"
                         : kind == BW_GROUP_STEP ? "steps"
                         : empty                 ? "empty"
                                                 : "plain";

    if (map == NULL || groups == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        bw_node *name = bw_node_text(ctx, arena, names[i].name);
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, groups, name));
    }
    BW_TRY(bw__h5_put(ctx, arena, map, "layout", bw_node_text(ctx, arena, bw_view_text(layout))));
    BW_TRY(bw__h5_put(ctx, arena, map, "attributes", attributes));
    BW_TRY(bw__h5_put(ctx, arena, map, "groups", groups));
    BW_TRY(bw__h5_put(ctx, arena, map, "listable", bw_node_bool(ctx, arena, true)));
    call->result = map;
    return bw__h5_put(ctx, arena, map, "consolidated", bw_node_bool(ctx, arena, false));
}

bw_status bw__h5_op_open(bw_ctx *ctx, bw_h5_call *call)
{
    hid_t root = H5Gopen2(call->file->id, "/", H5P_DEFAULT);
    bw_node *attributes = NULL;
    bw_h5_link *links = NULL;
    entry_name *names;
    bw_group_kind kind;
    uint32_t count = 0, found;
    bw_status st;

    if (root < 0) {
        return bw__h5_fail(ctx, "the root group cannot be opened");
    }
    BW_GO(bw__h5_attributes(ctx, call->arena, root, true, &attributes));
    BW_GO(bw__h5_links(ctx, call->arena, root, &links, &count));
    names = bw_arena_alloc(ctx, call->arena, (count + 1u) * sizeof *names);
    if (names == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    found = collect(links, count, names, &kind);
    st = open_result(ctx, call, kind, count == 0, names, found, attributes);

done:
    (void)H5Gclose(root);
    return st;
}

/* entries ----------------------------------------------------------------------------------- */

static bw_status describe_entry(bw_ctx *ctx, bw_h5_call *call, bw_view group, bw_node **out)
{
    static const char *const wanted[] = {"_meta", "_index", "step", "time", "step_size"};
    bw_node *attributes = bw_node_map(ctx, call->arena);
    hid_t id;
    bw_status st;

    if (attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__h5_open_object(ctx, call->file->id, group, &id));
    st = BW_OK;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        bw_node *value;

        BW_GO(bw__h5_attribute(ctx, call->arena, id, wanted[i], &value));
        if (value != NULL) {
            BW_GO(bw__h5_put(ctx, call->arena, attributes, wanted[i], value));
        }
    }
    BW_GO(bw__h5_parse_meta(ctx, call->arena, attributes));
    BW_GO(bw__entry_meta(ctx, call->arena, group, attributes, out));
    BW_GO(bw__entry_finished(ctx, call->arena, group, attributes, *out));

done:
    (void)H5Oclose(id);
    return st == BW_OK ? BW_OK : bw_fail_at(ctx, (const char *)group.ptr, group.len);
}

/* The result is a list of what `describe` makes of each of the groups that are asked for. */
static bw_status each_group(bw_ctx *ctx, bw_h5_call *call, const char *op,
                            bw_status (*describe)(bw_ctx *, bw_h5_call *, bw_view, bw_node **))
{
    const bw_node *groups = bw_map_get_text(call->params, "groups");
    bw_node *list = bw_node_list(ctx, call->arena);

    if (groups == NULL || groups->type != BW_NODE_LIST) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: parameter 'groups' must be a list", op);
    }
    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < groups->children.len; i++) {
        const bw_node *name = groups->children.items[i];
        bw_node *found = NULL;

        if (name->type != BW_NODE_STRING) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "%s: group %u is no name", op, (unsigned)i);
        }
        BW_TRY(describe(ctx, call, name->text, &found));
        BW_TRY(bw_list_push(ctx, call->arena, list, found));
    }
    call->result = list;
    return BW_OK;
}

bw_status bw__h5_op_entries(bw_ctx *ctx, bw_h5_call *call)
{
    return each_group(ctx, call, "hdf5.entries", describe_entry);
}

/* statistics -------------------------------------------------------------------------------- */

static bw_status entry_statistics(bw_ctx *ctx, bw_h5_call *call, bw_view group, bw_node **out)
{
    bw_node *attribute;
    hid_t id;
    bw_status st;

    BW_TRY(bw__h5_open_object(ctx, call->file->id, group, &id));
    st = bw__h5_attribute(ctx, call->arena, id, BW_STATISTICS, &attribute);
    if (st == BW_OK) {
        st = bw__read_statistics(ctx, call->arena, attribute, bw_map_get_text(call->params, "paths"), out);
    }
    (void)H5Oclose(id);
    return st == BW_OK ? BW_OK : bw_fail_at(ctx, (const char *)group.ptr, group.len);
}

bw_status bw__h5_op_statistics(bw_ctx *ctx, bw_h5_call *call)
{
    return each_group(ctx, call, "hdf5.statistics", entry_statistics);
}

/* The others -------------------------------------------------------------------------------- */

static bw_status begin(bw_ctx *ctx, bw_h5_call *call, bw_array_extent extent, bw_h5_entry *entry)
{
    *entry = (bw_h5_entry){.file = call->file, .arena = call->arena, .extent = extent};
    return bw__h5_param(ctx, call, "group", &entry->group);
}

bw_status bw__h5_op_load(bw_ctx *ctx, bw_h5_call *call)
{
    bw_h5_entry entry;
    bw_node *map = NULL;

    BW_TRY(begin(ctx, call, BW_EXTENT_REGION, &entry));
    entry.fields = bw_map_get_text(call->params, "fields");
    BW_TRY(bw__h5_entry_load(ctx, &entry));
    BW_TRY(bw__entry_meta(ctx, call->arena, entry.group, entry.attributes, &map));
    call->result = map;
    return bw__h5_put(ctx, call->arena, map, "data", entry.root);
}

bw_status bw__h5_op_inventory(bw_ctx *ctx, bw_h5_call *call)
{
    bw_h5_entry entry;

    BW_TRY(begin(ctx, call, BW_EXTENT_DESCRIBE, &entry));
    BW_TRY(bw__h5_entry_load(ctx, &entry));
    return bw__inventory(ctx, call->arena, entry.root, &call->result);
}

bw_status bw__h5_op_verify(bw_ctx *ctx, bw_h5_call *call)
{
    bw_h5_entry entry;
    bw_status st;

    BW_TRY(begin(ctx, call, BW_EXTENT_CHECK, &entry));
    entry.problems = bw_node_list(ctx, call->arena);
    if (entry.problems == NULL) {
        return BW_ERR_NOMEM;
    }
    st = bw__h5_entry_load(ctx, &entry);
    if (st == BW_ERR_NOMEM || entry.root == NULL) {
        return st;
    }
    if (st != BW_OK) {
        BW_TRY(bw__verify_problem(ctx, call->arena, entry.problems));
    }
    return bw__verify_result(ctx, call->arena, entry.root, entry.problems, &call->result);
}

/* Of read: a dataset at the path itself; `*found` is false when there is none. */
static bw_status read_direct(bw_ctx *ctx, bw_h5_call *call, bw_view group, const bw_node *path,
                             bool *found)
{
    bw_h5_dataset *dataset = bw_arena_alloc_zeroed(ctx, call->arena, sizeof *dataset);
    bw_bytes key = {0};
    hid_t id = H5I_INVALID_HID;
    bw_status st;

    *found = false;
    if (dataset == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_GO(bw_bytes_append(ctx, &key, group.ptr, group.len));
    for (uint32_t i = 0; i < path->children.len; i++) {
        bw_view name = path->children.items[i]->text;
        BW_GO(bw_bytes_append(ctx, &key, "/", 1));
        BW_GO(bw_bytes_append(ctx, &key, name.ptr, name.len));
    }
    st = bw__h5_open_object(ctx, call->file->id, bw_bytes_view(&key), &id);
    if (st == BW_ERR_NOT_FOUND) {
        st = BW_OK;
        goto done;
    }
    if (st != BW_OK) {
        goto done;
    }
    if (H5Iget_type(id) != H5I_DATASET) {
        (void)H5Oclose(id);
        goto done;
    }
    *found = true;
    st = bw__h5_dataset_begin(ctx, call->arena, call->file, id, dataset);
    if (st == BW_OK) {
        st = bw__h5_dataset_slice(ctx, call->arena, dataset, bw_map_get_text(call->params, "slice"),
                                  BW_H5_TREE, &call->result);
    }
    bw__h5_dataset_end(dataset);
    st = st == BW_OK ? BW_OK : bw_fail_at(ctx, (const char *)key.ptr, key.len);

done:
    bw_bytes_free(ctx, &key);
    return st;
}

static bw_status check_path(bw_ctx *ctx, const bw_node *path)
{
    bool names = path != NULL && path->type == BW_NODE_LIST && path->children.len > 0;

    for (uint32_t i = 0; names && i < path->children.len; i++) {
        names = path->children.items[i]->type == BW_NODE_STRING;
    }
    return names ? BW_OK
                 : bw_fail(ctx, BW_ERR_ARGUMENT, "parameter 'path' must be a list of names");
}

/* What is no dataset of its own (a scalar, an array record, a group) costs the part of the tree. */
static bw_status read_value(bw_ctx *ctx, bw_h5_call *call)
{
    const bw_node *path = bw_map_get_text(call->params, "path");
    const bw_node *slice = bw_map_get_text(call->params, "slice"), *node;
    bw_node *fields = bw_node_list(ctx, call->arena);
    bw_h5_entry entry;
    bw_array *part;
    bool found;

    BW_TRY(begin(ctx, call, BW_EXTENT_REGION, &entry));
    BW_TRY(check_path(ctx, path));
    BW_TRY(read_direct(ctx, call, entry.group, path, &found));
    if (found) {
        return BW_OK;
    }
    if (fields == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_list_push(ctx, call->arena, fields, (bw_node *)(uintptr_t)path));
    entry.fields = fields;
    BW_TRY(bw__h5_entry_load(ctx, &entry));
    node = bw__node_at(entry.root, path);
    if (node == NULL) {
        bw_view name = path->children.items[path->children.len - 1]->text;
        (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no '%.*s'",
                      (int)(name.len > 200 ? 200 : name.len), (const char *)name.ptr);
        return bw_fail_at(ctx, (const char *)entry.group.ptr, entry.group.len);
    }
    call->result = (bw_node *)(uintptr_t)node;
    if (node->type == BW_NODE_ARRAY && slice != NULL && slice->type != BW_NODE_NULL) {
        BW_TRY(bw__slice_array(ctx, call->arena, node->array, slice, &part));
        call->result = bw_node_array(ctx, call->arena, part);
    }
    return call->result == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__h5_op_read(bw_ctx *ctx, bw_h5_call *call)
{
    BW_TRY(read_value(ctx, call));
    return bw__read_tally(ctx, call->arena, call->params, &call->result);
}
