/* SPDX-License-Identifier: MIT */
/**
 * The context: allocator, limits and the last error. First parameter of every
 * fallible function; there are no globals. One context per thread.
 */
#ifndef BORES_CONTEXT_H
#define BORES_CONTEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bores/status.h"

/** Where memory comes from. All three get `user` back. */
typedef struct bw_allocator {
    void *(*alloc)(void *user, size_t nbytes);                      /**< NULL: out of memory */
    void *(*resize)(void *user, void *ptr, size_t old, size_t now); /**< NULL: `ptr` stands */
    void (*release)(void *user, void *ptr);                         /**< accepts NULL */
    void *user;
} bw_allocator;

/** What input may ask for at the most; beyond it: BW_ERR_LIMIT naming both numbers. */
typedef struct bw_limits {
    uint64_t max_array_bytes;    /**< bytes of one decoded array or region (default 2 GiB - 64 KiB) */
    uint64_t max_chunks;         /**< chunks that one read touches (default 2^24) */
    uint64_t max_document_bytes; /**< bytes of one metadata document (default 64 MiB) */
    uint64_t max_consolidated_bytes; /**< bytes of one `.zmetadata` (default 512 MiB) */
    uint32_t max_depth;          /**< nesting of a metadata document or a tree (default 128) */
} bw_limits;

/** The last failure. `key` is the store key or path it concerns, "" when none is known. */
typedef struct bw_error {
    bw_status status;
    char message[512]; /**< UTF-8, always terminated; begins with the key when there is one */
    char key[256];     /**< cut at a character boundary when longer */
    uint64_t needed;   /**< for BW_ERR_LIMIT: what was asked for, else 0 */
    uint64_t limit;    /**< for BW_ERR_LIMIT: what is allowed, else 0 */
} bw_error;

typedef struct bw_ctx {
    bw_allocator allocator;
    bw_limits limits;
    bw_error error;
} bw_ctx;

/** Fills `ctx` with malloc/realloc/free and the default limits. */
void bw_ctx_init(bw_ctx *ctx);

/** As bw_ctx_init() with an allocator of the caller's, borrowed for the context's life. */
void bw_ctx_init_with(bw_ctx *ctx, bw_allocator allocator);

#if defined(__GNUC__)
#define BW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define BW_PRINTF(fmt, args)
#endif

/**
 * Records a failure and returns `status`, for `return bw_fail(ctx, …)`. Replaces
 * what was recorded before. The text names the thing and both values.
 */
bw_status bw_fail(bw_ctx *ctx, bw_status status, const char *fmt, ...) BW_PRINTF(3, 4);

/** bw_fail() for BW_ERR_LIMIT with both numbers kept for the caller. */
bw_status bw_fail_limit(bw_ctx *ctx, const char *what, uint64_t needed, uint64_t limit);

/**
 * Adds the store key to the failure just recorded, unless it already names one;
 * the message becomes "KEY: message". Returns the recorded status.
 */
bw_status bw_fail_at(bw_ctx *ctx, const char *key, size_t key_len);

/** Allocation through the context; on failure BW_ERR_NOMEM is recorded, NULL returned. */
void *bw_alloc(bw_ctx *ctx, size_t nbytes);
void *bw_alloc_zeroed(bw_ctx *ctx, size_t nbytes);
void *bw_resize(bw_ctx *ctx, void *ptr, size_t old, size_t now);
void bw_release(bw_ctx *ctx, void *ptr);

/** Returns from the calling function on failure; for functions that own nothing yet. */
#define BW_TRY(expr)                            \
    do {                                        \
        bw_status bw_try_status = (expr);       \
        if (bw_try_status != BW_OK) {           \
            return bw_try_status;               \
        }                                       \
    } while (0)

/** Jumps to the one `done:` label on failure, with `st` holding the status. */
#define BW_GO(expr)            \
    do {                       \
        st = (expr);           \
        if (st != BW_OK) {     \
            goto done;         \
        }                      \
    } while (0)

#endif
