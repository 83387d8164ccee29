/* SPDX-License-Identifier: MIT */
/**
 * A strict JSON scanner: a loop over tokens with an explicit stack, so that nesting costs a byte
 * a level and no recursion. Source: RFC 8259; Python's json module for NaN and the infinities.
 */
#include "json_scan.h"

#include <string.h>

#include "base/utf8.h"

/* What may come next. */
typedef enum expected {
    ANY_VALUE,
    ITEM_OR_END, /* behind '[' */
    KEY,
    KEY_OR_END, /* behind '{' */
    COMMA_OR_END
} expected;

typedef struct scanner {
    bw_ctx *ctx;
    bw_view text;
    size_t at;
    bw_bytes open; /* the brackets that are open, outermost first */
    uint32_t max_depth;
    bool plain;
} scanner;

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_space(int byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The byte at the cursor, or -1 at the end. */
static int peek(const scanner *s)
{
    return s->at < s->text.len ? s->text.ptr[s->at] : -1;
}

static void skip_spaces(scanner *s)
{
    while (is_space(peek(s))) {
        s->at++;
    }
}

/* Lines and columns of the cursor, both from 1; columns count characters. */
static void position(const scanner *s, size_t *line, size_t *column)
{
    *line = *column = 1;
    for (size_t i = 0; i < s->at && i < s->text.len; i++) {
        if (s->text.ptr[i] == '\n') {
            ++*line;
            *column = 1;
        } else if ((s->text.ptr[i] & 0xC0) != 0x80) {
            ++*column;
        }
    }
}

static bw_status fail_here(const scanner *s, bw_status status, const char *what)
{
    size_t line, column;
    position(s, &line, &column);
    return bw_fail(s->ctx, status, "line %zu, column %zu: %s", line, column, what);
}

static bw_status unexpected(const scanner *s, const char *wanted)
{
    size_t line, column;
    int byte = peek(s);

    position(s, &line, &column);
    if (byte < 0) {
        return bw_fail(s->ctx, BW_ERR_METADATA,
                       "line %zu, column %zu: the document ends where %s is due", line, column,
                       wanted);
    }
    if (byte <= 0x20 || byte >= 0x7f) {
        return bw_fail(s->ctx, BW_ERR_METADATA, "line %zu, column %zu: byte 0x%02x where %s is due",
                       line, column, (unsigned)byte, wanted);
    }
    return bw_fail(s->ctx, BW_ERR_METADATA, "line %zu, column %zu: '%c' where %s is due", line,
                   column, byte, wanted);
}

/* Four hexadecimal digits at `at`, or -1. */
static int32_t hex4(const scanner *s, size_t at)
{
    int32_t value = 0;

    if (at + 4 > s->text.len) {
        return -1;
    }
    for (size_t i = at; i < at + 4; i++) {
        int byte = s->text.ptr[i];
        int digit = is_digit(byte)                 ? byte - '0'
                    : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
                    : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
                                                 : -1;
        if (digit < 0) {
            return -1;
        }
        value = value * 16 + digit;
    }
    return value;
}

/* The cursor is on a backslash. */
static bw_status scan_escape(scanner *s)
{
    const uint8_t *text = s->text.ptr;
    int32_t unit, low;

    if (s->at + 1 >= s->text.len || text[s->at + 1] == '\0' ||
        strchr("\"\\/bfnrtu", text[s->at + 1]) == NULL) {
        return fail_here(s, BW_ERR_METADATA, "an escape that does not exist");
    }
    if (text[s->at + 1] != 'u') {
        s->at += 2;
        return BW_OK;
    }
    unit = hex4(s, s->at + 2);
    if (unit < 0) {
        return fail_here(s, BW_ERR_METADATA, "\\u without four hexadecimal digits");
    }
    s->plain &= unit != 0;
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        bool paired = unit < 0xDC00 && s->at + 8 <= s->text.len && text[s->at + 6] == '\\' &&
                      text[s->at + 7] == 'u';
        low = paired ? hex4(s, s->at + 8) : -1;
        if (low < 0xDC00 || low > 0xDFFF) {
            return fail_here(s, BW_ERR_METADATA, "half of a surrogate pair");
        }
        s->at += 6;
    }
    s->at += 6;
    return BW_OK;
}

/* The cursor is on the opening quote. */
static bw_status scan_string(scanner *s)
{
    s->at++;
    for (;;) {
        int byte = peek(s);
        if (byte < 0) {
            return unexpected(s, "the end of a string");
        }
        if (byte == '"') {
            s->at++;
            return BW_OK;
        }
        if (byte < 0x20) {
            return fail_here(s, BW_ERR_METADATA, "a control character in a string");
        }
        if (byte == '\\') {
            BW_TRY(scan_escape(s));
        } else {
            size_t step = bw__utf8_step(s->text.ptr + s->at, s->text.len - s->at);
            if (step == 0) {
                return fail_here(s, BW_ERR_METADATA, "a string is not UTF-8");
            }
            s->at += step;
        }
    }
}

/* Moves over `word` if it is at the cursor. */
static bool skip_word(scanner *s, const char *word)
{
    size_t len = strlen(word);
    if (s->text.len - s->at < len || memcmp(s->text.ptr + s->at, word, len) != 0) {
        return false;
    }
    s->at += len;
    return true;
}

static bw_status scan_digits(scanner *s)
{
    if (!is_digit(peek(s))) {
        return unexpected(s, "a digit");
    }
    while (is_digit(peek(s))) {
        s->at++;
    }
    return BW_OK;
}

/* The cursor is on '-' or a digit. */
static bw_status scan_number(scanner *s)
{
    size_t start = s->at;

    if (peek(s) == '-') {
        s->at++;
        if (skip_word(s, "Infinity")) {
            s->plain = false;
            return BW_OK;
        }
    }
    if (peek(s) == '0') {
        s->at++;
    } else {
        BW_TRY(scan_digits(s));
    }
    if (peek(s) == '.') {
        s->at++;
        BW_TRY(scan_digits(s));
    }
    if (peek(s) == 'e' || peek(s) == 'E') {
        s->at++;
        if (peek(s) == '+' || peek(s) == '-') {
            s->at++;
        }
        BW_TRY(scan_digits(s));
    }
    if (s->at - start > BW__JSON_NUMBER_MAX) {
        s->plain = false;
    }
    return BW_OK;
}

static bw_status open_bracket(scanner *s)
{
    if (s->open.len >= s->max_depth) {
        return bw_fail_limit(s->ctx, "nesting depth of a document", s->open.len + UINT64_C(1),
                             s->max_depth);
    }
    BW_TRY(bw_bytes_append(s->ctx, &s->open, s->text.ptr + s->at, 1));
    s->at++;
    return BW_OK;
}

static bw_status scan_value(scanner *s, expected *next)
{
    int byte = peek(s);

    *next = COMMA_OR_END;
    if (byte == '[' || byte == '{') {
        *next = byte == '[' ? ITEM_OR_END : KEY_OR_END;
        return open_bracket(s);
    }
    if (byte == '"') {
        return scan_string(s);
    }
    if (byte == '-' || is_digit(byte)) {
        return scan_number(s);
    }
    if (skip_word(s, "true") || skip_word(s, "false") || skip_word(s, "null")) {
        return BW_OK;
    }
    if (skip_word(s, "NaN") || skip_word(s, "Infinity")) {
        s->plain = false;
        return BW_OK;
    }
    return unexpected(s, "a value");
}

static bw_status scan_key(scanner *s)
{
    if (peek(s) != '"') {
        return unexpected(s, "a key");
    }
    BW_TRY(scan_string(s));
    skip_spaces(s);
    if (peek(s) != ':') {
        return unexpected(s, "':'");
    }
    s->at++;
    return BW_OK;
}

/* Behind a value that is inside a bracket. */
static bw_status scan_separator(scanner *s, expected *next)
{
    bool list = s->open.ptr[s->open.len - 1] == '[';

    if (peek(s) == ',') {
        s->at++;
        *next = list ? ANY_VALUE : KEY;
        return BW_OK;
    }
    if (peek(s) == (list ? ']' : '}')) {
        s->at++;
        s->open.len--;
        *next = COMMA_OR_END;
        return BW_OK;
    }
    return unexpected(s, list ? "',' or ']'" : "',' or '}'");
}

static bw_status scan_token(scanner *s, expected *next)
{
    int byte = peek(s);

    if (*next == COMMA_OR_END || (*next == ITEM_OR_END && byte == ']') ||
        (*next == KEY_OR_END && byte == '}')) {
        return scan_separator(s, next);
    }
    if (*next == KEY || *next == KEY_OR_END) {
        *next = ANY_VALUE;
        return scan_key(s);
    }
    return scan_value(s, next);
}

bw_status bw__json_scan(bw_ctx *ctx, bw_view text, uint64_t max_bytes, uint32_t max_depth,
                        bool *plain)
{
    scanner s = {.ctx = ctx, .text = text, .max_depth = max_depth, .plain = true};
    expected next = ANY_VALUE;
    bw_status st = BW_OK;

    if (text.len > max_bytes) {
        return bw_fail_limit(ctx, "bytes of a document", text.len, max_bytes);
    }
    do {
        skip_spaces(&s);
        BW_GO(scan_token(&s, &next));
    } while (next != COMMA_OR_END || s.open.len > 0);
    skip_spaces(&s);
    if (s.at < text.len) {
        st = unexpected(&s, "the end of the document");
        goto done;
    }
    *plain = s.plain;

done:
    bw_bytes_free(ctx, &s.open);
    return st;
}

/* The place behind the string whose opening quote is at `at`, in a scanned text. */
static size_t behind_string(bw_view text, size_t at)
{
    at++;
    while (text.ptr[at] != '"') {
        at += text.ptr[at] == '\\' ? 2 : 1;
    }
    return at + 1;
}

static bool ends_scalar(uint8_t byte)
{
    return byte == ',' || byte == ']' || byte == '}' || is_space(byte);
}

size_t bw__json_behind_value(bw_view text, size_t at)
{
    uint32_t depth = 0;

    do {
        if (text.ptr[at] == '"') {
            at = behind_string(text, at);
        } else if (text.ptr[at] == '[' || text.ptr[at] == '{') {
            depth++;
            at++;
        } else if (text.ptr[at] == ']' || text.ptr[at] == '}') {
            depth--;
            at++;
        } else if (depth > 0) {
            at++;
        } else {
            while (at < text.len && !ends_scalar(text.ptr[at])) {
                at++;
            }
        }
    } while (depth > 0);
    return at;
}

size_t bw__json_behind_spaces(bw_view text, size_t at)
{
    while (at < text.len && is_space(text.ptr[at])) {
        at++;
    }
    return at;
}

bool bw__json_next_number(bw_view text, size_t *at, bw_view *token)
{
    size_t i = *at, start;

    /* Outside of strings these bytes begin numbers and nothing else: the names are lower case. */
    while (i < text.len && !is_digit(text.ptr[i]) && text.ptr[i] != '-' && text.ptr[i] != 'N' &&
           text.ptr[i] != 'I') {
        i = text.ptr[i] == '"' ? behind_string(text, i) : i + 1;
    }
    start = i;
    while (i < text.len && !ends_scalar(text.ptr[i])) {
        i++;
    }
    *at = i;
    *token = (bw_view){text.ptr + start, i - start};
    return i > start;
}

void bw__json_blank_numbers(uint8_t *text, size_t len)
{
    bw_view all = {text, len}, token;
    size_t at = 0;

    while (bw__json_next_number(all, &at, &token)) {
        bool word = memchr(token.ptr, 'I', token.len) != NULL || token.ptr[0] == 'N';
        if (word || token.len > BW__JSON_NUMBER_MAX) {
            uint8_t *stand_in = text + at - token.len;
            memset(stand_in, ' ', token.len);
            stand_in[0] = '0';
        }
    }
}

void bw__json_blank_nuls(uint8_t *text, size_t len)
{
    for (size_t at = 0; at < len; at++) {
        if (text[at] != '\\') {
            continue;
        }
        if (len - at >= BW__JSON_NUL_LEN && memcmp(text + at, "\\u0000", BW__JSON_NUL_LEN) == 0) {
            memset(text + at, BW__JSON_NUL, BW__JSON_NUL_LEN);
        }
        at++; /* over what is escaped, which may be a backslash */
    }
}

bw_status bw__json_skip_mark(bw_ctx *ctx, bw_view *text)
{
    if (text->len >= 3 && memcmp(text->ptr, "\xEF\xBB\xBF", 3) == 0) {
        *text = (bw_view){text->ptr + 3, text->len - 3};
        return BW_OK;
    }
    if (text->len >= 2 && (memcmp(text->ptr, "\xFF\xFE", 2) == 0 ||
                           memcmp(text->ptr, "\xFE\xFF", 2) == 0)) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "it begins with a byte order mark of UTF-16; JSON is UTF-8");
    }
    return BW_OK;
}

bool bw__json_is_integer(bw_view token)
{
    for (size_t i = token.ptr[0] == '-'; i < token.len; i++) {
        if (!is_digit(token.ptr[i])) {
            return false;
        }
    }
    return true;
}
