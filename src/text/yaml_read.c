/* SPDX-License-Identifier: MIT */
/** Events to a tree, by recursion as deep as the limit on nesting allows; see yaml_read.h. */
#include "yaml_read.h"

#include <string.h>

#include "yaml_events.h"
#include "yaml_runs.h"
#include "yaml_scalar.h"

#define TAG_PREFIX "tag:yaml.org,2002:"
/* What aliases may make of a text: some of anything, and so many times itself. */
#define ALIAS_NODES (UINT64_C(1) << 20)
#define ALIAS_BYTES (UINT64_C(64) << 20)
#define ALIAS_TIMES 64u

struct bw__yaml_anchor {
    bw_node *node;         /* NULL while it is being read */
    uint64_t nodes, bytes; /* with all that aliases in it stand for */
};

typedef struct reader {
    bw_ctx *ctx;
    bw_arena *arena;
    bw__yaml_parser *parser;
    bw__yaml_event event;
    const bw__text_place *start;
    bw__yaml_anchors *anchors;
    bw__yaml_runs runs;
    uint64_t nodes, bytes; /* so far, aliases expanded */
    uint64_t max_nodes, max_bytes;
    uint32_t depth;
} reader;

static bw_status next(reader *r)
{
    return bw__yaml_next(r->parser, r->start, &r->event);
}

static bw_status fail(const reader *r, bw_status status, const char *what, bw_view about)
{
    bw__text_place place = bw__yaml_place(r->start, r->event.line, r->event.column);

    if (about.ptr == NULL) {
        return bw__text_fail(r->ctx, status, &place, "%s", what);
    }
    return bw__text_fail(r->ctx, status, &place, "%s '%.*s'", what,
                         (int)(about.len < 100 ? about.len : 100), (const char *)about.ptr);
}

static bw_status fail_limit(const reader *r, const char *what, uint64_t needed, uint64_t limit)
{
    bw__text_place place = bw__yaml_place(r->start, r->event.line, r->event.column);

    (void)bw_fail_limit(r->ctx, what, needed, limit);
    return bw__text_fail_at(r->ctx, &place);
}

/* Anchors ----------------------------------------------------------------------------------- */

/* A place for what an anchor stands for; `*index` UINT32_MAX without one. */
static bw_status anchor_begin(reader *r, bw_view name, uint32_t *index)
{
    bw__yaml_anchors *a = r->anchors;
    struct bw__yaml_anchor *items;
    bw_node *position;

    *index = UINT32_MAX;
    if (name.ptr == NULL) {
        return BW_OK;
    }
    if (a->names == NULL) {
        a->names = bw_node_map(r->ctx, r->arena);
    }
    if (a->count == a->cap) {
        items = bw_arena_alloc(r->ctx, r->arena, (a->cap + 8u) * 2 * sizeof *items);
        if (items == NULL) {
            return BW_ERR_NOMEM;
        }
        if (a->count > 0) {
            memcpy(items, a->items, a->count * sizeof *items);
        }
        a->items = items;
        a->cap = (a->cap + 8) * 2;
    }
    position = bw_node_int(r->ctx, r->arena, a->count);
    if (a->names == NULL || position == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(r->ctx, r->arena, a->names, name, position));
    a->items[a->count] = (struct bw__yaml_anchor){NULL, r->nodes, r->bytes};
    *index = a->count++;
    return BW_OK;
}

static void anchor_end(reader *r, uint32_t index, bw_node *node)
{
    struct bw__yaml_anchor *anchor;

    if (index != UINT32_MAX) {
        anchor = &r->anchors->items[index];
        *anchor = (struct bw__yaml_anchor){node, r->nodes - anchor->nodes,
                                           r->bytes - anchor->bytes};
    }
}

static bw_status read_alias(reader *r, bw_node **out)
{
    bw_view name = r->event.anchor;
    const bw_node *position = bw_map_get(r->anchors->names, name);
    const struct bw__yaml_anchor *anchor;

    if (position == NULL) {
        r->anchors->missing = true;
        return fail(r, BW_ERR_METADATA, "there is no anchor for the alias", name);
    }
    anchor = &r->anchors->items[position->integer];
    if (anchor->node == NULL) {
        return fail(r, BW_ERR_METADATA, "an alias within what it stands for:", name);
    }
    r->nodes += anchor->nodes;
    r->bytes += anchor->bytes;
    if (r->nodes > r->max_nodes) {
        return fail_limit(r, "values that aliases stand for", r->nodes, r->max_nodes);
    }
    if (r->bytes > r->max_bytes) {
        return fail_limit(r, "bytes of text that aliases stand for", r->bytes, r->max_bytes);
    }
    *out = anchor->node;
    return BW_OK;
}

/* Scalars ----------------------------------------------------------------------------------- */

static bw_status type_of_tag(const reader *r, bw__yaml_type *out)
{
    static const struct {
        const char *name;
        bw__yaml_type type;
    } known[] = {{"str", BW__YAML_TEXT}, {"null", BW__YAML_NULL},  {"bool", BW__YAML_BOOL},
                 {"int", BW__YAML_INT},  {"float", BW__YAML_FLOAT}, {"timestamp", BW__YAML_TEXT}};
    bw_view tag = r->event.tag;
    size_t lead = sizeof TAG_PREFIX - 1;

    *out = BW__YAML_TEXT;
    if (tag.ptr == NULL || bw_view_equal(tag, BW_VIEW("!"))) {
        return BW_OK;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (tag.len > lead && memcmp(tag.ptr, TAG_PREFIX, lead) == 0 &&
            bw_view_equal((bw_view){tag.ptr + lead, tag.len - lead},
                          bw_view_text(known[i].name))) {
            *out = known[i].type;
            return BW_OK;
        }
    }
    return fail(r, BW_ERR_UNSUPPORTED, "a scalar with the tag", tag);
}

static bw_status borrowed_text(reader *r, bw_view text, bw_node **out)
{
    *out = bw_node_null(r->ctx, r->arena);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    (*out)->type = BW_NODE_STRING;
    (*out)->text = text;
    return BW_OK;
}

static bw_status read_scalar(reader *r, bw_node **out)
{
    bw__yaml_type type, found;
    bool whole;
    bw_view text;
    bw_status st;

    r->nodes++;
    BW_TRY(bw__yaml_runs_restore(r->ctx, r->arena, &r->runs, r->event.text, &text, &whole));
    r->bytes += text.len;
    BW_TRY(type_of_tag(r, &type));
    found = bw__yaml_resolve(text);
    type = r->event.plain ? found : type;
    if (whole && type == BW__YAML_TEXT) {
        return borrowed_text(r, text, out);
    }
    if (type == BW__YAML_FLOAT && found == BW__YAML_INT) {
        found = BW__YAML_FLOAT;
    }
    if (type != BW__YAML_TEXT && type != found) {
        return fail(r, BW_ERR_METADATA, "not a value of its tag:", text);
    }
    st = bw__yaml_scalar(r->ctx, r->arena, type, text, out);
    if (st == BW_ERR_LIMIT) {
        bw__text_place place = bw__yaml_place(r->start, r->event.line, r->event.column);
        return bw__text_fail_at(r->ctx, &place);
    }
    if (st == BW_OK && type == BW__YAML_FLOAT && (*out)->type == BW_NODE_INT) {
        **out = (bw_node){.type = BW_NODE_FLOAT, .number = (double)(*out)->integer};
    }
    return st;
}

/* Lists and maps ---------------------------------------------------------------------------- */

static bw_status read_node(reader *r, bw_node **out);

static bw_status enter(reader *r)
{
    if (r->depth >= r->ctx->limits.max_depth) {
        return fail_limit(r, "nesting depth of a document", r->depth + UINT64_C(1),
                          r->ctx->limits.max_depth);
    }
    r->depth++;
    r->nodes++;
    return BW_OK;
}

static bool is_tag(bw_view tag, const char *core)
{
    size_t lead = sizeof TAG_PREFIX - 1;

    return tag.ptr == NULL || bw_view_equal(tag, BW_VIEW("!")) ||
           (tag.len > lead && memcmp(tag.ptr, TAG_PREFIX, lead) == 0 &&
            bw_view_equal((bw_view){tag.ptr + lead, tag.len - lead}, bw_view_text(core)));
}

static bw_status read_list(reader *r, bw_node **out)
{
    bw_node *list = bw_node_list(r->ctx, r->arena), *item;

    if (!is_tag(r->event.tag, "seq")) {
        return fail(r, BW_ERR_UNSUPPORTED, "a list with the tag", r->event.tag);
    }
    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(enter(r));
    BW_TRY(next(r));
    while (r->event.kind != BW__YAML_CLOSE) {
        BW_TRY(read_node(r, &item));
        BW_TRY(bw_list_push(r->ctx, r->arena, list, item));
        BW_TRY(next(r));
    }
    r->depth--;
    *out = list;
    return BW_OK;
}

/* A map, or a list of maps, whose keys are put in where there are none of that name. */
static bw_status merge(reader *r, bw_node *map, const bw_node *from)
{
    if (from->type == BW_NODE_LIST) {
        for (uint32_t i = 0; i < from->children.len; i++) {
            if (from->children.items[i]->type != BW_NODE_MAP) {
                return fail(r, BW_ERR_METADATA, "<< merges maps only", (bw_view){0});
            }
            BW_TRY(merge(r, map, from->children.items[i]));
        }
        return BW_OK;
    }
    if (from->type != BW_NODE_MAP) {
        return fail(r, BW_ERR_METADATA, "<< merges maps only", (bw_view){0});
    }
    for (uint32_t i = 0; i < from->children.len; i++) {
        if (bw_map_get(map, from->children.keys[i]) == NULL) {
            BW_TRY(bw_map_set(r->ctx, r->arena, map, from->children.keys[i],
                              from->children.items[i]));
        }
    }
    return BW_OK;
}

/* A key's text, in the arena; `*merges` for <<. */
static bw_status read_key(reader *r, bw_view *key, bool *merges)
{
    bool whole;
    bw__yaml_type type;
    bw_node *alias;
    char *copy;

    *merges = false;
    if (r->event.kind == BW__YAML_ALIAS) {
        BW_TRY(read_alias(r, &alias));
        if (alias->type == BW_NODE_STRING) {
            *key = alias->text;
            return BW_OK;
        }
    }
    if (r->event.kind != BW__YAML_SCALAR) {
        return fail(r, BW_ERR_UNSUPPORTED, "a key that is no text", (bw_view){0});
    }
    BW_TRY(type_of_tag(r, &type));
    *merges = r->event.plain && bw_view_equal(r->event.text, BW_VIEW("<<"));
    BW_TRY(bw__yaml_runs_restore(r->ctx, r->arena, &r->runs, r->event.text, key, &whole));
    copy = bw_arena_copy(r->ctx, r->arena, key->ptr, key->len);
    *key = (bw_view){(const uint8_t *)copy, key->len};
    return copy == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status read_member(reader *r, bw_node *map, bw_node *merged)
{
    uint32_t anchor;
    bw_node *name, *value;
    bw_view key;
    bool merges;

    BW_TRY(anchor_begin(r, r->event.kind == BW__YAML_ALIAS ? (bw_view){0} : r->event.anchor,
                        &anchor));
    BW_TRY(read_key(r, &key, &merges));
    if (anchor != UINT32_MAX) {
        name = bw_node_text(r->ctx, r->arena, key);
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        anchor_end(r, anchor, name);
    }
    if (!merges && bw_map_get(map, key) != NULL) {
        return fail(r, BW_ERR_METADATA, "a key that comes twice:", key);
    }
    BW_TRY(next(r));
    BW_TRY(read_node(r, &value));
    return merges ? merge(r, merged, value) : bw_map_set(r->ctx, r->arena, map, key, value);
}

/* An array record of what BORES tags as an array; see bores/record.h. */
static bw_status to_record(reader *r, bw_node *map)
{
    const bw_node *data = bw_map_get_text(map, "data");
    bool text = data != NULL && data->type == BW_NODE_STRING;
    bw_node *flag = bw_node_bool(r->ctx, r->arena, true);
    bw_node *encoding = bw_node_text(r->ctx, r->arena, text ? BW_VIEW("base64") : BW_VIEW("list"));

    if (flag == NULL || encoding == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(r->ctx, r->arena, map, BW_VIEW("__ndarray__"), flag));
    return bw_map_set(r->ctx, r->arena, map, BW_VIEW("encoding"), encoding);
}

static bw_status finish_map(reader *r, bw_node *map, bw_node *merged, bool array, bool scalar,
                            bw_node **out)
{
    bw_node *value = bw_map_get_text(map, "value");

    if (array) {
        BW_TRY(to_record(r, map));
    } else if (scalar) {
        if (value == NULL || bw_map_get_text(map, "dtype") == NULL) {
            return fail(r, BW_ERR_METADATA, "!np_scalar has dtype and value", (bw_view){0});
        }
        *out = value;
        return BW_OK;
    }
    if (merged->children.len > 0) {
        for (uint32_t i = 0; i < map->children.len; i++) {
            BW_TRY(bw_map_set(r->ctx, r->arena, merged, map->children.keys[i],
                              map->children.items[i]));
        }
        map = merged;
    }
    *out = map;
    return BW_OK;
}

static bw_status read_map(reader *r, bw_node **out)
{
    bw_node *map = bw_node_map(r->ctx, r->arena), *merged = bw_node_map(r->ctx, r->arena);
    bool array = bw_view_equal(r->event.tag, BW_VIEW("!ndarray"));
    bool scalar = bw_view_equal(r->event.tag, BW_VIEW("!np_scalar"));

    if (!array && !scalar && !is_tag(r->event.tag, "map")) {
        return fail(r, BW_ERR_UNSUPPORTED, "a map with the tag", r->event.tag);
    }
    if (map == NULL || merged == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(enter(r));
    BW_TRY(next(r));
    while (r->event.kind != BW__YAML_CLOSE) {
        BW_TRY(read_member(r, map, merged));
        BW_TRY(next(r));
    }
    r->depth--;
    return finish_map(r, map, merged, array, scalar, out);
}

/* The node that begins with the event at hand; afterwards that is its last one. */
static bw_status read_node(reader *r, bw_node **out)
{
    uint32_t anchor;

    if (r->event.kind == BW__YAML_ALIAS) {
        return read_alias(r, out);
    }
    BW_TRY(anchor_begin(r, r->event.anchor, &anchor));
    if (r->event.kind == BW__YAML_LIST) {
        BW_TRY(read_list(r, out));
    } else if (r->event.kind == BW__YAML_MAP) {
        BW_TRY(read_map(r, out));
    } else {
        BW_TRY(read_scalar(r, out));
    }
    anchor_end(r, anchor, *out);
    return BW_OK;
}

static bw_status read_document(reader *r, bw_node **out)
{
    BW_TRY(next(r));
    if (r->event.kind == BW__YAML_END) { /* nothing at all is null, to PyYAML, too */
        *out = bw_node_null(r->ctx, r->arena);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    BW_TRY(next(r)); /* behind the document's beginning */
    BW_TRY(read_node(r, out));
    BW_TRY(next(r));
    BW_TRY(next(r));
    return r->event.kind == BW__YAML_END
               ? BW_OK
               : fail(r, BW_ERR_METADATA, "a second document", (bw_view){0});
}

bw_status bw__yaml_read(bw_ctx *ctx, bw_arena *arena, bw_view text, const bw__text_place *at,
                        bw__yaml_anchors *anchors, bw_node **out)
{
    reader r = {.ctx = ctx, .arena = arena, .start = at, .anchors = anchors};
    bw_status st;

    r.max_nodes = ALIAS_NODES + ALIAS_TIMES * (uint64_t)text.len;
    r.max_bytes = ALIAS_BYTES + ALIAS_TIMES * (uint64_t)text.len;
    if (text.len >= 3 && memcmp(text.ptr, "\xEF\xBB\xBF", 3) == 0) {
        text = (bw_view){text.ptr + 3, text.len - 3}; /* libyaml would count it as a column */
    }
    BW_GO(bw__yaml_runs_find(ctx, text, &r.runs));
    BW_GO(bw__yaml_open(ctx, r.runs.text, &r.parser));
    BW_GO(read_document(&r, out));
done:
    bw__yaml_close(r.parser);
    bw__yaml_runs_free(ctx, &r.runs);
    return st;
}
