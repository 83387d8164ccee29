/* SPDX-License-Identifier: MIT */
/**
 * Reading a region of an array chunk by chunk.
 *
 * Along each axis a region is seen in ascending order: position j is at index first + j * stride,
 * for a negative step the positions are written backwards. A shard is read as an array of its own
 * (shard.c), whose chunks go to the same output by the same strides. A chunk holds a run of positions, so
 * what it gives to the output is a box, which strided_copy.c copies. When the box is the whole
 * chunk and one run of the output, the chunk is decoded right there.
 */
#include <string.h>

#include "bores/chunks.h"
#include "chunk_internal.h"
#include "record_type.h"
#include "strided_copy.h"

static bw_axis axis_of(const bw_region *region, uint32_t d)
{
    uint64_t start = region->start[d], count = region->count[d];
    int64_t step = region->step[d];
    uint64_t stride = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;

    if (step < 0 && count > 0) {
        start -= (count - 1) * stride;
    }
    return (bw_axis){start, stride, count};
}

/* How many positions lie before `index`. */
static uint64_t positions_before(const bw_axis *a, uint64_t index)
{
    uint64_t before = index <= a->first ? 0 : (index - a->first - 1) / a->stride + 1;
    return before < a->count ? before : a->count;
}

/* The positions that chunk `c` of length `chunk` holds: from `begin`, before `end`. */
static void positions_in(const bw_axis *a, uint64_t c, uint64_t chunk, uint64_t *begin, uint64_t *end)
{
    *begin = positions_before(a, c * chunk);
    *end = positions_before(a, c * chunk + chunk);
}

static uint64_t touched_chunks(const bw_axis *a, uint64_t chunk)
{
    if (a->count == 0 || a->stride >= chunk) {
        return a->count;
    }
    return (a->first + (a->count - 1) * a->stride) / chunk - a->first / chunk + 1;
}

void bw_region_all(const bw_array_meta *meta, bw_region *out)
{
    *out = (bw_region){.rank = meta->rank};
    for (uint32_t d = 0; d < meta->rank; d++) {
        out->count[d] = meta->shape[d];
        out->step[d] = 1;
    }
}

static bw_status check_axis(bw_ctx *ctx, const bw_array_meta *meta, const bw_region *region,
                            uint32_t d)
{
    uint64_t start = region->start[d], count = region->count[d], length = meta->shape[d];
    int64_t step = region->step[d];
    uint64_t stride = step < 0 ? 0 - (uint64_t)step : (uint64_t)step;
    uint64_t room; /* what lies between start and the end it moves to */

    if (step == 0) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "the step along axis %u is 0", d);
    }
    if (count == 0) {
        return BW_OK;
    }
    room = step < 0 ? start : length - 1 - start;
    if (start >= length || (count - 1) > room / stride) {
        return bw_fail(ctx, BW_ERR_INDEX_RANGE,
                       "%llu elements from %llu by %lld along axis %u, which has %llu",
                       (unsigned long long)count, (unsigned long long)start, (long long)step, d,
                       (unsigned long long)length);
    }
    return BW_OK;
}

static bw_status check_region(bw_ctx *ctx, const bw_array_meta *meta, const bw_region *region,
                              bool *empty)
{
    uint64_t chunks = 1, limit = ctx->limits.max_chunks, elements;
    size_t nbytes;

    if (region->rank != meta->rank) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "a region of %u dimensions, the array has %u",
                       region->rank, meta->rank);
    }
    *empty = false;
    for (uint32_t d = 0; d < meta->rank; d++) {
        BW_TRY(check_axis(ctx, meta, region, d));
        *empty |= region->count[d] == 0;
    }
    /* Before the chunks are counted: the shape is what the caller knows. */
    BW_TRY(bw_array_size(ctx, meta->dtype, meta->rank, region->count, &elements, &nbytes));
    for (uint32_t d = 0; d < meta->rank && !*empty; d++) {
        bw_axis a = axis_of(region, d);
        uint64_t touched = touched_chunks(&a, meta->chunks[d]);
        chunks = touched > UINT64_MAX / chunks ? UINT64_MAX : chunks * touched;
    }
    if (!*empty && chunks > limit) {
        return bw_fail_limit(ctx, "chunks of one read", chunks, limit);
    }
    return BW_OK;
}

/* Positions of a negative step are written backwards. */
static void place_axes(bw_chunk_read *read)
{
    const bw_region *region = &read->region;
    ptrdiff_t stride = (ptrdiff_t)read->meta->dtype.itemsize;

    read->base = read->out->data;
    for (uint32_t d = read->meta->rank; d-- > 0;) {
        read->axes[d] = axis_of(region, d);
        read->strides[d] = stride;
        if (region->step[d] < 0 && region->count[d] > 0) {
            read->base += (ptrdiff_t)(region->count[d] - 1) * stride;
            read->strides[d] = -stride;
        }
        stride *= (ptrdiff_t)region->count[d];
    }
}

void bw__read_first_chunk(bw_chunk_read *read)
{
    for (uint32_t d = 0; d < read->meta->rank; d++) {
        read->next[d] = read->axes[d].first / read->meta->chunks[d];
    }
}

bw_status bw_chunk_read_begin(bw_ctx *ctx, bw_arena *arena, const bw_array_meta *meta,
                              const bw_region *region, bw_chunk_read *read)
{
    bw_array *out;
    bool empty;

    BW_TRY(check_region(ctx, meta, region, &empty));
    BW_TRY(bw_array_new(ctx, arena, meta->dtype, meta->rank, region->count, &out));
    *read = (bw_chunk_read){.meta = meta, .region = *region, .out = out, .arena = arena,
                           .finished = empty};
    if (!empty) {
        place_axes(read);
    }
    bw__read_first_chunk(read);
    return BW_OK;
}

bool bw_chunk_read_next(bw_chunk_read *read, uint64_t coord[BW_MAX_RANK])
{
    const bw_array_meta *meta = read->meta;

    if (read->finished) {
        return false;
    }
    memcpy(coord, read->next, sizeof read->next);
    for (uint32_t d = meta->rank; d-- > 0;) {
        bw_axis a = read->axes[d];
        uint64_t begin, end;

        positions_in(&a, read->next[d], meta->chunks[d], &begin, &end);
        if (end < a.count) {
            read->next[d] = (a.first + end * a.stride) / meta->chunks[d];
            return true;
        }
        read->next[d] = a.first / meta->chunks[d];
    }
    read->finished = true;
    return true;
}

uint32_t bw__stored_axis(const bw_array_meta *meta, uint32_t place)
{
    return meta->order != NULL ? meta->order[place]
           : meta->fortran     ? meta->rank - 1 - place
                               : place;
}

bw_status bw__read_positions(bw_ctx *ctx, const bw_chunk_read *read, const uint64_t *coord,
                             uint32_t d, uint64_t *begin, uint64_t *end)
{
    const bw_array_meta *meta = read->meta;

    *begin = *end = 0;
    if (meta->shape[d] > 0 && coord[d] <= (meta->shape[d] - 1) / meta->chunks[d]) {
        positions_in(&read->axes[d], coord[d], meta->chunks[d], begin, end);
    }
    if (*begin >= *end) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "chunk %llu along axis %u is no part of the region",
                       (unsigned long long)coord[d], d);
    }
    return BW_OK;
}

/* Where a chunk's box begins: bytes into the decoded chunk, and its place in the output. */
typedef struct box {
    bw__strided layout;
    size_t src;
    uint8_t *dst;
} box;

/* The box of a chunk; `missing` chunks have all strides 0 and so repeat the fill value. */
static bw_status chunk_box(bw_ctx *ctx, const bw_chunk_read *read, const uint64_t *coord,
                           bool missing, box *out)
{
    const bw_array_meta *meta = read->meta;
    size_t itemsize = meta->dtype.itemsize;
    size_t src_stride[BW_MAX_RANK], src = itemsize;

    for (uint32_t place = meta->rank; place-- > 0;) { /* the fastest axis of the chunk first */
        uint32_t d = bw__stored_axis(meta, place);

        src_stride[d] = missing ? 0 : src;
        src *= (size_t)meta->chunks[d];
    }
    *out = (box){.layout = {.rank = meta->rank}, .dst = read->base};
    for (uint32_t d = meta->rank; d-- > 0;) {
        bw_axis a = read->axes[d];
        uint64_t begin, end;

        BW_TRY(bw__read_positions(ctx, read, coord, d, &begin, &end));
        out->layout.count[d] = end - begin;
        out->layout.src[d] = (ptrdiff_t)(a.stride * src_stride[d]);
        out->layout.dst[d] = read->strides[d];
        out->src += (size_t)(a.first + begin * a.stride - coord[d] * meta->chunks[d]) *
                    src_stride[d];
        out->dst += (ptrdiff_t)begin * read->strides[d];
    }
    bw__strided_join(&out->layout);
    return BW_OK;
}

static void swap_to_little(const bw_array_meta *meta, uint8_t *data, size_t nbytes)
{
    if (meta->record != NULL) {
        bw__record_swap(meta->record, data, nbytes / meta->record->itemsize);
    } else if (meta->dtype.big_endian) {
        uint32_t size = bw_dtype_swap_size(meta->dtype);

        bw_swap_bytes(data, nbytes / size, size);
    }
}

/* The decoded bytes of a chunk: the stored ones where nothing is to be done, else in scratch. */
static bw_status decode(bw_ctx *ctx, bw_chunk_read *read, bw_view chunk, size_t nbytes,
                        const uint8_t **out)
{
    const bw_array_meta *meta = read->meta;

    if (meta->codecs.count == 0) {
        if (chunk.len != nbytes) { /* before memory is reserved for it */
            return bw_fail(ctx, BW_ERR_CORRUPT, "%zu bytes are stored, the chunk's shape needs %zu",
                           chunk.len, nbytes);
        }
        if (!meta->dtype.big_endian && meta->record == NULL) {
            *out = chunk.ptr;
            return BW_OK;
        }
    }
    read->scratch.len = 0;
    BW_TRY(bw_bytes_reserve(ctx, &read->scratch, nbytes));
    BW_TRY(bw_chain_decode(ctx, meta->codecs, chunk, read->scratch.ptr, nbytes));
    swap_to_little(meta, read->scratch.ptr, nbytes);
    *out = read->scratch.ptr;
    return BW_OK;
}

/* Bytes of text and the like in one chunk; what decoding makes of them is some times as much. */
#define MAX_OBJECT_BYTES (UINT64_C(64) << 20)

/* Pointers to nodes, in scratch. */
static bw_status decode_objects(bw_ctx *ctx, bw_chunk_read *read, bw_view chunk, uint64_t elements,
                                size_t nbytes, const uint8_t **out)
{
    const bw_array_meta *meta = read->meta;
    bw_bytes plain = {0};
    bw_status st = BW_OK;

    if (meta->codecs.count > 0) {
        BW_GO(bw_chain_decode_any(ctx, meta->codecs, chunk, MAX_OBJECT_BYTES, &plain));
        chunk = bw_bytes_view(&plain);
    }
    read->scratch.len = 0;
    BW_GO(bw_bytes_reserve(ctx, &read->scratch, nbytes));
    BW_GO(meta->objects->decode(ctx, meta->objects, read->arena, chunk, elements,
                                (bw_node **)(void *)read->scratch.ptr));
    *out = read->scratch.ptr;
done:
    bw_bytes_free(ctx, &plain);
    return st;
}

bw_status bw_chunk_read_place(bw_ctx *ctx, bw_chunk_read *read, const uint64_t coord[BW_MAX_RANK],
                              bw_view chunk)
{
    const bw_array_meta *meta = read->meta;
    uint32_t itemsize = meta->dtype.itemsize;
    const uint8_t *decoded = NULL;
    uint64_t elements;
    size_t nbytes;
    box b;

    if (chunk.ptr == NULL) {
        BW_TRY(chunk_box(ctx, read, coord, true, &b));
        bw__strided_copy(&b.layout, itemsize, meta->fill, b.dst);
        return BW_OK;
    }
    if (meta->shards != NULL) {
        return bw__shard_read(ctx, read, coord, chunk);
    }
    BW_TRY(bw_array_size(ctx, meta->dtype, meta->rank, meta->chunks, &elements, &nbytes));
    BW_TRY(chunk_box(ctx, read, coord, false, &b));
    if (meta->objects != NULL) {
        BW_TRY(decode_objects(ctx, read, chunk, elements, nbytes, &decoded));
    } else if (bw__strided_is_run(&b.layout, itemsize) &&
               (b.layout.rank == 0 ? 1 : b.layout.count[0]) == elements) {
        BW_TRY(bw_chain_decode(ctx, meta->codecs, chunk, b.dst, nbytes));
        swap_to_little(meta, b.dst, nbytes);
        return BW_OK;
    } else {
        BW_TRY(decode(ctx, read, chunk, nbytes, &decoded));
    }
    bw__strided_copy(&b.layout, itemsize, decoded + b.src, b.dst);
    return BW_OK;
}

void bw_chunk_read_end(bw_ctx *ctx, bw_chunk_read *read)
{
    bw_bytes_free(ctx, &read->scratch);
}
