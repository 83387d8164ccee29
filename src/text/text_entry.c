/* SPDX-License-Identifier: MIT */
/* One entry of a text file: its metadata from the index, its tree from its text. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bores/record.h"
#include "text_store.h"

/* Wanting ----------------------------------------------------------------------------------- */

bw_status bw__text_want(bw_ctx *ctx, bw_op *op, uint64_t offset, uint64_t length,
                        bw_get_handler handler, void *target)
{
    return bw__want_range(ctx, op, bw_view_text(""), offset, length, handler, target, length);
}

bw_status bw__text_find(bw_ctx *ctx, const bw_text_store *store, bw_view group, size_t *position)
{
    const bw_node *found = store == NULL ? NULL : bw_map_get(store->names, group);

    if (found == NULL) {
        (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no such entry");
        return bw_fail_at(ctx, (const char *)group.ptr, group.len);
    }
    *position = (size_t)found->integer;
    return BW_OK;
}

static bool wants_path(const void *fields, const bw_node *path)
{
    return bw__fields_match(fields, path);
}

/* Reading ----------------------------------------------------------------------------------- */

/*
 * Numbers that are not finite are written as records of arrays without axes (text_form.c), and
 * become numbers again.
 */
static void text_scalar(bw_node *node)
{
    const bw_array *array = node->array;
    double number;

    if (node->type != BW_NODE_ARRAY || array->rank != 0 || array->dtype.kind != 'f' ||
        array->dtype.itemsize != 8) {
        return;
    }
    memcpy(&number, array->data, sizeof number);
    if (!isfinite(number)) {
        *node = (bw_node){.type = BW_NODE_FLOAT, .number = number};
    }
}

/* JSON has no NaN: the default of a sparse tensor that is one is written as null. */
static void text_default(bw_node *map)
{
    bw_node *absent = bw_map_get_text(map, "default");
    bw_view dtype = {0};

    if (absent != NULL && absent->type == BW_NODE_NULL && bw__is_sparse_tensor(map) &&
        bw_map_get_string(map, "dtype", &dtype) && memchr(dtype.ptr, 'f', dtype.len) != NULL) {
        *absent = (bw_node){.type = BW_NODE_FLOAT, .number = NAN};
    }
}

static void text_scalars(bw_node *node)
{
    text_scalar(node);
    if (node->type == BW_NODE_MAP) {
        text_default(node);
    }
    if (node->type == BW_NODE_LIST || node->type == BW_NODE_MAP) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            text_scalars(node->children.items[i]);
        }
    }
}

static bw_status expand(bw_ctx *ctx, bw_op *op, const bw_text_pieces *pieces, bw_node *tree)
{
    for (uint32_t i = 0; tree->type == BW_NODE_MAP && i < tree->children.len; i++) {
        if (bw_view_equal(tree->children.keys[i], BW_VIEW("data"))) {
            BW_TRY(bw_record_expand(ctx, &op->arena, &tree->children.items[i]));
            text_scalars(tree->children.items[i]);
        }
    }
    for (uint32_t i = 0; i < pieces->count; i++) {
        BW_TRY(bw__text_own(ctx, &op->arena, pieces->texts[i], tree));
    }
    return BW_OK;
}

static bw_status want_all_before(bw_ctx *ctx, bw_op *op, bw_text_task *task);

static bw_status read_pieces(bw_ctx *ctx, bw_op *op, bw_text_task *task)
{
    const bw__read_filter *filter = task->filter.user == NULL ? NULL : &task->filter;
    bool missing = false;
    bw_node *tree;
    bw_status st = task->store->format->read(ctx, &op->arena, &task->pieces, filter, &tree,
                                             &missing);

    if (st == BW_ERR_METADATA && missing && !task->all_before && task->position > 0) {
        return want_all_before(ctx, op, task);
    }
    BW_TRY(st);
    BW_TRY(expand(ctx, op, &task->pieces, tree));
    task->tree = tree;
    return task->done == NULL ? BW_OK : task->done(ctx, op, task);
}

/* The pieces come in any order; the bytes of all but the last one are kept. */
static bw_status take_piece(bw_ctx *ctx, bw_op *op, bw_text_task *task, bw_view *slot,
                            bw_view bytes)
{
    char *copy;

    if (++task->pieces.come == task->pieces.count) {
        *slot = bytes;
        return read_pieces(ctx, op, task);
    }
    copy = bw_arena_copy(ctx, &op->arena, bytes.ptr, bytes.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    *slot = (bw_view){(const uint8_t *)copy, bytes.len};
    return BW_OK;
}

typedef struct piece {
    bw_text_task *task;
    bw_view *slot;
} piece;

static bw_status on_piece(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    piece *p = target;
    bw_text_task *task = p->task;
    bw_status st;

    if (bytes.ptr == NULL || bytes.len != cookie) {
        st = bw_fail(ctx, BW_ERR_CORRUPT, "the file gave %zu of %" PRIu64 " bytes, near %" PRIu64,
                     bytes.len, cookie, task->entry->at.offset);
    } else {
        st = take_piece(ctx, op, task, p->slot, bytes);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, (const char *)task->group.ptr, task->group.len);
}

static bw_status want_piece(bw_ctx *ctx, bw_op *op, bw_text_task *task, uint32_t at,
                            bw__text_place place, uint64_t length)
{
    piece *p = bw_arena_alloc(ctx, &op->arena, sizeof *p);

    if (p == NULL) {
        return BW_ERR_NOMEM;
    }
    *p = (piece){task, &task->pieces.texts[at]};
    task->pieces.places[at] = place;
    return bw__text_want(ctx, op, place.offset, length, on_piece, p);
}

static bw_status make_pieces(bw_ctx *ctx, bw_op *op, bw_text_task *task, uint32_t count)
{
    bw_text_pieces *pieces = &task->pieces;

    *pieces = (bw_text_pieces){.count = count};
    pieces->texts = bw_arena_alloc_zeroed(ctx, &op->arena, count * sizeof *pieces->texts);
    pieces->places = bw_arena_alloc_zeroed(ctx, &op->arena, count * sizeof *pieces->places);
    return pieces->texts == NULL || pieces->places == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* Where what an entry refers to refers to something itself: with all that may be. */
static bw_status want_all_before(bw_ctx *ctx, bw_op *op, bw_text_task *task)
{
    const bw__text_entry *first = &task->store->index.entries[0], *last = task->entry;

    task->all_before = true;
    BW_TRY(make_pieces(ctx, op, task, 1));
    task->pieces.item = (uint32_t)task->position;
    return want_piece(ctx, op, task, 0, first->at,
                      last->at.offset + last->length - first->at.offset);
}

bw_status bw__text_task_begin(bw_ctx *ctx, bw_op *op, bw_text_task *task, bw_view group,
                              const bw_node *fields)
{
    const bw_text_store *store = bw__text_store(op);
    const bw_node *needs;
    uint32_t count;

    task->store = store;
    task->group = group;
    BW_TRY(bw__text_find(ctx, store, group, &task->position));
    task->entry = &store->index.entries[task->position];
    needs = task->entry->needs;
    count = needs == NULL ? 0 : needs->children.len;
    if (fields != NULL && fields->type == BW_NODE_LIST) {
        task->filter = (bw__read_filter){wants_path, fields, "data"};
    }
    BW_TRY(make_pieces(ctx, op, task, count + 1));
    if (store->index.unusual) {
        task->pieces.item = (uint32_t)task->position;
        task->all_before = true;
        return want_piece(ctx, op, task, 0, (bw__text_place){0, 1, 1}, store->size);
    }
    for (uint32_t i = 0; i < count; i++) {
        const bw__text_entry *other = &store->index.entries[needs->children.items[i]->integer];
        BW_TRY(want_piece(ctx, op, task, i, other->at, other->length));
    }
    return want_piece(ctx, op, task, count, task->entry->at, task->entry->length);
}

bw_status bw__text_task_data(bw_ctx *ctx, const bw_text_task *task, bw_node **out)
{
    bw_node *data = bw_map_get_text(task->tree, "data");

    if (data == NULL) {
        (void)bw__text_fail(ctx, BW_ERR_METADATA, &task->entry->at,
                            "an entry without \"data\", which is no entry of BORES's");
        return bw_fail_at(ctx, (const char *)task->group.ptr, task->group.len);
    }
    *out = data;
    return BW_OK;
}

/* Metadata ---------------------------------------------------------------------------------- */

static bw_status put(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM : bw_map_set(ctx, arena, map, bw_view_text(key), value);
}

static bool is_number(const bw_node *node)
{
    return node != NULL && (node->type == BW_NODE_INT || node->type == BW_NODE_FLOAT);
}

/* A step or a time, which may be a record of a NumPy scalar. */
static bw_status put_number(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store, bw_node *map,
                            const char *key, bw_view text)
{
    bw_node *node = NULL;

    if (text.ptr == NULL) {
        return BW_OK;
    }
    if (bw__text_value(ctx, arena, store, text, &node) != BW_OK ||
        bw_record_expand(ctx, arena, &node) != BW_OK) {
        return ctx->error.status == BW_ERR_NOMEM ? BW_ERR_NOMEM : BW_OK; /* said when it is read */
    }
    text_scalar(node);
    return is_number(node) ? put(ctx, arena, map, key, node) : BW_OK;
}

static bw_status begin_meta(bw_ctx *ctx, bw_arena *arena, bw_view group, bw_node *meta,
                            bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena);
    int64_t number = -1;

    if (meta == NULL || meta->type != BW_NODE_MAP) {
        meta = bw_node_map(ctx, arena);
    }
    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    (void)bw__group_kind(group, &number);
    BW_TRY(put(ctx, arena, map, "idx", bw_node_int(ctx, arena, number)));
    BW_TRY(put(ctx, arena, map, "group", bw_node_text(ctx, arena, group)));
    BW_TRY(put(ctx, arena, map, "meta", meta));
    *out = map;
    return BW_OK;
}

bw_status bw__text_entry_meta(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store,
                              bw_view group, bw_node **out)
{
    const bw__text_entry *entry;
    bw_node *map, *meta = NULL;
    size_t position = 0;

    BW_TRY(bw__text_find(ctx, store, group, &position));
    entry = &store->index.entries[position];
    if (entry->meta.ptr != NULL &&
        bw__text_value(ctx, arena, store, entry->meta, &meta) != BW_OK) {
        return bw_fail_at(ctx, (const char *)group.ptr, group.len);
    }
    BW_TRY(begin_meta(ctx, arena, group, meta, &map));
    BW_TRY(put_number(ctx, arena, store, map, "step", entry->step));
    BW_TRY(put_number(ctx, arena, store, map, "time", entry->time));
    BW_TRY(put_number(ctx, arena, store, map, "step_size", entry->step_size));
    *out = map;
    return BW_OK;
}

bw_status bw__text_task_meta(bw_ctx *ctx, bw_op *op, const bw_text_task *task, bw_node **out)
{
    static const char *const numbers[] = {"step", "time", "step_size"};
    const bw_node *data = bw_map_get_text(task->tree, "data");
    bw_node *map;

    BW_TRY(begin_meta(ctx, &op->arena, task->group, bw_map_get_text(task->tree, "_meta"), &map));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        bw_node *node = bw_map_get_text(data, numbers[i]);
        if (is_number(node)) {
            BW_TRY(put(ctx, &op->arena, map, numbers[i], node));
        }
    }
    *out = map;
    return BW_OK;
}
