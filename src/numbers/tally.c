/* SPDX-License-Identifier: MIT */
/**
 * Extremes, mean and histogram of an array in one pass, in blocks that stay in the first-level cache.
 *
 * Bins are as wide as a power of two and begin at multiples of it. So a histogram whose range grows is
 * made coarser by adding pairs of bins, which loses nothing: the result is that of a second pass over the
 * values with the final bins, whatever their order, and so are those of several arrays together.
 */
#include <float.h>
#include <math.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "bores/numbers.h"
#include "numbers.h"
#include "pairwise.h"

/* Neighbours mostly fall into one bin: increments of one counter would wait for each other. */
#define LANES 8u
/* So that both 2^exponent and its inverse are normal numbers. */
#define EXPONENT_MIN (-1022)

typedef struct window {
    int32_t exponent;
    double scale; /* 2^-exponent */
    double first; /* number of the first bin */
    uint32_t most; /* bins, a power of two */
    bool open;    /* there are bins: the values seen differ */
} window;

/* A value's bin, counted from zero. A product that is too small for a number still has a sign. */
static double bin_of(double value, double scale)
{
    double at = value * scale;

    return value < 0 && at == 0 ? -1 : floor(at);
}

/* The narrowest bins of which `most` hold lo < hi. */
static void choose(window *w, double lo, double hi)
{
    int power;

    (void)frexp(hi / 2 - lo / 2, &power); /* half of it: the whole may be too large for a number */
    for (uint32_t bins = w->most; bins > 1; bins /= 2) {
        power--;
    }
    w->exponent = power < EXPONENT_MIN ? EXPONENT_MIN : power;
    while (w->scale = ldexp(1, -w->exponent), bin_of(hi, w->scale) - bin_of(lo, w->scale) >= w->most) {
        w->exponent++;
    }
    w->first = bin_of(lo, w->scale);
    w->open = true;
}

typedef struct tally {
    window window;
    bw_tally *out;
    uint64_t counts[LANES][BW_TALLY_BINS];
} tally;

/* Floor of a bin's number over 2^shift. */
static double coarser(double bin, int32_t shift)
{
    return floor(ldexp(bin, -shift));
}

static void grow(tally *t, double lo, double hi)
{
    window before = t->window;
    uint64_t moved[BW_TALLY_BINS] = {0};

    choose(&t->window, lo, hi);
    if (!before.open) { /* all there were until now are one value */
        double value = t->out->min;

        if (t->out->count > 0) {
            t->counts[0][(uint32_t)(bin_of(value, t->window.scale) - t->window.first)] = t->out->count;
        }
        return;
    }
    for (uint32_t bin = 0; bin < t->window.most; bin++) {
        uint64_t count = 0;
        double to = coarser(before.first + bin, t->window.exponent - before.exponent) - t->window.first;

        for (uint32_t lane = 0; lane < LANES; lane++) {
            count += t->counts[lane][bin];
        }
        if (count > 0) {
            moved[(uint32_t)to] += count;
        }
    }
    memset(t->counts, 0, sizeof t->counts);
    memcpy(t->counts[0], moved, sizeof moved);
}

static uint32_t low_bits(const double *bin)
{
    uint64_t bits;

    memcpy(&bits, bin, sizeof bits);
    return (uint32_t)bits & (BW_TALLY_BINS - 1);
}

/*
 * Bins without a conversion to integers, which WebAssembly has one at a time only: a bin's number is in the
 * low bits of itself + 2^52. `lo` is the block's least element.
 */
static void count_block(tally *t, const double *block, size_t n, double lo)
{
    double scale = t->window.scale, first = t->window.first;
    double bins[BW__BLOCK];

    for (size_t m = 0; m < n; m++) {
        bins[m] = floor(block[m] * scale) - first + 0x1p52;
    }
    for (size_t m = 0; m < n && lo < 0 && t->window.exponent > 0; m++) {
        bins[m] = bin_of(block[m], scale) - first + 0x1p52; /* the product may be too small for a number */
    }
    for (; n % LANES != 0; n--) {
        t->counts[0][low_bits(&bins[n - 1])]++;
    }
    for (size_t m = 0; m < n; m += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            t->counts[lane][low_bits(&bins[m + lane])]++;
        }
    }
}

typedef struct ends {
    double lo, hi, sum;
} ends;

/* Lanes of sums and of extremes, so that nothing waits for what was done before. */
typedef struct end_lanes {
    double part[8], least[4], most[4];
} end_lanes;

/* All but the last elements, up to seven; how many. A compiler for WebAssembly makes no vectors of the loop. */
#if defined(__SSE2__)
static size_t fill_lanes(const double *block, size_t n, end_lanes *out)
{
    __m128d part[4], least[2], most[2];
    size_t m = 0;

    for (size_t pair = 0; pair < 4; pair++) {
        part[pair] = _mm_setzero_pd();
        least[pair % 2] = _mm_set1_pd(INFINITY);
        most[pair % 2] = _mm_set1_pd(-INFINITY);
    }
    for (; m + 8 <= n; m += 8) {
        for (size_t pair = 0; pair < 4; pair++) {
            __m128d v = _mm_loadu_pd(block + m + 2 * pair);

            part[pair] = _mm_add_pd(part[pair], v);
            least[pair % 2] = _mm_min_pd(v, least[pair % 2]);
            most[pair % 2] = _mm_max_pd(v, most[pair % 2]);
        }
    }
    for (size_t pair = 0; pair < 4; pair++) {
        _mm_storeu_pd(out->part + 2 * pair, part[pair]);
        _mm_storeu_pd(out->least + 2 * (pair % 2), least[pair % 2]);
        _mm_storeu_pd(out->most + 2 * (pair % 2), most[pair % 2]);
    }
    return m;
}
#else
static size_t fill_lanes(const double *block, size_t n, end_lanes *out)
{
    size_t m = 0;

    for (size_t lane = 0; lane < 8; lane++) {
        out->part[lane] = 0;
        out->least[lane % 4] = INFINITY;
        out->most[lane % 4] = -INFINITY;
    }
    for (; m + 8 <= n; m += 8) {
        for (size_t lane = 0; lane < 8; lane++) {
            double v = block[m + lane], *least = &out->least[lane % 4], *most = &out->most[lane % 4];

            out->part[lane] += v;
            *least = v < *least ? v : *least;
            *most = v > *most ? v : *most;
        }
    }
    return m;
}
#endif

/* The sum is that of bw__block_sum(). */
static ends ends_of(const double *block, size_t n)
{
    ends out = {INFINITY, -INFINITY, 0};
    end_lanes found;
    size_t m = fill_lanes(block, n, &found);
    double *least = found.least, *most = found.most, *part = found.part;

    for (; m < n; m++) {
        part[m % 8] += block[m];
        least[0] = block[m] < least[0] ? block[m] : least[0];
        most[0] = block[m] > most[0] ? block[m] : most[0];
    }
    for (size_t lane = 0; lane < 4; lane++) {
        out.lo = least[lane] < out.lo ? least[lane] : out.lo;
        out.hi = most[lane] > out.hi ? most[lane] : out.hi;
    }
    for (size_t half = 4; half > 0; half /= 2) {
        for (size_t lane = 0; lane < half; lane++) {
            part[lane] += part[lane + half];
        }
    }
    out.sum = part[0];
    return out;
}

/* Leaves the finite elements of a block. */
static size_t keep_finite(bw_tally *out, double *block, size_t n)
{
    size_t kept = 0;

    for (size_t m = 0; m < n; m++) {
        double v = block[m];

        if (fabs(v) <= DBL_MAX) {
            block[kept++] = v;
        } else {
            *(isnan(v) ? &out->nan_count : &out->inf_count) += 1;
        }
    }
    return kept;
}

/* The least above zero, and not above `least`. */
static double least_positive(const double *block, size_t n, double least)
{
    double lanes[LANES];
    size_t m = 0;

    for (size_t lane = 0; lane < LANES; lane++) {
        lanes[lane] = least;
    }
    for (; m + LANES <= n; m += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            double v = block[m + lane] > 0 ? block[m + lane] : INFINITY;

            lanes[lane] = v < lanes[lane] ? v : lanes[lane];
        }
    }
    for (; m < n; m++) {
        lanes[0] = block[m] > 0 && block[m] < lanes[0] ? block[m] : lanes[0];
    }
    for (size_t lane = 1; lane < LANES; lane++) {
        lanes[0] = lanes[lane] < lanes[0] ? lanes[lane] : lanes[0];
    }
    return lanes[0];
}

static void take(tally *t, const double *block, size_t n, const ends *own)
{
    bw_tally *out = t->out;
    double lo = own->lo, hi = own->hi;

    if (lo <= 0 && hi > 0) {
        out->min_positive = least_positive(block, n, out->min_positive);
    } else if (lo > 0 && lo < out->min_positive) {
        out->min_positive = lo;
    }
    lo = lo < out->min ? lo : out->min;
    hi = hi > out->max ? hi : out->max;
    if (lo < hi && (!t->window.open || bin_of(lo, t->window.scale) < t->window.first ||
                    bin_of(hi, t->window.scale) - t->window.first >= t->window.most)) {
        grow(t, lo, hi);
    }
    if (t->window.open && own->lo == own->hi) {
        t->counts[0][(uint32_t)(bin_of(own->lo, t->window.scale) - t->window.first)] += n;
    } else if (t->window.open) {
        count_block(t, block, n, own->lo);
    }
    out->min = lo;
    out->max = hi;
    out->count += n;
}

/* The mean where a sum on the way is beyond float64: of elements that are so much smaller, in a second pass. */
static double mean_of_large(const bw_array *values, size_t count, bw__reader read, uint64_t finite)
{
    size_t stride = values->dtype.itemsize;
    bw__pairwise sums = {.blocks = 0};
    bw_tally unused = {.min = 0};
    double block[BW__BLOCK];

    for (size_t next = 0; next < count; next += BW__BLOCK) {
        size_t n = count - next < BW__BLOCK ? count - next : BW__BLOCK;

        read(values->data + next * stride, stride, n, block);
        n = keep_finite(&unused, block, n);
        for (size_t m = 0; m < n; m++) {
            block[m] *= 0x1p-64;
        }
        bw__pairwise_add(&sums, ends_of(block, n).sum);
    }
    return bw__pairwise_total(&sums) / (double)finite * 0x1p64;
}

static void finish(tally *t)
{
    bw_tally *out = t->out;

    if (out->count == 0) {
        out->min = out->max = out->mean = NAN;
    }
    /* Of many equal values the sum may be rounded. */
    out->mean = out->mean < out->min ? out->min : out->mean > out->max ? out->max : out->mean;
    out->min += 0.0; /* zero has no sign here: which one is met first would decide it */
    out->max += 0.0;
    if (isinf(out->min_positive)) {
        out->min_positive = NAN;
    }
    if (!t->window.open) {
        return;
    }
    out->exponent = t->window.exponent;
    out->first = (int64_t)t->window.first;
    out->bins = (uint32_t)(bin_of(out->max, t->window.scale) - t->window.first) + 1;
    for (uint32_t bin = 0; bin < out->bins; bin++) {
        for (uint32_t lane = 0; lane < LANES; lane++) {
            out->counts[bin] += t->counts[lane][bin];
        }
    }
}

/* A block of elements where it lies, if it is of aligned float64, else as such in `room`. */
static const double *block_at(const uint8_t *at, size_t stride, size_t n, bw__reader read, bool direct, double *room)
{
    if (direct) {
        return (const double *)(const void *)at;
    }
    read(at, stride, n, room);
    return room;
}

bw_status bw_tally_take(bw_ctx *ctx, const bw_array *values, uint32_t bins, bw_tally *out)
{
    bw_tally found = {.min = INFINITY, .max = -INFINITY, .min_positive = INFINITY};
    tally t = {.window = {.most = bins}, .out = &found};
    bw__pairwise sums = {.blocks = 0};
    size_t count, stride = values->dtype.itemsize;
    double room[BW__BLOCK];
    bw__reader read;
    bool direct = values->dtype.kind == 'f' && stride == sizeof(double) &&
                  (uintptr_t)values->data % _Alignof(double) == 0;

    if (bins < 2 || bins > BW_TALLY_BINS || (bins & (bins - 1)) != 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a tally has 2, 4, … %u bins, not %u", BW_TALLY_BINS, (unsigned)bins);
    }
    BW_TRY(bw__numbers_open(ctx, values, &read, &count));
    for (size_t next = 0; next < count; next += BW__BLOCK) {
        size_t n = count - next < BW__BLOCK ? count - next : BW__BLOCK;
        const double *block = block_at(values->data + next * stride, stride, n, read, direct, room);
        ends own = ends_of(block, n);

        if (!(fabs(own.sum) <= DBL_MAX)) { /* something is not finite, or the sum is beyond float64 */
            memmove(room, block, n * sizeof *room);
            n = keep_finite(&found, room, n);
            block = room;
            own = ends_of(block, n);
        }
        if (n > 0) {
            bw__pairwise_add(&sums, own.sum);
            take(&t, block, n, &own);
        }
    }
    found.mean = bw__pairwise_total(&sums) / (double)found.count;
    if (found.count > 0 && !isfinite(found.mean)) {
        found.mean = mean_of_large(values, count, read, found.count);
    }
    finish(&t);
    *out = found;
    return BW_OK;
}
