/* SPDX-License-Identifier: MIT */
/**
 * Bump allocation: the first block of the list is the one being filled. Blocks double up to
 * BLOCK_MAX, so a small tree costs one small allocation; an object that would waste much of a
 * block gets one of its own, behind the first, which goes on being filled.
 */
#include "bores/arena.h"

#include <assert.h>
#include <string.h>

#define ALIGNMENT 16u
#define BLOCK_MIN 1024u
#define BLOCK_MAX 65536u

struct bw_arena_block {
    bw_arena_block *next;
    uint8_t *data; /* aligned, behind this header */
    size_t used, cap;
};

static bw_arena_block *block_new(bw_ctx *ctx, bw_arena *arena, size_t cap)
{
    const size_t overhead = sizeof(bw_arena_block) + ALIGNMENT - 1;
    bw_arena_block *block;

    if (cap > SIZE_MAX - overhead) {
        bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu bytes were asked for", cap);
        return NULL;
    }
    block = bw_alloc(ctx, overhead + cap);
    if (block == NULL) {
        return NULL;
    }
    block->next = NULL;
    block->data = (uint8_t *)(block + 1);
    block->data += (ALIGNMENT - (uintptr_t)block->data % ALIGNMENT) % ALIGNMENT;
    block->used = 0;
    block->cap = cap;
    arena->nbytes += overhead + cap;
    return block;
}

/* A block for `size` bytes: a fresh first one, or one of the object's own behind the first. */
static bw_arena_block *block_for(bw_ctx *ctx, bw_arena *arena, size_t size)
{
    size_t cap = arena->blocks == NULL ? BLOCK_MIN : arena->blocks->cap * 2;
    bw_arena_block *block;

    /* An object's own block can become the first one too, of any size. */
    cap = cap < BLOCK_MIN ? BLOCK_MIN : cap > BLOCK_MAX ? BLOCK_MAX : cap;
    if (size <= cap / 4) {
        block = block_new(ctx, arena, cap);
        if (block != NULL) {
            block->next = arena->blocks;
            arena->blocks = block;
        }
        return block;
    }
    block = block_new(ctx, arena, size);
    if (block == NULL) {
        return NULL;
    }
    if (arena->blocks == NULL) {
        arena->blocks = block;
    } else {
        block->next = arena->blocks->next;
        arena->blocks->next = block;
    }
    return block;
}

void *bw_arena_alloc(bw_ctx *ctx, bw_arena *arena, size_t nbytes)
{
    bw_arena_block *block = arena->blocks;
    size_t size = nbytes == 0 ? 1 : nbytes;
    void *ptr;

    if (size > SIZE_MAX - (ALIGNMENT - 1)) {
        bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu bytes were asked for", nbytes);
        return NULL;
    }
    size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (block == NULL || size > block->cap - block->used) {
        block = block_for(ctx, arena, size);
        if (block == NULL) {
            return NULL;
        }
    }
    ptr = block->data + block->used;
    block->used += size;
    return ptr;
}

void *bw_arena_alloc_zeroed(bw_ctx *ctx, bw_arena *arena, size_t nbytes)
{
    void *ptr = bw_arena_alloc(ctx, arena, nbytes);
    if (ptr != NULL) {
        memset(ptr, 0, nbytes);
    }
    return ptr;
}

char *bw_arena_copy(bw_ctx *ctx, bw_arena *arena, const void *data, size_t len)
{
    char *copy;

    if (len == SIZE_MAX) {
        bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu bytes were asked for", len);
        return NULL;
    }
    copy = bw_arena_alloc(ctx, arena, len + 1);
    if (copy != NULL) {
        if (len > 0) {
            memcpy(copy, data, len);
        }
        copy[len] = '\0';
    }
    return copy;
}

void bw_arena_adopt(bw_arena *into, bw_arena *from)
{
    bw_arena_block *last = from->blocks;

    assert(into != from);
    if (last == NULL) {
        return;
    }
    if (into->blocks == NULL) {
        into->blocks = from->blocks;
    } else {
        while (last->next != NULL) {
            last = last->next;
        }
        last->next = into->blocks->next;
        into->blocks->next = from->blocks;
    }
    into->nbytes += from->nbytes;
    *from = (bw_arena){0};
}

void bw_arena_free(bw_ctx *ctx, bw_arena *arena)
{
    bw_arena_block *block = arena->blocks;
    while (block != NULL) {
        bw_arena_block *next = block->next;
        bw_release(ctx, block);
        block = next;
    }
    *arena = (bw_arena){0};
}
