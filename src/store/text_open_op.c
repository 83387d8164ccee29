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

#include "text_store.h"

/* Large enough that asking costs nothing, small against what an entry takes. */
#define BLOCK_BYTES (UINT64_C(2) << 20)

typedef struct open_machine {
    uint64_t size, next;
    bw_view location;
} open_machine;

static void store_free(bw_ctx *ctx, bw_text_store *store)
{
    if (store->indexer != NULL) {
        store->format->indexer_free(ctx, store->indexer);
    }
    bw__text_index_free(ctx, &store->index);
    bw_release(ctx, store);
}

static bw_status on_block(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes);

static bw_status want_block(bw_ctx *ctx, bw_op *op)
{
    open_machine *m = op->machine;
    uint64_t left = m->size - m->next;
    char key[48];

    if (left == 0) {
        return BW_OK;
    }
    left = left < BLOCK_BYTES ? left : BLOCK_BYTES;
    snprintf(key, sizeof key, "%" PRIu64 "+%" PRIu64, m->next, left);
    return bw__want_get(ctx, op, bw_view_text(key), on_block, m, left);
}

static bw_status on_block(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    open_machine *m = target;
    bw_text_store *store = op->store->text;
    bw_status st;

    if (bytes.ptr == NULL || bytes.len != cookie) {
        st = bw_fail(ctx, BW_ERR_CORRUPT, "the file gave %zu of %" PRIu64 " bytes at %" PRIu64,
                     bytes.len, cookie, m->next);
    } else {
        st = store->format->indexer_feed(ctx, store->indexer, bytes);
    }
    if (st != BW_OK) {
        return bw_fail_at(ctx, (const char *)m->location.ptr, m->location.len);
    }
    m->next += bytes.len;
    return want_block(ctx, op);
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
    if (op->store->text != NULL || bw__text_format(format) == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "text.open: %s",
                       op->store->text != NULL ? "this store is open" : "no such format");
    }
    store = bw_alloc_zeroed(ctx, sizeof *store);
    if (store == NULL) {
        return BW_ERR_NOMEM;
    }
    store->format = bw__text_format(format);
    op->store->text = store;
    op->store->text_free = store_free;
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
    if (op->store->text->format->value(ctx, &op->arena, entry->name, &node) != BW_OK) {
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
    bw_text_store *store = op->store->text;
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
    bw_text_store *store = op->store->text;
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
    const bw_node *names = op->store->text->names;
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
    const bw_node *names = op->store->text->names;
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
    open_machine *m = op->machine;
    bw_text_store *store = op->store->text;
    const char *layout = store->format->name;
    bw_node *names, *attributes = bw_node_map(ctx, &op->arena);

    if (attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    if (store->format->indexer_end(ctx, store->indexer) != BW_OK) {
        return bw_fail_at(ctx, (const char *)m->location.ptr, m->location.len);
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
