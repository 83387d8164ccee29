/* SPDX-License-Identifier: MIT */
/**
 * Shards: a chunk that is an array of its own, with an index of where its chunks lie.
 *
 * What bounds hostile input: the index is as long as the shapes say and must fit the stored bytes;
 * an inner chunk must lie within the shard and outside of the index; shards within shards are as
 * deep as the metadata, whose depth has a limit.
 * Source: Zarr v3, codec "sharding_indexed", version 1.0.
 */
#include <string.h>

#include "chunk_internal.h"

/* Both words of an entry of a chunk that is missing. */
#define MISSING UINT64_MAX
/* No shard is longer. */
#define MOST_BYTES (UINT64_C(1) << 53)

enum { ENTRY_BYTES = 16 };

static uint64_t read_u64(const uint8_t *at)
{
    uint64_t value = 0;

    for (unsigned i = 8; i-- > 0;) {
        value = value << 8 | at[i];
    }
    return value;
}

bool bw_shards_partial(const bw_array_meta *meta)
{
    return meta->shards != NULL && meta->codecs.count == 0;
}

bool bw_shards_wants_all(const bw_chunk_read *read, const uint64_t coord[BW_MAX_RANK])
{
    const bw_array_meta *meta = read->meta;
    const bw_shards *shards = meta->shards;
    uint64_t wanted = 1, there = 1;

    for (uint32_t place = 0; place < meta->rank; place++) {
        uint32_t d = bw__stored_axis(meta, place);
        bw_axis a = read->axes[d];
        uint64_t start = coord[d] * meta->chunks[d], length = shards->inner.chunks[place];
        uint64_t stop = meta->shape[d] - start < meta->chunks[d] ? meta->shape[d]
                                                                  : start + meta->chunks[d];
        uint64_t last = a.first + (a.count - 1) * a.stride;
        uint64_t from = a.first > start ? a.first : start;
        uint64_t to = last < stop - 1 ? last : stop - 1;

        wanted *= (to - start) / length - (from - start) / length + 1;
        there *= (stop - 1 - start) / length + 1;
    }
    return wanted > there / 2;
}

bw_status bw_shards_begin(bw_ctx *ctx, const bw_chunk_read *outer, const uint64_t coord[BW_MAX_RANK],
                          bw_chunk_read *inner)
{
    const bw_array_meta *meta = outer->meta;
    bw_chunk_read read = {.meta = &meta->shards->inner, .arena = outer->arena, .base = outer->base};

    for (uint32_t place = 0; place < meta->rank; place++) {
        uint32_t d = bw__stored_axis(meta, place);
        bw_axis a = outer->axes[d];
        uint64_t begin, end;

        BW_TRY(bw__read_positions(ctx, outer, coord, d, &begin, &end));
        read.axes[place] = (bw_axis){a.first + begin * a.stride - coord[d] * meta->chunks[d],
                                     a.stride, end - begin};
        read.strides[place] = outer->strides[d];
        read.base += (ptrdiff_t)begin * outer->strides[d];
    }
    bw__read_first_chunk(&read);
    *inner = read;
    return BW_OK;
}

bw_status bw_shards_index(bw_ctx *ctx, const bw_shards *shards, bw_view stored, bw_bytes *out)
{
    size_t nbytes = (size_t)shards->count * ENTRY_BYTES;

    if (stored.len != shards->index_nbytes) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "shard: %zu bytes are stored, the index of %llu chunks takes %llu", stored.len,
                       (unsigned long long)shards->count,
                       (unsigned long long)shards->index_nbytes);
    }
    out->len = 0;
    BW_TRY(bw_bytes_reserve(ctx, out, nbytes));
    if (bw_chain_decode(ctx, shards->index_codecs, stored, out->ptr, nbytes) != BW_OK) {
        return bw_fail(ctx, ctx->error.status, "shard index: %s", ctx->error.message);
    }
    if (shards->index_big_endian) {
        bw_swap_bytes(out->ptr, nbytes / 8, 8);
    }
    out->len = nbytes;
    return BW_OK;
}

/* No codecs make more of an inner chunk, nor do the indexes of shards in it: whoever fetches parts is not
 * made to fetch a large shard as one of them. Of text nothing is known. */
static uint64_t most_stored(const bw_array_meta *inner)
{
    uint64_t most = UINT64_C(8) * inner->dtype.itemsize + 64;

    for (uint32_t d = 0; d < inner->rank; d++) {
        most = most > MOST_BYTES / inner->chunks[d] ? MOST_BYTES : most * inner->chunks[d];
    }
    return inner->objects != NULL ? MOST_BYTES : most + (UINT64_C(1) << 20);
}

bw_status bw_shards_find(bw_ctx *ctx, const bw_shards *shards, const bw_bytes *index,
                         const uint64_t coord[BW_MAX_RANK], uint64_t *offset, uint64_t *nbytes,
                         bool *present)
{
    const uint8_t *entry;
    uint64_t at = 0;

    for (uint32_t d = 0; d < shards->inner.rank; d++) {
        at = at * shards->grid[d] + coord[d];
    }
    entry = index->ptr + (size_t)at * ENTRY_BYTES;
    *offset = read_u64(entry);
    *nbytes = read_u64(entry + 8);
    *present = *offset != MISSING || *nbytes != MISSING;
    if (*present && (*offset > MOST_BYTES || *nbytes > MOST_BYTES - *offset ||
                     *nbytes > most_stored(&shards->inner) ||
                     (shards->index_at_start && *offset < shards->index_nbytes))) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "shard index: chunk %llu is said to take %llu bytes from %llu on, where the "
                       "index is or no chunk ends", (unsigned long long)at,
                       (unsigned long long)*nbytes, (unsigned long long)*offset);
    }
    return BW_OK;
}

/* The part of a whole shard where its index is, and how much of it may be chunks. */
static bw_status split_index(bw_ctx *ctx, const bw_shards *shards, bw_view shard, bw_view *index,
                             uint64_t *end)
{
    size_t nbytes = (size_t)shards->index_nbytes;

    if (shard.len < shards->index_nbytes) {
        return bw_fail(ctx, BW_ERR_CORRUPT,
                       "shard: %zu bytes are stored, the index of %llu chunks takes %llu", shard.len,
                       (unsigned long long)shards->count,
                       (unsigned long long)shards->index_nbytes);
    }
    *end = shards->index_at_start ? shard.len : shard.len - nbytes;
    *index = (bw_view){shard.ptr + (shards->index_at_start ? 0 : shard.len - nbytes), nbytes};
    return BW_OK;
}

static bw_status read_chunks(bw_ctx *ctx, bw_chunk_read *inner, const bw_bytes *index, bw_view shard,
                             uint64_t end)
{
    const bw_shards *shards = (const bw_shards *)(const void *)inner->meta;
    uint64_t coord[BW_MAX_RANK] = {0};

    while (bw_chunk_read_next(inner, coord)) {
        uint64_t offset, nbytes;
        bw_view chunk = {NULL, 0};
        bool present;

        BW_TRY(bw_shards_find(ctx, shards, index, coord, &offset, &nbytes, &present));
        if (present && offset + nbytes > end) {
            return bw_fail(ctx, BW_ERR_CORRUPT,
                           "shard index: a chunk of %llu bytes at %llu, chunks end at %llu",
                           (unsigned long long)nbytes, (unsigned long long)offset,
                           (unsigned long long)end);
        }
        if (present) {
            chunk = (bw_view){shard.ptr + offset, (size_t)nbytes};
        }
        BW_TRY(bw_chunk_read_place(ctx, inner, coord, chunk));
    }
    return BW_OK;
}

bw_status bw__shard_read(bw_ctx *ctx, bw_chunk_read *read, const uint64_t *coord, bw_view shard)
{
    enum { SLACK = 1 << 20 };
    const bw_array_meta *meta = read->meta;
    bw_chunk_read inner = {.meta = NULL};
    bw_bytes plain = {0}, index = {0};
    bw_status st = BW_OK;
    bw_view stored;
    uint64_t end = 0, elements;
    size_t nbytes;

    if (meta->codecs.count > 0) { /* around the shard */
        BW_GO(bw_array_size(ctx, meta->dtype, meta->rank, meta->chunks, &elements, &nbytes));
        BW_GO(bw_chain_decode_any(ctx, meta->codecs, shard,
                                  (uint64_t)nbytes * 2 + meta->shards->index_nbytes + SLACK,
                                  &plain));
        shard = bw_bytes_view(&plain);
    }
    BW_GO(split_index(ctx, meta->shards, shard, &stored, &end));
    BW_GO(bw_shards_index(ctx, meta->shards, stored, &index));
    BW_GO(bw_shards_begin(ctx, read, coord, &inner));
    BW_GO(read_chunks(ctx, &inner, &index, shard, end));

done:
    if (inner.meta != NULL) {
        bw_chunk_read_end(ctx, &inner);
    }
    bw_bytes_free(ctx, &index);
    bw_bytes_free(ctx, &plain);
    return st;
}
