/* SPDX-License-Identifier: MIT */
/**
 * A machine over bytes that can stop anywhere. Depth 1 is the list, depth 2 an entry, depth 3 its
 * data: at these depths keys are looked at, and the values of a few are kept.
 */
#include "json_index.h"

#include <string.h>

#include "text_skip.h"

/* Text of one value that is kept. What is longer cannot be a step or a name that we know. */
#define MAX_META (1u << 20)
#define MAX_SMALL 512u

/* What is expected at depth 0 and 1, which are checked strictly. */
typedef enum outer { THE_LIST, ENTRY_OR_END, ENTRY, COMMA_OR_END, NOTHING } outer;

typedef enum key { KEY_OTHER, KEY_INDEX, KEY_NAME, KEY_META, KEY_DATA, KEY_STEP, KEY_STEP_SIZE,
    KEY_TIME } key;

struct bw__json_indexer {
    bw__text_index *index;
    bw__text_entry entry; /* the open one; its views point into `kept` when it is closed */
    uint64_t offset;      /* of the next byte in the file */
    uint64_t line, line_start, line_extra; /* bytes of the line that begin no character */
    bw_bytes open;        /* brackets, outermost first */
    bw_bytes text;        /* the key or value being kept */
    outer outer;
    key key;              /* whose value comes */
    uint32_t keep_depth;  /* of the value being kept */
    bool in_string, escaped, keeping, is_key, wants_key, in_data, too_long;
};

bw_status bw__json_indexer_new(bw_ctx *ctx, bw__text_index *index, bw__json_indexer **out)
{
    bw__json_indexer *x = bw_alloc_zeroed(ctx, sizeof *x);

    if (x == NULL) {
        return BW_ERR_NOMEM;
    }
    x->index = index;
    x->line = 1;
    *out = x;
    return BW_OK;
}

void bw__json_indexer_free(bw_ctx *ctx, bw__json_indexer *x)
{
    if (x != NULL) {
        bw_bytes_free(ctx, &x->open);
        bw_bytes_free(ctx, &x->text);
        bw_release(ctx, x);
    }
}

static bw__text_place place(const bw__json_indexer *x)
{
    return (bw__text_place){x->offset, x->line,
                            x->offset - x->line_start - x->line_extra + 1};
}

static bw_status unexpected(bw_ctx *ctx, const bw__json_indexer *x, int byte, const char *wanted)
{
    bw__text_place at = place(x);

    if (byte < 0) {
        return bw__text_fail(ctx, BW_ERR_METADATA, &at, "the file ends where %s is due", wanted);
    }
    if (byte <= 0x20 || byte >= 0x7f) {
        return bw__text_fail(ctx, BW_ERR_METADATA, &at, "byte 0x%02x where %s is due",
                             (unsigned)byte, wanted);
    }
    return bw__text_fail(ctx, BW_ERR_METADATA, &at, "'%c' where %s is due", byte, wanted);
}

static const char *due(const bw__json_indexer *x)
{
    static const char *const outers[] = {"a list of entries", "an entry or ']'", "an entry",
                                         "',' or ']'", "the end of the file"};
    if (x->in_string) {
        return "the end of a string";
    }
    if (x->open.len > 1) {
        return x->open.ptr[x->open.len - 1] == '{' ? "'}'" : "']'";
    }
    return outers[x->outer];
}

/* Keeping ----------------------------------------------------------------------------------- */

static void keep_begin(bw__json_indexer *x, bool is_key)
{
    x->keeping = true;
    x->is_key = is_key;
    x->too_long = false;
    x->text.len = 0;
    x->keep_depth = (uint32_t)x->open.len;
}

static bw_status keep(bw_ctx *ctx, bw__json_indexer *x, const uint8_t *bytes, size_t len)
{
    size_t limit = !x->is_key && x->key == KEY_META ? MAX_META : MAX_SMALL;

    if (x->too_long || len > limit - x->text.len) {
        if (limit == MAX_META) {
            bw__text_place at = place(x);
            (void)bw_fail_limit(ctx, "bytes of an entry's _meta", x->text.len + len, limit);
            return bw__text_fail_at(ctx, &at);
        }
        x->too_long = true;
        return BW_OK;
    }
    return bw_bytes_append(ctx, &x->text, bytes, len);
}

static key key_named(bw_view text, bool in_data)
{
    static const struct {
        const char *text;
        key key;
        bool of_data;
    } known[] = {
        {"\"_index\"", KEY_INDEX, false}, {"\"_group_name\"", KEY_NAME, false},
        {"\"_meta\"", KEY_META, false},   {"\"data\"", KEY_DATA, false},
        {"\"step\"", KEY_STEP, true},     {"\"step_size\"", KEY_STEP_SIZE, true},
        {"\"time\"", KEY_TIME, true},
    };

    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (known[i].of_data == in_data && bw_view_equal(text, bw_view_text(known[i].text))) {
            return known[i].key;
        }
    }
    return KEY_OTHER;
}

static bw_view *slot_of(bw__text_entry *entry, key k)
{
    switch (k) {
    case KEY_INDEX:
        return &entry->index;
    case KEY_NAME:
        return &entry->name;
    case KEY_META:
        return &entry->meta;
    case KEY_STEP:
        return &entry->step;
    case KEY_STEP_SIZE:
        return &entry->step_size;
    default:
        return &entry->time;
    }
}

/* A value that is kept ends before its comma or its parent's bracket. */
static bw_status keep_end(bw_ctx *ctx, bw__json_indexer *x)
{
    bw_view *slot = slot_of(&x->entry, x->key);
    char *copy;

    x->keeping = false;
    x->key = KEY_OTHER;
    while (x->text.len > 0 && strchr(" \t\r\n", x->text.ptr[x->text.len - 1]) != NULL) {
        x->text.len--;
    }
    if (x->too_long) {
        return BW_OK;
    }
    copy = bw_arena_copy(ctx, &x->index->arena, x->text.ptr, x->text.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    *slot = (bw_view){(const uint8_t *)copy, x->text.len};
    return BW_OK;
}

/* Strings ----------------------------------------------------------------------------------- */

/* From `at`, inside of a string, to behind its quote or to the end of the block. */
static bw_status string_part(bw_ctx *ctx, bw__json_indexer *x, const uint8_t **at,
                             const uint8_t *end)
{
    const uint8_t *start = *at, *now = start;

    while (now < end && x->in_string) {
        if (x->escaped) {
            x->escaped = false;
            now++;
            continue;
        }
        now = bw__skip_plain(now, end);
        if (now == end) {
            break;
        }
        if (*now == '\n') { /* no JSON, which is said when the entry is read */
            x->line++;
            x->line_start = x->offset + (uint64_t)(now - start) + 1;
            x->line_extra = 0;
        }
        x->line_extra += (*now & 0xC0) == 0x80;
        x->escaped = *now == '\\';
        x->in_string = *now != '"';
        now++;
    }
    *at = now;
    if (x->keeping) {
        BW_TRY(keep(ctx, x, start, (size_t)(now - start)));
    }
    x->offset += (uint64_t)(now - start);
    if (!x->in_string && x->keeping && x->is_key) {
        x->keeping = false;
        x->key = x->too_long ? KEY_OTHER
                             : key_named(bw_bytes_view(&x->text), x->open.len == 3);
    }
    return BW_OK;
}

/* Brackets ---------------------------------------------------------------------------------- */

static bw_status open_bracket(bw_ctx *ctx, bw__json_indexer *x, uint8_t byte)
{
    bw__text_place at = place(x);

    if (x->open.len > ctx->limits.max_depth) {
        (void)bw_fail_limit(ctx, "nesting depth of a document", x->open.len + UINT64_C(1),
                            ctx->limits.max_depth);
        return bw__text_fail_at(ctx, &at);
    }
    if (x->open.len < 2) {
        bool fits = x->open.len == 0 ? x->outer == THE_LIST && byte == '['
                                     : x->outer != COMMA_OR_END && byte == '{';
        if (!fits) {
            return unexpected(ctx, x, byte, due(x));
        }
        x->outer = x->open.len == 0 ? ENTRY_OR_END : COMMA_OR_END;
        if (x->open.len == 1) {
            x->entry = (bw__text_entry){.at = at};
        }
    }
    if (x->open.len == 2 && x->key == KEY_DATA) {
        x->in_data = byte == '{';
        x->entry.step = x->entry.step_size = x->entry.time = (bw_view){0};
    }
    x->key = x->keeping ? x->key : KEY_OTHER;
    x->wants_key = byte == '{';
    return bw_bytes_append(ctx, &x->open, &byte, 1);
}

static bw_status close_bracket(bw_ctx *ctx, bw__json_indexer *x, uint8_t byte)
{
    bool list = byte == ']';

    if (x->open.len == 0 || (x->open.ptr[x->open.len - 1] == '[') != list ||
        (x->open.len == 1 && x->outer == ENTRY)) {
        return unexpected(ctx, x, byte, due(x));
    }
    if (x->keeping && x->open.len == x->keep_depth) {
        BW_TRY(keep_end(ctx, x));
    }
    x->open.len--;
    x->wants_key = false;
    x->in_data = x->in_data && x->open.len > 2;
    if (x->open.len == 1) {
        bw__text_entry *entry = bw__text_index_add(ctx, x->index);
        if (entry == NULL) {
            return BW_ERR_NOMEM;
        }
        *entry = x->entry;
        entry->length = x->offset + 1 - entry->at.offset;
    } else if (x->open.len == 0) {
        x->outer = NOTHING;
    }
    return BW_OK;
}

static bw_status comma(bw_ctx *ctx, bw__json_indexer *x)
{
    if (x->open.len < 2) {
        if (x->open.len == 0 || x->outer != COMMA_OR_END) {
            return unexpected(ctx, x, ',', due(x));
        }
        x->outer = ENTRY;
        return BW_OK;
    }
    if (x->keeping && x->open.len == x->keep_depth) {
        BW_TRY(keep_end(ctx, x));
    }
    x->key = x->keeping ? x->key : KEY_OTHER;
    x->wants_key = x->open.ptr[x->open.len - 1] == '{';
    return BW_OK;
}

static bool looks_at_keys(const bw__json_indexer *x)
{
    return x->open.len == 2 || (x->open.len == 3 && x->in_data);
}

/* Any byte outside of strings; `text` says whether it is also part of a value that is kept. */
static bw_status structural(bw_ctx *ctx, bw__json_indexer *x, uint8_t byte)
{
    bool begins_value = x->key != KEY_OTHER && x->key != KEY_DATA && !x->keeping && byte != ':';

    if (begins_value && byte != ',' && byte != '}') {
        keep_begin(x, false);
    }
    switch (byte) {
    case '"':
        if (x->open.len < 2) {
            return unexpected(ctx, x, byte, due(x));
        }
        x->in_string = true;
        if (x->wants_key && !x->keeping && looks_at_keys(x)) {
            keep_begin(x, true);
        }
        x->wants_key = false;
        return BW_OK;
    case '[':
    case '{':
        return open_bracket(ctx, x, byte);
    case ']':
    case '}':
        return close_bracket(ctx, x, byte);
    case ',':
        return comma(ctx, x);
    default:
        return x->open.len < 2 ? unexpected(ctx, x, byte, due(x)) : BW_OK;
    }
}

bw_status bw__json_indexer_feed(bw_ctx *ctx, bw__json_indexer *x, bw_view block)
{
    const uint8_t *at = block.ptr, *end = at + block.len;

    while (at < end) {
        const uint8_t *start = at;
        bool was_keeping = x->keeping;

        if (x->in_string) {
            BW_TRY(string_part(ctx, x, &at, end));
            continue;
        }
        if (*at == ' ') {
            at = bw__skip_blanks(at, end);
        } else if (*at == '\n' || *at == '\r' || *at == '\t' ||
                   (x->offset < 3 && *at == (uint8_t)"\xEF\xBB\xBF"[x->offset])) {
            at++;
        } else {
            BW_TRY(structural(ctx, x, *at));
            at++;
            was_keeping = x->keeping; /* a value's first byte is part of it, what ends it is not */
        }
        if (was_keeping) {
            BW_TRY(keep(ctx, x, start, (size_t)(at - start)));
        }
        x->offset += (uint64_t)(at - start);
        if (*start == '\n') {
            x->line++;
            x->line_start = x->offset;
            x->line_extra = 0;
        } else if (x->offset <= 3 && *start >= 0x80) {
            x->line_extra++; /* a byte order mark has no column */
        }
    }
    return BW_OK;
}

bw_status bw__json_indexer_end(bw_ctx *ctx, bw__json_indexer *x)
{
    bool complete = x->open.len == 0 && !x->in_string &&
                    (x->outer == NOTHING || x->outer == THE_LIST);

    return complete ? BW_OK : unexpected(ctx, x, -1, due(x));
}
