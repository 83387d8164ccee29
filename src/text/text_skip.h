/* SPDX-License-Identifier: MIT */
/**
 * Over plain text at memory speed: 16 bytes at a time where the build has 128-bit vectors (SSE2,
 * which emscripten maps to simd128), else 8 in a word. Source of the latter: H. S. Warren,
 * Hacker's Delight, 6-1 ("Find First 0-Byte").
 */
#ifndef BORES_TEXT_TEXT_SKIP_H
#define BORES_TEXT_TEXT_SKIP_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/** True for what ends a run inside of a JSON string: quote, backslash, control, not ASCII. */
static inline int bw__ends_plain(uint8_t byte)
{
    return byte < 0x20 || byte == '"' || byte == '\\' || byte >= 0x80;
}

/** The first byte in [at, end) that ends a run, or `end`. */
const uint8_t *bw__skip_plain(const uint8_t *at, const uint8_t *end);
/** The first byte in [at, end) that is `one` or `other`, or `end`. */
const uint8_t *bw__find_either(const uint8_t *at, const uint8_t *end, uint8_t one, uint8_t other);
/** Where the run of base64 characters (and '=') that ends at `end` begins, in [begin, end]. */
const uint8_t *bw__base64_run(const uint8_t *begin, const uint8_t *end);

/** The first byte in [at, end) that is no space (0x20), or `end`: indentation. */
static inline const uint8_t *bw__skip_blanks(const uint8_t *at, const uint8_t *end)
{
    uint64_t word;

    while (end - at >= 8 && (memcpy(&word, at, 8), word == UINT64_C(0x2020202020202020))) {
        at += 8;
    }
    while (at < end && *at == ' ') {
        at++;
    }
    return at;
}

#endif
