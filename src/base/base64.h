/* SPDX-License-Identifier: MIT */
/** Base64 (RFC 4648, section 4), strictly: padded, nothing but the alphabet, no stray bits. */
#ifndef BORES_BASE_BASE64_H
#define BORES_BASE_BASE64_H

#include "bores/bytes.h"

/** The bytes that `text` decodes to, by its length and padding alone. */
size_t bw__base64_size(bw_view text);

/**
 * Decodes `text` to `out`, which holds bw__base64_size() bytes.
 * Errors: BW_ERR_CORRUPT naming the character's place. `out` is unspecified then.
 */
bw_status bw__base64_decode(bw_ctx *ctx, bw_view text, uint8_t *out);

/** The characters that `nbytes` bytes encode to. */
static inline size_t bw__base64_length(size_t nbytes)
{
    return (nbytes / 3 + (nbytes % 3 != 0)) * 4;
}

/** Encodes `in` to bw__base64_length() characters at `out`, without a terminator. */
void bw__base64_encode(bw_view in, char *out);

#endif
