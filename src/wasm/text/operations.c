/* SPDX-License-Identifier: MIT */
/*
 * The text module: the operations over JSON and YAML, with the exports of ../exports.c. What the
 * engine asks of Zarr is answered here with "there is none", and so is not linked.
 */
#include "text/text_store.h"

const bw_op_type *const bw__op_types[] = {
    &bw__text_open_op, &bw__text_entries_op, &bw__text_load_op,   &bw__text_inventory_op,
    &bw__text_read_op, &bw__text_verify_op,  &bw__text_encode_op, NULL,
};

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
    return bw_fail(ctx, BW_ERR_INTERNAL, "no folders in text");
}
