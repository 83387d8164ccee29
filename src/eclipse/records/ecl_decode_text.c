/* SPDX-License-Identifier: MIT */
/* Elements of a keyword out of formatted text, which the scan has counted. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ecl_internal.h"
#include "json/decimal.h"

#define MOST_DIGITS 63u

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

static bool same_letters(bw_view token, const char *lower)
{
    size_t len = strlen(lower);

    if (token.len != len) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if ((token.ptr[i] | 0x20) != (uint8_t)lower[i]) {
            return false;
        }
    }
    return true;
}

/* "NaN", "Inf", "-Infinity": what Fortran and C print of what is not finite. */
static bool read_non_finite(bw_view token, double *out)
{
    bool negative = token.len > 0 && token.ptr[0] == '-';
    size_t sign = negative || (token.len > 0 && token.ptr[0] == '+');
    bw_view word = {token.ptr + sign, token.len - sign};

    if (same_letters(word, "nan")) {
        *out = (double)NAN;
        return true;
    }
    *out = negative ? -INFINITY : INFINITY;
    return same_letters(word, "inf") || same_letters(word, "infinity");
}

bool bw__ecl_read_number(bw_view token, double *out)
{
    char text[MOST_DIGITS + 1];
    size_t i = 0, digits = 0, len = token.len;

    if (len == 0 || len > MOST_DIGITS) {
        return false;
    }
    memcpy(text, token.ptr, len);
    i += text[0] == '-' || text[0] == '+';
    for (; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
        digits++;
    }
    if (i < len && text[i] == '.') {
        for (i++; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
            digits++;
        }
    }
    if (digits > 0 && i < len) { /* E, D or, where the exponent has three digits, its sign alone */
        size_t first;
        if (text[i] == '+' || text[i] == '-') {
            if (len == MOST_DIGITS) {
                return false;
            }
            memmove(text + i + 1, text + i, len - i);
            len++;
        } else if ((text[i] | 0x20) != 'e' && (text[i] | 0x20) != 'd') {
            return false;
        }
        text[i++] = 'e';
        i += i < len && (text[i] == '-' || text[i] == '+');
        for (first = i; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
        }
        digits = i > first ? digits : 0;
    }
    if (digits == 0 || i != len) {
        return read_non_finite(token, out);
    }
    *out = bw__decimal_double((bw_view){(const uint8_t *)text, len});
    return true;
}

/* False: the token is no element of that type. */
static bool read_element(const bw_ecl_keyword *keyword, bw_view token, bw_array *array, uint64_t i)
{
    double number;

    if (keyword->type == BW_ECL_LOGI) {
        bool yes = token.len > 0 && (token.ptr[0] | 0x20) == 't';
        array->data[i] = yes;
        return yes || (token.len > 0 && (token.ptr[0] | 0x20) == 'f');
    }
    if (!bw__ecl_read_number(token, &number)) {
        return false;
    }
    if (keyword->type == BW_ECL_INTE) {
        int32_t integer = (int32_t)fmin(fmax(number, INT32_MIN), INT32_MAX);
        memcpy(array->data + 4 * i, &integer, 4);
        return (double)integer == number;
    }
    if (keyword->type == BW_ECL_REAL) {
        float single = (float)number;
        memcpy(array->data + 4 * i, &single, 4);
    } else {
        memcpy(array->data + 8 * i, &number, 8);
    }
    return true;
}

static bw_status no_element(bw_ctx *ctx, const bw_ecl_keyword *keyword, uint64_t i, bw_view token)
{
    char type[5] = "";

    bw_ecl_type_name(keyword, type);
    return bw_fail(ctx, BW_ERR_CORRUPT, "%s at byte %" PRIu64 ": element %" PRIu64 ", \"%.*s\", is no %s",
                   keyword->name, keyword->offset, i, (int)(token.len > 40 ? 40 : token.len),
                   (const char *)token.ptr, type);
}

static bw_status decode_strings(bw_ctx *ctx, bw_arena *arena, const bw_ecl_keyword *keyword,
                                bw_view bytes, bw_node **out)
{
    const uint8_t *at = bytes.ptr, *end = at + bytes.len;
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t i = 0; i < keyword->count; i++) {
        const uint8_t *from, *quote;
        bw_node *text;
        while (at < end && is_blank(*at)) {
            at++;
        }
        from = at + 1;
        quote = from < end ? memchr(from, '\'', (size_t)(end - from)) : NULL;
        if (quote == NULL || *at != '\'') {
            return no_element(ctx, keyword, i, (bw_view){at, (size_t)(end - at)});
        }
        text = bw__ecl_string(ctx, arena, from, (size_t)(quote - from));
        if (text == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, text));
        at = quote + 1;
    }
    *out = list;
    return BW_OK;
}

bw_status bw__ecl_decode_text(bw_ctx *ctx, bw_arena *arena, const bw_ecl_keyword *keyword,
                              bw_view bytes, bw_node **out)
{
    const uint8_t *at = bytes.ptr, *end = at + bytes.len;
    bw_array *array;
    bw_node *node;

    if (keyword->type == BW_ECL_CHAR) {
        return decode_strings(ctx, arena, keyword, bytes, out);
    }
    BW_TRY(bw__ecl_array_new(ctx, arena, keyword, &array, &node));
    for (uint64_t i = 0; i < keyword->count; i++) {
        bw_view token;
        while (at < end && is_blank(*at)) {
            at++;
        }
        token.ptr = at;
        while (at < end && !is_blank(*at) && *at != '\'') {
            at++;
        }
        token.len = (size_t)(at - token.ptr);
        if (!read_element(keyword, token, array, i)) {
            return no_element(ctx, keyword, i, token);
        }
    }
    *out = node;
    return BW_OK;
}
