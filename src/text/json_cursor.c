/* SPDX-License-Identifier: MIT */
/* Places, failures and strings of JSON text; see json_cursor.h. */
#include "json_cursor.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "text_skip.h"

bw__text_place bw__json_place(const bw__json_cursor *c, const uint8_t *at)
{
    bw__text_place place = *c->place;

    bw__text_advance(&place, (bw_view){c->begin, (size_t)(at - c->begin)});
    return place;
}

bw_status bw__json_fail(const bw__json_cursor *c, bw_status status, const char *what)
{
    bw__text_place place = bw__json_place(c, c->at);
    return bw__text_fail(c->ctx, status, &place, "%s", what);
}

bw_status bw__json_unexpected(const bw__json_cursor *c, const char *wanted)
{
    char text[100];

    if (c->at == c->end) {
        snprintf(text, sizeof text, "the text ends where %s is due", wanted);
    } else if (*c->at <= 0x20 || *c->at >= 0x7f) {
        snprintf(text, sizeof text, "byte 0x%02x where %s is due", *c->at, wanted);
    } else {
        snprintf(text, sizeof text, "'%c' where %s is due", *c->at, wanted);
    }
    return bw__json_fail(c, BW_ERR_METADATA, text);
}

void bw__json_skip_spaces(bw__json_cursor *c)
{
    for (;;) {
        int byte = bw__json_peek(c);
        if (byte == ' ') {
            c->at = bw__skip_blanks(c->at, c->end);
        } else if (byte == '\n' || byte == '\r' || byte == '\t') {
            c->at++;
        } else {
            return;
        }
    }
}

/* Strings ----------------------------------------------------------------------------------- */

static int hex4(const bw__json_cursor *c, const uint8_t *at)
{
    int value = 0;

    if (c->end - at < 4) {
        return -1;
    }
    for (int i = 0; i < 4; i++) {
        uint8_t byte = at[i], low = byte | 0x20;
        int digit = byte >= '0' && byte <= '9' ? byte - '0'
                    : low >= 'a' && low <= 'f' ? low - 'a' + 10
                                               : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

static size_t put_utf8(uint32_t point, uint8_t out[4])
{
    static const uint8_t leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t len = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

    for (size_t i = len; i-- > 1; point >>= 6) {
        out[i] = (uint8_t)(0x80 | (point & 0x3F));
    }
    out[0] = (uint8_t)(leads[len] | point);
    return len;
}

/* The cursor is on the backslash of \uXXXX. */
static bw_status read_unicode(bw__json_cursor *c, uint8_t out[4], size_t *len)
{
    int unit = hex4(c, c->at + 2), low;
    uint32_t point = (uint32_t)unit;

    if (unit < 0) {
        return bw__json_fail(c, BW_ERR_METADATA, "\\u without four hexadecimal digits");
    }
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        bool paired = unit < 0xDC00 && c->end - c->at >= 8 && c->at[6] == '\\' && c->at[7] == 'u';
        low = paired ? hex4(c, c->at + 8) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return bw__json_fail(c, BW_ERR_METADATA, "half of a surrogate pair");
        }
        point = 0x10000 + ((point - 0xD800) << 10) + ((uint32_t)low - 0xDC00);
        c->at += 6;
    }
    c->at += 6;
    *len = put_utf8(point, out);
    return BW_OK;
}

static bw_status read_escape(bw__json_cursor *c)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    uint8_t bytes[4];
    size_t len = 1;
    const char *found;

    if (c->end - c->at >= 2 && c->at[1] == 'u') {
        BW_TRY(read_unicode(c, bytes, &len));
        return bw_bytes_append(c->ctx, &c->decoded, bytes, len);
    }
    found = c->end - c->at < 2 || c->at[1] == '\0' ? NULL : strchr(letters, c->at[1]);
    if (found == NULL) {
        return bw__json_fail(c, BW_ERR_METADATA, "an escape that does not exist");
    }
    c->at += 2;
    return bw_bytes_append(c->ctx, &c->decoded, &values[found - letters], 1);
}

/* One character that is not plain; the cursor moves over it unless it ends the run. */
static bw_status over_odd_byte(bw__json_cursor *c, bool *ends)
{
    size_t step;

    *ends = bw__json_peek(c) == '"' || bw__json_peek(c) == '\\';
    if (c->at == c->end) {
        return bw__json_unexpected(c, "the end of a string");
    }
    if (*c->at < 0x20) {
        return bw__json_fail(c, BW_ERR_METADATA, "a control character in a string");
    }
    step = *ends ? 0 : bw__utf8_step(c->at, (size_t)(c->end - c->at));
    if (!*ends && step == 0) {
        return bw__json_fail(c, BW_ERR_METADATA, "a string is not UTF-8");
    }
    c->at += step;
    return BW_OK;
}

/* Moves to the quote or backslash that comes next. */
static bw_status over_run(bw__json_cursor *c)
{
    bool ends = false;

    while (!ends) {
        c->at = bw__skip_plain(c->at, c->end);
        BW_TRY(over_odd_byte(c, &ends));
    }
    return BW_OK;
}

/* The rest of a string in which an escape was met, after `start`, decoded. */
static bw_status read_escaped(bw__json_cursor *c, const uint8_t *start, bw_view *out)
{
    c->decoded.len = 0;
    for (;;) {
        BW_TRY(bw_bytes_append(c->ctx, &c->decoded, start, (size_t)(c->at - start)));
        if (*c->at == '"') {
            break;
        }
        BW_TRY(read_escape(c));
        start = c->at;
        BW_TRY(over_run(c));
    }
    c->at++;
    *out = bw_bytes_view(&c->decoded);
    return BW_OK;
}

bw_status bw__json_string(bw__json_cursor *c, bw_view *out)
{
    const uint8_t *start = ++c->at;

    BW_TRY(over_run(c));
    if (*c->at == '\\') {
        return read_escaped(c, start, out);
    }
    *out = (bw_view){start, (size_t)(c->at - start)};
    c->at++;
    return BW_OK;
}
