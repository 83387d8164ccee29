/* SPDX-License-Identifier: MIT */
/*
 * zarr.node, zarr.children and zarr.array: any group or array of any hierarchy, BORES's or not.
 */
#include "op/engine.h"

static bw_status put(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, map, bw_view_text(key), value);
}

/* zarr.node --------------------------------------------------------------------------------- */

typedef struct node_machine {
    bw_view path;
    bool group, looked_further;
    const bw_node *array; /* its `.zarray` */
    bw_node *attributes;
} node_machine;

static bw_status on_group(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    int64_t format = 0;

    (void)op;
    if (document == NULL) {
        return BW_OK;
    }
    if (!bw_map_get_int(document, "zarr_format", &format) || format != 2) {
        return bw_fail(ctx, BW_ERR_METADATA, "zarr_format is %lld, 2 is needed",
                       (long long)format);
    }
    ((node_machine *)target)->group = true;
    return BW_OK;
}

static bw_status on_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    (void)op;
    if (document != NULL && document->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    ((node_machine *)target)->attributes = document;
    return BW_OK;
}

/*
 * An array that this build cannot read (a filter, an object dtype) is described all the same, so
 * that a hierarchy can be listed; reading it says what is missing.
 */
static bw_status on_metadata(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    node_machine *m = target;
    bw_zarr_meta *meta;
    bw_status st;

    if (document == NULL) {
        return BW_OK;
    }
    st = bw_zarr_meta_from_node(ctx, &op->arena, document, &meta);
    if (st == BW_OK || st == BW_ERR_UNSUPPORTED) {
        m->array = document;
        return BW_OK;
    }
    return st;
}

static bw_status node_begin(bw_ctx *ctx, bw_op *op)
{
    node_machine *m = op->machine;
    bw_view array, group, attributes;

    BW_TRY(bw__param_text(ctx, op, "path", &m->path));
    BW_TRY(bw__key_join(ctx, op, m->path, BW_VIEW(".zarray"), &array));
    BW_TRY(bw__key_join(ctx, op, m->path, BW_VIEW(".zgroup"), &group));
    BW_TRY(bw__key_join(ctx, op, m->path, BW_VIEW(".zattrs"), &attributes));
    BW_TRY(bw__want_document(ctx, op, array, on_metadata, m));
    BW_TRY(bw__want_document(ctx, op, group, on_group, m));
    return bw__want_document(ctx, op, attributes, on_attributes, m);
}

static bw_status describe_array(bw_ctx *ctx, bw_op *op, const bw_node *document)
{
    static const char *const copied[] = {"shape", "chunks",     "dtype",  "fill_value",
                                         "order", "compressor", "filters"};
    bw_view separator = BW_VIEW(".");

    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++) {
        bw_node *value = bw_map_get_text(document, copied[i]);
        if (value != NULL) {
            BW_TRY(put(ctx, op, op->result, copied[i], value));
        }
    }
    (void)bw_map_get_string(document, "dimension_separator", &separator);
    return put(ctx, op, op->result, "dimension_separator",
               bw_node_text(ctx, &op->arena, separator));
}

static bw_status on_version_3(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    (void)op;
    (void)target;
    (void)cookie;
    return bytes.ptr == NULL ? BW_OK
                             : bw_fail(ctx, BW_ERR_UNSUPPORTED,
                                       "zarr_format 3 cannot be read by this version, 2 can");
}

/* A root without .zgroup is a group all the same if there is anything in it. */
static bw_status on_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    (void)op;
    if (bw__listing_has(names, ".zarray")) {
        return bw_fail(ctx, BW_ERR_METADATA, ".zarray: listed, but there is no such document");
    }
    ((node_machine *)target)->group = names.len > 0;
    return BW_OK;
}

/* Neither document is there: what else could it be? */
static bw_status look_further(bw_ctx *ctx, bw_op *op)
{
    node_machine *m = op->machine;
    bw_view key;

    m->looked_further = true;
    if (m->path.len == 0) {
        BW_TRY(bw__want_list(ctx, op, m->path, on_listing, m));
    }
    BW_TRY(bw__key_join(ctx, op, m->path, BW_VIEW("zarr.json"), &key));
    return bw__want_get(ctx, op, key, on_version_3, m, 0);
}

static bw_status node_finish(bw_ctx *ctx, bw_op *op)
{
    node_machine *m = op->machine;

    if (m->array == NULL && !m->group) {
        if (!m->looked_further) {
            return look_further(ctx, op);
        }
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "%.*s: there is no group or array",
                       (int)(m->path.len > 200 ? 200 : m->path.len), (const char *)m->path.ptr);
    }
    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put(ctx, op, op->result, "kind",
               bw_node_text(ctx, &op->arena, m->array ? BW_VIEW("array") : BW_VIEW("group"))));
    BW_TRY(put(ctx, op, op->result, "zarr_format", bw_node_int(ctx, &op->arena, 2)));
    BW_TRY(put(ctx, op, op->result, "attributes",
               m->attributes != NULL ? m->attributes : bw_node_map(ctx, &op->arena)));
    return m->array != NULL ? describe_array(ctx, op, m->array) : BW_OK;
}

const bw_op_type bw__node_op = {"zarr.node", sizeof(node_machine), node_begin, node_finish, NULL};

/* zarr.children ----------------------------------------------------------------------------- */

typedef struct children_machine {
    bw_view path;
    bw_node *all; /* of folders, zarr nodes or not */
} children_machine;

typedef struct child_target {
    bw_node *item;
    bw_view folder;
} child_target;

static bw_status on_child_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    child_target *child = target;
    bw_view kind = bw__listing_has(names, ".zarray")   ? BW_VIEW("array")
                   : bw__listing_has(names, ".zgroup") ? BW_VIEW("group")
                                                       : BW_VIEW("");

    if (kind.len == 0) {
        return BW_OK; /* no Zarr node: left without a kind, dropped at the end */
    }
    return put(ctx, op, child->item, "kind", bw_node_text(ctx, &op->arena, kind));
}

static bw_status add_child(bw_ctx *ctx, bw_op *op, bw_view parent, bw_view name)
{
    child_target *child = bw_arena_alloc(ctx, &op->arena, sizeof *child);

    if (child == NULL) {
        return BW_ERR_NOMEM;
    }
    child->item = bw_node_map(ctx, &op->arena);
    if (child->item == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put(ctx, op, child->item, "name", bw_node_text(ctx, &op->arena, name)));
    BW_TRY(bw_list_push(ctx, &op->arena, ((children_machine *)op->machine)->all, child->item));
    BW_TRY(bw__key_join(ctx, op, parent, name, &child->folder));
    return bw__want_list(ctx, op, child->folder, on_child_listing, child);
}

static bw_status on_children(bw_ctx *ctx, bw_op *op, void *target, bw_view names);

static bw_status on_consolidated(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                 bw_view bytes)
{
    (void)cookie;
    if (bytes.ptr == NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "not found, and this location cannot list folders; run `bores "
                       "consolidate` on the store where its files are");
    }
    BW_TRY(bw__consolidated_load(ctx, op->store, bytes));
    return bw__want_list(ctx, op, ((children_machine *)target)->path, on_children, target);
}

static bw_status on_children(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    bw_view name;
    bool folder;

    if (names.ptr == NULL) {
        return bw__want_get(ctx, op, BW_VIEW(".zmetadata"), on_consolidated, target, 0);
    }
    while (bw__listing_next(&names, &name, &folder)) {
        if (folder) {
            BW_TRY(add_child(ctx, op, ((children_machine *)target)->path, name));
        }
    }
    return BW_OK;
}

static bw_status children_begin(bw_ctx *ctx, bw_op *op)
{
    children_machine *m = op->machine;

    m->all = bw_node_list(ctx, &op->arena);
    if (m->all == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__param_text(ctx, op, "path", &m->path));
    return bw__want_list(ctx, op, m->path, on_children, m);
}

static bw_status children_finish(bw_ctx *ctx, bw_op *op)
{
    const bw_node *all = ((children_machine *)op->machine)->all;

    op->result = bw_node_list(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < all->children.len; i++) {
        if (bw_map_get_text(all->children.items[i], "kind") != NULL) {
            BW_TRY(bw_list_push(ctx, &op->arena, op->result, all->children.items[i]));
        }
    }
    return BW_OK;
}

const bw_op_type bw__children_op = {"zarr.children", sizeof(children_machine), children_begin,
                                    children_finish, NULL};

/* zarr.array -------------------------------------------------------------------------------- */

static bw_status on_array(bw_ctx *ctx, bw_op *op, void *target, bw_array *array)
{
    (void)target;
    if (array == NULL) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no array");
    }
    op->result = bw_node_array(ctx, &op->arena, array);
    return op->result == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status array_begin(bw_ctx *ctx, bw_op *op)
{
    bw_view path;

    BW_TRY(bw__param_text(ctx, op, "path", &path));
    return bw__array_read(ctx, op, path, bw_map_get_text(op->params, "slice"), BW_EXTENT_REGION,
                          on_array, NULL);
}

static bw_status array_finish(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    (void)op; /* the handler set the result */
    return BW_OK;
}

const bw_op_type bw__array_op = {"zarr.array", 0, array_begin, array_finish, NULL};
