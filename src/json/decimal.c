/* SPDX-License-Identifier: MIT */
/**
 * Numbers of up to 19 digits whose exact value is a small multiple or fraction of a power of ten
 * are one multiplication of exact doubles away; the others are strtod()'s.
 * Source: W. D. Clinger, How to read floating point numbers accurately, PLDI 1990, section 3.
 */
#include "decimal.h"

#include <stdlib.h>
#include <string.h>

#define MAX_EXACT (UINT64_C(1) << 53)

typedef struct number {
    uint64_t digits;   /* all of them, the point left out */
    int64_t exponent;  /* of ten, by which `digits` is to be multiplied */
    bool negative, integer, overflow;
} number;

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t read_exponent(bw_view token, size_t i, number *n)
{
    bool negative = i < token.len && token.ptr[i] == '-';
    int64_t value = 0;

    i += i < token.len && (token.ptr[i] == '-' || token.ptr[i] == '+');
    for (; i < token.len && is_digit(token.ptr[i]); i++) {
        value = value < 100000 ? value * 10 + (token.ptr[i] - '0') : value;
    }
    n->exponent += negative ? -value : value;
    return i;
}

static number read_number(bw_view token)
{
    number n = {.negative = token.ptr[0] == '-', .integer = true};
    size_t i = n.negative || token.ptr[0] == '+';

    for (; i < token.len; i++) {
        uint8_t byte = token.ptr[i];
        if (is_digit(byte)) {
            uint64_t digit = (uint64_t)(byte - '0');
            n.overflow |= n.digits > (UINT64_MAX - digit) / 10;
            n.digits = n.digits * 10 + digit;
            n.exponent -= !n.integer;
        } else if (byte == '.') {
            n.integer = false;
        } else {
            n.integer = false;
            (void)read_exponent(token, i + 1, &n);
            break;
        }
    }
    return n;
}

/* strtod() wants a terminator. */
static bw_status read_slowly(bw_ctx *ctx, bw_view token, double *out)
{
    char small[64], *copy = small;

    if (token.len >= sizeof small) {
        copy = bw_alloc(ctx, token.len + 1);
        if (copy == NULL) {
            return BW_ERR_NOMEM;
        }
    }
    memcpy(copy, token.ptr, token.len);
    copy[token.len] = '\0';
    *out = strtod(copy, NULL);
    if (copy != small) {
        bw_release(ctx, copy);
    }
    return BW_OK;
}

static bw_status to_double(bw_ctx *ctx, bw_view token, const number *n, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    double value = (double)n->digits;

    if (n->overflow || n->digits > MAX_EXACT || n->exponent < -22 || n->exponent > 22) {
        return read_slowly(ctx, token, out);
    }
    value = n->exponent < 0 ? value / powers[-n->exponent] : value * powers[n->exponent];
    *out = n->negative ? -value : value;
    return BW_OK;
}

double bw__decimal_double(bw_view token)
{
    number n = read_number(token);
    double value = 0;

    (void)to_double(NULL, token, &n, &value); /* short tokens need no allocation */
    return value;
}

bw_status bw__decimal_node(bw_ctx *ctx, bw_arena *arena, bw_view token, bw_node **out)
{
    bw_node *node;
    double value;
    number n;

    if (token.len > BW__NUMBER_MAX) {
        return bw_fail_limit(ctx, "characters of a number", token.len, BW__NUMBER_MAX);
    }
    n = read_number(token);
    if (n.integer && !n.overflow && n.digits <= (uint64_t)INT64_MAX + n.negative) {
        /* Two's complement; the conversion of 2^63 keeps its bits. */
        node = bw_node_int(ctx, arena, (int64_t)(n.negative ? 0 - n.digits : n.digits));
    } else {
        BW_TRY(to_double(ctx, token, &n, &value));
        node = bw_node_float(ctx, arena, value);
        if (node != NULL && n.integer && !n.overflow && !n.negative) {
            node->natural = n.digits;
        }
    }
    *out = node;
    return node == NULL ? BW_ERR_NOMEM : BW_OK;
}
