/* SPDX-License-Identifier: MIT */
/**
 * Shortest digits by exact integer arithmetic. Of most values it is that of 128 bits: the value and the ends of
 * what reads back as it, times a power of ten that leaves seventeen digits or eighteen before the point; the
 * shortest number between the ends is the one with the most zeros behind it.
 *
 * For the others, very large and very small ones, and powers of two, there is the free-format algorithm of
 * R. G. Burger and R. K. Dybvig, "Printing Floating-Point Numbers Quickly and Accurately" (PLDI 1996), figures 1
 * and 3. printf() and strtod() would do too, but they depend on the process's locale, and in
 * WebAssembly they compute in emulated 128-bit floats.
 *
 * The value is r/s; every number nearer to it than m_plus/s above and m_minus/s below reads back as
 * it. Digits are generated until one more would no longer tell it from its neighbours.
 */
#include "double_digits.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

/* The largest is 2^1076 × 10 or 10^324 × 2^55, below 2^1136. */
#define WORDS 36u

/* A natural number, least significant word first, without leading zero words. */
typedef struct natural {
    uint32_t len;
    uint32_t words[WORDS];
} natural;

static void natural_set(natural *n, uint64_t value)
{
    n->len = 0;
    for (; value > 0; value >>= 32) {
        n->words[n->len++] = (uint32_t)value;
    }
}

static void natural_multiply(natural *n, uint32_t factor)
{
    uint64_t carry = 0;

    for (uint32_t i = 0; i < n->len; i++) {
        carry += (uint64_t)n->words[i] * factor;
        n->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0) {
        assert(n->len < WORDS);
        n->words[n->len++] = (uint32_t)carry;
    }
}

static void natural_power10(natural *n, uint32_t exponent)
{
    for (; exponent >= 9; exponent -= 9) {
        natural_multiply(n, 1000000000u);
    }
    for (; exponent > 0; exponent--) {
        natural_multiply(n, 10);
    }
}

static void natural_shift(natural *n, uint32_t bits)
{
    uint32_t whole = bits / 32;

    if (n->len == 0) {
        return;
    }
    natural_multiply(n, UINT32_C(1) << (bits % 32));
    assert(n->len + whole <= WORDS);
    memmove(n->words + whole, n->words, n->len * sizeof n->words[0]);
    memset(n->words, 0, whole * sizeof n->words[0]);
    n->len += whole;
}

static int natural_compare(const natural *a, const natural *b)
{
    if (a->len != b->len) {
        return a->len < b->len ? -1 : 1;
    }
    for (uint32_t i = a->len; i-- > 0;) {
        if (a->words[i] != b->words[i]) {
            return a->words[i] < b->words[i] ? -1 : 1;
        }
    }
    return 0;
}

/* Compares a + b with c. */
static int natural_compare_sum(const natural *a, const natural *b, const natural *c)
{
    const natural *longer = a->len > b->len ? a : b, *other = longer == a ? b : a;
    natural sum = {.len = longer->len};
    uint64_t carry = 0;

    for (uint32_t i = 0; i < longer->len; i++) {
        carry += (uint64_t)longer->words[i] + (i < other->len ? other->words[i] : 0);
        sum.words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0) {
        assert(sum.len < WORDS);
        sum.words[sum.len++] = (uint32_t)carry;
    }
    return natural_compare(&sum, c);
}

/* a −= b, where a >= b. */
static void natural_subtract(natural *a, const natural *b)
{
    uint32_t borrow = 0;

    for (uint32_t i = 0; i < a->len; i++) {
        uint64_t part = (uint64_t)(i < b->len ? b->words[i] : 0) + borrow;
        borrow = a->words[i] < part;
        a->words[i] = (uint32_t)(a->words[i] - part);
    }
    while (a->len > 0 && a->words[a->len - 1] == 0) {
        a->len--;
    }
}

typedef struct generator {
    natural r, s, m_plus, m_minus;
    bool even; /* the ends of the interval read back as the value: ties go to even mantissas */
} generator;

/* Figure 1's table: value = mantissa × 2^exponent. At a power of two the gap below is half of the
 * one above. Returns the place of the highest bit. */
static int32_t set_up(generator *g, double value)
{
    uint64_t bits, mantissa;
    int32_t exponent, top = 0;
    uint32_t narrow;

    memcpy(&bits, &value, sizeof bits);
    mantissa = bits & ((UINT64_C(1) << 52) - 1);
    exponent = (int32_t)(bits >> 52);
    narrow = mantissa == 0 && exponent > 1;
    if (exponent > 0) {
        mantissa |= UINT64_C(1) << 52;
        exponent--;
    }
    exponent -= 1074;
    natural_set(&g->r, mantissa);
    natural_set(&g->s, 1);
    natural_set(&g->m_plus, 1);
    natural_set(&g->m_minus, 1);
    natural_shift(&g->r, 1 + narrow + (exponent > 0 ? (uint32_t)exponent : 0));
    natural_shift(&g->s, 1 + narrow + (exponent < 0 ? (uint32_t)-exponent : 0));
    natural_shift(&g->m_plus, narrow + (exponent > 0 ? (uint32_t)exponent : 0));
    natural_shift(&g->m_minus, exponent > 0 ? (uint32_t)exponent : 0);
    g->even = (mantissa & 1) == 0;
    while (mantissa >> (top + 1) != 0) {
        top++;
    }
    return exponent + top;
}

static bool reaches_above(const generator *g)
{
    int order = natural_compare_sum(&g->r, &g->m_plus, &g->s);
    return g->even ? order >= 0 : order > 0;
}

static bool reaches_below(const generator *g)
{
    int order = natural_compare(&g->r, &g->m_minus);
    return g->even ? order <= 0 : order < 0;
}

static void times_ten(generator *g)
{
    natural_multiply(&g->r, 10);
    natural_multiply(&g->m_plus, 10);
    natural_multiply(&g->m_minus, 10);
}

/* Divides by 10^point so that the first digit is the tenths'. `point` is estimated from the highest
 * bit (figure 3), which is never too large and at most one too small. */
static int32_t scale(generator *g, int32_t top)
{
    int32_t point = (int32_t)ceil(top * 0.30102999566398120 - 1e-10);

    if (point >= 0) {
        natural_power10(&g->s, (uint32_t)point);
    } else {
        natural_power10(&g->r, (uint32_t)-point);
        natural_power10(&g->m_plus, (uint32_t)-point);
        natural_power10(&g->m_minus, (uint32_t)-point);
    }
    if (reaches_above(g)) {
        return point + 1;
    }
    times_ten(g);
    return point;
}

/* The last digit, of two that both read back: the nearer one, or the even one of a tie. */
static bool rounds_up(const generator *g, bool below, bool above, uint8_t digit)
{
    int order;

    if (below != above) {
        return above;
    }
    order = natural_compare_sum(&g->r, &g->r, &g->s);
    return order > 0 || (order == 0 && (digit & 1) != 0);
}

uint32_t bw__double_digits_long(double value, uint8_t digits[BW__DOUBLE_DIGITS_MAX], int32_t *point)
{
    generator g;
    uint32_t count = 0;
    bool below, above;

    *point = scale(&g, set_up(&g, value));
    do {
        uint8_t digit = 0;

        while (natural_compare(&g.r, &g.s) >= 0) {
            natural_subtract(&g.r, &g.s);
            digit++;
        }
        below = reaches_below(&g);
        above = reaches_above(&g);
        if (below || above) {
            digit += rounds_up(&g, below, above, digit);
        } else {
            times_ten(&g);
        }
        digits[count++] = digit;
    } while (!below && !above && count < BW__DOUBLE_DIGITS_MAX);
    return count;
}

/* In 128 bits ------------------------------------------------------------------------------- */

typedef struct wide {
    uint64_t high, low;
} wide;

static wide wide_multiply(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (uint32_t)middle;

    return (wide){a1 * b1 + (middle >> 32) + (other >> 32), other << 32 | (uint32_t)(a0 * b0)};
}

static wide wide_add(wide a, uint64_t b)
{
    return (wide){a.high + (a.low + b < b), a.low + b};
}

static wide wide_subtract(wide a, uint64_t b)
{
    return (wide){a.high - (a.low < b), a.low - b};
}

/* Its whole part when it is divided by 2^bits, 1 to 127; `*rest` is what is left, in units of 2^-64 and cut. */
static uint64_t wide_whole(wide a, uint32_t bits, uint64_t *rest, bool *more)
{
    if (bits < 64) {
        *rest = a.low << (64 - bits);
        *more = false;
        return a.high << (64 - bits) | a.low >> bits;
    }
    if (bits == 64) {
        *rest = a.low;
        *more = false;
        return a.high;
    }
    *rest = a.high << (128 - bits) | a.low >> (bits - 64);
    *more = a.low << (128 - bits) != 0;
    return a.high >> (bits - 64);
}

/* A number between ends, all times 10^scale; `rest` and `more` are of the value behind the point. */
typedef struct scaled {
    uint64_t least, value, most, rest;
    bool more;
    int32_t scale;
} scaled;

/* False for what 128 bits are too few for, and where the ends are not as far from the value as each other. */
static bool scale_wide(double value, scaled *out)
{
    uint64_t bits, mantissa, five = 1, rest;
    int32_t exponent, tens, shift;
    bool even, more;
    wide twice;

    memcpy(&bits, &value, sizeof bits);
    mantissa = bits & ((UINT64_C(1) << 52) - 1);
    exponent = (int32_t)(bits >> 52) - 1075;
    tens = 16 - (int32_t)floor((exponent + 52) * 0.30102999566398120);
    shift = 1 - exponent - tens;
    if (mantissa == 0 || exponent == -1075 || tens < 0 || tens > 27 || shift < 1 || shift > 127) {
        return false;
    }
    mantissa |= UINT64_C(1) << 52;
    even = (mantissa & 1) == 0; /* then the ends read back as the value, too */
    for (int32_t n = 0; n < tens; n++) {
        five *= 5;
    }
    twice = wide_multiply(2 * mantissa, five);
    out->scale = tens;
    out->least = wide_whole(wide_subtract(twice, five), (uint32_t)shift, &rest, &more);
    out->least += !even || rest != 0 || more;
    out->most = wide_whole(wide_add(twice, five), (uint32_t)shift, &rest, &more);
    out->most -= !even && rest == 0 && !more;
    out->value = wide_whole(twice, (uint32_t)shift, &out->rest, &out->more);
    return true;
}

/* The multiple of `unit` between the ends that is nearest; of two the even one. */
static uint64_t nearest(const scaled *v, uint64_t unit)
{
    uint64_t below = v->value / unit, over = v->value % unit, half = unit / 2;
    bool tie = unit == 1 ? v->rest == UINT64_C(1) << 63 && !v->more : over == half && v->rest == 0 && !v->more;
    bool up = unit == 1 ? v->rest >> 63 != 0 : over >= half;

    up = tie ? (below & 1) != 0 : up;
    up = below * unit < v->least || (up && (below + 1) * unit <= v->most);
    return below + up;
}

uint32_t bw__double_digits(double value, uint8_t digits[BW__DOUBLE_DIGITS_MAX], int32_t *point)
{
    uint64_t unit = 1, number;
    uint32_t count = 0;
    scaled v;

    if (!scale_wide(value, &v)) {
        return bw__double_digits_long(value, digits, point);
    }
    *point = -v.scale;
    while (v.most / (unit * 10) * (unit * 10) >= v.least) {
        unit *= 10;
        ++*point;
    }
    number = nearest(&v, unit);
    for (uint64_t left = number; left > 0; left /= 10) {
        count++;
    }
    for (uint32_t at = count; at-- > 0; number /= 10) {
        digits[at] = (uint8_t)(number % 10);
    }
    *point += (int32_t)count;
    return count;
}
