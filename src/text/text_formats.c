/* SPDX-License-Identifier: MIT */
/* What differs between JSON and YAML. */
#include "bores/json.h"
#include "text/json_index.h"
#include "text/json_read.h"
#include "text/yaml_index.h"
#include "text/yaml_read.h"
#include "text/yaml_write.h"
#include "text_store.h"

/* JSON -------------------------------------------------------------------------------------- */

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

static bw_status json_read(bw_ctx *ctx, bw_arena *arena, const bw_text_pieces *pieces,
                           const bw__read_filter *filter, bw_node **out, bool *missing)
{
    (void)missing;
    return bw__json_read(ctx, arena, pieces->texts[0], &pieces->places[0], filter, out);
}

static bw_status json_write(bw_ctx *ctx, const bw_node *item, bw_bytes *out)
{
    BW_TRY(bw_bytes_append(ctx, out, "  ", 2));
    return bw_json_write_nested(ctx, item, BW_JSON_STORE, 1, out);
}

/* YAML -------------------------------------------------------------------------------------- */

static bw_status yaml_new(bw_ctx *ctx, bw__text_index *index, void **out)
{
    bw__yaml_indexer *indexer;

    BW_TRY(bw__yaml_indexer_new(ctx, index, &indexer));
    *out = indexer;
    return BW_OK;
}

static bw_status yaml_feed(bw_ctx *ctx, void *indexer, bw_view block)
{
    return bw__yaml_indexer_feed(ctx, indexer, block);
}

static bw_status yaml_end(bw_ctx *ctx, void *indexer)
{
    return bw__yaml_indexer_end(ctx, indexer);
}

static void yaml_free(bw_ctx *ctx, void *indexer)
{
    bw__yaml_indexer_free(ctx, indexer);
}

static bw_status yaml_value(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out)
{
    const bw__text_place start = {0, 1, 1};
    bw__yaml_anchors anchors = {0};

    return bw__yaml_read(ctx, arena, text, &start, &anchors, out);
}

/* A map of what is wanted of a map. A node that is aliased is one and the same, so what is left of
 * maps is new, and the rest is shared. */
static bw_status select_children(bw_ctx *ctx, bw_arena *arena, const bw__read_filter *filter,
                                 bw_node *path, bw_node **node)
{
    const bw_node *map = *node;
    bw_node *copy;

    if (map->type != BW_NODE_MAP) {
        return BW_OK;
    }
    copy = bw_node_map(ctx, arena);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < map->children.len; i++) {
        bw_node *name = bw_node_text(ctx, arena, map->children.keys[i]);
        bw_node *child = map->children.items[i];
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, path, name));
        if (filter->wants(filter->user, path)) {
            BW_TRY(select_children(ctx, arena, filter, path, &child));
            BW_TRY(bw_map_set(ctx, arena, copy, name->text, child));
        }
        path->children.len--;
    }
    *node = copy;
    return BW_OK;
}

/* The last text is the entry's; those before have anchors that it refers to. */
static bw_status yaml_read(bw_ctx *ctx, bw_arena *arena, const bw_text_pieces *pieces,
                           const bw__read_filter *filter, bw_node **out, bool *missing)
{
    bw__yaml_anchors anchors = {0};
    bw_node *list = NULL, *item, *path, *data;
    bw_status st = BW_OK;

    for (uint32_t i = 0; i < pieces->count && st == BW_OK; i++) {
        st = bw__yaml_read(ctx, arena, pieces->texts[i], &pieces->places[i], &anchors, &list);
    }
    *missing = anchors.missing;
    BW_TRY(st);
    if (list->type != BW_NODE_LIST || list->children.len <= pieces->item) {
        return bw__text_fail(ctx, BW_ERR_METADATA, &pieces->places[0], "no list of entries");
    }
    item = list->children.items[pieces->item];
    if (filter == NULL || item->type != BW_NODE_MAP) {
        *out = item;
        return BW_OK;
    }
    path = bw_node_list(ctx, arena);
    data = bw_map_get_text(item, filter->root);
    if (path == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = item;
    if (data == NULL) {
        return BW_OK;
    }
    BW_TRY(select_children(ctx, arena, filter, path, &data));
    return bw_map_set(ctx, arena, item, bw_view_text(filter->root), data);
}

static bw_status yaml_write(bw_ctx *ctx, const bw_node *item, bw_bytes *out)
{
    return bw__yaml_write_item(ctx, item, out);
}

/* BORES's JSONStore counts entries only where each record is in one of its own two encodings, which by
 * default all are; of YAML, all can read !ndarray. */
static const bw_text_format formats[] = {
    {"json", json_new, json_feed, json_end, json_free, bw_json_parse, json_read, json_write,
     {BW_TEXT_STORE, true}, BW_TEXT_RAW},
    {"yaml", yaml_new, yaml_feed, yaml_end, yaml_free, yaml_value, yaml_read, yaml_write,
     {BW_TEXT_KEEP, false}, BW_TEXT_KEEP},
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

bw_status bw__text_value(bw_ctx *ctx, bw_arena *arena, const bw_text_store *store, bw_view text,
                         bw_node **out)
{
    return store->index.unusual ? bw_json_parse(ctx, arena, text, out)
                                : store->format->value(ctx, arena, text, out);
}
