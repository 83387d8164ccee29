/* SPDX-License-Identifier: MIT */
/**
 * What is said of many numbers at once: summaries, histograms, percentiles. Outputs are written only
 * on success. Thread: safe with one `ctx` a thread.
 */
#ifndef BORES_NUMBERS_H
#define BORES_NUMBERS_H

#include "bores/array.h"

/*
 * Values. `values` is any array of numbers: b1, i1 to i8, u1 to u8, f2, f4 or f8; others are
 * BW_ERR_UNSUPPORTED. Booleans count as 0 and 1; 64-bit integers are rounded to float64.
 * `mask` is absent, or has a byte an element, 0 leaving it out; another length is BW_ERR_ARGUMENT.
 */

/**
 * float32 of the same shape, for a texture: what is not finite becomes NaN ("no value"), what is
 * beyond float32 its largest finite number.
 */
bw_status bw_values_to_f32(bw_ctx *ctx, bw_arena *arena, const bw_array *values, bw_array **out);

/** Over the finite elements that the mask leaves; all but the counts are NaN if there are none. */
typedef struct bw_summary {
    uint64_t count;      /**< finite elements */
    uint64_t nan_count;  /**< NaN */
    uint64_t inf_count;  /**< infinities of either sign */
    double min, max;
    double min_positive; /**< smallest above 0, for logarithmic scales; NaN where there is none */
    double mean;         /**< sum / count */
    double sum;          /**< float64, pairwise: the error grows with log(count) */
} bw_summary;

bw_status bw_stats(bw_ctx *ctx, const bw_array *values, bw_view mask, bw_summary *out);

/** Elements per bin, and what has none. Not finite elements are counted nowhere. */
typedef struct bw_bins {
    uint64_t *counts; /**< [bins], in the arena */
    uint64_t below;   /**< finite and less than lo */
    uint64_t above;   /**< finite and greater than hi */
} bw_bins;

/**
 * `bins` bins of equal width over [lo, hi], the last one closed, as numpy.histogram() has them
 * (edges lo + n (hi - lo) / bins).
 * Errors: BW_ERR_ARGUMENT unless bins >= 1 and lo < hi are finite, with a finite difference.
 */
bw_status bw_histogram(bw_ctx *ctx, bw_arena *arena, const bw_array *values, bw_view mask,
                       uint32_t bins, double lo, double hi, bw_bins *out);

/**
 * Percentiles of the finite elements, exact, by NumPy's definition "linear" (R. J. Hyndman and
 * Y. Fan, "Sample quantiles in statistical packages", 1996, type 7). Percentile 10 has 10 % of the
 * elements below it; the reserves convention counts from the other end (its P90 is `percent` 10).
 * NaN when there is no finite element.
 *
 * Time and memory: linear whatever the values are (radix selection).
 * Errors: BW_ERR_ARGUMENT for a percent outside of [0, 100]; BW_ERR_NOMEM, which leaves some of
 *         `out` written.
 *
 * @param percent  [n]
 * @param out      [n]
 */
bw_status bw_percentiles(bw_ctx *ctx, const bw_array *values, bw_view mask, const double *percent,
                         uint32_t n, double *out);

/**
 * The same by weight: the smallest element such that it and those below it have at least that part of
 * the whole weight (NumPy's method "inverted_cdf"), sums being compared to within 1e-12 of the whole. An
 * element whose weight is not a positive finite number does not count. NaN when nothing counts.
 * Errors: as bw_percentiles().
 *
 * @param weights  [elements]
 */
bw_status bw_weighted_percentiles(bw_ctx *ctx, const bw_array *values, bw_view mask, const double *weights,
                                  const double *percent, uint32_t n, double *out);

/** How elements are distributed. Weights: as above; without any, each element weighs 1. */
typedef struct bw_distribution {
    uint64_t count, nan_count, inf_count; /**< finite elements that the mask leaves, and the others */
    double min, max;                      /**< NaN if there are none */
    double weight, mean;                  /**< the whole weight, and the weighted mean; NaN without weight */
    uint64_t *counts;                     /**< [bins], in the arena, as are the next */
    double *weights;                      /**< [bins] */
    uint64_t below, above;                /**< finite and outside of the edges */
} bw_distribution;

/**
 * One pass. Bins lie between ascending edges, each without its upper end but for the last one, as
 * numpy.histogram(bins=edges) has them; so the counts, `below` and `above` add up to `count`.
 * Errors: BW_ERR_ARGUMENT unless edges are finite and ascend, and bins >= 1; BW_ERR_NOMEM.
 *
 * @param weights  [elements] or NULL
 * @param edges    [bins + 1]
 */
bw_status bw_distribute(bw_ctx *ctx, bw_arena *arena, const bw_array *values, bw_view mask, const double *weights,
                        const double *edges, uint32_t bins, bw_distribution *out);

/** Bins of a tally at the most. */
#define BW_TALLY_BINS 64u

/**
 * What is kept beside an array: extremes, mean, and a histogram that can be added to others. Bin n of
 * `bins` holds what is from (first + n) 2^exponent on and below the next; the first holds `min`, the last
 * `max`. One that is made for the range of two arrays has the counts of both.
 */
typedef struct bw_tally {
    uint64_t count, nan_count, inf_count; /**< finite elements, and the others */
    double min, max, mean;                /**< of the finite ones; NaN if there are none */
    double min_positive;                  /**< smallest above 0; NaN where there is none */
    int32_t exponent;
    int64_t first;
    uint32_t bins; /**< 0: all finite elements are equal */
    uint64_t counts[BW_TALLY_BINS];
} bw_tally;

/**
 * One pass. The bins are the narrowest of which `bins` (2, 4, … BW_TALLY_BINS) hold all finite elements.
 * Errors: BW_ERR_ARGUMENT for another number of bins, and as the others.
 */
bw_status bw_tally_take(bw_ctx *ctx, const bw_array *values, uint32_t bins, bw_tally *out);

/**
 * What is asked of an element: to lie in [lo, hi], or, where `set` is not NULL, to equal one of its
 * numbers, which ascend. `exclude` asks for the opposite. A NaN lies in no range and equals nothing.
 * Bounds are compared in the elements' own type where that is float32, as NumPy compares them.
 */
typedef struct bw_condition {
    double lo, hi;
    const double *set;
    uint32_t set_len;
    bool exclude;
} bw_condition;

/**
 * Sets the bytes of `mask` to 0 whose elements do not fulfil the condition, and leaves the others.
 * Errors: BW_ERR_ARGUMENT for a range whose ends are not in order, a set that does not ascend, or a mask
 * of another length.
 */
bw_status bw_mask_narrow(bw_ctx *ctx, const bw_array *values, const bw_condition *condition, uint8_t *mask,
                         size_t mask_len);

#endif
