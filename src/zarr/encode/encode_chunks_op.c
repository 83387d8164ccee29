/* SPDX-License-Identifier: MIT */
/*
 * zarr.encode_chunks: a part of an array, whole chunks of it, as keys and bytes. It wants nothing: who
 * writes less than whole chunks reads the rest first.
 */
#include "encode_zarr.h"

typedef struct part {
    bw_view path;
    bw_array_meta *meta;
    const bw_array *data;
    uint64_t start[BW_MAX_RANK];
} part;

static bw_status read_start(bw_ctx *ctx, const bw_op *op, part *p)
{
    const bw_node *start = bw_map_get_text(op->params, "start");

    if (start == NULL || start->type != BW_NODE_LIST || start->children.len != p->meta->rank) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "zarr.encode_chunks: 'start' must be %u numbers",
                       p->meta->rank);
    }
    for (uint32_t d = 0; d < p->meta->rank; d++) {
        const bw_node *at = start->children.items[d];

        if (at->type != BW_NODE_INT || at->integer < 0 ||
            (uint64_t)at->integer % p->meta->chunks[d] != 0 ||
            (uint64_t)at->integer > p->meta->shape[d] ||
            p->data->shape[d] > p->meta->shape[d] - (uint64_t)at->integer) {
            return bw_fail(ctx, BW_ERR_ARGUMENT,
                           "zarr.encode_chunks: axis %u: the part does not begin with a chunk, or "
                           "ends beyond the array", d);
        }
        p->start[d] = (uint64_t)at->integer;
    }
    return BW_OK;
}

static bw_status read_part(bw_ctx *ctx, bw_op *op, part *p)
{
    const bw_node *document = bw_map_get_text(op->params, "document");
    const bw_node *data = bw_map_get_text(op->params, "data");

    BW_TRY(bw__param_text(ctx, op, "path", &p->path));
    if (document == NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "zarr.encode_chunks: 'document' is missing");
    }
    BW_TRY(bw_zarr_meta_from_node(ctx, &op->arena, document, &p->meta));
    if (data == NULL || data->type == BW_NODE_NULL) {
        p->data = NULL; /* the document is checked, nothing more */
        return BW_OK;
    }
    if (data->type != BW_NODE_ARRAY || data->array->rank != p->meta->rank ||
        data->array->dtype.itemsize != p->meta->dtype.itemsize) {
        return bw_fail(ctx, BW_ERR_ARGUMENT,
                       "zarr.encode_chunks: 'data' must be an array of rank %u, elements of %u bytes",
                       p->meta->rank, p->meta->dtype.itemsize);
    }
    p->data = data->array;
    return read_start(ctx, op, p);
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_encoder e;
    part p = {.meta = NULL};
    bw_status st;

    BW_TRY(bw__encoder_begin(ctx, &op->arena, &e));
    BW_GO(read_part(ctx, op, &p));
    if (p.data != NULL) {
        BW_GO(bw__encode_put_chunks(&e, p.path, p.meta, p.data, p.start));
    }
    BW_GO(bw__encode_result(&e, op));

done:
    bw__encoder_end(&e);
    return st;
}

const bw_op_type bw__encode_chunks_op = {"zarr.encode_chunks", 0, begin, NULL, NULL};
