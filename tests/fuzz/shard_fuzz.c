/* SPDX-License-Identifier: MIT */
/*
 * Shards of any bytes, whole and in part, under metadata of which the first byte chooses: the index at
 * either end, nested shards, text. What is read in both ways must be the same.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/zarr.h"
#include "fuzz.h"
#include "require.h"

#define ARRAY(type, fill, codecs)                                                            \
    "{\"zarr_format\":3,\"node_type\":\"array\",\"shape\":[7,5],\"data_type\":\"" type "\","    \
    "\"fill_value\":" fill ",\"chunk_grid\":{\"name\":\"regular\",\"configuration\":"             \
    "{\"chunk_shape\":[6,4]}},\"chunk_key_encoding\":\"default\",\"codecs\":[" codecs "]}"
#define SHARDS(length, where, codecs)                                                        \
    "{\"name\":\"sharding_indexed\",\"configuration\":{\"chunk_shape\":" length ",\"codecs\":["  \
    codecs "],\"index_codecs\":[{\"name\":\"bytes\",\"configuration\":{\"endian\":\"little\"}}],"   \
    "\"index_location\":\"" where "\"}}"
#define LITTLE "{\"name\":\"bytes\",\"configuration\":{\"endian\":\"little\"}}"
#define BIG "{\"name\":\"bytes\",\"configuration\":{\"endian\":\"big\"}}"

static const char *const documents[] = {
    ARRAY("int16", "7", SHARDS("[3,2]", "end", LITTLE)),
    ARRAY("int16", "7", SHARDS("[3,2]", "start", BIG ",\"crc32c\"")),
    ARRAY("uint8", "1", "{\"name\":\"transpose\",\"configuration\":{\"order\":[1,0]}}," SHARDS(
                            "[2,2]", "end", LITTLE ",{\"name\":\"gzip\"}")),
    ARRAY("int16", "7", SHARDS("[6,2]", "start", SHARDS("[3,1]", "end", LITTLE))),
    ARRAY("string", "\"-\"", SHARDS("[3,2]", "end", "\"vlen-utf8\"")),
    ARRAY("float32", "\"NaN\"", SHARDS("[3,4]", "end", LITTLE) ",\"crc32c\""),
};

enum { DOCUMENTS = sizeof documents / sizeof documents[0] };

/* One chunk as a whole. */
static bw_status read_whole(bw_ctx *ctx, bw_arena *arena, const bw_array_meta *meta, bw_view shard,
                            bw_array **out)
{
    bw_region region = {.rank = 2, .start = {1, 0}, .count = {5, 4}, .step = {1, 1}};
    uint64_t coord[BW_MAX_RANK] = {0};
    bw_chunk_read read = {0};
    bw_status st = bw_chunk_read_begin(ctx, arena, meta, &region, &read);

    require(st == BW_OK);
    while (st == BW_OK && bw_chunk_read_next(&read, coord)) {
        st = bw_chunk_read_place(ctx, &read, coord, shard);
    }
    bw_chunk_read_end(ctx, &read);
    *out = read.out;
    return st;
}

/* The same by index and inner chunks, as a host with ranges reads it. */
static bw_status read_parts(bw_ctx *ctx, bw_arena *arena, const bw_array_meta *meta, bw_view shard,
                            bw_array **out)
{
    bw_region region = {.rank = 2, .start = {1, 0}, .count = {5, 4}, .step = {1, 1}};
    const bw_shards *shards = meta->shards;
    uint64_t coord[BW_MAX_RANK] = {0}, inner_coord[BW_MAX_RANK] = {0}, offset, nbytes;
    bw_chunk_read read = {0}, inner = {0};
    bw_bytes index = {0};
    bw_status st = BW_OK;
    bool present;
    size_t taken;

    BW_GO(bw_chunk_read_begin(ctx, arena, meta, &region, &read));
    require(bw_chunk_read_next(&read, coord));
    taken = shard.len < shards->index_nbytes ? shard.len : (size_t)shards->index_nbytes;
    BW_GO(bw_shards_index(ctx, shards, (bw_view){shard.ptr + (shards->index_at_start
                                                                  ? 0 : shard.len - taken), taken},
                          &index));
    BW_GO(bw_shards_begin(ctx, &read, coord, &inner));
    while (bw_chunk_read_next(&inner, inner_coord)) {
        bw_view chunk = {NULL, 0};

        BW_GO(bw_shards_find(ctx, shards, &index, inner_coord, &offset, &nbytes, &present));
        if (present && (offset > shard.len || nbytes > shard.len - offset)) {
            st = BW_ERR_CORRUPT;
            goto done;
        }
        if (present) {
            chunk = (bw_view){shard.ptr + offset, (size_t)nbytes};
        }
        BW_GO(bw_chunk_read_place(ctx, &inner, inner_coord, chunk));
    }
done:
    bw_chunk_read_end(ctx, &inner);
    bw_chunk_read_end(ctx, &read);
    bw_bytes_free(ctx, &index);
    *out = read.out;
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_arena arena = {0};
    bw_array_meta *meta;
    bw_array *whole = NULL, *parts = NULL;
    uint8_t *exact = malloc(size);
    bw_view shard;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (size > 0) {
        memcpy(exact, data, size);
        shard = (bw_view){exact + 1, size - 1};
        require(bw_zarr_meta_parse(&ctx, &arena, bw_view_text(documents[data[0] % DOCUMENTS]),
                                   &meta) == BW_OK);
        if (read_whole(&ctx, &arena, meta, shard, &whole) == BW_OK && bw_shards_partial(meta)) {
            require(read_parts(&ctx, &arena, meta, shard, &parts) == BW_OK);
            require(meta->objects != NULL || meta->shards->inner.objects != NULL ||
                    memcmp(whole->data, parts->data, whole->nbytes) == 0);
        }
    }
    free(exact);
    bw_arena_free(&ctx, &arena);
    return 0;
}
