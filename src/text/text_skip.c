/* SPDX-License-Identifier: MIT */
/* Runs of plain text; see text_skip.h. */
#include "text_skip.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

const uint8_t *bw__skip_plain(const uint8_t *at, const uint8_t *end)
{
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
    const __m128i space = _mm_set1_epi8(0x20);

    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        /* signed: bytes from 0x80 on are below 0x20, too */
        __m128i found = _mm_or_si128(_mm_cmpgt_epi8(space, bytes),
                                     _mm_or_si128(_mm_cmpeq_epi8(bytes, quote),
                                                  _mm_cmpeq_epi8(bytes, slash)));
        unsigned mask = (unsigned)_mm_movemask_epi8(found);
        if (mask != 0) {
            return at + __builtin_ctz(mask);
        }
    }
#else
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;

    for (; end - at >= 8; at += 8) {
        uint64_t word, quotes, slashes;
        memcpy(&word, at, 8);
        quotes = word ^ (ones * '"');
        slashes = word ^ (ones * '\\');
        if ((((word - ones * 0x20) | (quotes - ones) | (slashes - ones) | word) & highs) != 0) {
            break;
        }
    }
#endif
    while (at < end && !bw__ends_plain(*at)) {
        at++;
    }
    return at;
}

const uint8_t *bw__find_either(const uint8_t *at, const uint8_t *end, uint8_t one, uint8_t other)
{
#if defined(__SSE2__)
    const __m128i ones = _mm_set1_epi8((char)one), others = _mm_set1_epi8((char)other);

    for (; end - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)at);
        unsigned mask = (unsigned)_mm_movemask_epi8(
            _mm_or_si128(_mm_cmpeq_epi8(bytes, ones), _mm_cmpeq_epi8(bytes, others)));
        if (mask != 0) {
            return at + __builtin_ctz(mask);
        }
    }
#endif
    while (at < end && *at != one && *at != other) {
        at++;
    }
    return at;
}

/* Bit b of word w is set where 64 w + b is in the alphabet: + / 0-9 =, and A-Z a-z. */
static int is_base64(uint8_t byte)
{
    static const uint64_t alphabet[4] = {UINT64_C(0x23FF880000000000), UINT64_C(0x07FFFFFE07FFFFFE)};

    return (alphabet[byte >> 6] >> (byte & 63) & 1) != 0;
}

const uint8_t *bw__base64_run(const uint8_t *begin, const uint8_t *end)
{
    const uint8_t *at = end;

#if defined(__SSE2__)
    while (at - begin >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at - 16));
        __m128i low = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        __m128i letters = _mm_and_si128(_mm_cmpgt_epi8(low, _mm_set1_epi8('a' - 1)),
                                        _mm_cmpgt_epi8(_mm_set1_epi8('z' + 1), low));
        __m128i digits = _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8('/' - 1)),
                                       _mm_cmpgt_epi8(_mm_set1_epi8('9' + 1), bytes));
        __m128i others = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('+')),
                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')));
        if (_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(letters, digits), others)) != 0xFFFF) {
            break;
        }
        at -= 16;
    }
#endif
    while (at > begin && is_base64(at[-1])) {
        at--;
    }
    return at;
}
