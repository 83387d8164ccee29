/* SPDX-License-Identifier: MIT */
#include "failing_allocator.h"

#include "check.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

/* Before each block, so that releases can be counted in bytes. */
typedef struct header {
    alignas(max_align_t) size_t nbytes;
} header;

static void *heap_alloc(void *user, size_t nbytes)
{
    bw_test_heap *heap = user;
    header *block;

    heap->count++;
    if (heap->count == heap->fail_at || nbytes > SIZE_MAX - sizeof *block) {
        return NULL;
    }
    block = malloc(sizeof *block + nbytes);
    if (block == NULL) {
        return NULL;
    }
    block->nbytes = nbytes;
    heap->live++;
    heap->live_bytes += nbytes;
    if (heap->live_bytes > heap->peak_bytes) {
        heap->peak_bytes = heap->live_bytes;
    }
    /* Nobody may count on fresh memory being zero. */
    memset(block + 1, 0xa5, nbytes);
    return block + 1;
}

static void heap_release(void *user, void *ptr)
{
    bw_test_heap *heap = user;
    header *block = ptr;

    if (ptr == NULL) {
        return;
    }
    block--;
    heap->live--;
    heap->live_bytes -= block->nbytes;
    free(block);
}

static void *heap_resize(void *user, void *ptr, size_t old, size_t now)
{
    void *moved = heap_alloc(user, now);

    if (moved != NULL && ptr != NULL) {
        memcpy(moved, ptr, old < now ? old : now);
        heap_release(user, ptr);
    }
    return moved;
}

bw_allocator bw_test_failing_allocator(bw_test_heap *heap)
{
    return (bw_allocator){heap_alloc, heap_resize, heap_release, heap};
}

bool bw_test_loop_next(bw_test_loop *loop, bw_ctx *ctx, bw_status st, const char *file, int line)
{
    uint64_t fail_at = loop->started ? loop->heap.fail_at + 1 : 1;

    if (loop->started) {
        bool failed_one = loop->heap.count >= loop->heap.fail_at;

        check_uint(file, line, "blocks left allocated", loop->heap.live, 0);
        if (!failed_one) {
            check_status(file, line, "with enough memory", ctx, st, BW_OK);
            return false;
        }
        if (!check_status(file, line, "with a failed allocation", ctx, st, BW_ERR_NOMEM)) {
            return false;
        }
    }
    loop->started = true;
    loop->heap = (bw_test_heap){.fail_at = fail_at};
    bw_ctx_init_with(ctx, bw_test_failing_allocator(&loop->heap));
    return true;
}
