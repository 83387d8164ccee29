/* SPDX-License-Identifier: MIT */
/**
 * Lines of a YAML store. Only the beginning of a line is kept (its head, which tells all that is
 * looked at) and the lines of the few values that the index keeps.
 */
#include "yaml_index.h"

#include <string.h>

#include "text_skip.h"

#define HEAD_MAX 512u
#define MAX_META (1u << 20)
#define MAX_NAMES (1u << 20) /* anchors and aliases of a file */
#define NAME_MAX_BYTES 128u

typedef enum part { BEFORE, ENTRY, AFTER } part;

struct bw__yaml_indexer {
    bw__text_index *index;
    uint64_t offset, line, line_start; /* of the next byte, and of the line being read */
    uint8_t head[HEAD_MAX];
    size_t head_len;      /* 0 at the beginning of a line */
    uint64_t line_len;
    bool begun;           /* it is known whether the line begins an entry */
    part part;
    uint32_t key_indent, data_indent; /* of an entry's keys and of its data's; 0: not known yet */
    bool in_data;
    bw_view *keeps;       /* where the text of the value being kept goes, or NULL */
    uint32_t keep_indent; /* lines that are indented more belong to it */
    bw_bytes kept;
    bool has_data;
    /* anchors */
    uint8_t name[NAME_MAX_BYTES]; /* the one being read */
    size_t name_len;
    uint8_t mark;         /* '&' or '*' while one is read, else 0 */
    uint8_t last;         /* the byte before */
    uint8_t brk[3];       /* what may be the beginning of a line break that is no LF */
    size_t brk_len;
    uint32_t names_seen;
    bw_node *anchors;     /* name → list of the entries that may define it */
};

bw_status bw__yaml_indexer_new(bw_ctx *ctx, bw__text_index *index, bw__yaml_indexer **out)
{
    bw__yaml_indexer *x = bw_alloc_zeroed(ctx, sizeof *x);

    if (x == NULL) {
        return BW_ERR_NOMEM;
    }
    x->index = index;
    x->line = 1;
    x->part = BEFORE;
    x->last = '\n';
    *out = x;
    return BW_OK;
}

void bw__yaml_indexer_free(bw_ctx *ctx, bw__yaml_indexer *x)
{
    if (x != NULL) {
        bw_bytes_free(ctx, &x->kept);
        bw_release(ctx, x);
    }
}

static bw__text_entry *open_entry(bw__yaml_indexer *x)
{
    return &x->index->entries[x->index->count - 1];
}

/* Anchors ----------------------------------------------------------------------------------- */

static bw_node *child_list(bw_ctx *ctx, bw_arena *arena, bw_node *map, bw_view name)
{
    bw_node *list = bw_map_get(map, name);

    if (list == NULL) {
        list = bw_node_list(ctx, arena);
        if (list == NULL || bw_map_set(ctx, arena, map, name, list) != BW_OK) {
            return NULL;
        }
    }
    return list;
}

static bool last_is(const bw_node *list, int64_t value)
{
    uint32_t len = list->children.len;
    return len > 0 && list->children.items[len - 1]->integer == value;
}

static bw_status push_int(bw_ctx *ctx, bw_arena *arena, bw_node *list, int64_t value)
{
    bw_node *node = bw_node_int(ctx, arena, value);

    return node == NULL ? BW_ERR_NOMEM : bw_list_push(ctx, arena, list, node);
}

/* An anchor or alias whose name has ended; what only looks like one does no harm. */
static bw_status note_name(bw_ctx *ctx, bw__yaml_indexer *x)
{
    bw_arena *arena = &x->index->arena;
    int64_t position = (int64_t)x->index->count - 1;
    bw_view name = {x->name, x->name_len};
    bool alias = x->mark == '*';
    bw__text_entry *entry;
    bw_node *entries;
    uint32_t len;

    x->mark = 0;
    if (name.len == 0 || x->part != ENTRY) {
        return BW_OK;
    }
    if (x->anchors == NULL) {
        x->anchors = bw_node_map(ctx, arena);
    }
    if (x->anchors == NULL || (!alias && ++x->names_seen > MAX_NAMES)) {
        return x->anchors == NULL ? BW_ERR_NOMEM
                                  : bw_fail_limit(ctx, "anchors of a file", x->names_seen, MAX_NAMES);
    }
    if (!alias) {
        entries = child_list(ctx, arena, x->anchors, name);
        return entries == NULL             ? BW_ERR_NOMEM
               : last_is(entries, position) ? BW_OK
                                            : push_int(ctx, arena, entries, position);
    }
    entries = bw_map_get(x->anchors, name);
    len = entries == NULL ? 0 : entries->children.len;
    if (len == 0 || last_is(entries, position)) {
        return BW_OK; /* of this entry, or of none */
    }
    entry = open_entry(x);
    if (entry->needs == NULL) {
        entry->needs = bw_node_list(ctx, arena);
        if (entry->needs == NULL) {
            return BW_ERR_NOMEM;
        }
    }
    position = entries->children.items[len - 1]->integer;
    for (uint32_t i = 0; i < entry->needs->children.len; i++) {
        if (entry->needs->children.items[i]->integer == position) {
            return BW_OK;
        }
    }
    return push_int(ctx, arena, entry->needs, position);
}

static bool ends_name(uint8_t byte)
{
    return byte <= ' ' || strchr(",[]{}", byte) != NULL;
}

/* Looks for anchors and aliases in part of a line. */
static bw_status scan_names(bw_ctx *ctx, bw__yaml_indexer *x, const uint8_t *at, const uint8_t *end)
{
    if (x->mark == 0 && bw__find_either(at, end, '&', '*') == end) {
        x->last = end[-1];
        return BW_OK;
    }
    while (at < end) {
        if (x->mark != 0) {
            if (ends_name(*at)) {
                BW_TRY(note_name(ctx, x));
            } else if (x->name_len < NAME_MAX_BYTES) {
                x->name[x->name_len++] = *at;
            } else {
                x->index->unusual = true;
                x->mark = 0;
            }
            x->last = *at++;
            continue;
        }
        if ((*at == '&' || *at == '*') && (x->last <= ' ' || strchr("[{,-:", x->last) != NULL)) {
            x->mark = *at;
            x->name_len = 0;
        }
        x->last = *at++;
    }
    return BW_OK;
}

/* Values that are kept ---------------------------------------------------------------------- */

static bw_status keep_end(bw_ctx *ctx, bw__yaml_indexer *x)
{
    bw_view *slot = x->keeps;
    char *copy;

    if (slot == NULL) {
        return BW_OK;
    }
    x->keeps = NULL;
    copy = bw_arena_copy(ctx, &x->index->arena, x->kept.ptr, x->kept.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    *slot = (bw_view){(const uint8_t *)copy, x->kept.len};
    /* What an alias stands for is somewhere else. */
    open_entry(x)->unclear |= memchr(copy, '*', x->kept.len) != NULL;
    return BW_OK;
}

static bw_view *slot_named(bw__text_entry *entry, bw_view key, bool in_data)
{
    const struct {
        const char *name;
        bw_view *slot;
        bool of_data;
    } known[] = {
        {"_index", &entry->index, false}, {"_group_name", &entry->name, false},
        {"_meta", &entry->meta, false},   {"step", &entry->step, true},
        {"step_size", &entry->step_size, true}, {"time", &entry->time, true},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].of_data == in_data && bw_view_equal(key, bw_view_text(known[i].name))) {
            return known[i].slot;
        }
    }
    return NULL;
}

/* Lines ------------------------------------------------------------------------------------- */

/* "key: …" from `at` on in the head: the key, and what is behind its colon. */
static bool split_key(const bw__yaml_indexer *x, size_t at, bw_view *key, bw_view *value)
{
    const uint8_t *text = x->head, *colon;
    size_t len = x->head_len;

    colon = memchr(text + at, ':', len - at);
    if (colon == NULL || (colon + 1 < text + len && colon[1] != ' ' && colon[1] != '\n' &&
                          colon[1] != '\r')) {
        return false;
    }
    *key = (bw_view){text + at, (size_t)(colon - text) - at};
    *value = (bw_view){colon + 1, (size_t)(text + len - colon) - 1};
    return true;
}

/* True for what is only white space. */
static bool is_empty(bw_view text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] > ' ') {
            return false;
        }
    }
    return true;
}

static bw_status begin_key(bw_ctx *ctx, bw__yaml_indexer *x, size_t indent)
{
    bool of_data = x->in_data && indent == x->data_indent;
    bw_view key, value;

    BW_TRY(keep_end(ctx, x));
    if (!split_key(x, indent, &key, &value)) {
        return BW_OK;
    }
    if (!of_data) {
        x->in_data = bw_view_equal(key, BW_VIEW("data"));
        x->has_data |= x->in_data;
        x->data_indent = 0;
        open_entry(x)->unclear |= x->in_data && !is_empty(value);
    }
    x->keeps = slot_named(open_entry(x), key, of_data);
    x->keep_indent = (uint32_t)indent;
    x->kept.len = 0;
    if (x->keeps != NULL && x->line_len > x->head_len) {
        open_entry(x)->unclear = true; /* longer than a head: not what we know */
        x->keeps = NULL;
    }
    return x->keeps == NULL ? BW_OK : bw_bytes_append(ctx, &x->kept, value.ptr, value.len);
}

static bw_status keep_line(bw_ctx *ctx, bw__yaml_indexer *x)
{
    if (x->line_len > x->head_len || x->kept.len + x->head_len > MAX_META) {
        open_entry(x)->unclear = true;
        x->keeps = NULL;
        return BW_OK;
    }
    return bw_bytes_append(ctx, &x->kept, x->head, x->head_len);
}

static bw_status close_entry(bw_ctx *ctx, bw__yaml_indexer *x, uint64_t end)
{
    bw__text_entry *entry;

    if (x->part != ENTRY) {
        return BW_OK;
    }
    BW_TRY(keep_end(ctx, x));
    entry = open_entry(x);
    entry->length = end - entry->at.offset;
    entry->unclear |= !x->has_data;
    return BW_OK;
}

static bw_status begin_entry(bw_ctx *ctx, bw__yaml_indexer *x)
{
    bw__text_entry *entry;

    BW_TRY(close_entry(ctx, x, x->line_start));
    entry = bw__text_index_add(ctx, x->index);
    if (entry == NULL) {
        return BW_ERR_NOMEM;
    }
    entry->at = (bw__text_place){x->line_start, x->line, 1};
    x->part = ENTRY;
    x->in_data = x->has_data = false;
    x->data_indent = x->key_indent = 0;
    return BW_OK;
}

/* The rest of a line that has begun an entry. */
static bw_status first_line(bw_ctx *ctx, bw__yaml_indexer *x)
{
    size_t indent = 1;

    while (indent < x->head_len && x->head[indent] == ' ') {
        indent++;
    }
    if (indent < x->head_len && x->head[indent] > ' ' && x->head[indent] != '#') {
        x->key_indent = (uint32_t)indent;
        return begin_key(ctx, x, indent);
    }
    return BW_OK;
}

static bool is_blank(const bw__yaml_indexer *x)
{
    for (size_t i = 0; i < x->head_len; i++) {
        if (x->head[i] > ' ') {
            return x->head[i] == '#';
        }
    }
    return x->line_len == x->head_len;
}

/* A line of an entry that begins with a space. */
static bw_status inner_line(bw_ctx *ctx, bw__yaml_indexer *x)
{
    size_t indent = 0;

    if (x->part != ENTRY) {
        x->index->unusual |= !is_blank(x);
        return BW_OK;
    }
    while (indent < x->head_len && x->head[indent] == ' ') {
        indent++;
    }
    if (is_blank(x)) {
        return x->keeps == NULL ? BW_OK : keep_line(ctx, x);
    }
    if (x->key_indent == 0) {
        x->key_indent = (uint32_t)indent;
    }
    if (x->in_data && x->data_indent == 0 && indent > x->key_indent) {
        x->data_indent = (uint32_t)indent;
    }
    if (indent == x->key_indent || (x->in_data && indent == x->data_indent)) {
        /* "- " at a key's place is an item of the list that the key has */
        if (x->head[indent] != '-' || x->keeps == NULL) {
            return begin_key(ctx, x, indent);
        }
    }
    return x->keeps == NULL ? BW_OK : keep_line(ctx, x);
}

/* "- " at the left margin. */
static bool begins_entry(const bw__yaml_indexer *x)
{
    return x->head_len > 0 && x->head[0] == '-' && (x->head_len == 1 || x->head[1] <= ' ') &&
           (x->part == BEFORE || x->part == ENTRY);
}

/* What has been read of a line, once its end has come. */
static bw_status end_line(bw_ctx *ctx, bw__yaml_indexer *x)
{
    const uint8_t *head = x->head;
    size_t len = x->head_len;

    if (len == 0 || head[0] == ' ' || head[0] == '\n' || head[0] == '\r' ||
               head[0] == '#') {
        return inner_line(ctx, x);
    } else if (begins_entry(x)) {
        return first_line(ctx, x);
    } else if (len >= 3 && memcmp(head, "---", 3) == 0 && x->part == BEFORE &&
               (len == 3 || head[3] == '\n' || head[3] == '\r')) {
        return BW_OK;
    } else if (len >= 3 && memcmp(head, "...", 3) == 0 && (len == 3 || head[3] <= ' ') &&
               x->part == ENTRY) {
        BW_TRY(close_entry(ctx, x, x->line_start));
        x->part = AFTER;
    } else {
        x->index->unusual = true;
    }
    return BW_OK;
}

static bw_status next_line(bw_ctx *ctx, bw__yaml_indexer *x)
{
    BW_TRY(end_line(ctx, x));
    BW_TRY(x->mark == 0 ? BW_OK : note_name(ctx, x));
    x->head_len = 0;
    x->line_len = 0;
    x->begun = false;
    x->line_start = x->offset;
    x->line++;
    return BW_OK;
}

/* Other breaks of YAML 1.1 --------------------------------------------------------------------- */

/* CR alone, NEL, LS and PS end a line, too: libyaml and PyYAML say so. (YAML 1.1, 5.4) */
static bool takes_break(bw__yaml_indexer *x, uint8_t byte)
{
    if (x->brk_len == 1 && x->brk[0] == '\r' && byte != '\n') {
        return true;
    }
    if (x->brk_len == 1 && x->brk[0] == 0xC2 && byte == 0x85) {
        return true;
    }
    if (x->brk_len == 2 && (byte == 0xA8 || byte == 0xA9)) {
        return true;
    }
    if (x->brk_len == 1 && x->brk[0] == 0xE2 && byte == 0x80) {
        x->brk[x->brk_len++] = byte;
        return false;
    }
    x->brk_len = byte == '\r' || byte == 0xC2 || byte == 0xE2;
    x->brk[0] = byte;
    return false;
}

/* Whether one of them is in a block, or ends in it. */
static bool has_odd_break(bw__yaml_indexer *x, const uint8_t *at, const uint8_t *end)
{
    const uint8_t *cr = at, *lead = at;

    while (at < end) {
        if (x->brk_len == 0) {
            cr = cr > at ? cr : bw__find_either(at, end, '\r', 0xC2);
            lead = lead > at ? lead : bw__find_either(at, end, 0xE2, 0xE2);
            at = cr < lead ? cr : lead;
            if (at == end) {
                return false;
            }
        }
        if (takes_break(x, *at++)) {
            return true;
        }
    }
    return false;
}

bw_status bw__yaml_indexer_feed(bw_ctx *ctx, bw__yaml_indexer *x, bw_view block)
{
    const uint8_t *at = block.ptr, *end = at + block.len;

    x->index->unusual |= has_odd_break(x, at, end);
    if (x->offset == 0 && block.len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        at += 3;
        x->offset = x->line_start = 3;
    }
    while (at < end && !x->index->unusual) {
        const uint8_t *found = bw__find_either(at, end, '\n', '\n');
        const uint8_t *stop = found == end ? NULL : found;
        size_t len = (size_t)((stop == NULL ? end : stop + 1) - at), room = HEAD_MAX - x->head_len;

        room = room < len ? room : len;
        memcpy(x->head + x->head_len, at, room);
        x->head_len += room;
        x->line_len += len;
        x->offset += len;
        if (!x->begun && (x->head_len > 1 || stop != NULL)) {
            x->begun = true;
            BW_TRY(begins_entry(x) ? begin_entry(ctx, x) : BW_OK);
        }
        BW_TRY(scan_names(ctx, x, at, at + len)); /* those of a first line are the entry's */
        BW_TRY(stop == NULL ? BW_OK : next_line(ctx, x));
        at += len;
    }
    return BW_OK;
}

bw_status bw__yaml_indexer_end(bw_ctx *ctx, bw__yaml_indexer *x)
{
    if (x->line_len > 0 && !x->index->unusual) {
        BW_TRY(x->begun || !begins_entry(x) ? BW_OK : begin_entry(ctx, x));
        BW_TRY(next_line(ctx, x));
    }
    return close_entry(ctx, x, x->offset);
}
