/* SPDX-License-Identifier: MIT */
/** Numbers out of trees, in the forms that stores give them: scalars, lists, arrays of any type. */
#include <math.h>
#include <string.h>

#include "analysis_internal.h"

const bw_node *bw__find(const bw_node *root, const char *path)
{
    const bw_node *node = root;

    while (node != NULL && *path != '\0') {
        size_t len = strcspn(path, ".");

        node = bw_map_get(node, (bw_view){(const uint8_t *)path, len});
        path += len;
        path += *path == '.';
    }
    return node == NULL || node->type == BW_NODE_NULL ? NULL : node;
}

static double load(const bw_array *array, size_t at)
{
    const uint8_t *p = array->data + at * array->dtype.itemsize;
    union {
        float f4; double f8; int8_t i1; int16_t i2; int32_t i4; int64_t i8;
        uint8_t u1; uint16_t u2; uint32_t u4; uint64_t u8;
    } v;

    memcpy(&v, p, array->dtype.itemsize);
    switch (array->dtype.kind) {
    case 'f':
        return array->dtype.itemsize == 4 ? (double)v.f4 : v.f8;
    case 'i':
        return array->dtype.itemsize == 1   ? v.i1
               : array->dtype.itemsize == 2 ? v.i2
               : array->dtype.itemsize == 4 ? v.i4
                                            : (double)v.i8;
    default: /* 'u', 'b' */
        return array->dtype.itemsize == 1   ? v.u1
               : array->dtype.itemsize == 2 ? v.u2
               : array->dtype.itemsize == 4 ? v.u4
                                            : (double)v.u8;
    }
}

/* Whether the elements are numbers, and all there. */
static bool is_numeric(const bw_array *array, size_t *count)
{
    uint32_t size = array->dtype.itemsize;
    bool known = (array->dtype.kind == 'f' && (size == 4 || size == 8)) ||
                 ((array->dtype.kind == 'i' || array->dtype.kind == 'u') &&
                  (size == 1 || size == 2 || size == 4 || size == 8)) ||
                 (array->dtype.kind == 'b' && size == 1);
    uint64_t elements = 1;

    if (!known) {
        return false;
    }
    for (uint32_t d = 0; d < array->rank; d++) {
        if (array->shape[d] != 0 && elements > SIZE_MAX / array->shape[d]) {
            return false;
        }
        elements *= array->shape[d];
    }
    *count = (size_t)elements;
    return elements == array->nbytes / size && array->nbytes % size == 0;
}

bool bw__to_number(const bw_node *node, double *out)
{
    size_t count;

    if (node == NULL) {
        return false;
    }
    switch (node->type) {
    case BW_NODE_INT:
        *out = (double)node->integer;
        return true;
    case BW_NODE_FLOAT:
        *out = node->number;
        return true;
    case BW_NODE_ARRAY:
        if (is_numeric(node->array, &count) && count == 1) {
            *out = load(node->array, 0);
            return true;
        }
        return false;
    default:
        return false;
    }
}

bw_status bw__widen(bw_ctx *ctx, bw_arena *arena, const bw_array *array, const double **out)
{
    size_t count;
    double *copy;

    if (!is_numeric(array, &count)) {
        return bw_fail(ctx, BW_ERR_VALIDATION, "elements of type %c%u in %zu bytes are no numbers",
                       array->dtype.kind, (unsigned)array->dtype.itemsize, array->nbytes);
    }
    if (array->dtype.kind == 'f' && array->dtype.itemsize == 8 &&
        (uintptr_t)array->data % _Alignof(double) == 0) {
        *out = (const double *)(const void *)array->data;
        return BW_OK;
    }
    if (count > SIZE_MAX / sizeof *copy) {
        return bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu numbers", count);
    }
    copy = bw_arena_alloc(ctx, arena, count * sizeof *copy + sizeof *copy);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t at = 0; at < count; at++) {
        copy[at] = load(array, at);
    }
    *out = copy;
    return BW_OK;
}

static size_t count_numbers(const bw_node *node, unsigned depth)
{
    size_t count = 0;

    if (node->type == BW_NODE_ARRAY) {
        return is_numeric(node->array, &count) ? count : 0;
    }
    if (node->type != BW_NODE_LIST || depth == 0) {
        return 1;
    }
    for (uint32_t i = 0; i < node->children.len; i++) {
        count += count_numbers(node->children.items[i], depth - 1);
    }
    return count;
}

/* Null, in JSON the number that is none, is NaN. */
static void fill_numbers(const bw_node *node, unsigned depth, double *out, size_t *at)
{
    size_t count;

    if (node->type == BW_NODE_ARRAY) {
        if (is_numeric(node->array, &count)) {
            for (size_t i = 0; i < count; i++) {
                out[(*at)++] = load(node->array, i);
            }
        }
    } else if (node->type == BW_NODE_LIST && depth > 0) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            fill_numbers(node->children.items[i], depth - 1, out, at);
        }
    } else {
        out[*at] = NAN;
        (void)bw__to_number(node, &out[*at]);
        ++*at;
    }
}

#define LIST_DEPTH 8u

bw_status bw__to_numbers(bw_ctx *ctx, bw_arena *arena, const bw_node *node, double **out,
                         size_t *count)
{
    size_t found = node == NULL ? 0 : count_numbers(node, LIST_DEPTH), at = 0;
    double *numbers = found > SIZE_MAX / sizeof *numbers - 1
                          ? NULL : bw_arena_alloc(ctx, arena, (found + 1) * sizeof *numbers);

    if (numbers == NULL) {
        return bw_fail(ctx, BW_ERR_NOMEM, "out of memory: %zu numbers", found);
    }
    if (node != NULL) {
        fill_numbers(node, LIST_DEPTH, numbers, &at);
    }
    *out = numbers;
    *count = at;
    return BW_OK;
}
