/* SPDX-License-Identifier: MIT */
/*
 * For modules whose formats are not Zarr: what the engine asks of it is answered with "there is none",
 * and so is not linked.
 */
#include "op/engine.h"

bw_status bw__array_produce(bw_ctx *ctx, bw_op *op, bool *produced)
{
    (void)ctx;
    (void)op;
    *produced = false;
    return BW_OK;
}

void bw__array_tasks_free(bw_ctx *ctx, bw_op *op)
{
    (void)ctx;
    (void)op;
}

void bw__meta_cache_free(bw_ctx *ctx, struct bw_meta_cache *cache)
{
    (void)ctx;
    (void)cache;
}

bool bw__consolidated_document(const bw_store *store, bw_view key, bw_view *text)
{
    (void)store;
    (void)key;
    (void)text;
    return false;
}

bw_status bw__consolidated_list(bw_ctx *ctx, bw_op *op, bw_view folder, bw_view *names)
{
    (void)op;
    (void)folder;
    *names = (bw_view){0};
    return bw_fail(ctx, BW_ERR_INTERNAL, "no folders here");
}
