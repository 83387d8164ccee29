/* SPDX-License-Identifier: MIT */
/**
 * Percentiles of elements that weigh differently, by the radix selection of percentiles.c: what is
 * added up over the digits is weight, not how many there are.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#include "bores/numbers.h"
#include "numbers.h"
#include "radix.h"

/* Of the whole weight: what adding in another order may make of equal sums. */
#define SLACK 1e-12

typedef struct weighed {
    uint64_t key;
    double weight;
} weighed;

typedef struct selection {
    bw__finite all; /* as opened; nothing of its own walk is used */
    const double *weights;
    double total;   /* weight */
    size_t *counts; /* [BW__DIGITS] elements of each top digit */
    double *top;    /* [BW__DIGITS] their weight */
    double *digits; /* [BW__DIGITS] the same, for the digit at work */
    weighed *items; /* those that share the top digit of what is wanted */
    size_t cap;     /* of items */
} selection;

/* The elements of the block at `next` that weigh something; how many. */
static size_t read_block(const selection *s, size_t next, weighed out[BW__BLOCK])
{
    const bw__finite *all = &s->all;
    size_t n = all->count - next < BW__BLOCK ? all->count - next : BW__BLOCK, kept = 0;
    double block[BW__BLOCK];

    all->read(all->data + next * all->itemsize, all->itemsize, n, block);
    for (size_t m = 0; m < n; m++) {
        double weight = s->weights[next + m];
        bool asked = all->mask == NULL || all->mask[next + m] != 0;

        if (asked && fabs(block[m]) <= DBL_MAX && weight > 0 && weight <= DBL_MAX) {
            out[kept++] = (weighed){bw__key_of(block[m]), weight};
        }
    }
    return kept;
}

static bw_status begin(bw_ctx *ctx, selection *s)
{
    weighed block[BW__BLOCK];

    s->counts = bw_alloc_zeroed(ctx, BW__DIGITS * sizeof *s->counts);
    s->top = bw_alloc_zeroed(ctx, BW__DIGITS * sizeof *s->top);
    s->digits = bw_alloc(ctx, BW__DIGITS * sizeof *s->digits);
    if (s->counts == NULL || s->top == NULL || s->digits == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t next = 0; next < s->all.count; next += BW__BLOCK) {
        size_t n = read_block(s, next, block);

        for (size_t m = 0; m < n; m++) {
            size_t digit = bw__digit_of(block[m].key, BW__TOP_SHIFT);

            s->counts[digit]++;
            s->top[digit] += block[m].weight;
        }
    }
    for (size_t digit = 0; digit < BW__DIGITS; digit++) {
        s->total += s->top[digit];
    }
    return BW_OK;
}

/* The first digit up to which there is the wanted weight, less what lies below it; else the last. */
static size_t find_digit(const double *weights, double *wanted, double slack)
{
    size_t found = BW__DIGITS;

    for (size_t digit = 0; digit < BW__DIGITS; digit++) {
        if (weights[digit] <= 0) {
            continue;
        }
        if (found < BW__DIGITS) {
            *wanted -= weights[found];
        }
        found = digit;
        if (weights[digit] >= *wanted - slack) {
            break;
        }
    }
    return found;
}

/* The elements with one top digit, in s->items. */
static bw_status collect(bw_ctx *ctx, selection *s, size_t digit)
{
    size_t kept = 0, need = s->counts[digit];
    weighed block[BW__BLOCK];

    if (need > s->cap) {
        bw_release(ctx, s->items);
        s->cap = 0;
        s->items = need > SIZE_MAX / sizeof *s->items ? NULL : bw_alloc(ctx, need * sizeof *s->items);
        if (s->items == NULL) {
            return bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu elements to select from", need);
        }
        s->cap = need;
    }
    for (size_t next = 0; next < s->all.count; next += BW__BLOCK) {
        size_t n = read_block(s, next, block);

        for (size_t m = 0; m < n; m++) {
            if (bw__digit_of(block[m].key, BW__TOP_SHIFT) == digit) {
                s->items[kept++] = block[m];
            }
        }
    }
    return BW_OK;
}

static bw_status percentile(bw_ctx *ctx, selection *s, double percent, double *out)
{
    double wanted = s->total * (percent / 100), slack = SLACK * s->total;
    size_t digit = find_digit(s->top, &wanted, slack), count = s->counts[digit];

    BW_TRY(collect(ctx, s, digit));
    for (unsigned shift = BW__TOP_SHIFT; shift > 0;) {
        size_t kept = 0;

        shift -= BW__DIGIT_BITS;
        memset(s->digits, 0, BW__DIGITS * sizeof *s->digits);
        for (size_t n = 0; n < count; n++) {
            s->digits[bw__digit_of(s->items[n].key, shift)] += s->items[n].weight;
        }
        digit = find_digit(s->digits, &wanted, slack);
        for (size_t n = 0; n < count; n++) {
            if (bw__digit_of(s->items[n].key, shift) == digit) {
                s->items[kept++] = s->items[n];
            }
        }
        count = kept;
    }
    *out = bw__value_of(s->items[0].key);
    return BW_OK;
}

bw_status bw_weighted_percentiles(bw_ctx *ctx, const bw_array *values, bw_view mask, const double *weights,
                                  const double *percent, uint32_t n, double *out)
{
    selection s = {.weights = weights};
    bw_status st = BW_OK;

    BW_TRY(bw__percents_check(ctx, percent, n));
    BW_TRY(bw__finite_open(ctx, values, mask, &s.all));
    BW_GO(begin(ctx, &s));
    for (uint32_t m = 0; m < n; m++) {
        out[m] = NAN;
        if (s.total > 0) {
            BW_GO(percentile(ctx, &s, percent[m], &out[m]));
        }
    }
done:
    bw_release(ctx, s.counts);
    bw_release(ctx, s.top);
    bw_release(ctx, s.digits);
    bw_release(ctx, s.items);
    return st;
}
