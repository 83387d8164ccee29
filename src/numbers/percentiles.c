/* SPDX-License-Identifier: MIT */
/**
 * Exact percentiles by radix selection: the bits of a float64, seen as an ordered integer, are
 * taken 16 at a time from the top, and only the elements that share the wanted rank's digits go
 * on. Four passes at the most, for any values: no input is a bad case, as some are for quickselect.
 */
#include <math.h>

#include "bores/numbers.h"
#include "numbers.h"
#include "radix.h"

typedef struct selection {
    bw__finite source; /* as opened; a copy of it is walked */
    size_t count;      /* finite elements */
    size_t *top;       /* [BW__DIGITS] how many have each top digit */
    size_t *digits;    /* [BW__DIGITS] the same, for the digit at work */
    uint64_t *keys;    /* those that share the top digit of the wanted rank */
    size_t cap;        /* of keys */
} selection;

/* The digit that holds rank `*rank`, which becomes the rank within it. */
static size_t find_digit(const size_t *counts, size_t *rank)
{
    size_t digit = 0;

    while (*rank >= counts[digit]) {
        *rank -= counts[digit++];
    }
    return digit;
}

static bw_status selection_begin(bw_ctx *ctx, selection *s)
{
    double block[BW__BLOCK];
    bw__finite walk = s->source;
    size_t n;

    s->top = bw_alloc_zeroed(ctx, BW__DIGITS * sizeof *s->top);
    s->digits = bw_alloc(ctx, BW__DIGITS * sizeof *s->digits);
    if (s->top == NULL || s->digits == NULL) {
        return BW_ERR_NOMEM;
    }
    while (bw__finite_next(&walk, block, &n)) {
        for (size_t m = 0; m < n; m++) {
            s->top[bw__digit_of(bw__key_of(block[m]), BW__TOP_SHIFT)]++;
        }
        s->count += n;
    }
    return BW_OK;
}

/* The keys with one top digit, in s->keys; how many is known already. */
static bw_status collect(bw_ctx *ctx, selection *s, size_t digit)
{
    double block[BW__BLOCK];
    bw__finite walk = s->source;
    size_t n, kept = 0, need = s->top[digit];

    if (need > s->cap) {
        bw_release(ctx, s->keys);
        s->cap = 0;
        s->keys = need > SIZE_MAX / sizeof *s->keys
                      ? NULL : bw_alloc(ctx, need * sizeof *s->keys);
        if (s->keys == NULL) {
            return bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu keys to select from", need);
        }
        s->cap = need;
    }
    while (bw__finite_next(&walk, block, &n)) {
        for (size_t m = 0; m < n; m++) {
            uint64_t key = bw__key_of(block[m]);

            if (bw__digit_of(key, BW__TOP_SHIFT) == digit) {
                s->keys[kept++] = key;
            }
        }
    }
    return BW_OK;
}

/* The key of a rank (0 is the smallest), and how many ranks from there on have the same. */
static bw_status select_key(bw_ctx *ctx, selection *s, size_t rank, uint64_t *key, size_t *same)
{
    size_t digit = find_digit(s->top, &rank), count = s->top[digit];

    BW_TRY(collect(ctx, s, digit));
    for (unsigned shift = BW__TOP_SHIFT; shift > 0;) {
        size_t kept = 0;

        shift -= BW__DIGIT_BITS;
        memset(s->digits, 0, BW__DIGITS * sizeof *s->digits);
        for (size_t n = 0; n < count; n++) {
            s->digits[bw__digit_of(s->keys[n], shift)]++;
        }
        digit = find_digit(s->digits, &rank);
        for (size_t n = 0; n < count; n++) {
            if (bw__digit_of(s->keys[n], shift) == digit) {
                s->keys[kept++] = s->keys[n];
            }
        }
        count = kept;
    }
    *key = s->keys[0];
    *same = count - rank;
    return BW_OK;
}

/* The smallest key above another one, which there is. */
static uint64_t next_key(const selection *s, uint64_t key)
{
    double block[BW__BLOCK];
    bw__finite walk = s->source;
    uint64_t next = UINT64_MAX;
    size_t n;

    while (bw__finite_next(&walk, block, &n)) {
        for (size_t m = 0; m < n; m++) {
            uint64_t other = bw__key_of(block[m]);
            next = other > key && other < next ? other : next;
        }
    }
    return next;
}

/* NumPy's interpolation between neighbours: from the nearer end, so that it is exact at both. */
static double interpolate(double a, double b, double t)
{
    return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

static bw_status percentile(bw_ctx *ctx, selection *s, double percent, double *out)
{
    double position = (double)(s->count - 1) * (percent / 100), rank = floor(position);
    uint64_t key;
    size_t same;

    BW_TRY(select_key(ctx, s, (size_t)rank, &key, &same));
    *out = bw__value_of(key);
    if (position > rank && same == 1) {
        *out = interpolate(*out, bw__value_of(next_key(s, key)), position - rank);
    }
    return BW_OK;
}

bw_status bw__percents_check(bw_ctx *ctx, const double *percent, uint32_t n)
{
    for (uint32_t m = 0; m < n; m++) {
        if (!(percent[m] >= 0 && percent[m] <= 100)) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "percentile %g is not in [0, 100]", percent[m]);
        }
    }
    return BW_OK;
}

bw_status bw_percentiles(bw_ctx *ctx, const bw_array *values, bw_view mask, const double *percent,
                         uint32_t n, double *out)
{
    bw_status st = BW_OK;
    selection s = {.count = 0};

    BW_TRY(bw__percents_check(ctx, percent, n));
    BW_TRY(bw__finite_open(ctx, values, mask, &s.source));
    BW_GO(selection_begin(ctx, &s));
    for (uint32_t m = 0; m < n; m++) {
        out[m] = NAN;
        if (s.count > 0) {
            BW_GO(percentile(ctx, &s, percent[m], &out[m]));
        }
    }
done:
    bw_release(ctx, s.top);
    bw_release(ctx, s.digits);
    bw_release(ctx, s.keys);
    return st;
}
