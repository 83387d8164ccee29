/* SPDX-License-Identifier: MIT */
/* Digits to text, in the two manners of the libraries that BORES writes with. */
#include "float_text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "double_digits.h"

/* "1.5e-07" or "1.5e-7". */
static size_t format_scientific(bool python, const uint8_t *digits, uint32_t count,
                                int32_t exponent, char *out)
{
    size_t len = 0;

    out[len++] = (char)('0' + digits[0]);
    if (count > 1) {
        out[len++] = '.';
    }
    for (uint32_t i = 1; i < count; i++) {
        out[len++] = (char)('0' + digits[i]);
    }
    return len + (size_t)snprintf(out + len, 8, python ? "e%+03" PRId32 : "e%" PRId32, exponent);
}

/* "0.0015", "150.0"; `point` digits are before the point. */
static size_t format_plain(const uint8_t *digits, uint32_t count, int32_t point, char *out)
{
    int32_t last = (int32_t)count > point ? (int32_t)count : point + 1;
    size_t len = 0;

    for (int32_t i = point > 0 ? 0 : point - 1; i < last; i++) {
        if (i == point) {
            out[len++] = '.';
        }
        out[len++] = (char)('0' + (i >= 0 && i < (int32_t)count ? digits[i] : 0));
    }
    return len;
}

size_t bw__float_text(double value, bool python, char out[BW__FLOAT_TEXT_MAX])
{
    uint8_t digits[BW__DOUBLE_DIGITS_MAX];
    size_t len = 0;
    uint32_t count;
    int32_t point;

    if (value == 0) {
        memcpy(out, "-0.0", 4);
        len = signbit(value) ? 4 : 3;
        memmove(out, out + 4 - len, len);
        return len;
    }
    if (value < 0) {
        out[len++] = '-';
    }
    count = bw__double_digits(fabs(value), digits, &point);
    if (point > 16 || point < (python ? -3 : -4)) {
        return len + format_scientific(python, digits, count, point - 1, out + len);
    }
    return len + format_plain(digits, count, point, out + len);
}
