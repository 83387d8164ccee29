/* SPDX-License-Identifier: MIT */
/* One entry of a text file: its metadata from the index, its tree from its text. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bores/record.h"
#include "format/json_index.h"
#include "text_store.h"

/* Formats ----------------------------------------------------------------------------------- */

static bw_status json_new(bw_ctx *ctx, bw__text_index *index, void **out)
{
    bw__json_indexer *indexer;

    BW_TRY(bw__json_indexer_new(ctx, index, &indexer));
    *out = indexer;
    return BW_OK;
}

static bw_status json_feed(bw_ctx *ctx, void *indexer, bw_view block)
{
    return bw__json_indexer_feed(ctx, indexer, block);
}

static bw_status json_end(bw_ctx *ctx, void *indexer)
{
    return bw__json_indexer_end(ctx, indexer);
}

static void json_free(bw_ctx *ctx, void *indexer)
{
    bw__json_indexer_free(ctx, indexer);
}

static bw_status json_read(bw_ctx *ctx, bw_arena *arena, const bw__text_entry *entry, bw_view text,
                           const bw__read_filter *filter, bw_node **out)
{
    return bw__json_read(ctx, arena, text, &entry->at, filter, out);
}

static bw_status json_write(bw_ctx *ctx, const bw_node *item, bw_bytes *out)
{
    BW_TRY(bw_bytes_append(ctx, out, "  ", 2));
    return bw_json_write_nested(ctx, item, BW_JSON_STORE, 1, out);
}

/* Records: of its own JSON files, BORES can load those with records alone. */
static const bw_text_format formats[] = {
    {"json", json_new, json_feed, json_end, json_free, bw_json_parse, json_read, json_write,
     {BW_TEXT_RECORDS, true}, BW_TEXT_RAW},
};

const bw_text_format *bw__text_format(bw_view name)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (bw_view_equal(name, bw_view_text(formats[i].name))) {
            return &formats[i];
        }
    }
    return NULL;
}

/* Finding ----------------------------------------------------------------------------------- */

static bw_status find_entry(bw_ctx *ctx, const bw_text_store *store, bw_view group,
                            const bw__text_entry **out)
{
    const bw_node *position = store == NULL ? NULL : bw_map_get(store->names, group);

    if (position == NULL) {
        (void)bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no such entry");
        return bw_fail_at(ctx, (const char *)group.ptr, group.len);
    }
    *out = &store->index.entries[position->integer];
    return BW_OK;
}

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

static void text_scalars(bw_node *node)
{
    text_scalar(node);
    if (node->type == BW_NODE_LIST || node->type == BW_NODE_MAP) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            text_scalars(node->children.items[i]);
        }
    }
}

static bool wants_path(const void *fields, const bw_node *path)
{
    return bw__fields_match(fields, path);
}

static bw_status read_tree(bw_ctx *ctx, bw_op *op, bw_text_task *task, bw_view bytes)
{
    const bw__read_filter *filter = task->filter.user == NULL ? NULL : &task->filter;
    bw_node *tree, **data;

    BW_TRY(task->store->format->read(ctx, &op->arena, task->entry, bytes, filter, &tree));
    if (tree->type == BW_NODE_MAP) {
        for (uint32_t i = 0; i < tree->children.len; i++) {
            data = &tree->children.items[i];
            if (bw_view_equal(tree->children.keys[i], BW_VIEW("data"))) {
                BW_TRY(bw_record_expand(ctx, &op->arena, data));
                text_scalars(*data);
            }
        }
    }
    BW_TRY(bw__text_own(ctx, &op->arena, bytes, tree));
    task->tree = tree;
    return BW_OK;
}

static bw_status on_text(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    bw_text_task *task = target;
    bw_status st;

    if (bytes.ptr == NULL || bytes.len != cookie) {
        st = bw_fail(ctx, BW_ERR_CORRUPT, "the file gave %zu of %" PRIu64 " bytes at %" PRIu64,
                     bytes.len, cookie, task->entry->at.offset);
    } else {
        st = read_tree(ctx, op, task, bytes);
    }
    return st == BW_OK ? st : bw_fail_at(ctx, (const char *)task->group.ptr, task->group.len);
}

bw_status bw__text_task_begin(bw_ctx *ctx, bw_op *op, bw_text_task *task, const bw_node *fields)
{
    char key[48];

    task->store = op->store->text;
    BW_TRY(bw__param_text(ctx, op, "group", &task->group));
    BW_TRY(find_entry(ctx, task->store, task->group, &task->entry));
    if (fields != NULL && fields->type == BW_NODE_LIST) {
        task->filter = (bw__read_filter){wants_path, fields, "data"};
    }
    snprintf(key, sizeof key, "%" PRIu64 "+%" PRIu64, task->entry->at.offset, task->entry->length);
    return bw__want_get(ctx, op, bw_view_text(key), on_text, task, task->entry->length);
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

/* A step or a time, which may be a record of an array without axes (a NumPy scalar). */
static bw_status put_number(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store, bw_node *map,
                            const char *key, bw_view text)
{
    bw_node *node = NULL;

    if (text.ptr == NULL) {
        return BW_OK;
    }
    if (store->format->value(ctx, arena, text, &node) != BW_OK ||
        bw_record_expand(ctx, arena, &node) != BW_OK) {
        return ctx->error.status == BW_ERR_NOMEM ? BW_ERR_NOMEM : BW_OK; /* said when it is read */
    }
    text_scalar(node);
    if ( node->type != BW_NODE_INT && node->type != BW_NODE_FLOAT) {
        return BW_OK;
    }
    return put(ctx, arena, map, key, node);
}

static bw_status put_meta(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store, bw_node *map,
                          const bw__text_entry *entry)
{
    bw_node *meta = NULL;

    if (entry->meta.ptr != NULL) {
        BW_TRY(store->format->value(ctx, arena, entry->meta, &meta));
    }
    if (meta == NULL || meta->type != BW_NODE_MAP) {
        meta = bw_node_map(ctx, arena);
    }
    return put(ctx, arena, map, "meta", meta);
}

bw_status bw__text_entry_meta(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store,
                              bw_view group, bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena);
    const bw__text_entry *entry;
    int64_t number = -1;
    bw_status st;

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(find_entry(ctx, store, group, &entry));
    (void)bw__group_kind(group, &number);
    BW_TRY(put(ctx, arena, map, "idx", bw_node_int(ctx, arena, number)));
    BW_TRY(put(ctx, arena, map, "group", bw_node_text(ctx, arena, group)));
    st = put_meta(ctx, arena, store, map, entry);
    if (st != BW_OK) {
        return bw_fail_at(ctx, (const char *)group.ptr, group.len);
    }
    BW_TRY(put_number(ctx, arena, store, map, "step", entry->step));
    BW_TRY(put_number(ctx, arena, store, map, "time", entry->time));
    BW_TRY(put_number(ctx, arena, store, map, "step_size", entry->step_size));
    *out = map;
    return BW_OK;
}
