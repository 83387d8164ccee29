/* SPDX-License-Identifier: MIT */
/**
 * The context: allocation through the caller's allocator, and the last error.
 *
 * Error text quotes input, so it is made well-formed UTF-8 here, in one place, and
 * is cut between characters: whoever shows it need not trust it.
 */
#include "bores/context.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

static void *default_alloc(void *user, size_t nbytes)
{
    (void)user;
    return malloc(nbytes);
}

static void *default_resize(void *user, void *ptr, size_t old, size_t now)
{
    (void)user;
    (void)old;
    return realloc(ptr, now);
}

static void default_release(void *user, void *ptr)
{
    (void)user;
    free(ptr);
}

void bw_ctx_init(bw_ctx *ctx)
{
    bw_ctx_init_with(ctx, (bw_allocator){default_alloc, default_resize, default_release, NULL});
}

void bw_ctx_init_with(bw_ctx *ctx, bw_allocator allocator)
{
    assert(ctx != NULL && allocator.alloc != NULL);
    assert(allocator.resize != NULL && allocator.release != NULL);
    memset(ctx, 0, sizeof *ctx);
    ctx->allocator = allocator;
    /* Below 2 GiB, so that sizes and addresses of one array stay positive in 32-bit arithmetic. */
    ctx->limits.max_array_bytes = (UINT64_C(2) << 30) - (UINT64_C(64) << 10);
    ctx->limits.max_chunks = UINT64_C(1) << 24;
    ctx->limits.max_document_bytes = UINT64_C(64) << 20;
    ctx->limits.max_consolidated_bytes = UINT64_C(512) << 20;
    ctx->limits.max_depth = 128;
}

/* Copies text into a buffer of `cap` bytes: what is no UTF-8 or no printable character becomes
 * '?', and what does not fit is cut before the character that would be split. */
static void copy_text(char *out, size_t cap, const char *text, size_t len)
{
    size_t at = 0, used = 0;

    while (at < len) {
        size_t step = bw__utf8_step((const uint8_t *)text + at, len - at);
        bool plain = step > 1 || (step == 1 && (unsigned char)text[at] >= 0x20 && text[at] != 0x7f);
        size_t size = plain ? step : 1;

        if (used + size >= cap) {
            break;
        }
        if (plain) {
            memcpy(out + used, text + at, size);
        } else {
            out[used] = '?';
        }
        used += size;
        at += size;
    }
    out[used] = '\0';
}

bw_status bw_fail(bw_ctx *ctx, bw_status status, const char *fmt, ...)
{
    /* Apart, since the arguments may point into ctx->error; a character longer than the message,
     * so that vsnprintf's cut lies beyond copy_text()'s. */
    char text[sizeof ctx->error.message + 4];
    va_list args;

    assert(ctx != NULL && status != BW_OK);
    va_start(args, fmt);
    if (vsnprintf(text, sizeof text, fmt, args) < 0) {
        text[0] = '\0';
    }
    va_end(args);
    ctx->error.status = status;
    ctx->error.key[0] = '\0';
    ctx->error.needed = 0;
    ctx->error.limit = 0;
    copy_text(ctx->error.message, sizeof ctx->error.message, text, strlen(text));
    return status;
}

bw_status bw_fail_limit(bw_ctx *ctx, const char *what, uint64_t needed, uint64_t limit)
{
    bw_fail(ctx, BW_ERR_LIMIT, "%s: %llu exceeds the limit of %llu", what,
            (unsigned long long)needed, (unsigned long long)limit);
    ctx->error.needed = needed;
    ctx->error.limit = limit;
    return BW_ERR_LIMIT;
}

bw_status bw_fail_at(bw_ctx *ctx, const char *key, size_t key_len)
{
    bw_error *error = &ctx->error;
    char text[sizeof error->key + sizeof error->message + 2];
    size_t used, rest = strlen(error->message);

    assert(error->status != BW_OK);
    if (error->key[0] != '\0' || key_len == 0) {
        return error->status;
    }
    copy_text(error->key, sizeof error->key, key, key_len);
    used = strlen(error->key);
    memcpy(text, error->key, used);
    memcpy(text + used, ": ", 2);
    memcpy(text + used + 2, error->message, rest);
    copy_text(error->message, sizeof error->message, text, used + 2 + rest);
    return error->status;
}

void *bw_alloc(bw_ctx *ctx, size_t nbytes)
{
    /* Allocators may answer NULL for 0 bytes; here NULL always means failure. */
    void *ptr = ctx->allocator.alloc(ctx->allocator.user, nbytes == 0 ? 1 : nbytes);
    if (ptr == NULL) {
        bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu bytes were asked for", nbytes);
    }
    return ptr;
}

void *bw_alloc_zeroed(bw_ctx *ctx, size_t nbytes)
{
    void *ptr = bw_alloc(ctx, nbytes);
    if (ptr != NULL) {
        memset(ptr, 0, nbytes);
    }
    return ptr;
}

void *bw_resize(bw_ctx *ctx, void *ptr, size_t old, size_t now)
{
    void *moved;

    if (ptr == NULL) {
        return bw_alloc(ctx, now);
    }
    moved = ctx->allocator.resize(ctx->allocator.user, ptr, old, now == 0 ? 1 : now);
    if (moved == NULL) {
        bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu bytes were asked for, %zu held", now, old);
    }
    return moved;
}

void bw_release(bw_ctx *ctx, void *ptr)
{
    ctx->allocator.release(ctx->allocator.user, ptr);
}
