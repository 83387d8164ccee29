/* SPDX-License-Identifier: MIT */
/**
 * An arena: many small objects that end together, and large blocks that may move
 * out. Trees live in one, so that a parse that fails half-way leaks nothing.
 */
#ifndef BORES_ARENA_H
#define BORES_ARENA_H

#include "bores/bytes.h"

typedef struct bw_arena_block bw_arena_block;

/** Zero-initialised is empty. End with bw_arena_free(). */
typedef struct bw_arena {
    bw_arena_block *blocks;
    uint64_t nbytes; /**< what it holds in all, for memory accounts */
} bw_arena;

/** 16-byte aligned, not zeroed; NULL (BW_ERR_NOMEM recorded) when memory is out. */
void *bw_arena_alloc(bw_ctx *ctx, bw_arena *arena, size_t nbytes);
void *bw_arena_alloc_zeroed(bw_ctx *ctx, bw_arena *arena, size_t nbytes);
/** A copy with a terminating NUL behind its `len` bytes. */
char *bw_arena_copy(bw_ctx *ctx, bw_arena *arena, const void *data, size_t len);
/** Everything in `from` now belongs to `into`; pointers stay valid. */
void bw_arena_adopt(bw_arena *into, bw_arena *from);
void bw_arena_free(bw_ctx *ctx, bw_arena *arena);

#endif
