/* SPDX-License-Identifier: MIT */
/** A `.zarray` document; what is accepted must keep the promises of bores/zarr.h. */
#include "bores/zarr.h"
#include "fuzz.h"
#include "require.h"

static void check_promises(bw_ctx *ctx, bw_arena *arena, const bw_array_meta *meta)
{
    bw_region region = {.rank = meta->rank};
    bw_chunk_read read = {0};
    uint64_t coord[BW_MAX_RANK];

    require(meta->rank <= BW_MAX_RANK && meta->dtype.itemsize > 0 && meta->fill != NULL);
    for (uint32_t d = 0; d < meta->rank; d++) {
        require(meta->chunks[d] >= 1);
        region.step[d] = 1; /* the last element, if there is one */
        region.start[d] = meta->shape[d] == 0 ? 0 : meta->shape[d] - 1;
        region.count[d] = meta->shape[d] == 0 ? 0 : 1;
    }
    if (bw_chunk_read_begin(ctx, arena, meta, &region, &read) != BW_OK) {
        return;
    }
    while (bw_chunk_read_next(&read, coord)) {
        bw_bytes key = {0};
        require(bw_zarr_chunk_key(ctx, meta, coord, &key) == BW_OK);
        require(bw_chunk_read_place(ctx, &read, coord, (bw_view){NULL, 0}) == BW_OK);
        bw_bytes_free(ctx, &key);
    }
    bw_chunk_read_end(ctx, &read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_array_meta *meta = NULL;

    bw_ctx_init(&ctx);
    ctx.limits.max_array_bytes = 1 << 20;
    if (bw_zarr_meta_parse(&ctx, &arena, (bw_view){data, size}, &meta) == BW_OK) {
        check_promises(&ctx, &arena, meta);
    }
    bw_arena_free(&ctx, &arena);
    return 0;
}
