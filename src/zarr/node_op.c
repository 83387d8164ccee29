/* SPDX-License-Identifier: MIT */
/*
 * zarr.node, zarr.children and zarr.array: any group or array of any hierarchy, BORES's or not.
 */
#include "array/array_value.h"
#include "bores/json.h"
#include "find_node.h"

static bw_status put(bw_ctx *ctx, bw_op *op, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, map, bw_view_text(key), value);
}

/* zarr.node --------------------------------------------------------------------------------- */

static bw_status node_begin(bw_ctx *ctx, bw_op *op)
{
    bw_found_node *node = op->machine;

    BW_TRY(bw__param_text(ctx, op, "path", &node->path));
    return bw__find_node(ctx, op, node, 0);
}

static bw_status describe_v2(bw_ctx *ctx, bw_op *op, const bw_node *document)
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

static bw_status node_finish(bw_ctx *ctx, bw_op *op)
{
    bw_found_node *node = op->machine;
    bool found, array;

    BW_TRY(bw__node_found(ctx, op, node, &found));
    if (!found) {
        return BW_OK;
    }
    array = node->document != NULL;
    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(put(ctx, op, op->result, "kind",
               bw_node_text(ctx, &op->arena, array ? BW_VIEW("array") : BW_VIEW("group"))));
    BW_TRY(put(ctx, op, op->result, "zarr_format", bw_node_int(ctx, &op->arena, node->version)));
    BW_TRY(put(ctx, op, op->result, "attributes",
               node->attributes != NULL ? node->attributes : bw_node_map(ctx, &op->arena)));
    if (!array) {
        return BW_OK;
    }
    return node->version == 2 ? describe_v2(ctx, op, node->document)
                              : bw__describe_v3(ctx, op, node->document);
}

const bw_op_type bw__node_op = {"zarr.node", sizeof(bw_found_node), node_begin, node_finish, NULL};

/* zarr.children ----------------------------------------------------------------------------- */

typedef struct children_machine {
    bw_view path;
    bw_node *all; /* of folders, zarr nodes or not */
} children_machine;

typedef struct child_target {
    bw_node *item;
    bw_view folder;
} child_target;

/* A document that says neither is damaged; opening the child will tell how. `groups`: what it is then. */
static bw_status on_child_text(bw_ctx *ctx, bw_op *op, void *target, uint64_t groups, bw_view text)
{
    bw_view kind = groups ? BW_VIEW("group") : BW_VIEW("array"), told;
    bw_node *document = NULL;
    bw_status st = text.ptr == NULL ? BW_OK : bw_json_parse(ctx, &op->arena, text, &document);

    if (st == BW_ERR_NOMEM) {
        return st;
    }
    if (document != NULL && bw_map_get_string(document, "node_type", &told) &&
        (bw_view_equal(told, BW_VIEW("array")) || bw_view_equal(told, BW_VIEW("group")))) {
        kind = told;
    }
    return put(ctx, op, ((child_target *)target)->item, "kind",
               bw_node_text(ctx, &op->arena, kind));
}

/* Whether it has folders besides that of an array's chunks. */
static bool has_children(bw_view names)
{
    bw_view name;
    bool folder;

    while (bw__listing_next(&names, &name, &folder)) {
        if (folder && !bw_view_equal(name, BW_VIEW("c"))) {
            return true;
        }
    }
    return false;
}

static bw_status on_child_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    child_target *child = target;
    bw_view kind = bw__listing_has(names, ".zarray")   ? BW_VIEW("array")
                   : bw__listing_has(names, ".zgroup") ? BW_VIEW("group")
                                                       : BW_VIEW(""), key;

    if (bw__listing_has(names, "zarr.json")) {
        BW_TRY(bw__key_join(ctx, op, child->folder, BW_VIEW("zarr.json"), &key));
        return bw__want_get(ctx, op, key, on_child_text, child, has_children(names));
    }
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

static bw_status list_again(bw_ctx *ctx, bw_op *op, void *target)
{
    return bw__want_list(ctx, op, ((children_machine *)target)->path, on_children, target);
}

static bw_status on_root_v3(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    bool found = false;

    (void)cookie;
    if (bytes.ptr != NULL) {
        BW_TRY(bw__consolidated_load_v3(ctx, op, bytes, &found));
    }
    if (!found) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "no consolidated metadata, and this location cannot list folders; run `bores "
                       "consolidate` on the store where its files are");
    }
    return list_again(ctx, op, target);
}

static bw_status on_consolidated(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie,
                                 bw_view bytes)
{
    (void)cookie;
    if (bytes.ptr == NULL) {
        return bw__want_get(ctx, op, BW_VIEW("zarr.json"), on_root_v3, target, 0);
    }
    BW_TRY(bw__consolidated_load(ctx, op, bytes));
    return list_again(ctx, op, target);
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

typedef struct array_machine {
    bw_found_node node;
    bool raw; /* elements as bytes, whatever they are */
} array_machine;

static bw_status on_array(bw_ctx *ctx, bw_op *op, void *target, bw_array *array)
{
    const array_machine *m = target;
    const bw_array_meta *meta = array->origin;

    if (m->raw && meta->objects != NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "elements of variable length (%s) have no bytes of a fixed size",
                       meta->objects->name);
    }
    if (m->raw) {
        op->result = bw_node_array(ctx, &op->arena, array);
        return op->result == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    return bw__array_value(ctx, &op->arena, array, &op->result);
}

static bw_status array_begin(bw_ctx *ctx, bw_op *op)
{
    array_machine *m = op->machine;
    int64_t version = 0;

    BW_TRY(bw__param_text(ctx, op, "path", &m->node.path));
    (void)bw_map_get_bool(op->params, "raw", &m->raw);
    (void)bw_map_get_int(op->params, "version", &version);
    return bw__find_node(ctx, op, &m->node, version);
}

static bw_status array_finish(bw_ctx *ctx, bw_op *op)
{
    array_machine *m = op->machine;
    bw_array_meta *meta;
    bool found;

    if (op->result != NULL) {
        return BW_OK;
    }
    BW_TRY(bw__node_found(ctx, op, &m->node, &found));
    if (!found) {
        return BW_OK;
    }
    if (m->node.document == NULL) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no array");
    }
    if (bw_zarr_meta_from_node(ctx, &op->arena, m->node.document, &meta) != BW_OK ||
        bw__array_read_known(ctx, op, m->node.path, m->node.document_key, meta,
                             bw_map_get_text(op->params, "slice"), BW_EXTENT_REGION, on_array,
                             m) != BW_OK) {
        return bw_fail_at(ctx, (const char *)m->node.document_key.ptr, m->node.document_key.len);
    }
    return BW_OK;
}

const bw_op_type bw__array_op = {"zarr.array", sizeof(array_machine), array_begin, array_finish,
                                 NULL};
