/* SPDX-License-Identifier: MIT */
/**
 * An array in memory to a `.zarray` document and chunks: chunk_read.c backwards. A chunk that is a
 * run of the array's elements is encoded from where they are, any other is first copied together.
 * Source: Zarr storage specification version 2; zarr-python 2 for what it leaves open.
 */
#include <string.h>

#include "bores/json.h"
#include "bores/zarr.h"
#include "array/strided_copy.h"

/* The document ------------------------------------------------------------------------------ */

typedef struct document {
    bw_ctx *ctx;
    bw_arena arena;
    bw_node *map;
} document;

/* NULL: memory was out when the value was made. */
static bw_status set(document *d, const char *name, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(d->ctx, &d->arena, d->map, bw_view_text(name), value);
}

static bw_status set_lengths(document *d, const char *name, uint32_t rank, const uint64_t *lengths)
{
    bw_node *list = bw_node_list(d->ctx, &d->arena);

    BW_TRY(set(d, name, list));
    for (uint32_t i = 0; i < rank; i++) {
        bw_node *length = bw_node_int(d->ctx, &d->arena, (int64_t)lengths[i]);
        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(d->ctx, &d->arena, list, length));
    }
    return BW_OK;
}

/* Zero, as Python writes that of the dtype. */
static bw_node *fill_node(document *d, bw_dtype dtype)
{
    switch (dtype.kind) {
    case 'b':
        return bw_node_bool(d->ctx, &d->arena, false);
    case 'f':
        return bw_node_float(d->ctx, &d->arena, 0.0);
    default:
        return bw_node_int(d->ctx, &d->arena, 0);
    }
}

static bw_status fill_document(document *d, const bw_zarr_write *write)
{
    const bw_array_meta *meta = &write->meta;
    bw_ctx *ctx = d->ctx;
    bw_node *compressor;
    char dtype[32];

    bw_dtype_format(meta->dtype, dtype);
    d->map = bw_node_map(ctx, &d->arena);
    if (d->map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_codec_to_v2(ctx, &d->arena, &write->compressor, &compressor));
    BW_TRY(set_lengths(d, "chunks", meta->rank, meta->chunks));
    BW_TRY(set(d, "compressor", compressor));
    BW_TRY(set(d, "dtype", bw_node_text(ctx, &d->arena, bw_view_text(dtype))));
    BW_TRY(set(d, "fill_value", fill_node(d, meta->dtype)));
    BW_TRY(set(d, "filters", bw_node_null(ctx, &d->arena)));
    BW_TRY(set(d, "order", bw_node_text(ctx, &d->arena, BW_VIEW("C"))));
    BW_TRY(set_lengths(d, "shape", meta->rank, meta->shape));
    return set(d, "zarr_format", bw_node_int(ctx, &d->arena, 2));
}

bw_status bw_zarr_write_document(bw_ctx *ctx, const bw_zarr_write *write, bw_bytes *out)
{
    document d = {.ctx = ctx};
    bw_status st = fill_document(&d, write);

    if (st == BW_OK) {
        st = bw_json_write(ctx, d.map, BW_JSON_ZARR, out);
    }
    bw_arena_free(ctx, &d.arena);
    return st;
}

/* Chunks ------------------------------------------------------------------------------------ */

static bw_status check_dtype(bw_ctx *ctx, bw_dtype dtype)
{
    char text[32];

    if (strchr("biuf", dtype.kind) != NULL) {
        return BW_OK;
    }
    bw_dtype_format(dtype, text);
    return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                   "an array of %s cannot be written: its elements are no bool, integer or float",
                   text);
}

static bw_status check_chunks(bw_ctx *ctx, const bw_array_meta *meta)
{
    uint64_t elements, grid = 1;
    size_t nbytes;

    for (uint32_t d = 0; d < meta->rank; d++) {
        uint64_t along;

        if (meta->chunks[d] == 0) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "the chunk length along axis %u is 0", d);
        }
        along = meta->shape[d] / meta->chunks[d] + (meta->shape[d] % meta->chunks[d] != 0);
        grid = along > 0 && grid > UINT64_MAX / along ? UINT64_MAX : grid * along;
    }
    if (grid > ctx->limits.max_chunks) {
        return bw_fail_limit(ctx, "chunks of one array", grid, ctx->limits.max_chunks);
    }
    return bw_array_size(ctx, meta->dtype, meta->rank, meta->chunks, &elements, &nbytes);
}

bw_status bw_zarr_write_begin(bw_ctx *ctx, const bw_array *array, const uint64_t *chunks,
                              const bw_codec *compressor, bw_zarr_write *write)
{
    bw_zarr_write w = {.array = array, .finished = array->nbytes == 0};

    w.meta = (bw_array_meta){.dtype = array->dtype, .rank = array->rank, .separator = '.',
                            .has_fill = true};
    w.compressor = *compressor;
    memcpy(w.meta.shape, array->shape, array->rank * sizeof w.meta.shape[0]);
    memcpy(w.meta.chunks, chunks, array->rank * sizeof w.meta.chunks[0]);
    BW_TRY(check_dtype(ctx, array->dtype));
    BW_TRY(check_chunks(ctx, &w.meta));
    *write = w;
    return BW_OK;
}

bool bw_zarr_write_next(bw_zarr_write *write, uint64_t coord[BW_MAX_RANK])
{
    const bw_array_meta *meta = &write->meta;
    uint32_t d = meta->rank;

    if (write->finished) {
        return false;
    }
    memcpy(coord, write->next, meta->rank * sizeof coord[0]);
    while (d > 0) {
        d--;
        write->next[d]++;
        if (write->next[d] * meta->chunks[d] < meta->shape[d]) {
            return true;
        }
        write->next[d] = 0;
    }
    write->finished = true;
    return true;
}

/* A chunk's elements among the array's: from `*first` on, as a box that may be smaller than the
 * chunk (`*padded`). */
static void chunk_box(const bw_zarr_write *write, const uint64_t coord[BW_MAX_RANK],
                      bw__strided *box, const uint8_t **first, bool *padded)
{
    const bw_array_meta *meta = &write->meta;
    size_t src = meta->dtype.itemsize, dst = meta->dtype.itemsize, offset = 0;

    *box = (bw__strided){.rank = meta->rank};
    *padded = false;
    for (uint32_t d = meta->rank; d-- > 0;) {
        uint64_t start = coord[d] * meta->chunks[d], left = meta->shape[d] - start;

        box->count[d] = left < meta->chunks[d] ? left : meta->chunks[d];
        box->src[d] = (ptrdiff_t)src;
        box->dst[d] = (ptrdiff_t)dst;
        *padded |= box->count[d] < meta->chunks[d];
        offset += (size_t)start * src;
        src *= (size_t)meta->shape[d];
        dst *= (size_t)meta->chunks[d];
    }
    *first = write->array->data + offset;
    bw__strided_join(box);
}

bw_status bw_zarr_write_chunk(bw_ctx *ctx, bw_zarr_write *write,
                              const uint64_t coord[BW_MAX_RANK], bw_bytes *out)
{
    const bw_array_meta *meta = &write->meta;
    uint32_t itemsize = meta->dtype.itemsize;
    bw_view plain = {0};
    uint64_t elements;
    bw__strided box;
    bool padded;

    BW_TRY(bw_array_size(ctx, meta->dtype, meta->rank, meta->chunks, &elements, &plain.len));
    chunk_box(write, coord, &box, &plain.ptr, &padded);
    if (padded || !bw__strided_is_run(&box, itemsize)) {
        write->scratch.len = 0;
        BW_TRY(bw_bytes_reserve(ctx, &write->scratch, plain.len));
        if (padded) {
            memset(write->scratch.ptr, 0, plain.len);
        }
        bw__strided_copy(&box, itemsize, plain.ptr, write->scratch.ptr);
        plain.ptr = write->scratch.ptr;
    }
    return bw_codec_encode(ctx, &write->compressor, plain, itemsize, out);
}

void bw_zarr_write_end(bw_ctx *ctx, bw_zarr_write *write)
{
    bw_bytes_free(ctx, &write->scratch);
}
