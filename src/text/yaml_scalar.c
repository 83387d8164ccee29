/* SPDX-License-Identifier: MIT */
/**
 * Plain scalars. Source: YAML 1.1's type repository (bool, float, int, merge, null, timestamp,
 * value) as PyYAML 6 narrows it: a float has a point, its exponent a sign.
 */
#include "yaml_scalar.h"

#include <math.h>
#include <string.h>

#include "json/decimal.h"

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool one_of(bw_view text, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (bw_view_equal(text, bw_view_text(*words))) {
            return true;
        }
    }
    return false;
}

/* The value of a digit of bases up to 16; 99 for what is none. */
static uint32_t digit_value(uint8_t byte)
{
    uint8_t low = byte | 0x20;

    if (is_digit(byte)) {
        return (uint32_t)(byte - '0');
    }
    return low >= 'a' && low <= 'f' ? (uint32_t)(low - 'a' + 10) : 99;
}

static size_t over_sign(bw_view text)
{
    return text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+');
}

/* Moves over digits of a base and underscores. */
static size_t over_digits(bw_view text, size_t at, uint32_t base)
{
    for (; at < text.len; at++) {
        if (text.ptr[at] != '_' && digit_value(text.ptr[at]) >= base) {
            break;
        }
    }
    return at;
}

/* (:[0-5]?[0-9])* from `at` on; `*groups` counts them. */
static size_t over_sexagesimal(bw_view text, size_t at, uint32_t *groups)
{
    *groups = 0;
    while (at + 1 < text.len && text.ptr[at] == ':' && is_digit(text.ptr[at + 1])) {
        bool two = at + 2 < text.len && is_digit(text.ptr[at + 2]) && text.ptr[at + 1] <= '5';
        at += two ? 3 : 2;
        ++*groups;
    }
    return at;
}

static bool is_int(bw_view text)
{
    size_t at = over_sign(text);
    uint32_t groups;

    if (at == text.len) {
        return false;
    }
    if (text.ptr[at] == '0') {
        uint8_t next = at + 1 < text.len ? text.ptr[at + 1] : 0;
        if (next == 'b' || next == 'x') {
            return at + 2 < text.len && over_digits(text, at + 2, next == 'b' ? 2 : 16) == text.len;
        }
        return over_digits(text, at, 8) == text.len;
    }
    if (!is_digit(text.ptr[at])) {
        return false;
    }
    at = over_sexagesimal(text, over_digits(text, at, 10), &groups);
    return at == text.len;
}

static bool is_float(bw_view text)
{
    static const char *const infinities[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const nans[] = {".nan", ".NaN", ".NAN", NULL};
    size_t sign = over_sign(text), at = sign;
    uint32_t groups = 0;
    bool digits;

    if (one_of((bw_view){text.ptr + sign, text.len - sign}, infinities) || one_of(text, nans)) {
        return true;
    }
    digits = at < text.len && is_digit(text.ptr[at]);
    if (digits) {
        at = over_sexagesimal(text, over_digits(text, at, 10), &groups);
    }
    if (at >= text.len || text.ptr[at] != '.' ||
        (!digits && (sign > 0 || at + 1 >= text.len || !is_digit(text.ptr[at + 1])))) {
        return false;
    }
    at = over_digits(text, at + 1, 10);
    if (groups == 0 && at + 2 < text.len && (text.ptr[at] | 0x20) == 'e' &&
        (text.ptr[at + 1] == '-' || text.ptr[at + 1] == '+')) {
        size_t exponent = at + 2;
        for (at = exponent; at < text.len && is_digit(text.ptr[at]); at++) {
        }
        return at == text.len && at > exponent;
    }
    return at == text.len;
}

static size_t count_digits(bw_view text, size_t at, size_t max)
{
    size_t n = 0;
    while (n < max && at + n < text.len && is_digit(text.ptr[at + n])) {
        n++;
    }
    return n;
}

/* A date alone, or one that a time follows; only the date's form decides then, which is close
 * enough to tell what must be quoted. */
static bool is_timestamp(bw_view text)
{
    size_t month, day;

    if (count_digits(text, 0, 4) != 4 || text.len < 8 || text.ptr[4] != '-') {
        return false;
    }
    month = count_digits(text, 5, 2);
    if (month == 0 || 5 + month >= text.len || text.ptr[5 + month] != '-') {
        return false;
    }
    day = count_digits(text, 6 + month, 2);
    if (day == 0) {
        return false;
    }
    if (6 + month + day == text.len) {
        return month == 2 && day == 2;
    }
    return strchr("Tt \t", text.ptr[6 + month + day]) != NULL;
}

bw__yaml_type bw__yaml_resolve(bw_view text)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const bools[] = {"yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE",
                                        "false", "False", "FALSE", "on", "On", "ON", "off", "Off",
                                        "OFF", NULL};
    uint8_t first = text.len > 0 ? text.ptr[0] : 0;

    if (first == 0 || first == '~' || first == 'n' || first == 'N') {
        if (one_of(text, nulls)) {
            return BW__YAML_NULL;
        }
    }
    if (is_digit(first) || first == '-' || first == '+' || first == '.') {
        return is_float(text)       ? BW__YAML_FLOAT
               : is_int(text)       ? BW__YAML_INT
               : is_timestamp(text) ? BW__YAML_TIMESTAMP
                                    : BW__YAML_TEXT;
    }
    if (first == '<' && bw_view_equal(text, BW_VIEW("<<"))) {
        return BW__YAML_MERGE;
    }
    if (first == '=' && text.len == 1) {
        return BW__YAML_VALUE;
    }
    return first != 0 && strchr("yYnNtTfFoO", first) != NULL && one_of(text, bools) ? BW__YAML_BOOL
                                                                                   : BW__YAML_TEXT;
}

/* Numbers ----------------------------------------------------------------------------------- */

/* Binary, octal, hexadecimal and sexagesimal numbers. */
static bw_status based_node(bw_ctx *ctx, bw_arena *arena, bw_view text, uint32_t base,
                            bw_node **out)
{
    size_t at = over_sign(text);
    bool negative = at > 0 && text.ptr[0] == '-';
    uint64_t value = 0;
    double wide = 0;
    bool fits = true;

    at += base == 2 || base == 16 ? 2 : 0;
    for (; at < text.len; at++) {
        uint32_t digit = digit_value(text.ptr[at]);
        if (text.ptr[at] == '_') {
            continue;
        }
        fits = fits && value <= (UINT64_MAX - digit) / base;
        value = value * base + digit;
        wide = wide * base + digit;
    }
    if (fits && value <= (uint64_t)INT64_MAX + negative) {
        *out = bw_node_int(ctx, arena, (int64_t)(negative ? 0 - value : value));
    } else {
        *out = bw_node_float(ctx, arena, negative ? -wide : wide);
        if (*out != NULL && fits && !negative) {
            (*out)->natural = value;
        }
    }
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* 1:30:00.5 is ((1 × 60) + 30) × 60 + 0.5, as in YAML 1.1. */
static bw_status sexagesimal_node(bw_ctx *ctx, bw_arena *arena, bw_view text, bool integer,
                                  bw_node **out)
{
    bool negative = text.ptr[0] == '-';
    double total = 0;

    for (size_t at = over_sign(text); at < text.len; at++) {
        double part = 0, scale = 0;
        for (; at < text.len && text.ptr[at] != ':'; at++) {
            if (text.ptr[at] == '.') {
                scale = 1;
            } else if (text.ptr[at] != '_') {
                part = part * 10 + (text.ptr[at] - '0');
                scale *= 10;
            }
        }
        total = total * 60 + (scale > 0 ? part / scale : part);
    }
    total = negative ? -total : total;
    *out = integer && fabs(total) < 0x1p53 ? bw_node_int(ctx, arena, (int64_t)total)
                                           : bw_node_float(ctx, arena, total);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* Without underscores. */
static bw_status decimal_node(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out)
{
    char *copy;
    size_t len = 0;

    if (memchr(text.ptr, '_', text.len) == NULL) {
        return bw__decimal_node(ctx, arena, text, out);
    }
    copy = bw_arena_alloc(ctx, arena, text.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '_') {
            copy[len++] = (char)text.ptr[i];
        }
    }
    return bw__decimal_node(ctx, arena, (bw_view){(const uint8_t *)copy, len}, out);
}

static bw_status number_node(bw_ctx *ctx, bw_arena *arena, bw__yaml_type type, bw_view text,
                             bw_node **out)
{
    size_t sign = over_sign(text);
    uint8_t next = text.len > sign + 1 ? text.ptr[sign + 1] : 0;
    double special;

    if (text.len > BW__NUMBER_MAX) {
        return bw_fail_limit(ctx, "characters of a number", text.len, BW__NUMBER_MAX);
    }
    if (type == BW__YAML_FLOAT && !is_digit(text.ptr[text.len - 1]) && (next | 0x20) >= 'i' &&
        (next | 0x20) <= 'n') {
        special = (next | 0x20) == 'n' ? NAN : text.ptr[0] == '-' ? -INFINITY : INFINITY;
        *out = bw_node_float(ctx, arena, special);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    if (memchr(text.ptr, ':', text.len) != NULL) {
        return sexagesimal_node(ctx, arena, text, type == BW__YAML_INT, out);
    }
    if (type == BW__YAML_INT && text.ptr[sign] == '0' && next != 0) {
        return based_node(ctx, arena, text, next == 'b' ? 2 : next == 'x' ? 16 : 8, out);
    }
    return decimal_node(ctx, arena, text, out);
}

bw_status bw__yaml_scalar(bw_ctx *ctx, bw_arena *arena, bw__yaml_type type, bw_view text,
                          bw_node **out)
{
    switch (type) {
    case BW__YAML_NULL:
        *out = bw_node_null(ctx, arena);
        break;
    case BW__YAML_BOOL: /* true, yes, on */
        *out = bw_node_bool(ctx, arena,
                            (text.ptr[0] | 0x20) == 't' || (text.ptr[0] | 0x20) == 'y' ||
                                (text.len == 2 && (text.ptr[1] | 0x20) == 'n'));
        break;
    case BW__YAML_INT:
    case BW__YAML_FLOAT:
        return number_node(ctx, arena, type, text, out);
    default:
        *out = bw_node_text(ctx, arena, text);
        break;
    }
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}
