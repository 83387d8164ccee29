/* SPDX-License-Identifier: MIT */
/**
 * Structured elements. Source: NumPy, "Structured arrays" and the array interface protocol, "descr";
 * Zarr v2, "Data type encoding".
 */
#include "record_type.h"

#include <stdio.h>
#include <string.h>

#include "base/half.h"
#include "base/utf8.h"
#include "node_text.h"

#define MAX_ITEMSIZE (1u << 24)

enum { MAX_DEPTH = 16, MAX_FIELDS = 1 << 14 };

bw_status bw__record_add(bw_ctx *ctx, bw_record *record, bw_field field)
{
    uint64_t nbytes = field.dtype.itemsize;

    for (uint32_t d = 0; d < field.rank; d++) {
        nbytes = field.shape[d] == 0 || nbytes <= MAX_ITEMSIZE / field.shape[d]
                     ? nbytes * field.shape[d]
                     : UINT64_MAX / BW_MAX_RANK;
    }
    if (nbytes > MAX_ITEMSIZE - record->itemsize) {
        return bw_fail_limit(ctx, "bytes of a structured element", nbytes + record->itemsize,
                             MAX_ITEMSIZE);
    }
    if (record->count >= MAX_FIELDS) {
        return bw_fail_limit(ctx, "fields of a structured type", record->count + 1, MAX_FIELDS);
    }
    for (uint32_t f = 0; f < record->count; f++) {
        if (bw_view_equal(record->fields[f].name, field.name)) {
            return bw_fail(ctx, BW_ERR_METADATA, "dtype: the field \"%.*s\" comes twice",
                           (int)(field.name.len < 64 ? field.name.len : 64),
                           (const char *)field.name.ptr);
        }
    }
    field.offset = record->itemsize;
    record->itemsize += (uint32_t)nbytes;
    record->fields[record->count++] = field;
    return BW_OK;
}

static bw_status read_descr(bw_ctx *ctx, bw_arena *arena, const bw_node *descr, uint32_t depth,
                            const bw_record **out);

/* An integer or a list of them. */
static bw_status read_subshape(bw_ctx *ctx, const bw_node *shape, bw_field *field)
{
    uint32_t count = shape->type == BW_NODE_LIST ? shape->children.len : 1;

    if (count > BW_MAX_RANK) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "dtype: a sub-array of %u dimensions", count);
    }
    for (uint32_t d = 0; d < count; d++) {
        const bw_node *length = shape->type == BW_NODE_LIST ? shape->children.items[d] : shape;

        if (length->type != BW_NODE_INT || length->integer < 0) {
            return bw__node_refuse(ctx, "dtype", length, "a sub-array's length");
        }
        field->shape[d] = (uint64_t)length->integer;
    }
    field->rank = count;
    return BW_OK;
}

static bw_status read_field(bw_ctx *ctx, bw_arena *arena, const bw_node *node, uint32_t depth,
                            bw_field *field)
{
    const bw_node *name, *type;

    if (node->type != BW_NODE_LIST || node->children.len < 2 || node->children.len > 3) {
        return bw__node_refuse(ctx, "dtype", node, "a field [name, type, shape]");
    }
    name = node->children.items[0];
    type = node->children.items[1];
    if (name->type == BW_NODE_LIST && name->children.len == 2) {
        name = name->children.items[1]; /* NumPy's [title, name] */
    }
    if (name->type != BW_NODE_STRING) {
        return bw__node_refuse(ctx, "dtype", name, "a field's name");
    }
    field->name = name->text;
    if (type->type == BW_NODE_LIST) {
        BW_TRY(read_descr(ctx, arena, type, depth + 1, &field->record));
        field->dtype = (bw_dtype){.kind = 'V', .itemsize = field->record->itemsize};
    } else if (type->type == BW_NODE_STRING) {
        BW_TRY(bw_dtype_parse(ctx, type->text, &field->dtype));
    } else {
        return bw__node_refuse(ctx, "dtype", type, "a field's type");
    }
    return node->children.len == 3 ? read_subshape(ctx, node->children.items[2], field) : BW_OK;
}

/* NumPy's name for a field without one, as the padding of aligned types is. */
static bw_status name_field(bw_ctx *ctx, bw_arena *arena, uint32_t at, bw_view *name)
{
    char number[16];

    if (name->len > 0) {
        return BW_OK;
    }
    snprintf(number, sizeof number, "f%u", at);
    *name = (bw_view){(const uint8_t *)bw_arena_copy(ctx, arena, number, strlen(number)),
                      strlen(number)};
    return name->ptr == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status read_descr(bw_ctx *ctx, bw_arena *arena, const bw_node *descr, uint32_t depth,
                            const bw_record **out)
{
    bw_record *record = bw_arena_alloc_zeroed(ctx, arena, sizeof *record);

    if (record == NULL) {
        return BW_ERR_NOMEM;
    }
    if (depth > MAX_DEPTH) {
        return bw_fail_limit(ctx, "structured types in each other", depth, MAX_DEPTH);
    }
    if (descr->type != BW_NODE_LIST || descr->children.len == 0) {
        return bw__node_refuse(ctx, "dtype", descr, "a list of fields");
    }
    record->fields = bw_arena_alloc_zeroed(ctx, arena,
                                           descr->children.len * sizeof *record->fields);
    if (record->fields == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < descr->children.len; i++) {
        bw_field field = {.rank = 0};

        BW_TRY(read_field(ctx, arena, descr->children.items[i], depth, &field));
        BW_TRY(name_field(ctx, arena, i, &field.name));
        BW_TRY(bw__record_add(ctx, record, field));
    }
    if (record->itemsize == 0) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "dtype: structured elements of 0 bytes");
    }
    *out = record;
    return BW_OK;
}

bw_status bw__record_from_descr(bw_ctx *ctx, bw_arena *arena, const bw_node *descr,
                                const bw_record **out)
{
    return read_descr(ctx, arena, descr, 0, out);
}

static size_t field_count(const bw_field *field)
{
    size_t count = 1;

    for (uint32_t d = 0; d < field->rank; d++) {
        count *= (size_t)field->shape[d];
    }
    return count;
}

void bw__record_swap(const bw_record *record, uint8_t *data, size_t count)
{
    for (uint32_t f = 0; f < record->count; f++) {
        const bw_field *field = &record->fields[f];
        size_t items = field_count(field);
        uint32_t size = bw_dtype_swap_size(field->dtype);

        if (field->record == NULL && !field->dtype.big_endian) {
            continue;
        }
        for (size_t i = 0; i < count; i++) {
            uint8_t *at = data + i * record->itemsize + field->offset;

            if (field->record != NULL) {
                bw__record_swap(field->record, at, items);
            } else {
                bw_swap_bytes(at, items * (field->dtype.itemsize / size), size);
            }
        }
    }
}

void bw__record_set_big_endian(bw_record *record)
{
    for (uint32_t f = 0; f < record->count; f++) {
        bw_field *field = &record->fields[f];

        if (field->record != NULL) {
            bw__record_set_big_endian((bw_record *)(uintptr_t)field->record);
        } else {
            field->dtype.big_endian = bw_dtype_swap_size(field->dtype) > 1;
        }
    }
}

/* Values ------------------------------------------------------------------------------------ */

static bw_status give(bw_node *node, bw_node **out)
{
    *out = node;
    return node == NULL ? BW_ERR_NOMEM : BW_OK;
}

static uint64_t read_bits(const uint8_t *at, uint32_t size)
{
    uint64_t bits = 0;

    for (uint32_t i = size; i-- > 0;) {
        bits = bits << 8 | at[i];
    }
    return bits;
}

static double read_float(const uint8_t *at, uint32_t size)
{
    double wide;
    float single;

    if (size == 8) {
        memcpy(&wide, at, sizeof wide);
        return wide;
    }
    if (size == 4) {
        memcpy(&single, at, sizeof single);
        return single;
    }
    return bw__half_to_double((uint16_t)read_bits(at, 2));
}

static bw_status integer_value(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, const uint8_t *at,
                               bw_node **out)
{
    uint64_t bits = read_bits(at, dtype.itemsize), top = UINT64_C(1) << (8 * dtype.itemsize - 1);

    if (dtype.kind == 'u' && bits > INT64_MAX) {
        BW_TRY(give(bw_node_float(ctx, arena, (double)bits), out));
        (*out)->natural = bits;
        return BW_OK;
    }
    if (dtype.kind != 'u') {
        bits = (bits ^ top) - top;
    }
    return give(bw_node_int(ctx, arena, (int64_t)bits), out);
}

static bw_status bytes_value(bw_ctx *ctx, bw_arena *arena, const uint8_t *at, size_t len,
                             bw_node **out)
{
    bw_array *array;
    uint64_t shape = len;

    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1, &shape, &array));
    if (len > 0) {
        memcpy(array->data, at, len);
    }
    return give(bw_node_array(ctx, arena, array), out);
}

/* Without the NULs behind it; bytes that are no UTF-8 stay bytes. */
static bw_status text_value(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, const uint8_t *at,
                            bw_node **out)
{
    size_t len = dtype.itemsize;

    while (len > 0 && at[len - 1] == 0) {
        len--;
    }
    if (!bw_utf8_valid((bw_view){at, len})) {
        return bytes_value(ctx, arena, at, len, out);
    }
    return give(bw_node_text(ctx, arena, (bw_view){at, len}), out);
}

static size_t put_utf8(uint32_t point, uint8_t *out)
{
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        point = 0xfffd;
    }
    if (point < 0x80) {
        out[0] = (uint8_t)point;
        return 1;
    }
    if (point < 0x800) {
        out[0] = (uint8_t)(0xc0 | point >> 6);
        out[1] = (uint8_t)(0x80 | (point & 0x3f));
        return 2;
    }
    if (point < 0x10000) {
        out[0] = (uint8_t)(0xe0 | point >> 12);
        out[1] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
        out[2] = (uint8_t)(0x80 | (point & 0x3f));
        return 3;
    }
    out[0] = (uint8_t)(0xf0 | point >> 18);
    out[1] = (uint8_t)(0x80 | (point >> 12 & 0x3f));
    out[2] = (uint8_t)(0x80 | (point >> 6 & 0x3f));
    out[3] = (uint8_t)(0x80 | (point & 0x3f));
    return 4;
}

static bw_status utf32_value(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, const uint8_t *at,
                             bw_node **out)
{
    uint32_t count = dtype.itemsize / 4;
    uint8_t *text = bw_arena_alloc(ctx, arena, dtype.itemsize);
    size_t len = 0;

    if (text == NULL) {
        return BW_ERR_NOMEM;
    }
    while (count > 0 && read_bits(at + 4 * (count - 1), 4) == 0) {
        count--;
    }
    for (uint32_t i = 0; i < count; i++) {
        len += put_utf8((uint32_t)read_bits(at + 4 * i, 4), text + len);
    }
    return give(bw_node_text(ctx, arena, (bw_view){text, len}), out);
}

static bw_status complex_value(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, const uint8_t *at,
                               bw_node **out)
{
    uint32_t half = dtype.itemsize / 2;
    bw_node *list = bw_node_list(ctx, arena), *part;

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < 2; i++) {
        BW_TRY(give(bw_node_float(ctx, arena, read_float(at + i * half, half)), &part));
        BW_TRY(bw_list_push(ctx, arena, list, part));
    }
    return give(list, out);
}

bw_status bw__element_value(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, const uint8_t *at,
                            bw_node **out)
{
    switch (dtype.kind) {
    case 'b':
        return give(bw_node_bool(ctx, arena, at[0] != 0), out);
    case 'f':
        return give(bw_node_float(ctx, arena, read_float(at, dtype.itemsize)), out);
    case 'c':
        return complex_value(ctx, arena, dtype, at, out);
    case 'S':
        return text_value(ctx, arena, dtype, at, out);
    case 'U':
        return utf32_value(ctx, arena, dtype, at, out);
    case 'V':
        return bytes_value(ctx, arena, at, dtype.itemsize, out);
    default:
        return integer_value(ctx, arena, dtype, at, out);
    }
}

/* The values of a sub-array from axis `d` on, as nested lists; `*at` moves on. */
static bw_status field_values(bw_ctx *ctx, bw_arena *arena, const bw_field *field, uint32_t d,
                              const uint8_t **at, bw_node **out)
{
    bw_node *item;

    if (d == field->rank) {
        const uint8_t *here = *at;

        *at += field->dtype.itemsize;
        return field->record != NULL ? bw_record_value(ctx, arena, field->record, here, out)
                                     : bw__element_value(ctx, arena, field->dtype, here, out);
    }
    BW_TRY(give(bw_node_list(ctx, arena), out));
    for (uint64_t i = 0; i < field->shape[d]; i++) {
        BW_TRY(field_values(ctx, arena, field, d + 1, at, &item));
        BW_TRY(bw_list_push(ctx, arena, *out, item));
    }
    return BW_OK;
}

bw_status bw_record_value(bw_ctx *ctx, bw_arena *arena, const bw_record *record, const uint8_t *at,
                          bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena), *value;

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t f = 0; f < record->count; f++) {
        const bw_field *field = &record->fields[f];
        const uint8_t *here = at + field->offset;

        BW_TRY(field_values(ctx, arena, field, 0, &here, &value));
        BW_TRY(bw_map_set(ctx, arena, map, field->name, value));
    }
    *out = map;
    return BW_OK;
}
