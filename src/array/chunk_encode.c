/* SPDX-License-Identifier: MIT */
/**
 * Chunks of an array as they are stored, whatever the metadata ask for: axes in another order, byte
 * order, codecs, shards. A shard is encoded as an array of its own out of the same elements, by the
 * strides of its axes (as shard.c reads one).
 */
#include <string.h>

#include "chunk_internal.h"
#include "record_type.h"
#include "strided_copy.h"

/* Elements to be encoded: of each axis in stored order how many there are, and how far apart. */
typedef struct source {
    const uint8_t *data;
    uint64_t count[BW_MAX_RANK];
    ptrdiff_t stride[BW_MAX_RANK];
} source;

static bw_status encode(bw_ctx *ctx, const bw_array_meta *meta, const source *from, bw_bytes *out);

/* The elements of a chunk in their stored order; beyond the array's edge stands the fill value. */
static bw_status gather(bw_ctx *ctx, const bw_array_meta *meta, const source *from, bw_bytes *out)
{
    uint32_t itemsize = meta->dtype.itemsize;
    bw__strided layout = {.rank = meta->rank};
    ptrdiff_t stride = (ptrdiff_t)itemsize;
    bool padded = false;
    uint64_t elements;
    size_t nbytes;

    BW_TRY(bw_array_size(ctx, meta->dtype, meta->rank, meta->chunks, &elements, &nbytes));
    BW_TRY(bw_bytes_reserve(ctx, out, nbytes));
    for (uint32_t place = meta->rank; place-- > 0;) {
        uint64_t length = meta->chunks[bw__stored_axis(meta, place)];

        layout.count[place] = from->count[place];
        layout.src[place] = from->stride[place];
        layout.dst[place] = stride;
        stride *= (ptrdiff_t)length;
        padded |= from->count[place] < length;
    }
    if (padded) {
        bw_fill_pattern(out->ptr, nbytes, meta->fill, itemsize);
    }
    bw__strided_join(&layout);
    bw__strided_copy(&layout, itemsize, from->data, out->ptr);
    if (meta->record != NULL) {
        bw__record_swap(meta->record, out->ptr, (size_t)elements);
    } else if (meta->dtype.big_endian) {
        uint32_t unit = bw_dtype_swap_size(meta->dtype);

        bw_swap_bytes(out->ptr, nbytes / unit, unit);
    }
    out->len = nbytes;
    return BW_OK;
}

/* The part of a shard that the inner chunk at `coord` has; false where it is beyond the edge. */
static bool inner_source(const bw_shards *shards, const source *shard, const uint64_t *coord,
                         source *out)
{
    const bw_array_meta *inner = &shards->inner;
    source part = {.data = shard->data};

    for (uint32_t place = 0; place < inner->rank; place++) {
        uint32_t d = bw__stored_axis(inner, place); /* the inner chunk's own order */
        uint64_t start = coord[d] * inner->chunks[d];

        if (start >= shard->count[d]) {
            return false;
        }
        part.count[place] = shard->count[d] - start < inner->chunks[d] ? shard->count[d] - start
                                                                       : inner->chunks[d];
        part.stride[place] = shard->stride[d];
        part.data += (ptrdiff_t)start * shard->stride[d];
    }
    *out = part;
    return true;
}

static void put_u64(uint8_t *at, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

/* Inner chunks one behind the other from `offset` on, and their entries into `index`. */
static bw_status encode_inner(bw_ctx *ctx, const bw_shards *shards, const source *from,
                              uint64_t offset, bw_bytes *index, bw_bytes *body)
{
    uint64_t coord[BW_MAX_RANK] = {0};

    for (uint64_t i = 0; i < shards->count; i++) {
        size_t before = body->len;
        source part;

        if (inner_source(shards, from, coord, &part)) {
            BW_TRY(encode(ctx, &shards->inner, &part, body));
            put_u64(index->ptr + 16 * i, offset + before);
            put_u64(index->ptr + 16 * i + 8, body->len - before);
        } else {
            put_u64(index->ptr + 16 * i, UINT64_MAX);
            put_u64(index->ptr + 16 * i + 8, UINT64_MAX);
        }
        for (uint32_t d = shards->inner.rank; d-- > 0;) {
            if (++coord[d] < shards->grid[d]) {
                break;
            }
            coord[d] = 0;
        }
    }
    return BW_OK;
}

static bw_status encode_shard(bw_ctx *ctx, const bw_array_meta *meta, const source *from,
                              bw_bytes *out)
{
    const bw_shards *shards = meta->shards;
    bw_dtype words = {.kind = 'u', .itemsize = 8};
    bw_bytes index = {0}, body = {0}, stored = {0};
    bw_status st = BW_OK;

    BW_GO(bw_bytes_reserve(ctx, &index, (size_t)shards->count * 16));
    index.len = (size_t)shards->count * 16;
    BW_GO(encode_inner(ctx, shards, from, shards->index_at_start ? shards->index_nbytes : 0, &index,
                       &body));
    if (shards->index_big_endian) {
        bw_swap_bytes(index.ptr, index.len / 8, 8);
    }
    BW_GO(bw_chain_encode(ctx, shards->index_codecs, bw_bytes_view(&index), words, &stored));
    if (shards->index_at_start) {
        BW_GO(bw_bytes_append(ctx, out, stored.ptr, stored.len));
    }
    BW_GO(bw_bytes_append(ctx, out, body.ptr, body.len));
    if (!shards->index_at_start) {
        BW_GO(bw_bytes_append(ctx, out, stored.ptr, stored.len));
    }
done:
    bw_bytes_free(ctx, &index);
    bw_bytes_free(ctx, &body);
    bw_bytes_free(ctx, &stored);
    return st;
}

static bw_status encode(bw_ctx *ctx, const bw_array_meta *meta, const source *from, bw_bytes *out)
{
    bw_dtype bytes = {.kind = 'u', .itemsize = 1};
    bw_bytes plain = {0};
    bw_status st;

    if (meta->objects != NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "elements of variable length (%s) are not written",
                       meta->objects->name);
    }
    if (meta->shards != NULL && meta->codecs.count == 0) {
        return encode_shard(ctx, meta, from, out);
    }
    st = meta->shards != NULL ? encode_shard(ctx, meta, from, &plain)
                              : gather(ctx, meta, from, &plain);
    if (st == BW_OK) {
        st = bw_chain_encode(ctx, meta->codecs, bw_bytes_view(&plain),
                             meta->shards != NULL ? bytes : meta->dtype, out);
    }
    bw_bytes_free(ctx, &plain);
    return st;
}

bw_status bw_chunk_encode(bw_ctx *ctx, const bw_array_meta *meta, const bw_array *part,
                          const uint64_t *start, const uint64_t coord[BW_MAX_RANK],
                          bw_bytes *out)
{
    source from = {.data = part->data};
    ptrdiff_t strides[BW_MAX_RANK], stride = (ptrdiff_t)part->dtype.itemsize;

    for (uint32_t d = meta->rank; d-- > 0;) {
        strides[d] = stride;
        stride *= (ptrdiff_t)part->shape[d];
    }
    for (uint32_t place = 0; place < meta->rank; place++) {
        uint32_t d = bw__stored_axis(meta, place);
        uint64_t at = coord[d] * meta->chunks[d];
        uint64_t left = at < start[d] || at - start[d] >= part->shape[d]
                            ? 0 : part->shape[d] - (at - start[d]);

        if (left == 0 || (left < meta->chunks[d] && start[d] + part->shape[d] < meta->shape[d])) {
            return bw_fail(ctx, BW_ERR_ARGUMENT, "chunk %llu along axis %u is not whole in the part",
                           (unsigned long long)coord[d], d);
        }
        from.count[place] = left < meta->chunks[d] ? left : meta->chunks[d];
        from.stride[place] = strides[d];
        from.data += (ptrdiff_t)(at - start[d]) * strides[d];
    }
    return encode(ctx, meta, &from, out);
}
