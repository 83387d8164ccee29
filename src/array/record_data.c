/* SPDX-License-Identifier: MIT */
/** The encodings of array records. What they are is in bores/record.h. */
#include "record_data.h"

#include <math.h>
#include <string.h>

#include "base/base64.h"
#include "element.h"
#include "node_text.h"
#include "strided_copy.h"

static bw_status new_array(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    return bw_array_new(ctx, arena, r->dtype, r->rank, r->shape, out);
}

/* The base64 text of a field, which must hold `nbytes` bytes. */
static bw_status base64_field(bw_ctx *ctx, const bw__record *r, const char *field, size_t nbytes,
                              bw_view *out)
{
    const bw_node *node = bw_map_get_text(r->map, field);

    if (node == NULL || node->type != BW_NODE_STRING) {
        return bw__node_refuse(ctx, field, node, "base64 text");
    }
    if (bw__base64_size(node->text) != nbytes) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%s: holds %zu bytes, the shape needs %zu", field,
                       bw__base64_size(node->text), nbytes);
    }
    *out = node->text;
    return BW_OK;
}

/* Base64 text of a field as little-endian elements at `out`. */
static bw_status decode_field(bw_ctx *ctx, const bw__record *r, const char *field, bw_view text,
                              uint8_t *out)
{
    uint32_t size = bw_dtype_swap_size(r->dtype);
    bw_status st = bw__base64_decode(ctx, text, out);

    if (st != BW_OK) {
        return bw_fail(ctx, st, "%s: %s", field, ctx->error.message);
    }
    if (r->dtype.big_endian) {
        bw_swap_bytes(out, bw__base64_size(text) / size, size);
    }
    return BW_OK;
}

/* A number of a document; null is NaN where the dtype has one. */
static bw_status put_element(bw_ctx *ctx, const bw__record *r, const bw_node *node, uint8_t *out)
{
    if (node->type == BW_NODE_NULL && r->dtype.kind == 'f') {
        bw__element_put_float(NAN, r->dtype.itemsize, out);
        return BW_OK;
    }
    return bw__element_from_node(ctx, r->dtype, node, out);
}

static bw_status read_empty(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    if (r->count != 0) {
        return bw_fail(ctx, BW_ERR_METADATA, "encoding: empty, the shape has %llu elements",
                       (unsigned long long)r->count);
    }
    return new_array(ctx, arena, r, out);
}

/* Every element from one field. The dtypes of put_element() are at most 8 bytes wide. */
static bw_status read_repeated(bw_ctx *ctx, bw_arena *arena, const bw__record *r,
                               const char *field, bw_array **out)
{
    const bw_node *node = bw_map_get_text(r->map, field);
    uint8_t element[8];
    bw_status st;

    if (node == NULL) {
        return bw_fail(ctx, BW_ERR_METADATA, "%s: missing", field);
    }
    st = put_element(ctx, r, node, element);
    if (st != BW_OK) {
        return bw_fail(ctx, st, "%s: %s", field, ctx->error.message);
    }
    BW_TRY(new_array(ctx, arena, r, out));
    bw_fill_pattern((*out)->data, r->nbytes, element, r->dtype.itemsize);
    return BW_OK;
}

static bw_status read_scalar(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    return read_repeated(ctx, arena, r, "value", out);
}

static bw_status read_dense(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    bw_view text;

    BW_TRY(base64_field(ctx, r, "data", r->nbytes, &text));
    BW_TRY(new_array(ctx, arena, r, out));
    return decode_field(ctx, r, "data", text, (*out)->data);
}

/* The profile is repeated over the other axes: a copy whose source moves along one only. */
static bw_status read_layered(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    bw__strided layout = {.rank = r->rank};
    ptrdiff_t stride = (ptrdiff_t)r->dtype.itemsize;
    bw_array *profile;
    bw_view text;
    int64_t axis;

    if (!bw_map_get_int(r->map, "axis", &axis) || axis < 0 || axis >= (int64_t)r->rank) {
        return bw__node_refuse(ctx, "axis", bw_map_get_text(r->map, "axis"),
                               "an axis of the shape");
    }
    BW_TRY(base64_field(ctx, r, "data", (size_t)r->shape[axis] * r->dtype.itemsize, &text));
    BW_TRY(bw_array_new(ctx, arena, r->dtype, 1, &r->shape[axis], &profile));
    BW_TRY(decode_field(ctx, r, "data", text, profile->data));
    BW_TRY(new_array(ctx, arena, r, out));
    if (r->count == 0) {
        return BW_OK;
    }
    for (uint32_t d = r->rank; d-- > 0;) {
        layout.count[d] = r->shape[d];
        layout.src[d] = d == (uint32_t)axis ? (ptrdiff_t)r->dtype.itemsize : 0;
        layout.dst[d] = stride;
        stride *= (ptrdiff_t)r->shape[d];
    }
    bw__strided_join(&layout);
    bw__strided_copy(&layout, r->dtype.itemsize, profile->data, (*out)->data);
    return BW_OK;
}

/* Puts `values` at `indices`, both packed, over what `out` holds. */
static bw_status scatter(bw_ctx *ctx, const bw__record *r, const uint8_t *indices,
                         const uint8_t *values, size_t count, uint8_t *out)
{
    uint32_t itemsize = r->dtype.itemsize;

    for (size_t i = 0; i < count; i++) {
        int32_t index;
        memcpy(&index, indices + 4 * i, 4);
        if (index < 0 || (uint64_t)index >= r->count) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "indices: %d is not one of the %llu elements",
                           (int)index, (unsigned long long)r->count);
        }
        memcpy(out + (size_t)index * itemsize, values + i * itemsize, itemsize);
    }
    return BW_OK;
}

static bw_status read_sparse(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    const bw_node *node = bw_map_get_text(r->map, "indices");
    bw_dtype int32 = {.kind = 'i', .itemsize = 4};
    bw__record numbers = {.map = r->map, .dtype = int32};
    bw_view index_text, value_text;
    uint64_t count;
    bw_array *indices, *values;

    if (node == NULL || node->type != BW_NODE_STRING) {
        return bw__node_refuse(ctx, "indices", node, "base64 text");
    }
    count = bw__base64_size(node->text) / 4;
    BW_TRY(base64_field(ctx, &numbers, "indices", (size_t)count * 4, &index_text));
    if (count > SIZE_MAX / r->dtype.itemsize) {
        return bw_fail_limit(ctx, "values of a sparse record", count, SIZE_MAX / r->dtype.itemsize);
    }
    BW_TRY(base64_field(ctx, r, "values", (size_t)count * r->dtype.itemsize, &value_text));
    BW_TRY(bw_array_new(ctx, arena, int32, 1, &count, &indices));
    BW_TRY(bw_array_new(ctx, arena, r->dtype, 1, &count, &values));
    BW_TRY(decode_field(ctx, &numbers, "indices", index_text, indices->data));
    BW_TRY(decode_field(ctx, r, "values", value_text, values->data));
    BW_TRY(read_repeated(ctx, arena, r, "fill", out));
    return scatter(ctx, r, indices->data, values->data, (size_t)count, (*out)->data);
}

/* Checks that lists are nested as the shape is, from axis `d` on; at most BW_MAX_RANK deep. */
static bw_status check_lists(bw_ctx *ctx, const bw__record *r, uint32_t d, const bw_node *node)
{
    if (d == r->rank) {
        return BW_OK;
    }
    if (node->type != BW_NODE_LIST) {
        return bw__node_refuse(ctx, "data", node, "a list");
    }
    if (node->children.len != r->shape[d]) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "data: a list of %u, the shape has %llu along axis %u",
                       node->children.len, (unsigned long long)r->shape[d], d);
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        BW_TRY(check_lists(ctx, r, d + 1, node->children.items[i]));
    }
    return BW_OK;
}

/* The numbers of checked lists, one after the other; `place` moves along. */
static bw_status put_lists(bw_ctx *ctx, const bw__record *r, uint32_t d, const bw_node *node,
                           uint8_t **place)
{
    bw_status st;

    if (d < r->rank) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            BW_TRY(put_lists(ctx, r, d + 1, node->children.items[i], place));
        }
        return BW_OK;
    }
    st = put_element(ctx, r, node, *place);
    *place += r->dtype.itemsize;
    return st == BW_OK ? st : bw_fail(ctx, st, "data: %s", ctx->error.message);
}

static bool is_flat(const bw_node *node)
{
    return node->type == BW_NODE_LIST && node->children.len > 0 &&
           node->children.items[0]->type != BW_NODE_LIST;
}

static bw_status read_list(bw_ctx *ctx, bw_arena *arena, const bw__record *r, bw_array **out)
{
    const bw_node *node = bw_map_get_text(r->map, "data");
    bw__record shaped = *r;
    uint8_t *place;

    if (node == NULL) {
        return bw_fail(ctx, BW_ERR_METADATA, "data: missing");
    }
    if (r->rank != 1 && is_flat(node)) { /* as BORES's YAML has it */
        shaped.rank = 1;
        shaped.shape[0] = r->count;
    }
    BW_TRY(check_lists(ctx, &shaped, 0, node));
    BW_TRY(new_array(ctx, arena, r, out));
    place = (*out)->data;
    return put_lists(ctx, &shaped, 0, node, &place);
}

bw_status bw__record_array(bw_ctx *ctx, bw_arena *arena, const bw__record *record, bw_array **out)
{
    static const struct {
        const char *name;
        bw_status (*read)(bw_ctx *, bw_arena *, const bw__record *, bw_array **);
    } encodings[] = {{"empty", read_empty},   {"scalar", read_scalar}, {"layered", read_layered},
                     {"sparse", read_sparse}, {"dense", read_dense},   {"base64", read_dense},
                     {"list", read_list}};
    const bw_node *node = bw_map_get_text(record->map, "encoding");

    if (node == NULL || node->type != BW_NODE_STRING) {
        return bw__node_refuse(ctx, "encoding", node, "the name of an encoding");
    }
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        if (bw_view_equal(node->text, bw_view_text(encodings[i].name))) {
            return encodings[i].read(ctx, arena, record, out);
        }
    }
    return bw_fail(ctx, BW_ERR_UNSUPPORTED, "encoding: \"%.40s\" is not supported",
                   (const char *)node->text.ptr);
}
