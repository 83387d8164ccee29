/* SPDX-License-Identifier: MIT */
/** Recursive descent, as deep as the limit on nesting allows; see json_read.h. */
#include "json_read.h"

#include <math.h>
#include <string.h>

#include "json/decimal.h"
#include "json_cursor.h"

/* Shorter strings are copied at once. */
#define LONG_STRING 128u

typedef struct reader {
    bw__json_cursor c;
    bw_arena *arena;
    const bw__read_filter *filter;
    bw_node *path; /* of what is being read, where the filter asks */
    uint32_t depth;
} reader;

/* Scalars ----------------------------------------------------------------------------------- */

static bw_status read_text(reader *r, bw_node **out)
{
    bw_view text;

    BW_TRY(bw__json_string(&r->c, &text));
    if (out == NULL) {
        return BW_OK;
    }
    if (text.len < LONG_STRING || text.ptr == r->c.decoded.ptr) {
        *out = bw_node_text(r->c.ctx, r->arena, text);
    } else {
        *out = bw_node_null(r->c.ctx, r->arena);
        if (*out != NULL) {
            (*out)->type = BW_NODE_STRING;
            (*out)->text = text;
        }
    }
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bool skip_word(reader *r, const char *word)
{
    size_t len = strlen(word);

    if ((size_t)(r->c.end - r->c.at) < len || memcmp(r->c.at, word, len) != 0) {
        return false;
    }
    r->c.at += len;
    return true;
}

static bw_status over_digits(reader *r)
{
    const uint8_t *start = r->c.at;

    while (r->c.at < r->c.end && *r->c.at >= '0' && *r->c.at <= '9') {
        r->c.at++;
    }
    return r->c.at > start ? BW_OK : bw__json_unexpected(&r->c, "a digit");
}

static bw_status read_number(reader *r, bw_node **out)
{
    const uint8_t *start = r->c.at;
    bw_status st;

    r->c.at += *r->c.at == '-';
    if (r->c.at > start && skip_word(r, "Infinity")) {
        if (out != NULL) {
            *out = bw_node_float(r->c.ctx, r->arena, -INFINITY);
        }
        return out != NULL && *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (bw__json_peek(&r->c) == '0') {
        r->c.at++;
    } else {
        BW_TRY(over_digits(r));
    }
    if (bw__json_peek(&r->c) == '.') {
        r->c.at++;
        BW_TRY(over_digits(r));
    }
    if (bw__json_peek(&r->c) == 'e' || bw__json_peek(&r->c) == 'E') {
        r->c.at++;
        r->c.at += bw__json_peek(&r->c) == '-' || bw__json_peek(&r->c) == '+';
        BW_TRY(over_digits(r));
    }
    if (out == NULL) {
        return BW_OK;
    }
    st = bw__decimal_node(r->c.ctx, r->arena, (bw_view){start, (size_t)(r->c.at - start)}, out);
    if (st == BW_ERR_LIMIT) {
        bw__text_place place = bw__json_place(&r->c, start);
        return bw__text_fail_at(r->c.ctx, &place);
    }
    return st;
}

static bw_status read_word(reader *r, bw_node **out)
{
    bw_node node = {.type = BW_NODE_NULL};

    if (skip_word(r, "true") || skip_word(r, "false")) {
        node = (bw_node){.type = BW_NODE_BOOL, .boolean = r->c.at[-2] == 'u'};
    } else if (skip_word(r, "NaN") || skip_word(r, "Infinity")) {
        node = (bw_node){.type = BW_NODE_FLOAT, .number = r->c.at[-1] == 'N' ? NAN : INFINITY};
    } else if (!skip_word(r, "null")) {
        return bw__json_unexpected(&r->c, "a value");
    }
    if (out == NULL) {
        return BW_OK;
    }
    *out = bw_node_null(r->c.ctx, r->arena);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    **out = node;
    return BW_OK;
}

/* Lists and maps ---------------------------------------------------------------------------- */

static bw_status read_value(reader *r, bw_node **out);

static bw_status enter(reader *r)
{
    if (r->depth >= r->c.ctx->limits.max_depth) {
        bw__text_place place = bw__json_place(&r->c, r->c.at);
        (void)bw_fail_limit(r->c.ctx, "nesting depth of a document", r->depth + UINT64_C(1),
                            r->c.ctx->limits.max_depth);
        return bw__text_fail_at(r->c.ctx, &place);
    }
    r->depth++;
    r->c.at++;
    bw__json_skip_spaces(&r->c);
    return BW_OK;
}

/* The value of a map's key, or NULL in `*child` when it is not wanted. */
static bw_status read_child(reader *r, bw_view key, bw_node **child)
{
    bw_node *path = r->path, *name;
    bw_status st;

    *child = NULL;
    if (r->depth == 1 && r->filter != NULL && bw_view_equal(key, bw_view_text(r->filter->root))) {
        r->path = bw_node_list(r->c.ctx, r->arena);
        st = r->path == NULL ? BW_ERR_NOMEM : read_value(r, child);
        r->path = NULL;
        return st;
    }
    if (path == NULL) {
        return read_value(r, child);
    }
    name = bw_node_text(r->c.ctx, r->arena, key);
    if (name == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_list_push(r->c.ctx, r->arena, path, name));
    BW_TRY(read_value(r, r->filter->wants(r->filter->user, path) ? child : NULL));
    path->children.len--;
    return BW_OK;
}

/* Within a list everything is wanted: an item left out would shift the others. */
static bw_status read_items(reader *r, bw_node *list)
{
    bw_node *child = NULL;

    while (bw__json_peek(&r->c) != ']') {
        BW_TRY(read_value(r, list == NULL ? NULL : &child));
        if (list != NULL) {
            BW_TRY(bw_list_push(r->c.ctx, r->arena, list, child));
        }
        bw__json_skip_spaces(&r->c);
        if (bw__json_peek(&r->c) == ']') {
            break;
        }
        if (bw__json_peek(&r->c) != ',') {
            return bw__json_unexpected(&r->c, "',' or ']'");
        }
        r->c.at++;
        bw__json_skip_spaces(&r->c);
        if (bw__json_peek(&r->c) == ']') {
            return bw__json_unexpected(&r->c, "a value");
        }
    }
    return BW_OK;
}

static bw_status read_list(reader *r, bw_node **out)
{
    bw_node *list = out == NULL ? NULL : bw_node_list(r->c.ctx, r->arena), *path = r->path;

    if (out != NULL && list == NULL) {
        return BW_ERR_NOMEM;
    }
    r->path = NULL;
    BW_TRY(enter(r));
    BW_TRY(read_items(r, list));
    r->c.at++;
    r->depth--;
    r->path = path;
    if (out != NULL) {
        *out = list;
    }
    return BW_OK;
}

static bw_status read_key(reader *r, const bw_node *map, bw_view *key)
{
    const uint8_t *start = r->c.at;

    if (bw__json_peek(&r->c) != '"') {
        return bw__json_unexpected(&r->c, "a key");
    }
    BW_TRY(bw__json_string(&r->c, key));
    if (map != NULL && bw_map_get(map, *key) != NULL) {
        bw__text_place place = bw__json_place(&r->c, start);
        return bw__text_fail(r->c.ctx, BW_ERR_METADATA, &place, "the key \"%.*s\" comes twice",
                             (int)(key->len < 100 ? key->len : 100), (const char *)key->ptr);
    }
    bw__json_skip_spaces(&r->c);
    if (bw__json_peek(&r->c) != ':') {
        return bw__json_unexpected(&r->c, "':'");
    }
    r->c.at++;
    bw__json_skip_spaces(&r->c);
    return BW_OK;
}

static bw_status read_member(reader *r, bw_node *map)
{
    bw_node *child, *holder;
    bw_view key;

    BW_TRY(read_key(r, map, &key));
    if (map == NULL) {
        return read_value(r, NULL);
    }
    holder = bw_node_null(r->c.ctx, r->arena); /* keeps the place, and the map a copy of the key */
    if (holder == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(r->c.ctx, r->arena, map, key, holder));
    key = map->children.keys[map->children.len - 1];
    BW_TRY(read_child(r, key, &child));
    if (child == NULL) {
        bw_map_remove(map, key);
    } else {
        map->children.items[map->children.len - 1] = child;
    }
    return BW_OK;
}

static bw_status read_map(reader *r, bw_node **out)
{
    bw_node *map = out == NULL ? NULL : bw_node_map(r->c.ctx, r->arena);

    if (out != NULL && map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(enter(r));
    while (bw__json_peek(&r->c) != '}') {
        BW_TRY(read_member(r, map));
        bw__json_skip_spaces(&r->c);
        if (bw__json_peek(&r->c) == '}') {
            break;
        }
        if (bw__json_peek(&r->c) != ',') {
            return bw__json_unexpected(&r->c, "',' or '}'");
        }
        r->c.at++;
        bw__json_skip_spaces(&r->c);
        if (bw__json_peek(&r->c) == '}') {
            return bw__json_unexpected(&r->c, "a key");
        }
    }
    r->c.at++;
    r->depth--;
    if (out != NULL) {
        *out = map;
    }
    return BW_OK;
}

/* `out` NULL: the value is checked, and nothing is made of it. */
static bw_status read_value(reader *r, bw_node **out)
{
    int byte = bw__json_peek(&r->c);

    switch (byte) {
    case '[':
        return read_list(r, out);
    case '{':
        return read_map(r, out);
    case '"':
        return read_text(r, out);
    default:
        return byte == '-' || (byte >= '0' && byte <= '9') ? read_number(r, out)
                                                           : read_word(r, out);
    }
}

bw_status bw__json_read(bw_ctx *ctx, bw_arena *arena, bw_view text, const bw__text_place *at,
                        const bw__read_filter *filter, bw_node **out)
{
    reader r = {.arena = arena, .filter = filter};
    bw_node *node = NULL;
    bw_status st;

    r.c = (bw__json_cursor){ctx, text.ptr, text.ptr, text.ptr + text.len, at, {0}};
    bw__json_skip_spaces(&r.c);
    BW_GO(read_value(&r, &node));
    bw__json_skip_spaces(&r.c);
    if (r.c.at < r.c.end) {
        st = bw__json_unexpected(&r.c, "the end of the text");
        goto done;
    }
    *out = node;
done:
    bw_bytes_free(ctx, &r.c.decoded);
    return st;
}

bw_status bw__text_own(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node *node)
{
    uintptr_t begin = (uintptr_t)text.ptr, at;
    char *copy;

    if (node->type == BW_NODE_LIST || node->type == BW_NODE_MAP) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            BW_TRY(bw__text_own(ctx, arena, text, node->children.items[i]));
        }
    }
    if (node->type != BW_NODE_STRING) {
        return BW_OK;
    }
    at = (uintptr_t)node->text.ptr;
    if (at >= begin && at < begin + text.len) {
        copy = bw_arena_copy(ctx, arena, node->text.ptr, node->text.len);
        if (copy == NULL) {
            return BW_ERR_NOMEM;
        }
        node->text.ptr = (const uint8_t *)copy;
    }
    return BW_OK;
}
