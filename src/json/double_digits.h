/* SPDX-License-Identifier: MIT */
/** The shortest decimal digits that read back as the same double. */
#ifndef BORES_JSON_DOUBLE_DIGITS_H
#define BORES_JSON_DOUBLE_DIGITS_H

#include <stdint.h>

#define BW__DOUBLE_DIGITS_MAX 17

/**
 * Writes the digits (0 to 9, not characters) of a finite `value` > 0, the first of them not 0, and
 * returns their count; `*point` is the place of the decimal point: value = 0.DIGITS × 10^point.
 * Of several shortest texts it is the one nearest to the value: what Python's repr() prints.
 */
uint32_t bw__double_digits(double value, uint8_t digits[BW__DOUBLE_DIGITS_MAX], int32_t *point);
/** The same by the algorithm that is there for all values, and takes ten times as long. */
uint32_t bw__double_digits_long(double value, uint8_t digits[BW__DOUBLE_DIGITS_MAX], int32_t *point);

#endif
