/* SPDX-License-Identifier: MIT */
/** UTF-8 by one character at a time. Source: RFC 3629, section 4 (the ABNF). */
#include "utf8.h"

#include "bores/bytes.h"

static int is_tail(uint8_t byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t bw__utf8_step(const uint8_t *text, size_t len)
{
    /* The first tail byte's range is what excludes overlong forms (E0, F0), surrogates (ED) and
     * everything above U+10FFFF (F4). */
    uint8_t low = 0x80, high = 0xBF;
    size_t size;

    if (len == 0) {
        return 0;
    }
    if (text[0] < 0x80) {
        return 1;
    }
    if (text[0] >= 0xC2 && text[0] <= 0xDF) {
        size = 2;
    } else if (text[0] >= 0xE0 && text[0] <= 0xEF) {
        size = 3;
        low = text[0] == 0xE0 ? 0xA0 : low;
        high = text[0] == 0xED ? 0x9F : high;
    } else if (text[0] >= 0xF0 && text[0] <= 0xF4) {
        size = 4;
        low = text[0] == 0xF0 ? 0x90 : low;
        high = text[0] == 0xF4 ? 0x8F : high;
    } else {
        return 0;
    }
    if (len < size || text[1] < low || text[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < size; i++) {
        if (!is_tail(text[i])) {
            return 0;
        }
    }
    return size;
}

uint32_t bw__utf8_point(const uint8_t *text, size_t step)
{
    static const uint8_t lead_mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t value = text[0] & lead_mask[step];

    for (size_t i = 1; i < step; i++) {
        value = value << 6 | (text[i] & 0x3Fu);
    }
    return value;
}

bool bw_utf8_valid(bw_view text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t step = bw__utf8_step(text.ptr + at, text.len - at);
        if (step == 0) {
            return false;
        }
        at += step;
    }
    return true;
}
