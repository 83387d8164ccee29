/* SPDX-License-Identifier: MIT */
/*
 * Headers of a formatted file: 'NAME    '  COUNT 'TYPE', then the elements as tokens between blanks.
 * The cut into lines carries no meaning. Elements are counted, not understood: that is the
 * decoder's work.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ecl_internal.h"

/* No token is longer, so a part that holds this many bytes holds the next token whole. */
#define MOST_TOKEN 1024u

typedef struct token {
    const uint8_t *text; /* without quotes */
    size_t len;
    bool quoted;
} token;

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* The token at `*at`, which moves behind it; false: none is there, or its end is not. */
static bool next_token(const uint8_t **at, const uint8_t *end, bool at_file_end, token *out)
{
    const uint8_t *p = *at, *from;

    while (p < end && is_blank(*p)) {
        p++;
    }
    if (p == end) {
        *at = p;
        return false;
    }
    out->quoted = *p == '\'';
    from = p = p + out->quoted;
    while (p < end && (out->quoted ? *p != '\'' : !is_blank(*p) && *p != '\'')) {
        p++;
    }
    if (p == end && (out->quoted || !at_file_end)) {
        return false;
    }
    *out = (token){from, (size_t)(p - from), out->quoted};
    *at = p + out->quoted;
    return true;
}

/* A header's count: digits alone. */
static bool read_count(token text, uint64_t *out)
{
    uint64_t value = 0;

    if (text.quoted || text.len == 0 || text.len > 18) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.text[i] < '0' || text.text[i] > '9') {
            return false;
        }
        value = value * 10 + (uint64_t)(text.text[i] - '0');
    }
    *out = value;
    return true;
}

static bw_status finish_keyword(bw_ctx *ctx, bw_ecl_scan *scan)
{
    scan->current.end = scan->pos;
    scan->state = BW__ECL_AT_HEADER;
    return bw__ecl_add(ctx, scan, &scan->current);
}

static bw_status read_header(bw_ctx *ctx, bw_ecl_scan *scan, const uint8_t *bytes, size_t len,
                             bool file_end)
{
    const uint8_t *at = bytes, *end = bytes + len;
    bw_ecl_keyword *k = &scan->current;
    token name, count, type;

    while (at < end && is_blank(*at)) {
        at++;
    }
    *k = (bw_ecl_keyword){.offset = scan->pos + (uint64_t)(at - bytes)};
    if (at == end) { /* blanks alone */
        scan->pos = k->offset;
        return BW_OK;
    }
    if (*at != '\'') {
        bw__ecl_stop(scan, k, false, "a quoted name should begin here, there is \"%.*s\"",
                     (int)(end - at > 20 ? 20 : end - at), (const char *)at);
        return BW_OK;
    }
    if (!next_token(&at, end, file_end, &name)) {
        bw__ecl_stop(scan, k, file_end, "the quote that ends the name is missing");
        return BW_OK;
    }
    bw__ecl_set_name(k, name.text, name.len);
    if (!next_token(&at, end, file_end, &count) || !next_token(&at, end, file_end, &type)) {
        bw__ecl_stop(scan, k, file_end, "the file ends within the header: truncated");
        return BW_OK;
    }
    if (!read_count(count, &k->count)) {
        bw__ecl_stop(scan, k, false, "\"%.*s\" is no count of elements",
                     (int)(count.len > 40 ? 40 : count.len), (const char *)count.text);
        return BW_OK;
    }
    if (type.len != 4 || !bw__ecl_set_type(k, type.text)) {
        bw__ecl_stop(scan, k, false, "there is no element type \"%.*s\"",
                     (int)(type.len > 40 ? 40 : type.len), (const char *)type.text);
        return BW_OK;
    }
    scan->pos += (uint64_t)(at - bytes);
    k->data = scan->pos;
    if (k->type == BW_ECL_MESS || k->count == 0) {
        k->count = k->type == BW_ECL_MESS ? 0 : k->count;
        return finish_keyword(ctx, scan);
    }
    scan->before = 0;
    scan->state = BW__ECL_IN_TEXT;
    return BW_OK;
}

/* Counts tokens to the end of the part or of the keyword. */
static bw_status count_elements(bw_ctx *ctx, bw_ecl_scan *scan, const uint8_t *bytes, size_t len,
                                bool file_end)
{
    const uint8_t *at = bytes, *end = bytes + len, *before = at;
    bw_ecl_keyword *k = &scan->current;
    bool text = k->type == BW_ECL_CHAR;
    token element;

    while (scan->before < k->count && (file_end || (size_t)(end - at) >= MOST_TOKEN)) {
        before = at;
        if (!next_token(&at, end, file_end, &element)) {
            break;
        }
        if (element.quoted != text) {
            bw__ecl_stop(scan, k, false, "the header counts %" PRIu64 " elements, the next keyword or "
                         "another kind of element follows %" PRIu64 " of them", k->count, scan->before);
            return BW_OK;
        }
        scan->before++;
        before = at;
    }
    scan->pos += (uint64_t)(before - bytes);
    if (scan->before == k->count) {
        return finish_keyword(ctx, scan);
    }
    if (file_end) {
        bw__ecl_stop(scan, k, true, "the header counts %" PRIu64 " elements, the file ends after %" PRIu64
                     " of them: truncated", k->count, scan->before);
    } else if (before == bytes) { /* a part begins at most MOST_TOKEN bytes before its end */
        bw__ecl_stop(scan, k, false, "an element of more than %u characters", MOST_TOKEN);
    }
    return BW_OK;
}

bw_status bw__ecl_scan_text(bw_ctx *ctx, bw_ecl_scan *scan)
{
    while (!scan->ended && scan->pos < scan->index.size) {
        uint64_t left = scan->index.size - scan->pos;
        size_t least = left < 4 * MOST_TOKEN ? (size_t)left : 4 * MOST_TOKEN;
        const uint8_t *bytes = bw__ecl_need(scan, scan->pos, least);
        size_t len;
        if (bytes == NULL) {
            return BW_OK;
        }
        len = (size_t)(scan->to - scan->pos);
        BW_TRY((scan->state == BW__ECL_AT_HEADER ? read_header : count_elements)(
            ctx, scan, bytes, len, scan->to == scan->index.size));
    }
    if (!scan->ended && scan->state == BW__ECL_IN_TEXT) {
        bw__ecl_stop(scan, &scan->current, true, "the header counts %" PRIu64 " elements, the file ends "
                     "after %" PRIu64 " of them: truncated", scan->current.count, scan->before);
    }
    scan->ended = true;
    return BW_OK;
}
