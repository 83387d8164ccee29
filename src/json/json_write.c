/* SPDX-License-Identifier: MIT */
/**
 * Trees to JSON text, in the two manners of the libraries that BORES writes JSON with, so that a
 * store rewritten is the store that was read.
 * Source: RFC 8259; Python's json and float.__repr__(); orjson's documents in BORES's stores.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "bores/json.h"
#include "float_text.h"

typedef struct writer {
    bw_ctx *ctx;
    bw_bytes *out;
    bool zarr;       /* BW_JSON_ZARR */
    uint32_t indent; /* spaces a level; 0: all on one line */
} writer;

static bw_status put(writer *w, const void *text, size_t len)
{
    return bw_bytes_append(w->ctx, w->out, text, len);
}

static bw_status put_text(writer *w, const char *text)
{
    return put(w, text, strlen(text));
}

/* Numbers ----------------------------------------------------------------------------------- */

static bw_status put_float(writer *w, double value)
{
    char text[BW__FLOAT_TEXT_MAX];

    if (!isfinite(value)) {
        return put_text(w, !w->zarr       ? "null"
                           : isnan(value) ? "NaN"
                           : value > 0    ? "Infinity"
                                          : "-Infinity");
    }
    return put(w, text, bw__float_text(value, w->zarr, text));
}

/* Documents are integers for the most part, and snprintf() takes many times as long. */
static bw_status put_whole(writer *w, uint64_t magnitude, bool negative)
{
    char text[24];
    size_t at = sizeof text;

    do {
        text[--at] = (char)('0' + magnitude % 10);
        magnitude /= 10;
    } while (magnitude > 0);
    if (negative) {
        text[--at] = '-';
    }
    return put(w, text + at, sizeof text - at);
}

static bw_status put_number(writer *w, const bw_node *node)
{
    if (node->type == BW_NODE_FLOAT) {
        return node->natural == 0 ? put_float(w, node->number) : put_whole(w, node->natural, false);
    }
    return node->integer < 0 ? put_whole(w, 0 - (uint64_t)node->integer, true)
                             : put_whole(w, (uint64_t)node->integer, false);
}

/* Strings ----------------------------------------------------------------------------------- */

static bw_status put_escaped(writer *w, uint32_t point)
{
    static const char plain[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
    const char *found = point != 0 && point < 0x80 ? strchr(plain, (int)point) : NULL;
    char text[16];
    int len;

    if (found != NULL) {
        text[0] = '\\';
        text[1] = letters[found - plain];
        return put(w, text, 2);
    }
    if (point > 0xFFFF) {
        unsigned rest = point - 0x10000;
        len = snprintf(text, sizeof text, "\\u%04x\\u%04x", 0xD800 + (rest >> 10),
                       0xDC00 + (rest & 0x3FF));
    } else {
        len = snprintf(text, sizeof text, "\\u%04x", (unsigned)point);
    }
    return put(w, text, (size_t)len);
}

static bool stands_for_itself(const writer *w, uint8_t byte)
{
    return byte >= 0x20 && byte != '"' && byte != '\\' && (byte < 0x7f || !w->zarr);
}

static bw_status put_string(writer *w, bw_view text)
{
    size_t at = 0;

    BW_TRY(put(w, "\"", 1));
    while (at < text.len) {
        size_t run = at, step;

        while (run < text.len && stands_for_itself(w, text.ptr[run])) {
            run++;
        }
        BW_TRY(put(w, text.ptr + at, run - at));
        at = run;
        if (at == text.len) {
            break;
        }
        step = bw__utf8_step(text.ptr + at, text.len - at);
        if (step == 0) {
            return bw_fail(w->ctx, BW_ERR_UNSUPPORTED, "text that is not UTF-8");
        }
        BW_TRY(put_escaped(w, bw__utf8_point(text.ptr + at, step)));
        at += step;
    }
    return put(w, "\"", 1);
}

/* Lists and maps ---------------------------------------------------------------------------- */

static bw_status put_node(writer *w, const bw_node *node, uint32_t depth);

static bw_status put_line(writer *w, uint32_t depth)
{
    static const char spaces[] = "                                ";
    size_t left = (size_t)depth * w->indent;

    if (w->indent == 0) {
        return BW_OK;
    }
    BW_TRY(put(w, "\n", 1));
    while (left > 0) {
        size_t part = left < sizeof spaces - 1 ? left : sizeof spaces - 1;
        BW_TRY(put(w, spaces, part));
        left -= part;
    }
    return BW_OK;
}

static bw_status put_list(writer *w, const bw_node *list, uint32_t depth)
{
    if (list->children.len == 0) {
        return put(w, "[]", 2);
    }
    for (uint32_t i = 0; i < list->children.len; i++) {
        BW_TRY(put(w, i == 0 ? "[" : ",", 1));
        BW_TRY(put_line(w, depth + 1));
        BW_TRY(put_node(w, list->children.items[i], depth + 1));
    }
    BW_TRY(put_line(w, depth));
    return put(w, "]", 1);
}

typedef struct member {
    bw_view key;
    const bw_node *value;
} member;

/* For qsort: by bytes, which is by code points. */
static int compare_members(const void *a, const void *b)
{
    const bw_view *x = &((const member *)a)->key, *y = &((const member *)b)->key;
    size_t shared = x->len < y->len ? x->len : y->len;
    int order = shared == 0 ? 0 : memcmp(x->ptr, y->ptr, shared);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static bw_status put_members(writer *w, const member *members, uint32_t count, uint32_t depth)
{
    for (uint32_t i = 0; i < count; i++) {
        BW_TRY(put(w, i == 0 ? "{" : ",", 1));
        BW_TRY(put_line(w, depth + 1));
        BW_TRY(put_string(w, members[i].key));
        BW_TRY(put_text(w, w->indent > 0 ? ": " : ":"));
        BW_TRY(put_node(w, members[i].value, depth + 1));
    }
    BW_TRY(put_line(w, depth));
    return put(w, "}", 1);
}

static bw_status put_map(writer *w, const bw_node *map, uint32_t depth)
{
    uint32_t count = map->children.len;
    member *members;
    bw_status st;

    if (count == 0) {
        return put(w, "{}", 2);
    }
    members = bw_alloc(w->ctx, count * sizeof *members);
    if (members == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        members[i] = (member){map->children.keys[i], map->children.items[i]};
    }
    if (w->zarr) {
        qsort(members, count, sizeof *members, compare_members);
    }
    st = put_members(w, members, count, depth);
    bw_release(w->ctx, members);
    return st;
}

static bw_status put_node(writer *w, const bw_node *node, uint32_t depth)
{
    switch (node->type) {
    case BW_NODE_NULL:
        return put_text(w, "null");
    case BW_NODE_BOOL:
        return put_text(w, node->boolean ? "true" : "false");
    case BW_NODE_INT:
    case BW_NODE_FLOAT:
        return put_number(w, node);
    case BW_NODE_STRING:
        return put_string(w, node->text);
    case BW_NODE_LIST:
    case BW_NODE_MAP:
        if (depth >= w->ctx->limits.max_depth) {
            return bw_fail_limit(w->ctx, "nesting depth of a tree", depth + UINT64_C(1),
                                 w->ctx->limits.max_depth);
        }
        return node->type == BW_NODE_LIST ? put_list(w, node, depth) : put_map(w, node, depth);
    case BW_NODE_ARRAY:
        break;
    }
    return bw_fail(w->ctx, BW_ERR_UNSUPPORTED, "an array has no form in JSON");
}

bw_status bw_json_write_nested(bw_ctx *ctx, const bw_node *node, bw_json_style style,
                               uint32_t depth, bw_bytes *out)
{
    static const uint32_t indents[] = {[BW_JSON_ZARR] = 4, [BW_JSON_STORE] = 2};
    writer w = {ctx, out, style == BW_JSON_ZARR, style == BW_JSON_COMPACT ? 0 : indents[style]};
    size_t before = out->len;
    bw_status st = put_node(&w, node, depth);

    if (st != BW_OK) {
        out->len = before;
    }
    return st;
}

bw_status bw_json_write(bw_ctx *ctx, const bw_node *node, bw_json_style style, bw_bytes *out)
{
    return bw_json_write_nested(ctx, node, style, 0, out);
}
