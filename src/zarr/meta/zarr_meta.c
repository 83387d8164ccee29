/* SPDX-License-Identifier: MIT */
/**
 * A `.zarray` document, checked field by field: whoever holds a bw_array_meta need not ask again.
 * Source: Zarr storage specification version 2, section "Metadata".
 *
 * Where zarr-python reads a document that lacks a field the specification asks for (filters,
 * fill_value), so does this.
 */
#include <stdio.h>
#include <string.h>

#include "bores/json.h"
#include "bores/zarr.h"
#include "array/node_text.h"
#include "array/record_type.h"
#include "object_codecs.h"
#include "zarr_fill.h"
#include "zarr_v3.h"

static bw_status require(bw_ctx *ctx, const bw_node *document, const char *field,
                         const bw_node **out)
{
    *out = bw_map_get_text(document, field);
    if (*out == NULL) {
        return bw_fail(ctx, BW_ERR_METADATA, "%s: missing", field);
    }
    return BW_OK;
}

/* 2, or 3 in another file. */
static bw_status read_format(bw_ctx *ctx, const bw_node *document, int *version)
{
    const bw_node *node;

    BW_TRY(require(ctx, document, "zarr_format", &node));
    if (node->type != BW_NODE_INT || (node->integer != 2 && node->integer != 3)) {
        return bw__node_refuse(ctx, "zarr_format", node, "2 or 3");
    }
    *version = (int)node->integer;
    return BW_OK;
}

bw_status bw__zarr_lengths(bw_ctx *ctx, const char *field, const bw_node *node, int64_t least,
                           uint64_t out[BW_MAX_RANK], uint32_t *rank)
{
    if (node->type != BW_NODE_LIST) {
        return bw__node_refuse(ctx, field, node, "a list of integers");
    }
    if (node->children.len > BW_MAX_RANK) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "%s: %u dimensions, at most %u are supported",
                       field, node->children.len, BW_MAX_RANK);
    }
    for (uint32_t d = 0; d < node->children.len; d++) {
        const bw_node *length = node->children.items[d];
        char value[BW__NODE_TEXT_MAX];

        bw__node_text(length, value);
        if (length->type != BW_NODE_INT) {
            return bw_fail(ctx, BW_ERR_METADATA, "%s: %s in dimension %u is not an integer", field,
                           value, d);
        }
        if (length->integer < least) {
            return bw_fail(ctx, BW_ERR_METADATA, "%s: %s in dimension %u is %s", field, value, d,
                           length->integer < 0 ? "negative" : "not positive");
        }
        out[d] = (uint64_t)length->integer;
    }
    *rank = node->children.len;
    return BW_OK;
}

bw_status bw__zarr_chunk_lengths(bw_ctx *ctx, const char *field, const bw_node *node,
                                 bw_array_meta *meta)
{
    uint32_t rank;

    BW_TRY(bw__zarr_lengths(ctx, field, node, 0, meta->chunks, &rank));
    if (rank != meta->rank) {
        return bw_fail(ctx, BW_ERR_METADATA, "%s: %u dimensions, shape has %u", field, rank,
                       meta->rank);
    }
    for (uint32_t d = 0; d < meta->rank; d++) {
        if (meta->chunks[d] == 0 && meta->shape[d] > 0) {
            return bw_fail(ctx, BW_ERR_METADATA, "%s: 0 in dimension %u is not positive", field, d);
        }
        /* Writers take the shape for the chunks: where there is nothing, any length is as good. */
        meta->chunks[d] += meta->chunks[d] == 0;
    }
    return BW_OK;
}

static bw_status read_shape(bw_ctx *ctx, const bw_node *document, bw_array_meta *meta)
{
    const bw_node *shape, *chunks;

    BW_TRY(require(ctx, document, "shape", &shape));
    BW_TRY(bw__zarr_lengths(ctx, "shape", shape, 0, meta->shape, &meta->rank));
    BW_TRY(require(ctx, document, "chunks", &chunks));
    return bw__zarr_chunk_lengths(ctx, "chunks", chunks, meta);
}

static bw_status read_dtype(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                            bw_array_meta *meta)
{
    const bw_node *node;

    BW_TRY(require(ctx, document, "dtype", &node));
    if (node->type == BW_NODE_LIST) {
        BW_TRY(bw__record_from_descr(ctx, arena, node, &meta->record));
        meta->dtype = (bw_dtype){.kind = 'V', .itemsize = meta->record->itemsize};
        return BW_OK;
    }
    if (node->type != BW_NODE_STRING) {
        return bw__node_refuse(ctx, "dtype", node, "a type string or a list of fields");
    }
    if (bw_view_equal(node->text, BW_VIEW("|O"))) {
        meta->dtype = (bw_dtype){.kind = 'O', .itemsize = sizeof(bw_node *)};
        return BW_OK;
    }
    return bw_dtype_parse(ctx, node->text, &meta->dtype);
}

/* The first filter makes the objects of |O; without one nobody knows what they are. */
static bw_status read_objects(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                              bw_array_meta *meta)
{
    const bw_node *filters = bw_map_get_text(document, "filters");

    if (meta->dtype.kind != 'O') {
        return BW_OK;
    }
    if (filters == NULL || filters->type != BW_NODE_LIST || filters->children.len == 0) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                       "dtype: |O without a filter that says how its objects are stored");
    }
    return bw__object_codec_v2(ctx, arena, filters->children.items[0], &meta->objects);
}

static bw_status read_order(bw_ctx *ctx, const bw_node *document, bool *fortran)
{
    const bw_node *node;

    BW_TRY(require(ctx, document, "order", &node));
    *fortran = node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW("F"));
    if (!*fortran &&
        (node->type != BW_NODE_STRING || !bw_view_equal(node->text, BW_VIEW("C")))) {
        return bw__node_refuse(ctx, "order", node, "\"C\" or \"F\"");
    }
    return BW_OK;
}

static bw_status read_separator(bw_ctx *ctx, const bw_node *document, char *separator)
{
    const bw_node *node = bw_map_get_text(document, "dimension_separator");

    *separator = '.';
    if (node == NULL || node->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW("/"))) {
        *separator = '/';
    } else if (node->type != BW_NODE_STRING || !bw_view_equal(node->text, BW_VIEW("."))) {
        return bw__node_refuse(ctx, "dimension_separator", node, "\".\" or \"/\"");
    }
    return BW_OK;
}

enum { MAX_FILTERS = 32 };

/* Filters in the order in which they encode, and behind them the compressor. */
static bw_status read_codecs(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                             bw_array_meta *meta)
{
    const bw_node *filters = bw_map_get_text(document, "filters"), *compressor;
    bw_dtype dtype = meta->dtype;
    bw_codec *codecs;
    uint32_t count;

    BW_TRY(require(ctx, document, "compressor", &compressor));
    if (filters != NULL && filters->type != BW_NODE_NULL && filters->type != BW_NODE_LIST) {
        return bw__node_refuse(ctx, "filters", filters, "null or a list");
    }
    count = filters != NULL && filters->type == BW_NODE_LIST ? filters->children.len : 0;
    if (count > MAX_FILTERS) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "filters: %u, at most %d are supported", count,
                       MAX_FILTERS);
    }
    codecs = bw_arena_alloc_zeroed(ctx, arena, (count + 1) * sizeof *codecs);
    if (codecs == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = meta->objects != NULL ? 1 : 0; i < count; i++) {
        BW_TRY(bw_codec_from_v2(ctx, "filters:", filters->children.items[i], &codecs[i]));
        BW_TRY(bw_codec_settle(ctx, &codecs[i], &dtype));
    }
    BW_TRY(bw_codec_from_v2(ctx, "compressor", compressor, &codecs[count]));
    BW_TRY(bw_codec_settle(ctx, &codecs[count], &dtype));
    count += codecs[count].type != NULL;
    meta->codecs = meta->objects != NULL ? (bw_codec_chain){codecs + 1, count - 1}
                                         : (bw_codec_chain){codecs, count};
    return BW_OK;
}

static bw_status read_fill(bw_ctx *ctx, bw_arena *arena, bw_array_meta *meta)
{
    const bw_node *node = bw_map_get_text(meta->document, "fill_value");

    meta->fill = bw_arena_alloc_zeroed(ctx, arena, meta->dtype.itemsize);
    if (meta->fill == NULL) {
        return BW_ERR_NOMEM;
    }
    meta->has_fill = node != NULL && node->type != BW_NODE_NULL;
    if (!meta->has_fill) {
        return BW_OK;
    }
    if (meta->record != NULL) {
        return bw__zarr_fill_record(ctx, meta->record, node, meta->fill);
    }
    return bw__zarr_fill(ctx, meta->dtype, node, meta->fill);
}

/* A missing object is the fill value as it stands in the document, whatever it is; 0 and null are what
 * zarr-python 2 fills with where nobody said anything. */
static bw_status read_object_fill(bw_ctx *ctx, bw_arena *arena, bw_array_meta *meta)
{
    const bw_node *node = bw_map_get_text(meta->document, "fill_value");
    bw_node *fill;

    meta->has_fill = node != NULL && node->type != BW_NODE_NULL;
    fill = node == NULL ? bw_node_null(ctx, arena) : (bw_node *)(uintptr_t)node;
    meta->fill = (uint8_t *)bw_arena_copy(ctx, arena, &fill, sizeof fill);
    return fill == NULL || meta->fill == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw_zarr_meta_from_node(bw_ctx *ctx, bw_arena *arena, const bw_node *document,
                                 bw_array_meta **out)
{
    bw_array_meta *meta;
    int version = 0;

    if (document->type != BW_NODE_MAP) {
        return bw__node_refuse(ctx, "metadata", document, "an object");
    }
    BW_TRY(read_format(ctx, document, &version));
    if (version == 3) {
        return bw__zarr_meta_v3(ctx, arena, document, out);
    }
    meta = bw_arena_alloc_zeroed(ctx, arena, sizeof *meta);
    if (meta == NULL) {
        return BW_ERR_NOMEM;
    }
    meta->document = document;
    meta->version = version;
    BW_TRY(read_shape(ctx, document, meta));
    BW_TRY(read_dtype(ctx, arena, document, meta));
    BW_TRY(read_objects(ctx, arena, document, meta));
    BW_TRY(read_codecs(ctx, arena, document, meta));
    BW_TRY(read_order(ctx, document, &meta->fortran));
    BW_TRY(read_separator(ctx, document, &meta->separator));
    BW_TRY(meta->objects != NULL ? read_object_fill(ctx, arena, meta) : read_fill(ctx, arena, meta));
    *out = meta;
    return BW_OK;
}

bw_status bw_zarr_meta_parse(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_array_meta **out)
{
    bw_node *document;

    BW_TRY(bw_json_parse(ctx, arena, text, &document));
    return bw_zarr_meta_from_node(ctx, arena, document, out);
}

bw_status bw_zarr_chunk_key(bw_ctx *ctx, const bw_array_meta *meta,
                            const uint64_t coord[BW_MAX_RANK], bw_bytes *key)
{
    char number[24];

    if (meta->rank == 0) {
        return bw_bytes_append_text(ctx, key, meta->prefixed ? "c" : "0");
    }
    BW_TRY(bw_bytes_reserve(ctx, key, meta->rank * sizeof number + 1)); /* all or nothing */
    if (meta->prefixed) {
        BW_TRY(bw_bytes_append(ctx, key, "c", 1));
    }
    for (uint32_t d = 0; d < meta->rank; d++) {
        int len = d == 0 && !meta->prefixed
                      ? snprintf(number, sizeof number, "%llu", (unsigned long long)coord[d])
                      : snprintf(number, sizeof number, "%c%llu", meta->separator,
                                 (unsigned long long)coord[d]);
        BW_TRY(bw_bytes_append(ctx, key, number, (size_t)len));
    }
    return BW_OK;
}
