/* SPDX-License-Identifier: MIT */
/** Decline curves fitted to rates. */
#ifndef BORES_ANALYSIS_DECLINE_FIT_H
#define BORES_ANALYSIS_DECLINE_FIT_H

#include <stddef.h>

typedef enum bw__decline_type { BW__EXPONENTIAL, BW__HARMONIC, BW__HYPERBOLIC } bw__decline_type;

/** q(x) = initial / (1 + b D x)^(1/b), x days from the first point; D per day. */
typedef struct bw__decline {
    double initial, rate, b;
} bw__decline;

double bw__decline_at(const bw__decline *d, double x);
/** The volume produced from x = `from` to `to`, in rate times days. */
double bw__decline_volume(const bw__decline *d, double from, double to);
/** When the rate meets `limit`: INFINITY where it never does. */
double bw__decline_meets(const bw__decline *d, double limit);
/** Fits at least two points with q > 0. */
void bw__decline_fit(bw__decline_type type, const double *x, const double *q, size_t count,
                     bw__decline *out);
/** 1 - SSR/SST on rates; for rates that are all the same 1 where the fit is, else 0. */
double bw__decline_r_squared(const bw__decline *d, const double *x, const double *q,
                             size_t count);

#endif
