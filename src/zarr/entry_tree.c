/* SPDX-License-Identifier: MIT */
/*
 * An entry's tree out of its Zarr hierarchy, in whichever of BORES's layouts it is: the one
 * traversal behind load, inventory, read and verify.
 *
 * Answers come in any order, so a child's place in its parent's map is taken when its name is
 * known (as null) and filled when its content is; what turns out to be nothing is removed at
 * the end.
 */
#include <string.h>

#include "bores/json.h"
#include "bores/record.h"
#include "documents.h"

/* One group or array of the hierarchy, being read. Lives in the operation's arena. */
typedef struct bw_tree_node {
    bw_entry_tree *tree;
    struct bw_tree_node *next; /* in tree->nodes */
    bw_view folder;            /* its key */
    bw_node *path;             /* its names below the entry */
    bw_node *place;            /* its node, null until known */
    bw_node *container;        /* the map that holds `place` under `name`; NULL for the entry */
    bw_view name;
    uint32_t depth;
} tree_node;

static bw_status visit_group(bw_ctx *ctx, bw_op *op, tree_node *node, bw_list_handler on_listing);
static bw_status on_group_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names);
static bw_status on_expected_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names);

/* Paths ------------------------------------------------------------------------------------- */

static bw_status path_append(bw_ctx *ctx, bw_op *op, const bw_node *path, bw_view name,
                             bw_node **out)
{
    bw_node *longer = bw_node_list(ctx, &op->arena);
    bw_node *last = longer == NULL ? NULL : bw_node_text(ctx, &op->arena, name);

    if (last == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < path->children.len; i++) {
        BW_TRY(bw_list_push(ctx, &op->arena, longer, path->children.items[i]));
    }
    BW_TRY(bw_list_push(ctx, &op->arena, longer, last));
    *out = longer;
    return BW_OK;
}

/* The map at path[0 … len-2] below `root`, made where it is not there yet. */
static bw_status parent_map(bw_ctx *ctx, bw_op *op, bw_node *root, const bw_node *path,
                            bw_node **out)
{
    bw_node *map = root;

    for (uint32_t i = 0; i + 1 < path->children.len; i++) {
        bw_view name = path->children.items[i]->text;
        bw_node *next = bw_map_get(map, name);

        if (next == NULL || next->type != BW_NODE_MAP) {
            next = bw_node_map(ctx, &op->arena);
            if (next == NULL) {
                return BW_ERR_NOMEM;
            }
            BW_TRY(bw_map_set(ctx, &op->arena, map, name, next));
        }
        map = next;
    }
    *out = map;
    return BW_OK;
}

static bw_view last_name(const bw_node *path)
{
    return path->children.items[path->children.len - 1]->text;
}

/* Attributes -------------------------------------------------------------------------------- */

/* A flat attribute with its `_vtypes` tag: json text, none, or bool. */
static bw_status tagged_value(bw_ctx *ctx, bw_op *op, bw_view key, bw_view tag, bw_node *stored,
                              bw_node **out)
{
    if (bw_view_equal(tag, BW_VIEW("none"))) {
        *out = bw_node_null(ctx, &op->arena);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (bw_view_equal(tag, BW_VIEW("bool")) && stored->type == BW_NODE_INT) {
        *out = bw_node_bool(ctx, &op->arena, stored->integer != 0);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (bw_view_equal(tag, BW_VIEW("json")) && stored->type == BW_NODE_STRING) {
        bw_status st = bw_json_parse(ctx, &op->arena, stored->text, out);
        if (st == BW_ERR_METADATA) {
            bw_error inner = ctx->error;
            st = bw_fail(ctx, st, "attribute '%.*s': %s", (int)(key.len > 200 ? 200 : key.len),
                         (const char *)key.ptr, inner.message);
        }
        return st;
    }
    return bw__attribute_value(ctx, &op->arena, stored, out);
}

static bw_status flat_attributes(bw_ctx *ctx, bw_op *op, bw_entry_tree *tree)
{
    const bw_node *attributes = tree->attributes;
    const bw_node *tags = bw_map_get_text(attributes, "_vtypes");

    for (uint32_t i = 0; i < attributes->children.len; i++) {
        bw_view key = attributes->children.keys[i], tag;
        bw_node *stored = attributes->children.items[i], *value, *path, *map;
        const bw_node *tagged = bw_map_get(tags, key);

        if (bw__reserved_attribute(key)) {
            continue;
        }
        BW_TRY(bw__flat_path(ctx, &op->arena, key, &path));
        if (!bw__fields_match(tree->fields, path)) {
            continue;
        }
        tag = tagged != NULL && tagged->type == BW_NODE_STRING ? tagged->text : BW_VIEW("");
        BW_TRY(tagged_value(ctx, op, key, tag, stored, &value));
        BW_TRY(parent_map(ctx, op, tree->root, path, &map));
        BW_TRY(bw_map_set(ctx, &op->arena, map, last_name(path), value));
    }
    return BW_OK;
}

static bw_status group_attributes(bw_ctx *ctx, bw_op *op, tree_node *node,
                                  const bw_node *attributes)
{
    for (uint32_t i = 0; i < attributes->children.len; i++) {
        bw_view key = attributes->children.keys[i];
        bw_node *value, *path;

        if (node->container == NULL && bw__reserved_attribute(key)) {
            continue;
        }
        BW_TRY(path_append(ctx, op, node->path, key, &path));
        if (!bw__fields_match(node->tree->fields, path)) {
            continue;
        }
        BW_TRY(bw__attribute_value(ctx, &op->arena, attributes->children.items[i], &value));
        BW_TRY(bw_map_set(ctx, &op->arena, node->place, key, value));
    }
    return BW_OK;
}

/* Arrays ------------------------------------------------------------------------------------ */

static bw_status on_array(bw_ctx *ctx, bw_op *op, void *target, bw_array *array)
{
    tree_node *node = target;

    if (array != NULL) {
        node->tree->found = true;
        node->place->type = BW_NODE_ARRAY;
        node->place->array = array;
        return BW_OK;
    }
    return visit_group(ctx, op, node, on_group_listing); /* no array: a group, if anything */
}

/* In the flat layout everything below the entry is an array. */
static bw_status on_flat_array(bw_ctx *ctx, bw_op *op, void *target, bw_array *array)
{
    tree_node *node = target;

    (void)ctx;
    (void)op;
    if (array != NULL) {
        node->tree->found = true;
        node->place->type = BW_NODE_ARRAY;
        node->place->array = array;
    }
    return BW_OK;
}

/* A node's path below the entry, as text. */
static bw_view path_below(const tree_node *node)
{
    size_t skipped = node->tree->group.len == 0 ? 0 : node->tree->group.len + 1;

    return (bw_view){node->folder.ptr + skipped, node->folder.len - skipped};
}

/* Takes the place of a child below `container` and asks for its array, or first for its listing where
 * other entries have a group of that name. */
static bw_status add_child(bw_ctx *ctx, bw_op *op, tree_node *parent, bw_view folder_name,
                           bw_node *path, bw_node *container, bw_array_handler on_answer)
{
    bw_entry_tree *tree = parent->tree;
    tree_node *child = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *child);
    bool expected = false;

    if (child == NULL) {
        return BW_ERR_NOMEM;
    }
    *child = (tree_node){.tree = tree, .next = tree->nodes, .path = path,
                         .container = container, .name = last_name(path),
                         .depth = parent->depth + 1};
    child->place = bw_node_null(ctx, &op->arena);
    if (child->place == NULL) {
        return BW_ERR_NOMEM;
    }
    tree->nodes = child;
    BW_TRY(bw_map_set(ctx, &op->arena, container, child->name, child->place));
    BW_TRY(bw__key_join(ctx, op, parent->folder, folder_name, &child->folder));
    if (on_answer == on_array) {
        BW_TRY(bw__group_expected(ctx, op, path_below(child), &expected));
    }
    if (expected) {
        return visit_group(ctx, op, child, on_expected_listing);
    }
    return bw__array_read(ctx, op, child->folder, NULL, tree->extent, on_answer, child);
}

static bw_status flat_arrays(bw_ctx *ctx, bw_op *op, tree_node *entry)
{
    bw_view names = entry->tree->names, name;
    bool folder;

    while (bw__listing_next(&names, &name, &folder)) {
        bw_node *path, *map;

        if (!folder) {
            continue;
        }
        BW_TRY(bw__flat_path(ctx, &op->arena, name, &path));
        if (bw__fields_match(entry->tree->fields, path)) {
            BW_TRY(parent_map(ctx, op, entry->tree->root, path, &map));
            BW_TRY(add_child(ctx, op, entry, name, path, map, on_flat_array));
        }
    }
    return BW_OK;
}

static bw_status group_children(bw_ctx *ctx, bw_op *op, tree_node *node, bw_view names)
{
    bw_view name;
    bool folder;

    while (bw__listing_next(&names, &name, &folder)) {
        bw_node *path;

        if (!folder) {
            continue;
        }
        BW_TRY(path_append(ctx, op, node->path, name, &path));
        if (bw__fields_match(node->tree->fields, path)) {
            BW_TRY(add_child(ctx, op, node, name, path, node->place, on_array));
        }
    }
    return BW_OK;
}

/* Groups ------------------------------------------------------------------------------------ */

static bw_status on_group_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    if (document == NULL) {
        return BW_OK;
    }
    if (document->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    ((tree_node *)target)->tree->found = true;
    return group_attributes(ctx, op, target, document);
}

/* A group without a document is read all the same, but other readers do not see it. */
static bw_status check_group(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view names)
{
    const char *name = bw__group_document(op);
    bw_view key;

    if (op->type->problem == NULL || bw__listing_has(names, name)) {
        return BW_OK;
    }
    BW_TRY(bw__key_join(ctx, op, folder, bw_view_text(name), &key));
    (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "a group without it is invisible to other readers");
    (void)bw_fail_at(ctx, (const char *)key.ptr, key.len);
    return op->type->problem(ctx, op);
}

static bw_status on_group_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    tree_node *node = target;

    if (names.len == 0) {
        return BW_OK; /* neither array nor group: the place stays null and goes at the end */
    }
    node->place->type = BW_NODE_MAP;
    memset(&node->place->children, 0, sizeof node->place->children);
    BW_TRY(bw__group_met(ctx, op, path_below(node)));
    BW_TRY(check_group(ctx, op, node->folder, names));
    if (bw__listing_has(names, bw__attributes_document(op))) {
        BW_TRY(bw__want_attributes(ctx, op, node->folder, on_group_attributes, node));
    }
    return group_children(ctx, op, node, names);
}

/* Of what is a group in other entries. */
static bw_status on_expected_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    tree_node *node = target;

    if (bw__listing_has(names, ".zarray")) {
        return bw__array_read(ctx, op, node->folder, NULL, node->tree->extent, on_array, node);
    }
    return on_group_listing(ctx, op, target, names);
}

static bw_status visit_group(bw_ctx *ctx, bw_op *op, tree_node *node, bw_list_handler on_listing)
{
    if (node->depth > ctx->limits.max_depth) {
        return bw_fail_limit(ctx, "levels of groups", node->depth, ctx->limits.max_depth);
    }
    return bw__want_list(ctx, op, node->folder, on_listing, node);
}

/* The entry --------------------------------------------------------------------------------- */

/* A flat entry says so: `_vtypes`, or an arrow in the name of an array or attribute. */
static bool is_flat(const bw_entry_tree *tree)
{
    bw_view names = tree->names, name;
    bool folder;

    if (bw_map_get_text(tree->attributes, "_vtypes") != NULL) {
        return true;
    }
    while (bw__listing_next(&names, &name, &folder)) {
        if (bw__name_is_flat(name)) {
            return true;
        }
    }
    for (uint32_t i = 0; tree->attributes != NULL && i < tree->attributes->children.len; i++) {
        if (bw__name_is_flat(tree->attributes->children.keys[i])) {
            return true;
        }
    }
    return false;
}

/* Once the entry's listing and attributes are both there. */
static bw_status entry_known(bw_ctx *ctx, bw_op *op, tree_node *entry)
{
    bw_entry_tree *tree = entry->tree;

    if (!tree->listed || !tree->attributed) {
        return BW_OK;
    }
    if (tree->attributes == NULL && tree->names.len == 0) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no such entry");
    }
    if (is_flat(tree)) {
        if (tree->attributes != NULL) {
            BW_TRY(flat_attributes(ctx, op, tree));
        }
        return flat_arrays(ctx, op, entry);
    }
    if (tree->attributes != NULL) {
        BW_TRY(group_attributes(ctx, op, entry, tree->attributes));
    }
    return group_children(ctx, op, entry, tree->names);
}

static bw_status on_entry_attributes(bw_ctx *ctx, bw_op *op, void *target, bw_node *document)
{
    tree_node *entry = target;

    if (document != NULL && document->type != BW_NODE_MAP) {
        return bw_fail(ctx, BW_ERR_METADATA, "attributes are no JSON object");
    }
    entry->tree->attributes = document;
    entry->tree->attributed = true;
    entry->tree->found = document != NULL;
    return entry_known(ctx, op, entry);
}

static bw_status on_entry_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    tree_node *entry = target;
    char *copy;

    if (names.ptr == NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "this location cannot list folders and has no .zmetadata; run "
                       "`bores consolidate` on the store where its files are");
    }
    copy = bw_arena_copy(ctx, &op->arena, names.ptr, names.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    entry->tree->names = (bw_view){(const uint8_t *)copy, names.len};
    entry->tree->listed = true;
    BW_TRY(check_group(ctx, op, entry->folder, names));
    return entry_known(ctx, op, entry);
}

bw_status bw__entry_tree_begin(bw_ctx *ctx, bw_op *op, bw_entry_tree *tree, bw_view group,
                               const bw_node *fields, bw_array_extent extent)
{
    tree_node *entry = bw_arena_alloc_zeroed(ctx, &op->arena, sizeof *entry);

    if (entry == NULL) {
        return BW_ERR_NOMEM;
    }
    *tree = (bw_entry_tree){.group = group, .fields = fields, .extent = extent};
    tree->root = bw_node_map(ctx, &op->arena);
    entry->tree = tree;
    entry->folder = group;
    entry->place = tree->root;
    entry->path = bw_node_list(ctx, &op->arena);
    if (tree->root == NULL || entry->path == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__want_attributes(ctx, op, group, on_entry_attributes, entry));
    return bw__want_list(ctx, op, group, on_entry_listing, entry);
}

/* Finishing --------------------------------------------------------------------------------- */

/* Children come before their parents: nodes are pushed in front as they are found. */
bw_status bw__entry_tree_finish(bw_ctx *ctx, bw_op *op, bw_entry_tree *tree)
{
    int64_t number;
    bool steps = bw__group_kind(tree->group, &number) == BW_GROUP_STEP;
    bw_status st;

    if (!tree->found && bw__is_consolidated(op)) {
        /* all there was is the structure of another entry (consolidated.c) */
        (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no such entry");
        return bw_fail_at(ctx, (const char *)tree->group.ptr, tree->group.len);
    }
    for (struct bw_tree_node *node = tree->nodes; node != NULL; node = node->next) {
        if (node->place->type == BW_NODE_NULL) {
            bw_map_remove(node->container, node->name);
        } else {
            BW_TRY(bw__numbered_to_list(ctx, &op->arena, node->place, node->name, steps));
        }
    }
    st = bw_record_expand(ctx, &op->arena, &tree->root);
    return st == BW_OK ? BW_OK : bw_fail_at(ctx, (const char *)tree->group.ptr, tree->group.len);
}
