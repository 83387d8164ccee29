/* SPDX-License-Identifier: MIT */
/*
 * The names BORES gives things on disk, in its three Zarr layouts:
 *   nested  entry_0000000003/model/fluid_properties/pressure_grid
 *   flat    entry_0000000003/model→fluid_properties→pressure_grid ("%" and "→" percent-encoded)
 *   steps   step_000003/model/… (the package on PyPI, 0.0.1b0)
 */
#include <string.h>

#include "entry.h"
#include "statistics.h"

static bw_group_kind numbered(bw_view name, const char *prefix, size_t digits, bw_group_kind kind,
                              int64_t *index)
{
    size_t lead = strlen(prefix);
    int64_t value = 0;

    if (name.len < lead + digits || name.len > lead + 18 ||
        memcmp(name.ptr, prefix, lead) != 0) {
        return BW_GROUP_OTHER;
    }
    for (size_t i = lead; i < name.len; i++) {
        if (name.ptr[i] < '0' || name.ptr[i] > '9') {
            return BW_GROUP_OTHER;
        }
        value = value * 10 + (name.ptr[i] - '0');
    }
    *index = value;
    return kind;
}

bw_group_kind bw__group_kind(bw_view name, int64_t *index)
{
    bw_group_kind kind = numbered(name, "entry_", 10, BW_GROUP_ENTRY, index);

    return kind != BW_GROUP_OTHER ? kind : numbered(name, "step_", 6, BW_GROUP_STEP, index);
}

/* Where the next arrow is, or `len`. */
static size_t find_arrow(bw_view text, size_t from)
{
    for (size_t i = from; i + 3 <= text.len; i++) {
        if (memcmp(text.ptr + i, BW_ARROW, 3) == 0) {
            return i;
        }
    }
    return text.len;
}

bool bw__name_is_flat(bw_view name)
{
    return find_arrow(name, 0) < name.len;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes "%XX" in place of the copy; what is no escape stays. Returns the new length. */
static size_t percent_decode(uint8_t *text, size_t len)
{
    size_t out = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] == '%' && i + 2 < len && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            text[out++] = (uint8_t)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            text[out++] = text[i];
        }
    }
    text[out] = '\0';
    return out;
}

static bw_status push_name(bw_ctx *ctx, bw_arena *arena, bw_node *path, bw_view encoded)
{
    bw_node *name = bw_node_text(ctx, arena, encoded);
    size_t len;

    if (name == NULL) {
        return BW_ERR_NOMEM;
    }
    len = percent_decode((uint8_t *)(uintptr_t)name->text.ptr, encoded.len);
    if (bw_utf8_valid((bw_view){name->text.ptr, len})) {
        name->text.len = len;
    } else { /* not ours: keep the name as it stands on disk */
        name = bw_node_text(ctx, arena, encoded);
        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
    }
    return bw_list_push(ctx, arena, path, name);
}

bw_status bw__flat_path(bw_ctx *ctx, bw_arena *arena, bw_view key, bw_node **out)
{
    bw_node *path = bw_node_list(ctx, arena);
    size_t from = 0;

    if (path == NULL) {
        return BW_ERR_NOMEM;
    }
    for (;;) {
        size_t end = find_arrow(key, from);

        BW_TRY(push_name(ctx, arena, path, (bw_view){key.ptr + from, end - from}));
        if (end == key.len) {
            break;
        }
        if (path->children.len >= ctx->limits.max_depth) {
            return bw_fail_limit(ctx, "levels in a flat key", path->children.len + 1u,
                                 ctx->limits.max_depth);
        }
        from = end + 3;
    }
    *out = path;
    return BW_OK;
}

bw_status bw__flat_name(bw_ctx *ctx, bw_bytes *key, bw_view name)
{
    for (size_t at = 0; at < name.len; at++) {
        if (name.ptr[at] == '%') {
            BW_TRY(bw_bytes_append(ctx, key, "%25", 3));
        } else if (at + 3 <= name.len && memcmp(name.ptr + at, BW_ARROW, 3) == 0) {
            BW_TRY(bw_bytes_append(ctx, key, "%E2%86%92", 9));
            at += 2;
        } else {
            BW_TRY(bw_bytes_append(ctx, key, name.ptr + at, 1));
        }
    }
    return BW_OK;
}

bw_status bw__flat_key(bw_ctx *ctx, bw_arena *arena, const bw_node *path, bw_view *out)
{
    bw_bytes key = {0};
    bw_status st = BW_OK;
    char *copy;

    for (uint32_t i = 0; i < path->children.len; i++) {
        if (i > 0) {
            BW_GO(bw_bytes_append(ctx, &key, BW_ARROW, 3));
        }
        BW_GO(bw__flat_name(ctx, &key, path->children.items[i]->text));
    }
    copy = bw_arena_copy(ctx, arena, key.ptr, key.len);
    if (copy == NULL) {
        st = BW_ERR_NOMEM;
        goto done;
    }
    *out = (bw_view){(const uint8_t *)copy, key.len};
done:
    bw_bytes_free(ctx, &key);
    return st;
}

bool bw__reserved_attribute(bw_view name)
{
    static const char *const reserved[] = {"_meta", "_index", "_group_name", "_vtypes", BW_STATISTICS};

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (bw_view_equal(name, bw_view_text(reserved[i]))) {
            return true;
        }
    }
    return false;
}

/* What a state is identified by comes with every entry, whatever the fields. */
static bool always_included(const bw_node *path)
{
    static const char *const names[] = {"step", "step_size", "time"};

    for (size_t i = 0; path->children.len == 1 && i < sizeof names / sizeof *names; i++) {
        if (bw_view_equal(path->children.items[0]->text, bw_view_text(names[i]))) {
            return true;
        }
    }
    return false;
}

/* Null stands for any name; "3" also stands for the group metric_3, an item of a list in the oldest layout. */
static bool names_match(const bw_node *field, bw_view name)
{
    const size_t lead = 7;

    if (field->type != BW_NODE_STRING) {
        return field->type == BW_NODE_NULL;
    }
    if (name.len == lead + field->text.len && memcmp(name.ptr, "metric_", lead) == 0) {
        name = (bw_view){name.ptr + lead, name.len - lead};
    }
    return bw_view_equal(field->text, name);
}

bool bw__fields_match(const bw_node *fields, const bw_node *path)
{
    if (fields == NULL || fields->type != BW_NODE_LIST || always_included(path)) {
        return true;
    }
    for (uint32_t f = 0; f < fields->children.len; f++) {
        const bw_node *field = fields->children.items[f];
        uint32_t left = field->children.len < path->children.len ? field->children.len : path->children.len;

        if (field->type != BW_NODE_LIST) {
            continue;
        }
        /* Paths begin alike and end differently. */
        while (left > 0 && names_match(field->children.items[left - 1], path->children.items[left - 1]->text)) {
            left--;
        }
        if (left == 0) {
            return true;
        }
    }
    return false;
}
