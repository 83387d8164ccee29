/* SPDX-License-Identifier: MIT */
/*
 * Adler-32 (RFC 1950, 8.2) in sixteen columns, which compilers turn into vectors.
 *
 * With rows of 16 bytes, column sums a[j] and sums of these over the rows b[j], n rows give
 *   s1' = s1 + Σ a[j]
 *   s2' = s2 + 16 n s1 + 16 Σ b[j] - Σ j a[j]
 * since byte j of row r counts 16 (n - r) - j times in s2, and b[j] counts it n - r times.
 */
#include "filter_codecs.h"

#define MODULUS 65521u
#define COLUMNS 16u
#define ROWS 256u /* a[j] < 2^16, b[j] < 2^24 */

static void add_rows(const uint8_t *data, uint32_t rows, uint32_t *s1, uint32_t *s2)
{
    uint32_t a[COLUMNS] = {0}, b[COLUMNS] = {0};
    uint64_t sum1 = *s1, sum2 = *s2 + (uint64_t)COLUMNS * rows * *s1;

    for (uint32_t r = 0; r < rows; r++, data += COLUMNS) {
        for (uint32_t j = 0; j < COLUMNS; j++) {
            a[j] += data[j];
            b[j] += a[j];
        }
    }
    for (uint32_t j = 0; j < COLUMNS; j++) {
        sum1 += a[j];
        sum2 += (uint64_t)COLUMNS * b[j] - (uint64_t)j * a[j];
    }
    *s1 = (uint32_t)(sum1 % MODULUS);
    *s2 = (uint32_t)(sum2 % MODULUS);
}

uint32_t bw__h5_adler32(const uint8_t *data, size_t len)
{
    uint32_t s1 = 1, s2 = 0;

    while (len >= COLUMNS) {
        uint32_t rows = len / COLUMNS < ROWS ? (uint32_t)(len / COLUMNS) : ROWS;

        add_rows(data, rows, &s1, &s2);
        data += (size_t)rows * COLUMNS;
        len -= (size_t)rows * COLUMNS;
    }
    for (; len > 0; len--, data++) {
        s1 += *data;
        s2 += s1;
    }
    return s2 % MODULUS << 16 | s1 % MODULUS;
}
