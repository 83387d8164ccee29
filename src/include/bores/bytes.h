/* SPDX-License-Identifier: MIT */
/** Byte ranges: a borrowed view, and a growing buffer that is owned. */
#ifndef BORES_BYTES_H
#define BORES_BYTES_H

#include "bores/context.h"

/** Borrowed bytes. `ptr == NULL` means "absent", which is not the same as empty. */
typedef struct bw_view {
    const uint8_t *ptr;
    size_t len;
} bw_view;

/** Owned bytes, end with bw_bytes_free(). Zero-initialised is empty. */
typedef struct bw_bytes {
    uint8_t *ptr;
    size_t len;
    size_t cap;
} bw_bytes;

bw_status bw_bytes_reserve(bw_ctx *ctx, bw_bytes *bytes, size_t extra);
bw_status bw_bytes_append(bw_ctx *ctx, bw_bytes *bytes, const void *data, size_t len);
bw_status bw_bytes_append_text(bw_ctx *ctx, bw_bytes *bytes, const char *text);
void bw_bytes_free(bw_ctx *ctx, bw_bytes *bytes);

static inline bw_view bw_bytes_view(const bw_bytes *bytes)
{
    return (bw_view){bytes->ptr, bytes->len};
}

/** Text literals as views, without the terminator. */
#define BW_VIEW(text) ((bw_view){(const uint8_t *)(text), sizeof(text) - 1})
bw_view bw_view_text(const char *text);
/** True for the same bytes; absent and empty are equal here. */
bool bw_view_equal(bw_view a, bw_view b);
/** True for well-formed UTF-8 (no surrogates, no overlong forms; RFC 3629). */
bool bw_utf8_valid(bw_view text);

#endif
