/* SPDX-License-Identifier: MIT */
/** A straight line by least squares, with its confidence. */
#ifndef BORES_NUMBERS_LINE_FIT_H
#define BORES_NUMBERS_LINE_FIT_H

#include <stddef.h>

/** y = intercept + slope x. Half widths are of the 95 % interval, NaN for fewer than three points. */
typedef struct bw__line {
    double intercept, slope, r_squared;
    double intercept_half, slope_half;
    size_t count;
} bw__line;

/** Of the pairs whose two numbers are finite; all NaN for fewer than two different x. */
void bw__line_fit(const double *x, const double *y, size_t count, bw__line *out);

#endif
