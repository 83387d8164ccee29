/* SPDX-License-Identifier: MIT */
/** Single values of documents as array elements, by NumPy's conversion rules. */
#include "element.h"

#include <math.h>
#include <string.h>

#include "base/half.h"
#include "node_text.h"

void bw__element_put_bits(uint64_t bits, uint32_t size, uint8_t *out)
{
    for (uint32_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(bits >> (8 * i));
    }
}

static uint32_t single_bits(double value)
{
    float narrow;
    uint32_t bits;

    /* Half a unit above the largest and beyond; the cast itself would be undefined there. */
    if (fabs(value) >= 0x1.ffffffp127) {
        narrow = value < 0 ? -INFINITY : INFINITY;
    } else {
        narrow = (float)value;
    }
    memcpy(&bits, &narrow, sizeof bits);
    return bits;
}

void bw__element_put_float(double value, uint32_t size, uint8_t *out)
{
    uint64_t bits;

    if (size == 2) {
        bits = bw__half_from_double(value);
    } else if (size == 4) {
        bits = single_bits(value);
    } else {
        memcpy(&bits, &value, sizeof bits);
    }
    bw__element_put_bits(bits, size, out);
}

bool bw__element_to_double(const bw_node *node, double *out)
{
    switch (node->type) {
    case BW_NODE_BOOL:
        *out = node->boolean;
        return true;
    case BW_NODE_INT:
        *out = (double)node->integer;
        return true;
    case BW_NODE_FLOAT:
        *out = node->number;
        return true;
    case BW_NODE_STRING:
        if (bw_view_equal(node->text, BW_VIEW("NaN"))) {
            *out = NAN;
            return true;
        }
        if (bw_view_equal(node->text, BW_VIEW("Infinity"))) {
            *out = INFINITY;
            return true;
        }
        if (bw_view_equal(node->text, BW_VIEW("-Infinity"))) {
            *out = -INFINITY;
            return true;
        }
        return false;
    default:
        return false;
    }
}

bw_status bw__element_refuse(bw_ctx *ctx, bw_dtype dtype, const bw_node *node)
{
    char value[BW__NODE_TEXT_MAX], type[32];

    bw__node_text(node, value);
    bw_dtype_format(dtype, type);
    return bw_fail(ctx, BW_ERR_METADATA, "%s is not a value of dtype %s", value, type);
}

/* A number as a signed integer of `size` bytes, cut towards zero. */
static bool to_signed(const bw_node *node, uint32_t size, int64_t *out)
{
    double half = ldexp(1.0, (int)(8 * size - 1)), cut;

    if (node->type == BW_NODE_BOOL) {
        *out = node->boolean;
        return true;
    }
    if (node->type == BW_NODE_INT) {
        *out = node->integer;
        return size == 8 || (node->integer >= -(INT64_C(1) << (8 * size - 1)) &&
                             node->integer < INT64_C(1) << (8 * size - 1));
    }
    if (node->type != BW_NODE_FLOAT || !isfinite(node->number)) {
        return false;
    }
    cut = trunc(node->number);
    if (cut < -half || cut >= half) {
        return false;
    }
    *out = (int64_t)cut;
    return true;
}

static bool to_unsigned(const bw_node *node, uint32_t size, uint64_t *out)
{
    double cut;

    if (node->type == BW_NODE_BOOL) {
        *out = node->boolean;
        return true;
    }
    if (node->type == BW_NODE_INT) {
        *out = (uint64_t)node->integer;
        return node->integer >= 0 && (size == 8 || *out < UINT64_C(1) << (8 * size));
    }
    if (node->type != BW_NODE_FLOAT || !isfinite(node->number)) {
        return false;
    }
    if (size == 8 && node->natural != 0) {
        *out = node->natural;
        return true;
    }
    cut = trunc(node->number);
    if (cut < 0 || cut >= ldexp(1.0, (int)(8 * size))) {
        return false;
    }
    *out = (uint64_t)cut;
    return true;
}

bw_status bw__element_from_node(bw_ctx *ctx, bw_dtype dtype, const bw_node *node, uint8_t *out)
{
    double number = 0;
    int64_t integer = 0;
    uint64_t natural = 0;
    bool fits = false;

    switch (dtype.kind) {
    case 'b':
        fits = node->type != BW_NODE_STRING && bw__element_to_double(node, &number);
        natural = number != 0;
        break;
    case 'f':
        fits = bw__element_to_double(node, &number);
        break;
    case 'i':
    case 'M':
    case 'm':
        fits = to_signed(node, dtype.itemsize, &integer);
        natural = (uint64_t)integer;
        break;
    case 'u':
        fits = to_unsigned(node, dtype.itemsize, &natural);
        break;
    default:
        break;
    }
    if (!fits) {
        return bw__element_refuse(ctx, dtype, node);
    }
    if (dtype.kind == 'f') {
        bw__element_put_float(number, dtype.itemsize, out);
    } else {
        bw__element_put_bits(natural, dtype.itemsize, out);
    }
    return BW_OK;
}
