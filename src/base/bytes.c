/* SPDX-License-Identifier: MIT */
/** A growing byte buffer, and comparisons of borrowed bytes. */
#include "bores/bytes.h"

#include <string.h>

bw_status bw_bytes_reserve(bw_ctx *ctx, bw_bytes *bytes, size_t extra)
{
    size_t need, cap;
    uint8_t *grown;

    if (extra <= bytes->cap - bytes->len) {
        return BW_OK;
    }
    if (extra > SIZE_MAX - bytes->len) {
        return bw_fail(ctx, BW_ERR_NOMEM,
                       "out of memory: a buffer of %zu bytes cannot take %zu more", bytes->len,
                       extra);
    }
    need = bytes->len + extra;
    cap = bytes->cap > SIZE_MAX / 2 ? SIZE_MAX : bytes->cap * 2;
    if (cap < need) {
        cap = need; /* the first reservation is exact: most buffers are filled once */
    }
    grown = bw_resize(ctx, bytes->ptr, bytes->cap, cap);
    if (grown == NULL) {
        return BW_ERR_NOMEM;
    }
    bytes->ptr = grown;
    bytes->cap = cap;
    return BW_OK;
}

bw_status bw_bytes_append(bw_ctx *ctx, bw_bytes *bytes, const void *data, size_t len)
{
    BW_TRY(bw_bytes_reserve(ctx, bytes, len));
    if (len > 0) {
        memcpy(bytes->ptr + bytes->len, data, len);
        bytes->len += len;
    }
    return BW_OK;
}

bw_status bw_bytes_append_text(bw_ctx *ctx, bw_bytes *bytes, const char *text)
{
    return bw_bytes_append(ctx, bytes, text, strlen(text));
}

void bw_bytes_free(bw_ctx *ctx, bw_bytes *bytes)
{
    bw_release(ctx, bytes->ptr);
    *bytes = (bw_bytes){0};
}

bw_view bw_view_text(const char *text)
{
    return (bw_view){(const uint8_t *)text, strlen(text)};
}

bool bw_view_equal(bw_view a, bw_view b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
