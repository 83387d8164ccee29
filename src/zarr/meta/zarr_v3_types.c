/* SPDX-License-Identifier: MIT */
/**
 * Version 3's data types and their fill values: the core ones, and those of the registry of extensions
 * that zarr-python writes.
 * Source: Zarr core specification, version 3.1, "Data types", "Fill value"; zarr-extensions,
 * data-types: string, bytes, struct, numpy.datetime64, numpy.timedelta64; zarr-python 3's
 * fixed_length_utf32, null_terminated_bytes, raw_bytes, structured.
 */
#include <stdio.h>
#include <string.h>

#include "base/base64.h"
#include "array/element.h"
#include "array/node_text.h"
#include "array/record_type.h"
#include "zarr_fill.h"
#include "zarr_v3.h"

#define MAX_ITEMSIZE (1 << 24)

enum { MAX_DEPTH = 16 };

static bw_status refuse(bw_ctx *ctx, bw_view name)
{
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "data_type \"%.*s\" is not supported",
                   (int)(name.len < 64 ? name.len : 64), (const char *)name.ptr);
}

/* "int8", "float64" … and "r24", raw bits. */
static bool plain_type(bw_ctx *ctx, bw_view name, bw_dtype *out)
{
    uint64_t bits = 0;

    if (name.len > 1 && name.len < 12 && name.ptr[0] == 'r') {
        for (size_t i = 1; i < name.len; i++) {
            if (name.ptr[i] < '0' || name.ptr[i] > '9') {
                return false;
            }
            bits = bits * 10 + (uint64_t)(name.ptr[i] - '0');
        }
        *out = (bw_dtype){.kind = 'V', .itemsize = (uint32_t)(bits / 8)};
        return bits > 0 && bits % 8 == 0 && bits / 8 <= MAX_ITEMSIZE;
    }
    return name.len > 0 && memchr("<>|", name.ptr[0], 3) == NULL &&
           bw_dtype_parse(ctx, name, out) == BW_OK;
}

static bw_status length_bytes(bw_ctx *ctx, bw_view name, const bw_node *configuration,
                              uint32_t multiple, uint32_t *out)
{
    const bw_node *node = bw_map_get_text(configuration, "length_bytes");

    if (node == NULL || node->type != BW_NODE_INT || node->integer < 1 ||
        node->integer > MAX_ITEMSIZE || node->integer % multiple != 0) {
        char field[96];

        snprintf(field, sizeof field, "data_type %.*s: length_bytes",
                 (int)(name.len < 40 ? name.len : 40), (const char *)name.ptr);
        return bw__node_refuse(ctx, field, node, "a length that elements can have");
    }
    *out = (uint32_t)node->integer;
    return BW_OK;
}

/* numpy.datetime64 and numpy.timedelta64: {unit, scale_factor}. */
static bw_status time_type(bw_ctx *ctx, char kind, const bw_node *configuration, bw_dtype *out)
{
    bw_view unit = BW_VIEW("generic");
    int64_t scale = 1;
    char text[64], times[24] = "";

    (void)bw_map_get_string(configuration, "unit", &unit);
    (void)bw_map_get_int(configuration, "scale_factor", &scale);
    if (bw_view_equal(unit, BW_VIEW("generic"))) {
        snprintf(text, sizeof text, "<%c8", kind);
    } else {
        if (bw_view_equal(unit, BW_VIEW("μs"))) {
            unit = BW_VIEW("us");
        }
        if (scale != 1) {
            snprintf(times, sizeof times, "%lld", (long long)(scale > 0 ? scale : 0));
        }
        snprintf(text, sizeof text, "<%c8[%s%.*s]", kind, times,
                 (int)(unit.len < 8 ? unit.len : 8), (const char *)unit.ptr);
    }
    if (bw_dtype_parse(ctx, bw_view_text(text), out) != BW_OK) {
        return bw_fail(ctx, BW_ERR_METADATA, "data_type: a time of unit \"%.*s\", scale_factor %lld",
                       (int)(unit.len < 20 ? unit.len : 20), (const char *)unit.ptr,
                       (long long)scale);
    }
    return BW_OK;
}

static bw_status read_type(bw_ctx *ctx, bw_arena *arena, const bw_node *node, uint32_t depth,
                           bw_dtype *dtype, const bw_record **record);

/* struct: fields {name, data_type}; zarr-python's older "structured": [name, data_type]. */
static bw_status struct_type(bw_ctx *ctx, bw_arena *arena, const bw_node *configuration,
                             uint32_t depth, bw_dtype *dtype, const bw_record **out)
{
    const bw_node *fields = bw_map_get_text(configuration, "fields");
    bw_record *record = bw_arena_alloc_zeroed(ctx, arena, sizeof *record);

    if (fields == NULL || fields->type != BW_NODE_LIST || fields->children.len == 0) {
        return bw__node_refuse(ctx, "data_type: fields", fields, "a list of fields");
    }
    if (record != NULL) {
        record->fields = bw_arena_alloc_zeroed(ctx, arena,
                                               fields->children.len * sizeof *record->fields);
    }
    if (record == NULL || record->fields == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < fields->children.len; i++) {
        const bw_node *item = fields->children.items[i];
        bool pair = item->type == BW_NODE_LIST && item->children.len == 2;
        const bw_node *name = pair ? item->children.items[0] : bw_map_get_text(item, "name");
        const bw_node *type = pair ? item->children.items[1] : bw_map_get_text(item, "data_type");
        bw_field field = {.rank = 0};

        if (name == NULL || name->type != BW_NODE_STRING || type == NULL) {
            return bw__node_refuse(ctx, "data_type: fields", item, "a field's name and data_type");
        }
        field.name = name->text;
        BW_TRY(read_type(ctx, arena, type, depth + 1, &field.dtype, &field.record));
        if (field.dtype.kind == 'O') {
            return bw_fail(ctx, BW_ERR_UNSUPPORTED,
                           "data_type: a field of variable length in a structured type");
        }
        BW_TRY(bw__record_add(ctx, record, field));
    }
    *dtype = (bw_dtype){.kind = 'V', .itemsize = record->itemsize};
    *out = record;
    return BW_OK;
}

static bw_status read_type(bw_ctx *ctx, bw_arena *arena, const bw_node *node, uint32_t depth,
                           bw_dtype *dtype, const bw_record **record)
{
    const bw_node *configuration;
    bw_view name;

    *record = NULL;
    if (depth > MAX_DEPTH) {
        return bw_fail_limit(ctx, "structured types in each other", depth, MAX_DEPTH);
    }
    if (!bw__v3_name(node, &name, &configuration)) {
        return bw__node_refuse(ctx, "data_type", node, "a name, or a name with its configuration");
    }
    *dtype = (bw_dtype){.big_endian = false};
    if (plain_type(ctx, name, dtype)) {
        return BW_OK;
    }
    if (bw_view_equal(name, BW_VIEW("string")) || bw_view_equal(name, BW_VIEW("bytes")) ||
        bw_view_equal(name, BW_VIEW("variable_length_bytes")) ||
        bw_view_equal(name, BW_VIEW("variable_length_utf8"))) {
        *dtype = (bw_dtype){.kind = 'O', .itemsize = sizeof(bw_node *)};
        return BW_OK;
    }
    if (bw_view_equal(name, BW_VIEW("numpy.datetime64"))) {
        return time_type(ctx, 'M', configuration, dtype);
    }
    if (bw_view_equal(name, BW_VIEW("numpy.timedelta64"))) {
        return time_type(ctx, 'm', configuration, dtype);
    }
    if (bw_view_equal(name, BW_VIEW("fixed_length_utf32"))) {
        dtype->kind = 'U';
        return length_bytes(ctx, name, configuration, 4, &dtype->itemsize);
    }
    if (bw_view_equal(name, BW_VIEW("null_terminated_bytes"))) {
        dtype->kind = 'S';
        return length_bytes(ctx, name, configuration, 1, &dtype->itemsize);
    }
    if (bw_view_equal(name, BW_VIEW("raw_bytes"))) {
        dtype->kind = 'V';
        return length_bytes(ctx, name, configuration, 1, &dtype->itemsize);
    }
    if (bw_view_equal(name, BW_VIEW("struct")) || bw_view_equal(name, BW_VIEW("structured"))) {
        return struct_type(ctx, arena, configuration, depth, dtype, record);
    }
    return refuse(ctx, name);
}

bw_status bw__v3_data_type(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_array_meta *meta)
{
    return read_type(ctx, arena, node, 0, &meta->dtype, &meta->record);
}

/* Fill values ------------------------------------------------------------------------------- */

/* "0x7fc00001": the bits of a float, whatever they mean. */
static bool hex_bits(const bw_node *node, uint32_t size, uint8_t *out)
{
    bw_view text = node->type == BW_NODE_STRING ? node->text : BW_VIEW("");
    uint64_t bits = 0;

    if (text.len < 3 || text.len > 2 + 2 * (size_t)size || text.ptr[0] != '0' ||
        (text.ptr[1] | 0x20) != 'x') {
        return false;
    }
    for (size_t i = 2; i < text.len; i++) {
        uint8_t c = text.ptr[i], low = c | 0x20;

        if ((c < '0' || c > '9') && (low < 'a' || low > 'f')) {
            return false;
        }
        bits = bits << 4 | (uint64_t)(c <= '9' ? c - '0' : low - 'a' + 10);
    }
    bw__element_put_bits(bits, size, out);
    return true;
}

static bw_status fill_float(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    if (hex_bits(node, dtype.itemsize, out)) {
        return BW_OK;
    }
    return bw__zarr_fill(ctx, dtype, node, out);
}

/* Bytes as integers, or in base64; shorter ones are padded with NULs. */
static bw_status fill_bytes(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    if (node->type != BW_NODE_LIST) {
        return bw__zarr_fill(ctx, (bw_dtype){.kind = 'V', .itemsize = dtype.itemsize}, node, out);
    }
    if (node->children.len > dtype.itemsize) {
        return bw_fail(ctx, BW_ERR_METADATA, "fill_value: %u bytes for elements of %u",
                       node->children.len, dtype.itemsize);
    }
    memset(out, 0, dtype.itemsize);
    for (uint32_t i = 0; i < node->children.len; i++) {
        const bw_node *byte = node->children.items[i];

        if (byte->type != BW_NODE_INT || byte->integer < 0 || byte->integer > 255) {
            return bw__node_refuse(ctx, "fill_value", byte, "a byte");
        }
        out[i] = (uint8_t)byte->integer;
    }
    return BW_OK;
}

static bw_status fill_value(bw_ctx *ctx, bw_dtype dtype, const bw_record *record,
                            const bw_node *node, uint8_t *out);

/* A map of the fields' values, or base64 of the element. */
static bw_status fill_record(bw_ctx *ctx, const bw_record *record, const bw_node *node,
                             uint8_t *out)
{
    if (node->type != BW_NODE_MAP) {
        return bw__zarr_fill(ctx, (bw_dtype){.kind = 'V', .itemsize = record->itemsize}, node, out);
    }
    for (uint32_t f = 0; f < record->count; f++) {
        const bw_field *field = &record->fields[f];
        const bw_node *value = bw_map_get(node, field->name);

        if (value == NULL) {
            return bw_fail(ctx, BW_ERR_METADATA, "fill_value: no field \"%.*s\"",
                           (int)(field->name.len < 64 ? field->name.len : 64),
                           (const char *)field->name.ptr);
        }
        BW_TRY(fill_value(ctx, field->dtype, field->record, value, out + field->offset));
    }
    return BW_OK;
}

static bw_status fill_value(bw_ctx *ctx, bw_dtype dtype, const bw_record *record,
                            const bw_node *node, uint8_t *out)
{
    uint32_t half = dtype.itemsize / 2;

    if (record != NULL) {
        return fill_record(ctx, record, node, out);
    }
    switch (dtype.kind) {
    case 'f':
        return fill_float(ctx, dtype, node, out);
    case 'c':
        if (node->type == BW_NODE_LIST && node->children.len == 2) {
            bw_dtype part = {.kind = 'f', .itemsize = half};

            BW_TRY(fill_float(ctx, part, node->children.items[0], out));
            return fill_float(ctx, part, node->children.items[1], out + half);
        }
        break;
    case 'S':
    case 'V':
        return fill_bytes(ctx, dtype, node, out);
    default:
        break;
    }
    return bw__zarr_fill(ctx, dtype, node, out);
}

/* Text as it stands; bytes in base64 or as integers become the array that elements are. */
static bw_status fill_object(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bool bytes,
                             bw_array_meta *meta)
{
    bw_node *fill = (bw_node *)(uintptr_t)node;

    if (bytes && (node->type == BW_NODE_STRING || node->type == BW_NODE_LIST)) {
        uint64_t len = node->type == BW_NODE_LIST ? node->children.len
                                                  : bw__base64_size(node->text);
        bw_array *array;

        BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1, &len, &array));
        if (len > 0) {
            BW_TRY(fill_bytes(ctx, (bw_dtype){.kind = 'V', .itemsize = (uint32_t)len}, node,
                              array->data));
        }
        fill = bw_node_array(ctx, arena, array);
    } else if (node->type != BW_NODE_STRING && node->type != BW_NODE_NULL) {
        return bw__node_refuse(ctx, "fill_value", node, "text");
    }
    meta->fill = (uint8_t *)bw_arena_copy(ctx, arena, &fill, sizeof fill);
    return fill == NULL || meta->fill == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__v3_fill(bw_ctx *ctx, bw_arena *arena, const bw_node *node, bw_array_meta *meta)
{
    bw_status st;

    meta->has_fill = node->type != BW_NODE_NULL;
    if (meta->dtype.kind == 'O') {
        const bw_node *configuration;
        bw_view name = BW_VIEW("");

        (void)bw__v3_name(bw_map_get_text(meta->document, "data_type"), &name, &configuration);
        return fill_object(ctx, arena, node,
                           name.len > 5 && memcmp(name.ptr + name.len - 5, "bytes", 5) == 0 ? true
                           : bw_view_equal(name, BW_VIEW("bytes")), meta);
    }
    meta->fill = bw_arena_alloc_zeroed(ctx, arena, meta->dtype.itemsize);
    if (meta->fill == NULL) {
        return BW_ERR_NOMEM;
    }
    if (!meta->has_fill) {
        return BW_OK;
    }
    st = fill_value(ctx, meta->dtype, meta->record, node, meta->fill);
    if (st != BW_OK && strncmp(ctx->error.message, "fill_value", 10) != 0) {
        return bw_fail(ctx, st, "fill_value: %s", ctx->error.message);
    }
    return st;
}
