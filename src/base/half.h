/* SPDX-License-Identifier: MIT */
/** IEEE 754 binary16, which C11 has no type for. */
#ifndef BORES_BASE_HALF_H
#define BORES_BASE_HALF_H

#include <stdint.h>

/** Exact for every value. */
double bw__half_to_double(uint16_t bits);
/** Rounded to nearest, ties to even; what is too large becomes infinity. */
uint16_t bw__half_from_double(double value);

#endif
