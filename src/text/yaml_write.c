/* SPDX-License-Identifier: MIT */
/**
 * The block style of PyYAML's emitter (default_flow_style=False, sort_keys=False), which the files
 * of BORES are in; only that no line is folded, which readers do not see. A string is plain where
 * that reads back as itself, else in single quotes, else in double quotes with escapes.
 */
#include "yaml_write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "base/base64.h"
#include "bores/record.h"
#include "json/float_text.h"
#include "yaml_scalar.h"

#define LIST_MAX_COUNT 50u
#define LIST_MAX_RANK 2u
/* Longer keys must be announced by "? " (YAML 1.2, 7.4: at most 1024 characters). */
#define KEY_MAX 128u

typedef struct writer {
    bw_ctx *ctx;
    bw_bytes *out;
} writer;

static bw_status put(writer *w, const void *text, size_t len)
{
    return bw_bytes_append(w->ctx, w->out, text, len);
}

static bw_status put_text(writer *w, const char *text)
{
    return put(w, text, strlen(text));
}

static bw_status put_indent(writer *w, uint32_t indent)
{
    static const char spaces[] = "                                ";

    for (; indent > sizeof spaces - 1; indent -= sizeof spaces - 1) {
        BW_TRY(put(w, spaces, sizeof spaces - 1));
    }
    return put(w, spaces, indent);
}

/* Strings ----------------------------------------------------------------------------------- */

typedef enum quotes { PLAIN, SINGLE, DOUBLE } quotes;

static bool is_space(bw_view text, size_t at)
{
    return at >= text.len || text.ptr[at] == ' ';
}

/* True where the byte has a meaning of its own in block context. */
static bool is_indicator(bw_view text, size_t at)
{
    uint8_t byte = text.ptr[at];

    if (at == 0 && strchr("#,[]{}&*!|>'\"%@`", byte) != NULL) {
        return true;
    }
    if (at == 0 && (byte == '?' || byte == '-') && is_space(text, 1)) {
        return true;
    }
    return (byte == ':' && is_space(text, at + 1)) ||
           (byte == '#' && at > 0 && text.ptr[at - 1] == ' ');
}

static quotes quotes_of(bw_view text)
{
    quotes found = bw__yaml_resolve(text) == BW__YAML_TEXT ? PLAIN : SINGLE;

    if (text.len == 0) {
        return SINGLE;
    }
    if (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ' ||
        (text.len >= 3 && (memcmp(text.ptr, "---", 3) == 0 || memcmp(text.ptr, "...", 3) == 0))) {
        found = SINGLE;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < ' ' || text.ptr[i] >= 0x7f) {
            return DOUBLE;
        }
        if (is_indicator(text, i)) {
            found = SINGLE;
        }
    }
    return found;
}

static bw_status put_single(writer *w, bw_view text)
{
    BW_TRY(put(w, "'", 1));
    for (size_t at = 0; at < text.len;) {
        const uint8_t *quote = memchr(text.ptr + at, '\'', text.len - at);
        size_t run = quote == NULL ? text.len - at : (size_t)(quote - text.ptr) + 1 - at;
        BW_TRY(put(w, text.ptr + at, run));
        BW_TRY(put(w, "'", quote != NULL));
        at += run;
    }
    return put(w, "'", 1);
}

static bw_status put_escaped(writer *w, uint32_t point)
{
    static const struct {
        uint32_t point;
        char letter;
    } named[] = {{0, '0'},    {7, 'a'},    {8, 'b'},    {9, 't'},     {10, 'n'},    {11, 'v'},     {12, 'f'},
                 {13, 'r'},   {27, 'e'},   {'"', '"'},   {'\\', '\\'}, {0x85, 'N'},   {0xA0, '_'},
                 {0x2028, 'L'}, {0x2029, 'P'}};
    char text[12];
    int len;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (named[i].point == point) {
            text[0] = '\\';
            text[1] = named[i].letter;
            return put(w, text, 2);
        }
    }
    len = snprintf(text, sizeof text, point < 0x100     ? "\\x%02" PRIX32
                                      : point < 0x10000 ? "\\u%04" PRIX32
                                                        : "\\U%08" PRIX32, point);
    return put(w, text, (size_t)len);
}

static bw_status put_double(writer *w, bw_view text)
{
    size_t at = 0;

    BW_TRY(put(w, "\"", 1));
    while (at < text.len) {
        size_t run = at, step;

        while (run < text.len && text.ptr[run] >= ' ' && text.ptr[run] < 0x7f &&
               text.ptr[run] != '"' && text.ptr[run] != '\\') {
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

static bw_status put_string(writer *w, bw_view text)
{
    switch (quotes_of(text)) {
    case PLAIN:
        return put(w, text.ptr, text.len);
    case SINGLE:
        return put_single(w, text);
    default:
        return put_double(w, text);
    }
}

/* Numbers ----------------------------------------------------------------------------------- */

/* repr() with a point, without which PyYAML would read text. */
static bw_status put_float(writer *w, double value)
{
    char text[BW__FLOAT_TEXT_MAX];
    const char *exponent;
    size_t len;

    if (!isfinite(value)) {
        return put_text(w, isnan(value) ? ".nan" : value > 0 ? ".inf" : "-.inf");
    }
    len = bw__float_text(value, true, text);
    exponent = memchr(text, 'e', len);
    if (exponent == NULL || memchr(text, '.', len) != NULL) {
        return put(w, text, len);
    }
    BW_TRY(put(w, text, (size_t)(exponent - text)));
    BW_TRY(put(w, ".0", 2));
    return put(w, exponent, len - (size_t)(exponent - text));
}

static bw_status put_scalar(writer *w, const bw_node *node)
{
    char text[24];
    int len;

    switch (node->type) {
    case BW_NODE_NULL:
        return put_text(w, "null");
    case BW_NODE_BOOL:
        return put_text(w, node->boolean ? "true" : "false");
    case BW_NODE_STRING:
        return put_string(w, node->text);
    case BW_NODE_FLOAT:
        if (node->natural == 0) {
            return put_float(w, node->number);
        }
        len = snprintf(text, sizeof text, "%" PRIu64, node->natural);
        return put(w, text, (size_t)len);
    default:
        len = snprintf(text, sizeof text, "%" PRId64, node->integer);
        return put(w, text, (size_t)len);
    }
}

/* Arrays ------------------------------------------------------------------------------------ */

/* False for NaNs, too: PyYAML's .nan has a sign. */
static bool can_be_listed(const bw_array *array)
{
    uint64_t count = array->nbytes / array->dtype.itemsize;

    if (array->rank > LIST_MAX_RANK || count > LIST_MAX_COUNT) {
        return false;
    }
    for (uint64_t i = 0; array->dtype.kind == 'f' && i < count; i++) {
        uint64_t bits = 0;
        bool wide = array->dtype.itemsize == 8;
        memcpy(&bits, array->data + i * array->dtype.itemsize, array->dtype.itemsize);
        if (wide ? bits << 1 > UINT64_C(0xFFE0000000000000) : (uint32_t)(bits << 1) > 0xFF000000) {
            return false;
        }
    }
    return true;
}

static bw_status put_elements(writer *w, const bw_array *array, uint32_t indent)
{
    uint64_t count = array->nbytes / array->dtype.itemsize;
    bw_arena arena = {0};
    bw_status st = BW_OK;

    BW_TRY(put_text(w, count == 0 ? " []\n" : "\n"));
    for (uint64_t i = 0; i < count && st == BW_OK; i++) {
        bw_node *element = bw_record_element(w->ctx, &arena, array, i);
        if (element == NULL) {
            st = BW_ERR_NOMEM;
            break;
        }
        BW_GO(put_indent(w, indent));
        BW_GO(put(w, "- ", 2));
        BW_GO(put_scalar(w, element));
        st = put(w, "\n", 1);
    }
done:
    bw_arena_free(w->ctx, &arena);
    return st;
}

static bw_status put_base64(writer *w, const bw_array *array)
{
    size_t len = bw__base64_length(array->nbytes);

    BW_TRY(put(w, len == 0 ? " ''" : " ", len == 0 ? 3 : 1));
    BW_TRY(bw_bytes_reserve(w->ctx, w->out, len + 1));
    bw__base64_encode((bw_view){array->data, array->nbytes}, (char *)w->out->ptr + w->out->len);
    w->out->len += len;
    return put(w, "\n", 1);
}

static bool has_form(bw_dtype dtype)
{
    return dtype.kind == 'b' || dtype.kind == 'i' || dtype.kind == 'u' ||
           (dtype.kind == 'f' && dtype.itemsize >= 4);
}

static bw_status put_array(writer *w, const bw_array *array, uint32_t indent)
{
    static const char *const kinds[] = {"int", "uint", "float"};
    char text[32];
    const char *kind = kinds[array->dtype.kind == 'i' ? 0 : array->dtype.kind == 'u' ? 1 : 2];

    if (!has_form(array->dtype)) {
        bw_dtype_format(array->dtype, text);
        return bw_fail(w->ctx, BW_ERR_UNSUPPORTED, "an array of %s has no form in YAML", text);
    }
    BW_TRY(put_text(w, " !ndarray\n"));
    BW_TRY(put_indent(w, indent));
    if (array->dtype.kind == 'b') {
        snprintf(text, sizeof text, "dtype: bool\n");
    } else {
        snprintf(text, sizeof text, "dtype: %s%u\n", kind, (unsigned)array->dtype.itemsize * 8);
    }
    BW_TRY(put_text(w, text));
    BW_TRY(put_indent(w, indent));
    BW_TRY(put_text(w, array->rank == 0 ? "shape: []\n" : "shape:\n"));
    for (uint32_t d = 0; d < array->rank; d++) {
        BW_TRY(put_indent(w, indent));
        snprintf(text, sizeof text, "- %" PRIu64 "\n", array->shape[d]);
        BW_TRY(put_text(w, text));
    }
    BW_TRY(put_indent(w, indent));
    BW_TRY(put_text(w, "data:"));
    return can_be_listed(array) ? put_elements(w, array, indent) : put_base64(w, array);
}

/* Lists and maps ---------------------------------------------------------------------------- */

static bw_status put_items(writer *w, const bw_node *list, uint32_t indent, uint32_t depth,
                           bool inline_first);
static bw_status put_members(writer *w, const bw_node *map, uint32_t indent, uint32_t depth,
                             bool inline_first);

static bool is_scalar(const bw_node *node)
{
    return node->type != BW_NODE_LIST && node->type != BW_NODE_MAP && node->type != BW_NODE_ARRAY;
}

/* What needs no further line, behind "key:" or "-"; `*done` false for the others. */
static bw_status put_short(writer *w, const bw_node *node, bool *done)
{
    *done = true;
    if (is_scalar(node)) {
        BW_TRY(put(w, " ", 1));
        BW_TRY(put_scalar(w, node));
        return put(w, "\n", 1);
    }
    if (node->type != BW_NODE_ARRAY && node->children.len == 0) {
        return put_text(w, node->type == BW_NODE_LIST ? " []\n" : " {}\n");
    }
    *done = false;
    return BW_OK;
}

static bw_status check_depth(const writer *w, uint32_t depth)
{
    return depth < w->ctx->limits.max_depth
               ? BW_OK
               : bw_fail_limit(w->ctx, "nesting depth of a tree", depth + UINT64_C(1),
                               w->ctx->limits.max_depth);
}

static bw_status put_items(writer *w, const bw_node *list, uint32_t indent, uint32_t depth,
                           bool inline_first)
{
    BW_TRY(check_depth(w, depth));
    for (uint32_t i = 0; i < list->children.len; i++) {
        const bw_node *item = list->children.items[i];
        bool done;

        BW_TRY(put_indent(w, inline_first && i == 0 ? 0 : indent));
        BW_TRY(put(w, "-", 1));
        BW_TRY(put_short(w, item, &done));
        if (done) {
            continue;
        }
        if (item->type == BW_NODE_ARRAY) {
            BW_TRY(put_array(w, item->array, indent + 2));
            continue;
        }
        BW_TRY(put(w, " ", 1));
        BW_TRY(item->type == BW_NODE_LIST ? put_items(w, item, indent + 2, depth + 1, true)
                                          : put_members(w, item, indent + 2, depth + 1, true));
    }
    return BW_OK;
}

static bw_status put_key(writer *w, bw_view key, uint32_t indent)
{
    if (key.len < KEY_MAX) {
        BW_TRY(put_string(w, key));
        return put(w, ":", 1);
    }
    BW_TRY(put(w, "? ", 2));
    BW_TRY(put_string(w, key));
    BW_TRY(put(w, "\n", 1));
    BW_TRY(put_indent(w, indent));
    return put(w, ":", 1);
}

static bw_status put_members(writer *w, const bw_node *map, uint32_t indent, uint32_t depth,
                             bool inline_first)
{
    BW_TRY(check_depth(w, depth));
    for (uint32_t i = 0; i < map->children.len; i++) {
        const bw_node *value = map->children.items[i];
        bool done;

        BW_TRY(put_indent(w, inline_first && i == 0 ? 0 : indent));
        BW_TRY(put_key(w, map->children.keys[i], indent));
        BW_TRY(put_short(w, value, &done));
        if (done) {
            continue;
        }
        if (value->type == BW_NODE_ARRAY) {
            BW_TRY(put_array(w, value->array, indent + 2));
            continue;
        }
        BW_TRY(put(w, "\n", 1));
        BW_TRY(value->type == BW_NODE_LIST ? put_items(w, value, indent, depth + 1, false)
                                           : put_members(w, value, indent + 2, depth + 1, false));
    }
    return BW_OK;
}

bw_status bw__yaml_write_item(bw_ctx *ctx, const bw_node *item, bw_bytes *out)
{
    bw_node list = {.type = BW_NODE_LIST};
    bw_node *items[] = {(bw_node *)(uintptr_t)item};
    writer w = {ctx, out};
    size_t before = out->len;
    bw_status st;

    list.children.items = items;
    list.children.len = list.children.cap = 1;
    st = put_items(&w, &list, 0, 0, false);
    if (st != BW_OK) {
        out->len = before;
    }
    return st;
}
