/* SPDX-License-Identifier: MIT */
/** Sums whose error grows with the logarithm of how many numbers there are. */
#include "pairwise.h"

double bw__block_sum(const double *values, size_t n)
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

void bw__pairwise_add(bw__pairwise *c, double sum)
{
    size_t level = 0;

    for (; c->blocks >> level & 1; level++) {
        sum += c->sums[level];
    }
    c->sums[level] = sum;
    c->blocks++;
}

double bw__pairwise_total(const bw__pairwise *c)
{
    double total = 0;

    for (size_t level = 0; level < 64; level++) {
        total += c->blocks >> level & 1 ? c->sums[level] : 0;
    }
    return total;
}
