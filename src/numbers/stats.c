/* SPDX-License-Identifier: MIT */
/** Summaries and histograms of arrays of numbers. */
#include <math.h>

#include "bores/numbers.h"
#include "numbers.h"
#include "pairwise.h"

bw_status bw_stats(bw_ctx *ctx, const bw_array *values, bw_view mask, bw_summary *out)
{
    bw_summary summary = {.min = INFINITY, .max = -INFINITY, .min_positive = INFINITY};
    double block[BW__BLOCK];
    bw__pairwise sums = {.blocks = 0};
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
        bw__pairwise_add(&sums, bw__block_sum(block, n));
    }
    summary.nan_count = walk.nan_count;
    summary.inf_count = walk.inf_count;
    summary.sum = bw__pairwise_total(&sums);
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
