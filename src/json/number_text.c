/* SPDX-License-Identifier: MIT */
/* Numbers as text; see number_text.h. */
#include "number_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CHARACTERS 400u

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bw_view trim(bw_view text)
{
    while (text.len > 0 && is_space(text.ptr[text.len - 1])) {
        text.len--;
    }
    while (text.len > 0 && is_space(text.ptr[0])) {
        text.ptr++;
        text.len--;
    }
    return text;
}

/* `word` is in lower case. */
static bool is_word(bw_view text, const char *word)
{
    if (text.len != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if ((text.ptr[i] | 0x20) != word[i]) {
            return false;
        }
    }
    return true;
}

static size_t over_digits(bw_view text, size_t at)
{
    while (at < text.len && is_digit(text.ptr[at])) {
        at++;
    }
    return at;
}

/* Whether an unsigned token is a number; `*integer` when it is digits alone. */
static bool is_number(bw_view text, bool *integer)
{
    size_t whole = over_digits(text, 0), at = whole, part = whole, power;

    if (at < text.len && text.ptr[at] == '.') {
        part = over_digits(text, at + 1);
        at = part;
        part -= 1;
    }
    *integer = at == whole;
    if (part == 0) {
        return false; /* no digit on either side */
    }
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        at++;
        at += at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-');
        power = over_digits(text, at);
        if (power == at) {
            return false;
        }
        at = power;
        *integer = false;
    }
    return at == text.len;
}

/* The magnitude of digits, if 64 bits can hold it. */
static bool magnitude_of(bw_view digits, uint64_t *out)
{
    uint64_t value = 0;

    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.ptr[i] - '0');
        if (value > (UINT64_MAX - digit) / 10) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

bool bw__number_from_text(bw_view text, bw_node *out)
{
    char copy[MOST_CHARACTERS + 1];
    bool negative, integer;
    uint64_t magnitude;
    bw_view token = trim(text);

    negative = token.len > 0 && token.ptr[0] == '-';
    if (negative || (token.len > 0 && token.ptr[0] == '+')) {
        token = (bw_view){token.ptr + 1, token.len - 1};
    }
    *out = (bw_node){.type = BW_NODE_FLOAT};
    if (is_word(token, "nan")) {
        out->number = NAN;
        return true;
    }
    if (is_word(token, "inf") || is_word(token, "infinity")) {
        out->number = negative ? -INFINITY : INFINITY;
        return true;
    }
    if (token.len > MOST_CHARACTERS || !is_number(token, &integer)) {
        return false;
    }
    if (integer && magnitude_of(token, &magnitude) &&
        magnitude <= (uint64_t)INT64_MAX + negative) {
        *out = (bw_node){.type = BW_NODE_INT,
                         .integer = (int64_t)(negative ? 0 - magnitude : magnitude)};
        return true;
    }
    memcpy(copy, token.ptr, token.len);
    copy[token.len] = '\0';
    out->number = negative ? -strtod(copy, NULL) : strtod(copy, NULL);
    if (integer && !negative && magnitude_of(token, &magnitude)) {
        out->natural = magnitude;
    }
    return true;
}

bool bw__bits_from_text(bw_view text, uint32_t size, bool exact, uint64_t *out)
{
    bw_view token = trim(text);
    uint64_t bits = 0;

    if (token.len < 3 || token.len > 2 + 2 * (size_t)size || token.ptr[0] != '0' ||
        (token.ptr[1] | 0x20) != 'x' || (exact && token.len != 2 + 2 * (size_t)size)) {
        return false;
    }
    for (size_t i = 2; i < token.len; i++) {
        uint8_t byte = token.ptr[i], low = byte | 0x20;
        if (!is_digit(byte) && (low < 'a' || low > 'f')) {
            return false;
        }
        bits = bits << 4 | (uint64_t)(is_digit(byte) ? byte - '0' : low - 'a' + 10);
    }
    *out = bits;
    return true;
}
