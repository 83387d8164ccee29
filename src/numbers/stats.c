/* SPDX-License-Identifier: MIT */
/** Summaries and histograms of arrays of numbers. */
#include <math.h>

#include "bores/numbers.h"
#include "numbers.h"

/* Sum of up to a block, in eight interleaved parts: short chains of additions, and independent. */
static double block_sum(const double *values, size_t n)
{
    double part[8] = {0};
    size_t m = 0;

    for (; m + 8 <= n; m += 8) {
        for (size_t lane = 0; lane < 8; lane++) {
            part[lane] += values[m + lane];
        }
    }
    for (; m < n; m++) {
        part[m % 8] += values[m];
    }
    for (size_t half = 4; half > 0; half /= 2) {
        for (size_t lane = 0; lane < half; lane++) {
            part[lane] += part[lane + half];
        }
    }
    return part[0];
}

/* Pairwise summation of blocks as they come (N. J. Higham, "The accuracy of floating point
 * summation", 1993): sums[n] holds 2^n blocks or nothing, as bit n of `blocks` tells. */
typedef struct cascade {
    double sums[64];
    uint64_t blocks;
} cascade;

static void cascade_add(cascade *c, double sum)
{
    size_t level = 0;

    for (; c->blocks >> level & 1; level++) {
        sum += c->sums[level];
    }
    c->sums[level] = sum;
    c->blocks++;
}

static double cascade_total(const cascade *c)
{
    double total = 0;

    for (size_t level = 0; level < 64; level++) {
        total += c->blocks >> level & 1 ? c->sums[level] : 0;
    }
    return total;
}

bw_status bw_stats(bw_ctx *ctx, const bw_array *values, bw_view mask, bw_summary *out)
{
    bw_summary summary = {.min = INFINITY, .max = -INFINITY, .min_positive = INFINITY};
    double block[BW__BLOCK];
    cascade sums = {.blocks = 0};
    bw__finite walk;
    size_t n;

    BW_TRY(bw__finite_open(ctx, values, mask, &walk));
    while (bw__finite_next(&walk, block, &n)) {
        for (size_t m = 0; m < n; m++) {
            double v = block[m];

            summary.min = v < summary.min ? v : summary.min;
            summary.max = v > summary.max ? v : summary.max;
            summary.min_positive = v > 0 && v < summary.min_positive ? v : summary.min_positive;
        }
        summary.count += n;
        cascade_add(&sums, block_sum(block, n));
    }
    summary.nan_count = walk.nan_count;
    summary.inf_count = walk.inf_count;
    summary.sum = cascade_total(&sums);
    summary.mean = summary.sum / (double)summary.count;
    if (summary.count == 0) {
        summary.min = summary.max = summary.sum = summary.mean = NAN;
    }
    if (isinf(summary.min_positive)) {
        summary.min_positive = NAN;
    }
    *out = summary;
    return BW_OK;
}

bw_status bw_histogram(bw_ctx *ctx, bw_arena *arena, const bw_array *values, bw_view mask,
                       uint32_t bins, double lo, double hi, bw_bins *out)
{
    double block[BW__BLOCK], width = hi - lo, step = width / bins;
    bw_bins counts = {0};
    bw_array *array;
    bw__finite walk;
    size_t n;

    if (bins == 0 || !(lo < hi) || !isfinite(width)) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "%u bins over [%g, %g] are no histogram",
                       (unsigned)bins, lo, hi);
    }
    BW_TRY(bw__finite_open(ctx, values, mask, &walk));
    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'u', .itemsize = 8}, 1,
                        (const uint64_t[1]){bins}, &array));
    counts.counts = (uint64_t *)(void *)array->data;
    for (uint32_t bin = 0; bin < bins; bin++) {
        counts.counts[bin] = 0;
    }
    while (bw__finite_next(&walk, block, &n)) {
        for (size_t m = 0; m < n; m++) {
            double v = block[m];
            uint32_t bin;

            if (v < lo || v > hi) {
                *(v < lo ? &counts.below : &counts.above) += 1;
                continue;
            }
            bin = (uint32_t)((v - lo) / width * bins);
            bin = bin < bins ? bin : bins - 1;
            /* The quotient may be rounded across an edge; the edges decide, as in NumPy. */
            if (v < lo + bin * step) {
                bin--;
            } else if (bin + 1 < bins && v >= lo + (bin + 1) * step) {
                bin++;
            }
            counts.counts[bin]++;
        }
    }
    *out = counts;
    return BW_OK;
}
