/* SPDX-License-Identifier: MIT */
/**
 * Fill values of Zarr v2 metadata: numbers, names of non-finite ones, base64, text, pairs. A number
 * may be text, as writers in Java have it, which zarr-python takes through NumPy.
 */
#include "zarr_fill.h"

#include <math.h>
#include <string.h>

#include "array/element.h"
#include "array/record_type.h"
#include "base/base64.h"
#include "base/utf8.h"
#include "json/number_text.h"

static bool to_double(const bw_node *node, double *out)
{
    bw_node number;

    return bw__element_to_double(node, out) ||
           (node->type == BW_NODE_STRING && bw__number_from_text(node->text, &number) &&
            bw__element_to_double(&number, out));
}

/* [real, imaginary], or a real number alone. */
static bw_status fill_complex(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    uint32_t half = dtype.itemsize / 2;
    bool pair = node->type == BW_NODE_LIST && node->children.len == 2;
    double real, imaginary = 0;

    if (!to_double(pair ? node->children.items[0] : node, &real) ||
        (pair && !to_double(node->children.items[1], &imaginary))) {
        return bw__element_refuse(ctx, dtype, node);
    }
    bw__element_put_float(real, half, out);
    bw__element_put_float(imaginary, half, out + half);
    return BW_OK;
}

/* Base64, padded with NUL bytes to the element's size. */
static bw_status fill_bytes(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    size_t nbytes;

    if (node->type != BW_NODE_STRING) {
        return bw__element_refuse(ctx, dtype, node);
    }
    nbytes = bw__base64_size(node->text);
    if (nbytes > dtype.itemsize) {
        return bw_fail(ctx, BW_ERR_METADATA, "%zu bytes for elements of %u", nbytes,
                       dtype.itemsize);
    }
    memset(out, 0, dtype.itemsize);
    if (bw__base64_decode(ctx, node->text, out) != BW_OK) {
        if (dtype.kind == 'S' && node->text.len <= dtype.itemsize) {
            memset(out, 0, dtype.itemsize); /* text itself, as zarr-python 2 takes it then */
            memcpy(out, node->text.ptr, node->text.len);
            return BW_OK;
        }
        return bw_fail(ctx, BW_ERR_METADATA, "%s", ctx->error.message);
    }
    return BW_OK;
}

/* UTF-32, padded with U+0000 to the element's size. */
static bw_status fill_text(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    size_t used = 0;

    if (node->type != BW_NODE_STRING) {
        return bw__element_refuse(ctx, dtype, node);
    }
    memset(out, 0, dtype.itemsize);
    for (size_t at = 0; at < node->text.len; used += 4) {
        size_t step = bw__utf8_step(node->text.ptr + at, node->text.len - at);
        if (step == 0 || used == dtype.itemsize) {
            return bw__element_refuse(ctx, dtype, node);
        }
        bw__element_put_bits(bw__utf8_point(node->text.ptr + at, step), 4, out + used);
        at += step;
    }
    return BW_OK;
}

/* The number 0 stands for an empty element of any dtype: zarr-python's normalize_fill_value(). */
static bool is_zero(const bw_node *node)
{
    return (node->type == BW_NODE_INT && node->integer == 0) ||
           (node->type == BW_NODE_FLOAT && node->number == 0);
}

/* "true" and "false", whichever letters are large. */
static bool is_truth(bw_view text, bool *out)
{
    *out = text.len == 4;
    return text.len == (*out ? 4u : 5u) && (text.ptr[0] | 0x20) == (*out ? 't' : 'f') &&
           memcmp(text.ptr + 1, *out ? "rue" : "alse", text.len - 1) == 0;
}

/* A number or truth value that is text. */
static bw_status fill_number(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    bw_node number = {.type = BW_NODE_BOOL};
    uint64_t bits;

    if (node->type != BW_NODE_STRING) {
        return bw__element_from_node(ctx, dtype, node, out);
    }
    if (dtype.kind == 'b' && is_truth(node->text, &number.boolean)) {
        return bw__element_from_node(ctx, dtype, &number, out);
    }
    if (dtype.kind != 'b' &&
        bw__bits_from_text(node->text, dtype.itemsize, dtype.kind == 'f', &bits)) {
        bw__element_put_bits(bits, dtype.itemsize, out);
        return BW_OK;
    }
    if (!bw__number_from_text(node->text, &number) ||
        (dtype.kind == 'b' && (number.type != BW_NODE_INT || number.integer >> 1 != 0)) ||
        (dtype.kind != 'f' && number.type == BW_NODE_FLOAT && number.natural == 0 &&
         number.number != trunc(number.number)) ||
        bw__element_from_node(ctx, dtype, &number, out) != BW_OK) {
        return bw__element_refuse(ctx, dtype, node);
    }
    return BW_OK;
}

static bw_status fill(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    switch (dtype.kind) {
    case 'c':
        return fill_complex(ctx, dtype, node, out);
    case 'S':
    case 'V':
    case 'U':
        if (is_zero(node)) {
            memset(out, 0, dtype.itemsize);
            return BW_OK;
        }
        return dtype.kind == 'U' ? fill_text(ctx, dtype, node, out)
                                 : fill_bytes(ctx, dtype, node, out);
    case 'M':
    case 'm':
        if (node->type == BW_NODE_STRING && bw_view_equal(node->text, BW_VIEW("NaT"))) {
            bw__element_put_bits((uint64_t)INT64_MIN, 8, out);
            return BW_OK;
        }
        break;
    default:
        break;
    }
    return fill_number(ctx, dtype, node, out);
}

bw_status bw__zarr_fill_record(bw_ctx *ctx, const bw_record *record, const bw_node *node,
                               uint8_t *out)
{
    bw_dtype bytes = {.kind = 'V', .itemsize = record->itemsize};

    BW_TRY(bw__zarr_fill(ctx, bytes, node, out));
    bw__record_swap(record, out, 1);
    return BW_OK;
}

bw_status bw__zarr_fill(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    bw_status st = fill(ctx, dtype, node, out);
    if (st != BW_OK) {
        return bw_fail(ctx, st, "fill_value: %s", ctx->error.message);
    }
    return BW_OK;
}
