/* SPDX-License-Identifier: MIT */
/** What many tests begin with: a context with an arena, and arrays over memory of the test's. */
#ifndef BORES_TEST_FIXTURE_H
#define BORES_TEST_FIXTURE_H

#include "bores/array.h"
#include "check.h"

typedef struct fixture {
    bw_ctx ctx;
    bw_arena arena;
} fixture;

/** The only one of its program, empty; what it had before is forgotten, so free its arena first. */
static inline fixture *setup(void)
{
    static fixture f;

    bw_ctx_init(&f.ctx);
    f.arena = (bw_arena){0};
    return &f;
}

/** `data` is borrowed. */
static inline bw_array make_array(const char *dtype, uint32_t rank, const uint64_t *shape, void *data)
{
    bw_array array = {.rank = rank, .data = data};
    uint64_t count;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (uint32_t d = 0; d < rank; d++) {
        array.shape[d] = shape[d];
    }
    CHECK_OK(&ctx, bw_dtype_parse(&ctx, bw_view_text(dtype), &array.dtype));
    CHECK_OK(&ctx, bw_array_size(&ctx, array.dtype, rank, shape, &count, &array.nbytes));
    return array;
}

#endif
