/* SPDX-License-Identifier: MIT */
/** Pairwise summation of blocks as they come (N. J. Higham, "The accuracy of floating point summation", 1993). */
#ifndef BORES_NUMBERS_PAIRWISE_H
#define BORES_NUMBERS_PAIRWISE_H

#include <stddef.h>
#include <stdint.h>

/** sums[n] holds 2^n blocks or nothing, as bit n of `blocks` tells. Zeroed at first. */
typedef struct bw__pairwise {
    double sums[64];
    uint64_t blocks;
} bw__pairwise;

/** Sum of up to a block, in eight interleaved parts: short chains of additions, and independent. */
double bw__block_sum(const double *values, size_t n);
void bw__pairwise_add(bw__pairwise *c, double sum);
double bw__pairwise_total(const bw__pairwise *c);

#endif
