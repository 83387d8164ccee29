/* SPDX-License-Identifier: MIT */
/*
 * The document of an entry's array in Zarr version 3.
 *
 * Shards hold whole chunks, as many as fit into the lengths that were asked for and into the array. An
 * array of one chunk has none: a shard around it would be an index to be read, and nothing won.
 * Source: Zarr core specification version 3, "Array metadata"; codecs bytes, sharding_indexed.
 */
#include <stdio.h>
#include <string.h>

#include "encode_zarr.h"

static bw_status set(bw_encoder *e, bw_node *map, const char *name, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(e->ctx, e->arena, map, bw_view_text(name), value);
}

static bw_status set_text(bw_encoder *e, bw_node *map, const char *name, const char *text)
{
    return set(e, map, name, bw_node_text(e->ctx, e->arena, bw_view_text(text)));
}

static bw_status set_lengths(bw_encoder *e, bw_node *map, const char *name, uint32_t rank,
                             const uint64_t *lengths)
{
    bw_node *list = bw_node_list(e->ctx, e->arena);

    BW_TRY(set(e, map, name, list));
    for (uint32_t d = 0; d < rank; d++) {
        bw_node *length = bw_node_int(e->ctx, e->arena, (int64_t)lengths[d]);

        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(e->ctx, e->arena, list, length));
    }
    return BW_OK;
}

/* {name, configuration}, as version 3 says what a grid, an encoding of keys or a codec is. */
static bw_status make_named(bw_encoder *e, const char *name, bw_node **out, bw_node **configuration)
{
    *out = bw_node_map(e->ctx, e->arena);
    *configuration = bw_node_map(e->ctx, e->arena);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(set_text(e, *out, "name", name));
    return set(e, *out, "configuration", *configuration);
}

/* Types and codecs -------------------------------------------------------------------------- */

static bw_status set_type(bw_encoder *e, bw_node *document, bw_dtype dtype)
{
    char name[32];

    snprintf(name, sizeof name, "%s%u",
             dtype.kind == 'i' ? "int" : dtype.kind == 'u' ? "uint" : "float", dtype.itemsize * 8);
    BW_TRY(set_text(e, document, "data_type", dtype.kind == 'b' ? "bool" : name));
    return set(e, document, "fill_value",
               dtype.kind == 'b'   ? bw_node_bool(e->ctx, e->arena, false)
               : dtype.kind == 'f' ? bw_node_float(e->ctx, e->arena, 0.0)
                                   : bw_node_int(e->ctx, e->arena, 0));
}

static bw_status add_bytes(bw_encoder *e, bw_node *list, bw_dtype dtype)
{
    bw_node *codec, *configuration;

    BW_TRY(make_named(e, "bytes", &codec, &configuration));
    if (dtype.itemsize > 1) {
        BW_TRY(set_text(e, configuration, "endian", dtype.big_endian ? "big" : "little"));
    } else {
        bw_map_remove(codec, BW_VIEW("configuration")); /* one byte has no order */
    }
    return bw_list_push(e->ctx, e->arena, list, codec);
}

/* The chain of one chunk: bytes in an order, then the compressor. */
static bw_status make_codecs(bw_encoder *e, bw_dtype dtype, bw_node **out)
{
    bw_node *list = bw_node_list(e->ctx, e->arena), *codec;

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(add_bytes(e, list, dtype));
    if (e->compressor.type != NULL) {
        BW_TRY(bw_codec_to_v3(e->ctx, e->arena, &e->compressor, dtype.itemsize, &codec));
        BW_TRY(bw_list_push(e->ctx, e->arena, list, codec));
    }
    *out = list;
    return BW_OK;
}

/* The index of a shard: little-endian numbers with a checksum. */
static bw_status make_index_codecs(bw_encoder *e, bw_node **out)
{
    bw_node *list = bw_node_list(e->ctx, e->arena), *checksum = bw_node_map(e->ctx, e->arena);

    if (list == NULL || checksum == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(add_bytes(e, list, (bw_dtype){.kind = 'u', .itemsize = 8}));
    BW_TRY(set_text(e, checksum, "name", "crc32c"));
    *out = list;
    return bw_list_push(e->ctx, e->arena, list, checksum);
}

/* Shards ------------------------------------------------------------------------------------ */

/* Lengths of a shard; those of a chunk, and false, when one would hold a single chunk. */
static bool choose_shards(const bw_encoder *e, const bw_array *array, const uint64_t *chunks,
                          uint64_t *shards)
{
    bool several = false;

    memcpy(shards, chunks, array->rank * sizeof *shards);
    if (array->nbytes == 0) {
        return false;
    }
    for (uint32_t d = 0; d < array->rank; d++) {
        uint64_t wanted = 1, there = array->shape[d] / chunks[d] + (array->shape[d] % chunks[d] != 0);

        if (e->shards != NULL && d < e->shards->children.len) {
            wanted = (uint64_t)e->shards->children.items[d]->integer / chunks[d];
        }
        wanted = wanted < there ? wanted : there;
        several |= wanted > 1;
        shards[d] = chunks[d] * (wanted > 1 ? wanted : 1);
    }
    return several;
}

/* Puts the chunks' chain into that of a shard. */
static bw_status make_shard_codecs(bw_encoder *e, const bw_array *array, const uint64_t *chunks,
                                   bw_node **codecs)
{
    bw_node *list = bw_node_list(e->ctx, e->arena), *codec, *configuration, *index;

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(make_named(e, "sharding_indexed", &codec, &configuration));
    BW_TRY(make_index_codecs(e, &index));
    BW_TRY(set_lengths(e, configuration, "chunk_shape", array->rank, chunks));
    BW_TRY(set(e, configuration, "codecs", *codecs));
    BW_TRY(set(e, configuration, "index_codecs", index));
    BW_TRY(set_text(e, configuration, "index_location", "end"));
    *codecs = list;
    return bw_list_push(e->ctx, e->arena, list, codec);
}

/* The document ------------------------------------------------------------------------------ */

static bw_status set_grid(bw_encoder *e, bw_node *document, uint32_t rank, const uint64_t *lengths)
{
    bw_node *grid, *keys, *configuration;

    BW_TRY(make_named(e, "regular", &grid, &configuration));
    BW_TRY(set_lengths(e, configuration, "chunk_shape", rank, lengths));
    BW_TRY(set(e, document, "chunk_grid", grid));
    BW_TRY(make_named(e, "default", &keys, &configuration));
    BW_TRY(set_text(e, configuration, "separator", "/"));
    return set(e, document, "chunk_key_encoding", keys);
}

bw_status bw__encode_document_v3(bw_encoder *e, const bw_array *array, const uint64_t *chunks,
                                 bw_node **out)
{
    bw_node *document = bw_node_map(e->ctx, e->arena), *codecs;
    uint64_t lengths[BW_MAX_RANK];

    if (document == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(make_codecs(e, array->dtype, &codecs));
    if (choose_shards(e, array, chunks, lengths)) {
        BW_TRY(make_shard_codecs(e, array, chunks, &codecs));
    }
    BW_TRY(set_lengths(e, document, "shape", array->rank, array->shape));
    BW_TRY(set_type(e, document, array->dtype));
    BW_TRY(set_grid(e, document, array->rank, lengths));
    BW_TRY(set(e, document, "codecs", codecs));
    BW_TRY(set(e, document, "attributes", bw_node_map(e->ctx, e->arena)));
    BW_TRY(set(e, document, "zarr_format", bw_node_int(e->ctx, e->arena, 3)));
    BW_TRY(set_text(e, document, "node_type", "array"));
    *out = document;
    return set(e, document, "storage_transformers", bw_node_list(e->ctx, e->arena));
}
