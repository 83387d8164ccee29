/* SPDX-License-Identifier: MIT */
/*
 * text.open: `{format: 'json', size, location}` → the result of `zarr.open`. Reads the file once
 * and keeps where its entries are.
 *
 * Entries are called by their `_group_name` where all have one of BORES's, in ascending order; else
 * by their position, as BORES would call them.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bores/json.h"
#include "text_store.h"

/* Large enough that asking costs nothing, small against what an entry takes. */
#define BLOCK_BYTES (UINT64_C(2) << 20)

typedef struct open_machine {
    uint64_t size, next;
    bw_view location;
} open_machine;

static void store_free(bw_ctx *ctx, void *self)
{
    bw_text_store *store = self;

    if (store->indexer != NULL) {
        store->format->indexer_free(ctx, store->indexer);
    }
    bw__text_index_free(ctx, &store->index);
    bw_release(ctx, store);
}

const bw_store_type bw__text_store_type = {.free = store_free};

static bw_status on_block(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes);
static bw_status on_whole(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes);

static bw_status want_block(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    uint64_t left = m->size - m->next;

    if (bw__text_store(op)->index.unusual) {
        return bw__text_want(ctx, op, 0, m->size, on_whole, m);
    }
    left = left < BLOCK_BYTES ? left : BLOCK_BYTES;
    return left == 0 ? BW_OK : bw__text_want(ctx, op, m->next, left, on_block, m);
}

static bw_status check_length(bw_ctx *ctx, const open_machine *m, uint64_t wanted, bw_view bytes)
{
    if (bytes.ptr != NULL && bytes.len == wanted) {
        return BW_OK;
    }
    return bw_fail(ctx, BW_ERR_CORRUPT, "the file gave %zu of %" PRIu64 " bytes at %" PRIu64,
                   bytes.len, wanted, m->next);
}

static bw_status on_block(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    open_machine *m = target;
    bw_text_store *store = bw__text_store(op);
    bw_status st = check_length(ctx, m, cookie, bytes);

    if (st == BW_OK) {
        st = store->format->indexer_feed(ctx, store->indexer, bytes);
    }
    m->next += bytes.len;
    if (st == BW_OK && m->next == m->size) {
        st = store->format->indexer_end(ctx, store->indexer);
    }
    if (st != BW_OK) {
        return bw_fail_at(ctx, (const char *)m->location.ptr, m->location.len);
    }
    return m->next < m->size || store->index.unusual ? want_block(ctx, op) : BW_OK;
}

static bw_status keep_json(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_view *slot)
{
    bw_bytes text = {0};
    char *copy = NULL;
    bw_status st = BW_OK;

    if (node == NULL) {
        return BW_OK;
    }
    BW_GO(bw_json_write(ctx, node, BW_JSON_ZARR, &text));
    copy = bw_arena_copy(ctx, arena, text.ptr, text.len);
    st = copy == NULL ? BW_ERR_NOMEM : BW_OK;
    *slot = (bw_view){(const uint8_t *)copy, text.len};
done:
    bw_bytes_free(ctx, &text);
    return st;
}

/* An entry of an unusual file: its values as JSON, since their text is not at hand. */
static bw_status add_whole_entry(bw_ctx *ctx, bw_text_store *store, const bw_node *item)
{
    bw__text_entry *entry = bw__text_index_add(ctx, &store->index);
    const bw_node *data = bw_map_get_text(item, "data");
    bw_arena *arena = &store->index.arena;

    if (entry == NULL) {
        return BW_ERR_NOMEM;
    }
    entry->at = (bw__text_place){0, 1, 1};
    BW_TRY(keep_json(ctx, arena, bw_map_get_text(item, "_index"), &entry->index));
    BW_TRY(keep_json(ctx, arena, bw_map_get_text(item, "_group_name"), &entry->name));
    BW_TRY(keep_json(ctx, arena, bw_map_get_text(item, "_meta"), &entry->meta));
    BW_TRY(keep_json(ctx, arena, bw_map_get_text(data, "step"), &entry->step));
    BW_TRY(keep_json(ctx, arena, bw_map_get_text(data, "step_size"), &entry->step_size));
    return keep_json(ctx, arena, bw_map_get_text(data, "time"), &entry->time);
}

/* The file as one value, which is a list of entries. */
static bw_status read_whole(bw_ctx *ctx, bw_op *op, bw_view bytes)
{
    bw_text_store *store = bw__text_store(op);
    bw_node *list = NULL;

    BW_TRY(store->format->value(ctx, &op->arena, bytes, &list));
    if (list->type != BW_NODE_LIST && list->type != BW_NODE_NULL) {
        const bw__text_place start = {0, 1, 1};
        return bw__text_fail(ctx, BW_ERR_METADATA, &start, "the file is no list of entries");
    }
    store->index.count = 0;
    for (uint32_t i = 0; list->type == BW_NODE_LIST && i < list->children.len; i++) {
        BW_TRY(add_whole_entry(ctx, store, list->children.items[i]));
    }
    return BW_OK;
}

static bw_status on_whole(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    open_machine *m = target;
    bw_status st = check_length(ctx, m, cookie, bytes);

    if (st == BW_OK) {
        st = read_whole(ctx, op, bytes);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, (const char *)m->location.ptr, m->location.len);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    bw_text_store *store;
    bw_view format;
    int64_t size;

    BW_TRY(bw__param_text(ctx, op, "format", &format));
    if (!bw_map_get_int(op->params, "size", &size) || size < 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "text.open: parameter 'size' must be a length");
    }
    m->size = (uint64_t)size;
    (void)bw_map_get_string(op->params, "location", &m->location);
    if (op->store->self != NULL || bw__text_format(format) == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "text.open: %s",
                       op->store->self != NULL ? "this store is open" : "no such format");
    }
    store = bw_alloc_zeroed(ctx, sizeof *store);
    if (store == NULL) {
        return BW_ERR_NOMEM;
    }
    store->format = bw__text_format(format);
    store->size = m->size;
    op->store->self = store;
    op->store->type = &bw__text_store_type;
    BW_TRY(store->format->indexer_new(ctx, &store->index, &store->indexer));
    return want_block(ctx, op);
}

/* Names ------------------------------------------------------------------------------------- */

/* The name that an entry says it has; absent when it is none of BORES's. */
static bw_status own_name(bw_ctx *ctx, bw_op *op, const bw__text_entry *entry, bw_view *out,
                          int64_t *number)
{
    bw_node *node;

    *out = (bw_view){0};
    if (entry->name.ptr == NULL) {
        return BW_OK;
    }
    if (bw__text_value(ctx, &op->arena, bw__text_store(op), entry->name, &node) != BW_OK) {
        return ctx->error.status == BW_ERR_NOMEM ? BW_ERR_NOMEM : BW_OK; /* said when it is read */
    }
    if (node->type == BW_NODE_STRING && bw__group_kind(node->text, number) == BW_GROUP_ENTRY) {
        *out = node->text;
    }
    return BW_OK;
}

static bw_status add_name(bw_ctx *ctx, bw_text_store *store, bw_view name)
{
    bw_arena *arena = &store->index.arena;
    bw_node *position = bw_node_int(ctx, arena, store->names->children.len);

    return position == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, store->names, name, position);
}

/* `*complete` false when an entry has no name of its own, or one out of order. */
static bw_status own_names(bw_ctx *ctx, bw_op *op, bool *complete)
{
    bw_text_store *store = bw__text_store(op);
    int64_t last = -1, number = -1;
    bw_view name;

    for (size_t i = 0; i < store->index.count; i++) {
        BW_TRY(own_name(ctx, op, &store->index.entries[i], &name, &number));
        *complete = name.ptr != NULL && number > last;
        if (!*complete) {
            return BW_OK;
        }
        BW_TRY(add_name(ctx, store, name));
        last = number;
    }
    return BW_OK;
}

static bw_status name_entries(bw_ctx *ctx, bw_op *op)
{
    bw_text_store *store = bw__text_store(op);
    bool complete = true;
    char name[32];

    store->names = bw_node_map(ctx, &store->index.arena);
    if (store->names == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(own_names(ctx, op, &complete));
    if (complete) {
        return BW_OK;
    }
    store->names = bw_node_map(ctx, &store->index.arena);
    if (store->names == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t i = 0; i < store->index.count; i++) {
        snprintf(name, sizeof name, "entry_%010zu", i);
        BW_TRY(add_name(ctx, store, bw_view_text(name)));
    }
    return BW_OK;
}

/* The result -------------------------------------------------------------------------------- */

static bw_status put(bw_ctx *ctx, bw_op *op, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, op->result, bw_view_text(key), value);
}

static bw_status list_names(bw_ctx *ctx, bw_op *op, bw_node **out)
{
    const bw_node *names = bw__text_store(op)->names;
    bw_node *list = bw_node_list(ctx, &op->arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < names->children.len; i++) {
        bw_node *name = bw_node_text(ctx, &op->arena, names->children.keys[i]);
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, &op->arena, list, name));
    }
    *out = list;
    return BW_OK;
}

/* As the root of a Zarr store says: what the next entry would be numbered with. */
static bw_status put_count(bw_ctx *ctx, bw_op *op, bw_node *attributes)
{
    const bw_node *names = bw__text_store(op)->names;
    int64_t last = -1;
    bw_node *count;

    if (names->children.len > 0) {
        (void)bw__group_kind(names->children.keys[names->children.len - 1], &last);
    }
    count = bw_node_int(ctx, &op->arena, last + 1);
    return count == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, &op->arena, attributes, BW_VIEW("count"), count);
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    bw_text_store *store = bw__text_store(op);
    const char *layout = store->format->name;
    bw_node *names, *attributes = bw_node_map(ctx, &op->arena);

    if (attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    store->format->indexer_free(ctx, store->indexer);
    store->indexer = NULL;
    BW_TRY(name_entries(ctx, op));
    BW_TRY(list_names(ctx, op, &names));
    op->result = bw_node_map(ctx, &op->arena);
    if (op->result == NULL) {
        return BW_ERR_NOMEM;
    }
    if (store->index.count == 0) {
        layout = "empty";
    }
    BW_TRY(put(ctx, op, "layout", bw_node_text(ctx, &op->arena, bw_view_text(layout))));
    BW_TRY(put_count(ctx, op, attributes));
    BW_TRY(put(ctx, op, "attributes", attributes));
    BW_TRY(put(ctx, op, "groups", names));
    BW_TRY(put(ctx, op, "listable", bw_node_bool(ctx, &op->arena, true)));
    return put(ctx, op, "consolidated", bw_node_bool(ctx, &op->arena, false));
}

const bw_op_type bw__text_open_op = {"text.open", sizeof(open_machine), begin, finish, NULL};
