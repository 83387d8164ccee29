/* SPDX-License-Identifier: MIT */
/**
 * Regions of small arrays. The input is a recipe: shape, chunks, order, element type, region and
 * codec, then the bytes of the chunks. Where chunks are stored as they are, every element read is
 * compared with one looked up by plain index arithmetic.
 */
#include <string.h>

#include "bores/zarr.h"
#include "fuzz.h"
#include "require.h"

typedef struct input {
    const uint8_t *data;
    size_t size, at;
} input;

static uint32_t take(input *in, uint32_t below)
{
    return in->at < in->size ? in->data[in->at++] % below : 0;
}

static const bw_dtype dtypes[] = {
    {'i', false, 1, ""}, {'i', true, 2, ""},  {'f', false, 4, ""}, {'f', true, 8, ""},
    {'f', false, 8, ""}, {'V', false, 3, ""}, {'c', true, 16, ""}, {'U', true, 8, ""}};

static uint8_t fill[16] = "fill value 16 b";

static bw_array_meta take_meta(input *in)
{
    bw_array_meta meta = {.separator = '.', .has_fill = true, .fill = fill};

    meta.rank = take(in, 5);
    meta.dtype = dtypes[take(in, 8)];
    meta.fortran = take(in, 2) == 1;
    if (take(in, 4) == 3) {
        static const bw_codec codecs[] = {{.type = &bw_codec_blosc},  {.type = &bw_codec_zstd},
                                          {.type = &bw_codec_shuffle, .itemsize = 4},
                                          {.type = &bw_codec_crc32c}, {.type = &bw_codec_gzip}};
        uint32_t first = take(in, 5);

        meta.codecs = (bw_codec_chain){codecs + first, 1 + take(in, 5 - first)};
    }
    for (uint32_t d = 0; d < meta.rank; d++) {
        meta.shape[d] = take(in, 12);
        meta.chunks[d] = 1 + take(in, 9);
    }
    return meta;
}

static bw_region take_region(input *in, const bw_array_meta *meta)
{
    bw_region region = {.rank = meta->rank};

    for (uint32_t d = 0; d < meta->rank; d++) {
        region.start[d] = take(in, 13);
        region.count[d] = take(in, 13);
        region.step[d] = (int64_t)take(in, 9) - 4;
        if (take(in, 4) == 0) {
            region = (bw_region){.rank = meta->rank};
            bw_region_all(meta, &region);
            break;
        }
    }
    return region;
}

static size_t chunk_bytes(const bw_array_meta *meta)
{
    size_t nbytes = meta->dtype.itemsize;
    for (uint32_t d = 0; d < meta->rank; d++) {
        nbytes *= (size_t)meta->chunks[d];
    }
    return nbytes;
}

/* The chunk at `coord`: missing, or bytes that depend on where it is. */
static bw_view chunk_at(const input *in, const bw_array_meta *meta, const uint64_t *coord)
{
    size_t seed = 1, left = in->size - in->at, len = chunk_bytes(meta);

    for (uint32_t d = 0; d < meta->rank; d++) {
        seed = seed * 31 + (size_t)coord[d];
    }
    if (seed % 5 == 0 || left == 0) {
        return (bw_view){NULL, 0};
    }
    if (meta->codecs.count > 0) {
        return (bw_view){in->data + in->at, left};
    }
    if (left < len) { /* too short, as stored chunks can be */
        return (bw_view){in->data + in->at, left};
    }
    return (bw_view){in->data + in->at + seed % (left - len + 1), len};
}

/* One element by the definition of the format. */
static void expect_element(const input *in, const bw_array_meta *meta, const uint64_t *index,
                           uint8_t *out)
{
    uint64_t coord[BW_MAX_RANK] = {0};
    size_t itemsize = meta->dtype.itemsize, at = 0;
    uint32_t unit = bw_dtype_swap_size(meta->dtype);
    bw_view chunk;

    for (uint32_t d = 0; d < meta->rank; d++) {
        coord[d] = index[d] / meta->chunks[d];
    }
    for (uint32_t i = 0; i < meta->rank; i++) {
        uint32_t d = meta->fortran ? meta->rank - 1 - i : i;
        at = at * (size_t)meta->chunks[d] + (size_t)(index[d] % meta->chunks[d]);
    }
    chunk = chunk_at(in, meta, coord);
    memcpy(out, chunk.ptr == NULL ? fill : chunk.ptr + at * itemsize, itemsize);
    if (chunk.ptr != NULL && meta->dtype.big_endian) {
        bw_swap_bytes(out, itemsize / unit, unit);
    }
}

static void check_elements(const input *in, const bw_array_meta *meta, const bw_chunk_read *read)
{
    size_t count = read->out->nbytes / meta->dtype.itemsize;

    for (size_t i = 0; i < count; i++) {
        uint64_t index[BW_MAX_RANK];
        uint8_t element[16];
        size_t rest = i;

        for (uint32_t d = meta->rank; d-- > 0;) {
            uint64_t position = rest % read->region.count[d];
            rest /= (size_t)read->region.count[d];
            index[d] = read->region.start[d] + position * (uint64_t)read->region.step[d];
        }
        expect_element(in, meta, index, element);
        require(memcmp(read->out->data + i * meta->dtype.itemsize, element,
                      meta->dtype.itemsize) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, size, 0};
    bw_array_meta meta = take_meta(&in);
    bw_region region = take_region(&in, &meta);
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_chunk_read read = {0};
    uint64_t coord[BW_MAX_RANK];
    bw_status st;

    bw_ctx_init(&ctx);
    st = bw_chunk_read_begin(&ctx, &arena, &meta, &region, &read);
    while (st == BW_OK && bw_chunk_read_next(&read, coord)) {
        st = bw_chunk_read_place(&ctx, &read, coord, chunk_at(&in, &meta, coord));
    }
    if (st == BW_OK && meta.codecs.count == 0) {
        check_elements(&in, &meta, &read);
    }
    if (read.meta != NULL) {
        bw_chunk_read_end(&ctx, &read);
    }
    bw_arena_free(&ctx, &arena);
    return 0;
}
