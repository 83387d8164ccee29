/* SPDX-License-Identifier: MIT */
/** How the elements that a mask leaves are distributed: counted, and weighed, in one pass. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "bores/numbers.h"
#include "numbers.h"
#include "pairwise.h"

/* The bin of a value within the edges: the last edge that is not above it, the last bin being closed. */
static uint32_t bin_of(double value, const double *edges, uint32_t bins)
{
    uint32_t low = 0, high = bins;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (edges[middle] <= value) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

static bw_status check_edges(bw_ctx *ctx, const double *edges, uint32_t bins)
{
    if (bins == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a distribution needs a bin");
    }
    for (uint32_t n = 0; n <= bins; n++) {
        if (!isfinite(edges[n]) || (n > 0 && !(edges[n - 1] < edges[n]))) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "edge %u of the bins, %g, does not follow %g", (unsigned)n,
                           edges[n], n > 0 ? edges[n - 1] : (double)NAN);
        }
    }
    return BW_OK;
}

typedef struct pass {
    const double *edges;
    uint32_t bins;
    bw_distribution *out;
    bw__pairwise weight, moment; /* sums of w and w v */
} pass;

/* Up to a block of elements. `weights` NULL: each weighs 1. */
static void take(pass *p, const double *values, const uint8_t *mask, const double *weights, size_t n)
{
    double weight[BW__BLOCK], moment[BW__BLOCK];
    bw_distribution *out = p->out;
    size_t kept = 0;

    for (size_t m = 0; m < n; m++) {
        double v = values[m], w = weights == NULL ? 1 : weights[m];

        if (mask != NULL && mask[m] == 0) {
            continue;
        }
        if (!(fabs(v) <= DBL_MAX)) {
            *(isnan(v) ? &out->nan_count : &out->inf_count) += 1;
            continue;
        }
        w = w > 0 && w <= DBL_MAX ? w : 0;
        out->count++;
        out->min = v < out->min ? v : out->min;
        out->max = v > out->max ? v : out->max;
        weight[kept] = w;
        moment[kept++] = w * v;
        if (v < p->edges[0] || v > p->edges[p->bins]) {
            *(v < p->edges[0] ? &out->below : &out->above) += 1;
        } else {
            uint32_t bin = bin_of(v, p->edges, p->bins);

            out->counts[bin]++;
            out->weights[bin] += w;
        }
    }
    bw__pairwise_add(&p->weight, bw__block_sum(weight, kept));
    bw__pairwise_add(&p->moment, bw__block_sum(moment, kept));
}

bw_status bw_distribute(bw_ctx *ctx, bw_arena *arena, const bw_array *values, bw_view mask, const double *weights,
                        const double *edges, uint32_t bins, bw_distribution *out)
{
    bw_distribution found = {.min = INFINITY, .max = -INFINITY};
    pass p = {.edges = edges, .bins = bins, .out = &found};
    size_t stride = values->dtype.itemsize;
    double block[BW__BLOCK];
    bw__finite all;

    BW_TRY(check_edges(ctx, edges, bins));
    BW_TRY(bw__finite_open(ctx, values, mask, &all));
    found.counts = bw_arena_alloc(ctx, arena, bins * sizeof *found.counts);
    found.weights = bw_arena_alloc(ctx, arena, bins * sizeof *found.weights);
    if (found.counts == NULL || found.weights == NULL) {
        return BW_ERR_NOMEM;
    }
    memset(found.counts, 0, bins * sizeof *found.counts);
    for (uint32_t bin = 0; bin < bins; bin++) {
        found.weights[bin] = 0;
    }
    for (size_t next = 0; next < all.count; next += BW__BLOCK) {
        size_t n = all.count - next < BW__BLOCK ? all.count - next : BW__BLOCK;

        all.read(all.data + next * stride, stride, n, block);
        take(&p, block, mask.ptr == NULL ? NULL : mask.ptr + next, weights == NULL ? NULL : weights + next, n);
    }
    found.weight = bw__pairwise_total(&p.weight);
    found.mean = found.weight > 0 ? bw__pairwise_total(&p.moment) / found.weight : (double)NAN;
    if (found.count == 0) {
        found.min = found.max = NAN;
    }
    *out = found;
    return BW_OK;
}
