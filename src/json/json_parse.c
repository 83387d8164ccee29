/* SPDX-License-Identifier: MIT */
/**
 * JSON over cJSON: the only file that knows it.
 *
 * cJSON keeps all numbers as doubles, takes no NaN, cuts long numbers, lets malformed text pass
 * and recurses 1000 deep. So the text is scanned first (json_scan.c), tokens it cannot read are
 * blanked in a copy of equal layout, and while its tree is walked in document order the number
 * tokens are read along from the original text. Of cJSON's numbers only plain doubles are used.
 */
#include <assert.h>
#include <cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "json_scan.h"

/* cJSON's allocation hooks get no user pointer: set for the time of one call. This makes parsing
 * a matter of one thread at a time in a process, as cJSON's global hooks do anyway. */
static struct {
    bw_ctx *ctx;
    bool failed;
} heap;

static void *CJSON_CDECL heap_alloc(size_t nbytes)
{
    void *ptr = bw_alloc(heap.ctx, nbytes);
    heap.failed |= ptr == NULL;
    return ptr;
}

static void CJSON_CDECL heap_free(void *ptr)
{
    bw_release(heap.ctx, ptr);
}

static void heap_borrow(bw_ctx *ctx)
{
    cJSON_Hooks hooks = {heap_alloc, heap_free};
    assert(heap.ctx == NULL);
    heap.ctx = ctx;
    heap.failed = false;
    cJSON_InitHooks(&hooks);
}

static void heap_return(void)
{
    cJSON_InitHooks(NULL);
    heap.ctx = NULL;
}

typedef struct builder {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_view text;  /* as given, never the blanked copy */
    size_t number; /* where the next number token is looked for */
    bool blanked;  /* cJSON's texts may have stand-ins for U+0000 */
} builder;

/* One of cJSON's texts, which is changed where it has stand-ins. */
static bw_view text_of(const builder *b, char *text)
{
    size_t len = strlen(text), at = 0;

    if (!b->blanked || memchr(text, (int)BW__JSON_NUL, len) == NULL) {
        return (bw_view){(const uint8_t *)text, len};
    }
    for (size_t i = 0; i < len; i++) {
        bool nul = (uint8_t)text[i] == BW__JSON_NUL;
        text[at++] = nul ? '\0' : text[i];
        i += nul ? BW__JSON_NUL_LEN - 1 : 0;
    }
    return (bw_view){(const uint8_t *)text, at};
}

/* The magnitude of an integer token, if 64 bits can hold it. */
static bool parse_magnitude(bw_view token, uint64_t *out)
{
    uint64_t value = 0;

    for (size_t i = token.ptr[0] == '-'; i < token.len; i++) {
        uint64_t digit = (uint64_t)(token.ptr[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

/* strtod() of a token that cJSON could not take; it wants a terminator. */
static bw_status parse_long_number(bw_ctx *ctx, bw_view token, double *out)
{
    char *copy = bw_alloc(ctx, token.len + 1);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    memcpy(copy, token.ptr, token.len);
    copy[token.len] = '\0';
    *out = strtod(copy, NULL);
    bw_release(ctx, copy);
    return BW_OK;
}

static bw_status build_float(builder *b, bw_view token, double parsed, bw_node **out)
{
    double number = parsed;

    if (token.ptr[0] == 'N') {
        number = NAN;
    } else if (memchr(token.ptr, 'I', token.len) != NULL) {
        number = token.ptr[0] == '-' ? -INFINITY : INFINITY;
    } else if (token.len > BW__JSON_NUMBER_MAX) {
        BW_TRY(parse_long_number(b->ctx, token, &number));
    }
    *out = bw_node_float(b->ctx, b->arena, number);
    return BW_OK;
}

/* Integers are exact as far as 64 bits reach: those above int64 are floats that know it. */
static bw_status build_number(builder *b, const cJSON *item, bw_node **out)
{
    bw_view token;
    uint64_t magnitude;
    bool negative;

    if (!bw__json_next_number(b->text, &b->number, &token)) {
        return bw_fail(b->ctx, BW_ERR_INTERNAL, "cJSON found a number that the scan did not");
    }
    if (!bw__json_is_integer(token) || !parse_magnitude(token, &magnitude)) {
        return build_float(b, token, item->valuedouble, out);
    }
    negative = token.ptr[0] == '-';
    if (magnitude <= (uint64_t)INT64_MAX + negative) {
        /* Two's complement; the conversion of 2^63 keeps its bits. */
        *out = bw_node_int(b->ctx, b->arena, (int64_t)(negative ? 0 - magnitude : magnitude));
        return BW_OK;
    }
    BW_TRY(build_float(b, token, item->valuedouble, out));
    if (*out != NULL && !negative) {
        (*out)->natural = magnitude;
    }
    return BW_OK;
}

static bw_status build(builder *b, cJSON *item, bw_node **out);

/* Recursion is as deep as the document, which the scan has limited. */
static bw_status build_children(builder *b, const cJSON *item, bw_node **out)
{
    bool map = cJSON_IsObject(item);
    bw_node *parent = map ? bw_node_map(b->ctx, b->arena) : bw_node_list(b->ctx, b->arena);

    if (parent == NULL) {
        return BW_ERR_NOMEM;
    }
    for (cJSON *child = item->child; child != NULL; child = child->next) {
        bw_node *node = NULL;
        BW_TRY(build(b, child, &node));
        if (map) {
            BW_TRY(bw_map_set(b->ctx, b->arena, parent, text_of(b, child->string), node));
        } else {
            BW_TRY(bw_list_push(b->ctx, b->arena, parent, node));
        }
    }
    *out = parent;
    return BW_OK;
}

static bw_status build(builder *b, cJSON *item, bw_node **out)
{
    *out = NULL;
    if (cJSON_IsNumber(item)) {
        BW_TRY(build_number(b, item, out));
    } else if (cJSON_IsString(item)) {
        *out = bw_node_text(b->ctx, b->arena, text_of(b, item->valuestring));
        cJSON_free(item->valuestring); /* at once: arrays travel as base64 text */
        item->valuestring = NULL;
    } else if (cJSON_IsArray(item) || cJSON_IsObject(item)) {
        BW_TRY(build_children(b, item, out));
    } else if (cJSON_IsBool(item)) {
        *out = bw_node_bool(b->ctx, b->arena, cJSON_IsTrue(item));
    } else {
        *out = bw_node_null(b->ctx, b->arena);
    }
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* cJSON's tree of a scanned text. */
static bw_status parse(bw_ctx *ctx, bw_view text, cJSON **out)
{
    *out = cJSON_ParseWithLength((const char *)text.ptr, text.len);
    if (*out != NULL) {
        return BW_OK;
    }
    if (heap.failed) {
        return BW_ERR_NOMEM;
    }
    return bw_fail(ctx, BW_ERR_INTERNAL, "cJSON refuses a document that the scan accepted");
}

bw_status bw_json_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out)
{
    uint32_t max_depth = ctx->limits.max_depth;
    builder b = {.ctx = ctx, .arena = arena};
    bw_view readable;
    bw_bytes blanked = {0};
    cJSON *items = NULL;
    bw_node *root;
    bool plain = true;
    bw_status st = BW_OK;

    if (max_depth > CJSON_NESTING_LIMIT) {
        max_depth = CJSON_NESTING_LIMIT;
    }
    BW_TRY(bw__json_skip_mark(ctx, &text));
    BW_TRY(bw__json_scan(ctx, text, ctx->limits.max_document_bytes, max_depth, &plain));
    b.text = readable = text;
    b.blanked = !plain;
    heap_borrow(ctx);
    if (!plain) {
        BW_GO(bw_bytes_append(ctx, &blanked, text.ptr, text.len));
        bw__json_blank_numbers(blanked.ptr, blanked.len);
        bw__json_blank_nuls(blanked.ptr, blanked.len);
        readable = bw_bytes_view(&blanked);
    }
    BW_GO(parse(ctx, readable, &items));
    bw_bytes_free(ctx, &blanked);
    BW_GO(build(&b, items, &root));
    *out = root;

done:
    cJSON_Delete(items);
    heap_return();
    bw_bytes_free(ctx, &blanked);
    return st;
}
