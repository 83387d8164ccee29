/* SPDX-License-Identifier: MIT */
/**
 * Version 3's list of codecs: arrays to arrays (transpose, numcodecs' filters), one from array to bytes
 * (bytes, sharding_indexed, vlen-utf8, vlen-bytes), bytes to bytes.
 *
 * Transposes become the order in which a chunk's axes are stored, "bytes" the byte order of elements, or
 * a codec where filters have changed the elements; so that what is left is mostly one codec, which
 * decodes into place.
 * Source: Zarr v3, codecs bytes, transpose, sharding_indexed; zarr-extensions, codecs vlen-utf8,
 * vlen-bytes, numcodecs.*.
 */
#include <string.h>

#include "array/node_text.h"
#include "object_codecs.h"
#include "array/record_type.h"
#include "zarr_v3.h"

#define MAX_INDEX_BYTES (UINT64_C(64) << 20)

enum { MAX_CODECS = 32, MAX_SHARD_DEPTH = 8 };

/* What the codecs read so far have made. */
typedef struct reader {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_array_meta *meta;
    bw_codec *codecs;
    uint32_t count, depth;
    bw_dtype dtype; /* of elements, behind the filters */
    bool big;       /* the byte order in which "bytes" hands them to the filters */
    uint8_t *order; /* NULL: as it was */
    bool serialized;
} reader;

static bw_status read_codecs(bw_ctx *ctx, bw_arena *arena, const bw_node *list, uint32_t depth,
                             bw_array_meta *meta);

static bw_status out_of_order(const reader *r, bw_view name)
{
    return bw_fail(r->ctx, BW_ERR_METADATA, "codecs: \"%.*s\" stands %s the codec that makes bytes",
                   (int)(name.len < 64 ? name.len : 64), (const char *)name.ptr,
                   r->serialized ? "behind" : "before");
}

/* Filters that do the same to each element, wherever it stands: an order of axes may as well come first. */
static bool is_elementwise(const bw_codec *codec)
{
    return codec->type == &bw_codec_astype || codec->type == &bw_codec_fixedscaleoffset ||
           codec->type == &bw_codec_quantize || codec->type == &bw_codec_bitround;
}

/* Another order of axes, behind filters that look at what is beside an element, is not undone here. */
static bw_status check_reordered(const reader *r, const uint8_t *before)
{
    for (uint32_t i = 0; i < r->count && memcmp(before, r->order, r->meta->rank) != 0; i++) {
        if (!is_elementwise(&r->codecs[i])) {
            return bw_fail(r->ctx, BW_ERR_UNSUPPORTED, "codecs: \"transpose\" behind \"%s\"",
                           bw_codec_name(&r->codecs[i]));
        }
    }
    return BW_OK;
}

/* transpose: axis `order[i]` of what came in is axis i of what is stored. "C" and "F" are of drafts. */
static bw_status read_transpose(reader *r, const bw_node *configuration)
{
    const bw_node *order = bw_map_get_text(configuration, "order");
    uint32_t rank = r->meta->rank;
    uint8_t before[BW_MAX_RANK];
    uint32_t seen = 0;

    if (r->order == NULL) {
        r->order = bw_arena_alloc(r->ctx, r->arena, rank + 1);
        if (r->order == NULL) {
            return BW_ERR_NOMEM;
        }
        for (uint32_t d = 0; d < rank; d++) {
            r->order[d] = (uint8_t)d;
        }
    }
    memcpy(before, r->order, rank);
    if (order != NULL && order->type == BW_NODE_STRING &&
        (bw_view_equal(order->text, BW_VIEW("C")) || bw_view_equal(order->text, BW_VIEW("F")))) {
        for (uint32_t d = 0; d < rank && order->text.ptr[0] == 'F'; d++) {
            r->order[d] = before[rank - 1 - d];
        }
        return check_reordered(r, before);
    }
    if (order == NULL || order->type != BW_NODE_LIST || order->children.len != rank) {
        return bw__node_refuse(r->ctx, "codecs: transpose: order", order,
                               "a list of all axes' numbers");
    }
    for (uint32_t d = 0; d < rank; d++) {
        const bw_node *axis = order->children.items[d];

        if (axis->type != BW_NODE_INT || axis->integer < 0 || axis->integer >= (int64_t)rank ||
            (seen >> axis->integer & 1u) != 0) {
            return bw__node_refuse(r->ctx, "codecs: transpose: order", axis,
                                   "an axis that has not been named");
        }
        seen |= 1u << axis->integer;
        r->order[d] = before[axis->integer];
    }
    return check_reordered(r, before);
}

static bw_status read_bytes(reader *r, const bw_node *configuration)
{
    const bw_node *endian = bw_map_get_text(configuration, "endian");
    uint32_t unit = bw_dtype_swap_size(r->dtype);
    bool big = endian != NULL && endian->type == BW_NODE_STRING &&
               bw_view_equal(endian->text, BW_VIEW("big"));

    if (r->meta->dtype.kind == 'O') {
        return bw_fail(r->ctx, BW_ERR_METADATA,
                       "codecs: \"bytes\" cannot store elements of variable length");
    }
    if (endian == NULL || endian->type == BW_NODE_NULL) {
        return unit == 1 ? BW_OK
                         : bw_fail(r->ctx, BW_ERR_METADATA,
                                   "codecs: bytes: endian: missing, elements are of %u bytes", unit);
    }
    if (!big && (endian->type != BW_NODE_STRING ||
                 !bw_view_equal(endian->text, BW_VIEW("little")))) {
        return bw__node_refuse(r->ctx, "codecs: bytes: endian", endian, "\"little\" or \"big\"");
    }
    if (r->count > 0) {
        if (unit > 1 && big != r->big) {
            r->codecs[r->count++] = (bw_codec){.type = &bw_codec_byte_order, .itemsize = unit};
        }
    } else if (big && r->meta->record != NULL) {
        bw__record_set_big_endian((bw_record *)(uintptr_t)r->meta->record);
    } else {
        r->meta->dtype.big_endian = big && unit > 1;
    }
    return BW_OK;
}

/* numcodecs' filters look at memory by the types that they are told, which have a byte order; "bytes" puts
 * elements in the order of the type that is stored, if one is told, and what comes out of the first filter
 * is of its own type. As zarr-python 3 has it. */
static void note_byte_order(reader *r, const bw_codec *codec)
{
    const char *stored = codec->type == &bw_codec_astype ? "encode_dtype"
                         : codec->type == &bw_codec_delta || codec->type == &bw_codec_fixedscaleoffset
                             ? "astype" : "";
    const bw_node *type = bw_map_get_text(codec->settings, stored);

    if (type != NULL && type->type == BW_NODE_STRING) {
        r->big = codec->encoded.big_endian;
    }
    if (r->count == 0) {
        r->meta->dtype.big_endian = codec->decoded.big_endian;
    }
}

/* sharding_indexed -------------------------------------------------------------------------- */

static bw_status read_index_codecs(reader *r, const bw_node *configuration, bw_shards *shards)
{
    const bw_node *list = bw_map_get_text(configuration, "index_codecs");
    bw_array_meta index = {.version = 3, .dtype = {.kind = 'u', .itemsize = 8}, .rank = 1};

    if (list == NULL) {
        return bw_fail(r->ctx, BW_ERR_METADATA, "codecs: sharding_indexed: index_codecs: missing");
    }
    index.shape[0] = index.chunks[0] = shards->count * 2;
    BW_TRY(read_codecs(r->ctx, r->arena, list, r->depth, &index));
    shards->index_codecs = index.codecs;
    shards->index_big_endian = index.dtype.big_endian;
    if (index.shards != NULL || index.order != NULL ||
        !bw_chain_encoded_size(index.codecs, shards->count * 16, &shards->index_nbytes)) {
        return bw_fail(r->ctx, BW_ERR_METADATA,
                       "codecs: sharding_indexed: index_codecs give no index of a fixed length");
    }
    return BW_OK;
}

static bw_status read_location(reader *r, const bw_node *configuration, bw_shards *shards)
{
    const bw_node *node = bw_map_get_text(configuration, "index_location");

    if (node == NULL) {
        return BW_OK;
    }
    shards->index_at_start = node->type == BW_NODE_STRING &&
                             bw_view_equal(node->text, BW_VIEW("start"));
    return shards->index_at_start || (node->type == BW_NODE_STRING &&
                                      bw_view_equal(node->text, BW_VIEW("end")))
               ? BW_OK
               : bw__node_refuse(r->ctx, "codecs: sharding_indexed: index_location", node,
                                 "\"start\" or \"end\"");
}

/* The shard as an array: its axes as they are stored, its chunks the inner ones. */
static bw_status inner_shape(reader *r, const bw_node *configuration, bw_shards *shards)
{
    const bw_array_meta *meta = r->meta;
    bw_array_meta *inner = &shards->inner;
    const bw_node *lengths = bw_map_get_text(configuration, "chunk_shape");
    uint32_t rank;

    if (lengths == NULL) {
        return bw_fail(r->ctx, BW_ERR_METADATA, "codecs: sharding_indexed: chunk_shape: missing");
    }
    BW_TRY(bw__zarr_lengths(r->ctx, "codecs: sharding_indexed: chunk_shape", lengths, 0,
                            inner->chunks, &rank));
    if (rank != meta->rank) {
        return bw_fail(r->ctx, BW_ERR_METADATA,
                       "codecs: sharding_indexed: chunk_shape: %u dimensions, shape has %u", rank,
                       meta->rank);
    }
    shards->count = 1;
    for (uint32_t place = 0; place < rank; place++) {
        uint32_t axis = r->order != NULL ? r->order[place] : place;
        uint64_t length = meta->chunks[axis];

        inner->shape[place] = length;
        if (inner->chunks[place] == 0) { /* as of the shard: on an axis of no length any is as good */
            if (meta->shape[axis] > 0) {
                return bw_fail(r->ctx, BW_ERR_METADATA, "codecs: sharding_indexed: chunk_shape: 0 in "
                               "dimension %u is not positive", place);
            }
            inner->chunks[place] = length;
        }
        if (length % inner->chunks[place] != 0) {
            return bw_fail(r->ctx, BW_ERR_METADATA,
                           "codecs: sharding_indexed: chunk_shape: %llu does not divide the shard's "
                           "%llu in dimension %u", (unsigned long long)inner->chunks[place],
                           (unsigned long long)length, place);
        }
        shards->grid[place] = length / inner->chunks[place];
        if (shards->grid[place] > MAX_INDEX_BYTES / 16 / shards->count) {
            return bw_fail_limit(r->ctx, "chunks of one shard", UINT64_MAX, MAX_INDEX_BYTES / 16);
        }
        shards->count *= shards->grid[place];
    }
    return BW_OK;
}

static bw_status read_shards(reader *r, const bw_node *configuration)
{
    bw_shards *shards = bw_arena_alloc_zeroed(r->ctx, r->arena, sizeof *shards);
    const bw_node *list = bw_map_get_text(configuration, "codecs");
    const bw_array_meta *meta = r->meta;

    if (shards == NULL) {
        return BW_ERR_NOMEM;
    }
    if (r->count > 0) {
        return bw_fail(r->ctx, BW_ERR_UNSUPPORTED, "codecs: \"sharding_indexed\" behind a filter");
    }
    if (r->depth >= MAX_SHARD_DEPTH) {
        return bw_fail_limit(r->ctx, "shards in shards", r->depth + 1, MAX_SHARD_DEPTH);
    }
    if (list == NULL) {
        return bw_fail(r->ctx, BW_ERR_METADATA, "codecs: sharding_indexed: codecs: missing");
    }
    shards->inner = (bw_array_meta){.version = 3, .dtype = meta->dtype, .record = meta->record,
                                   .rank = meta->rank, .has_fill = meta->has_fill,
                                   .fill = meta->fill, .document = meta->document};
    BW_TRY(inner_shape(r, configuration, shards));
    BW_TRY(read_codecs(r->ctx, r->arena, list, r->depth + 1, &shards->inner));
    BW_TRY(read_index_codecs(r, configuration, shards));
    BW_TRY(read_location(r, configuration, shards));
    r->meta->shards = shards;
    r->meta->objects = shards->inner.objects;
    return BW_OK;
}

/* The list ---------------------------------------------------------------------------------- */

/* The codec that makes bytes; `*taken` false when it is none that does. */
static bw_status read_serializer(reader *r, bw_view name, const bw_node *configuration, bool *taken)
{
    const bw_object_codec *objects;

    *taken = true;
    if (bw_view_equal(name, BW_VIEW("bytes"))) {
        r->serialized = true;
        return read_bytes(r, configuration);
    }
    if (bw_view_equal(name, BW_VIEW("sharding_indexed"))) {
        r->serialized = true;
        return read_shards(r, configuration);
    }
    BW_TRY(bw__object_codec_v3(r->ctx, r->arena, name, &objects));
    *taken = objects != NULL;
    if (!*taken) {
        return BW_OK;
    }
    if (r->meta->dtype.kind != 'O') {
        return bw_fail(r->ctx, BW_ERR_METADATA, "codecs: \"%s\" for elements of a fixed length",
                       objects->name);
    }
    r->serialized = true;
    r->meta->objects = objects;
    return BW_OK;
}

static bool is_filter(const bw_codec *codec)
{
    return codec->type == &bw_codec_delta || codec->type == &bw_codec_fixedscaleoffset ||
           codec->type == &bw_codec_quantize || codec->type == &bw_codec_astype ||
           codec->type == &bw_codec_packbits || codec->type == &bw_codec_bitround;
}

static bw_status read_one(reader *r, const bw_node *node)
{
    const bw_node *configuration;
    bw_codec codec;
    bw_view name;
    bool taken;

    if (!bw__v3_name(node, &name, &configuration)) {
        return bw__node_refuse(r->ctx, "codecs", node, "a name, or a name with its configuration");
    }
    if (bw_view_equal(name, BW_VIEW("transpose"))) {
        return r->serialized ? out_of_order(r, name) : read_transpose(r, configuration);
    }
    if (!r->serialized) {
        BW_TRY(read_serializer(r, name, configuration, &taken));
        if (taken) {
            return BW_OK;
        }
    } else if (bw_view_equal(name, BW_VIEW("bytes")) ||
               bw_view_equal(name, BW_VIEW("sharding_indexed"))) {
        return out_of_order(r, name);
    }
    BW_TRY(bw_codec_from_v3(r->ctx, "codecs:", node, &codec));
    if (is_filter(&codec) == r->serialized) {
        return out_of_order(r, name);
    }
    BW_TRY(bw_codec_settle(r->ctx, &codec, &r->dtype));
    if (!r->serialized) {
        note_byte_order(r, &codec);
    }
    r->codecs[r->count++] = codec;
    return BW_OK;
}

static bw_status read_codecs(bw_ctx *ctx, bw_arena *arena, const bw_node *list, uint32_t depth,
                             bw_array_meta *meta)
{
    reader r = {.ctx = ctx, .arena = arena, .meta = meta, .depth = depth, .dtype = meta->dtype};

    if (list->type != BW_NODE_LIST || list->children.len > MAX_CODECS) {
        return bw__node_refuse(ctx, "codecs", list, "a list of at most 32 codecs");
    }
    r.codecs = bw_arena_alloc_zeroed(ctx, arena, (list->children.len + 1) * sizeof *r.codecs);
    if (r.codecs == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < list->children.len; i++) {
        BW_TRY(read_one(&r, list->children.items[i]));
    }
    if (!r.serialized) {
        return bw_fail(ctx, BW_ERR_METADATA, "codecs: none of the %u makes bytes of an array",
                       list->children.len);
    }
    meta->order = r.order;
    meta->codecs = (bw_codec_chain){r.codecs, r.count};
    return BW_OK;
}

bw_status bw__v3_codecs(bw_ctx *ctx, bw_arena *arena, const bw_node *codecs, bw_array_meta *meta)
{
    return read_codecs(ctx, arena, codecs, 0, meta);
}
