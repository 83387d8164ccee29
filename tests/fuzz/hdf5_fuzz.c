/* SPDX-License-Identifier: MIT */
/**
 * A whole HDF5 file out of any bytes: everything in it described, listed, read, and opened as a
 * store of entries. Memory is bounded: HDF5's own by its limit, arrays by the context's.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "hdf5_memory.h"

#define MAX_INPUT (256u << 10)

/* HDF5 itself forgets blocks on its way out of damage; what we forget has no frame of its. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:H5";
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_h5_memory memory;
    bw_h5_host host;
    bw_h5_file *file = NULL;
    unsigned problems;
    bw_ctx ctx;

    if (size > MAX_INPUT) {
        return 0;
    }
    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1u << 20;
    ctx.limits.max_chunks = 4096;
    ctx.limits.max_depth = 32;
    bw_h5_set_heap_limit(bw_h5_heap_used() + (64u << 20)); /* beside what HDF5 has forgotten */
    bw_h5_memory_set(&memory, (bw_view){data, size});
    host = bw_h5_memory_host(&memory);
    if (bw_h5_open(&ctx, &host, BW_H5_READ, &file) == BW_OK) {
        (void)bw_h5_walk(&ctx, file, &problems);
        (void)bw_h5_close(&ctx, file);
    } else if (ctx.error.status == BW_ERR_INTERNAL || ctx.error.message[0] == '\0') {
        abort();
    }
    bw_h5_memory_free(&memory);
    return 0;
}
