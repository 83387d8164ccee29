/* SPDX-License-Identifier: MIT */
/**
 * An allocator that counts and that fails when told to, and a loop that fails the 1st,
 * 2nd, … allocation of a body until the body gets through:
 *
 *     bw_ctx ctx;
 *     bw_status st = BW_OK;
 *
 *     FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
 *         st = bw_thing_new(&ctx, …, &thing);
 *         bw_thing_free(&ctx, thing);       // whatever happened
 *     }
 *
 * After each round it checks that nothing is left allocated and that the status was
 * BW_ERR_NOMEM if an allocation failed.
 */
#ifndef BORES_FAILING_ALLOCATOR_H
#define BORES_FAILING_ALLOCATOR_H

#include "bores/context.h"

typedef struct bw_test_heap {
    uint64_t count;      /**< allocations (and growths) asked for so far */
    uint64_t fail_at;    /**< the one that fails, from 1; 0 is none */
    uint64_t live;       /**< blocks not released yet */
    uint64_t live_bytes; /**< their bytes */
    uint64_t peak_bytes; /**< the most there ever were */
} bw_test_heap;

/** The allocator over `heap`, which is borrowed. Resizing always moves the block. */
bw_allocator bw_test_failing_allocator(bw_test_heap *heap);

typedef struct bw_test_loop {
    bw_test_heap heap;
    bool started;
} bw_test_loop;

/** Checks the round before, if there was one, and sets up `ctx` for the next; false at the end. */
bool bw_test_loop_next(bw_test_loop *loop, bw_ctx *ctx, bw_status st, const char *file, int line);

#define FOR_EACH_FAILING_ALLOCATION(ctx, st)           \
    for (bw_test_loop bw_loop = {.started = false};    \
         bw_test_loop_next(&bw_loop, (ctx), (st), __FILE__, __LINE__);)

#endif
