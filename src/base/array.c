/* SPDX-License-Identifier: MIT */
/** Sizes of shapes, new arrays, and two kernels over their bytes: swap and fill. */
#include "bores/array.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

void bw_shape_format(uint32_t rank, const uint64_t *shape, char *out, size_t cap)
{
    size_t used;

    assert(cap >= 8);
    used = (size_t)snprintf(out, cap, "[");
    for (uint32_t d = 0; d < rank; d++) {
        char number[24];
        size_t len = (size_t)snprintf(number, sizeof number, d == 0 ? "%llu" : ", %llu",
                                      (unsigned long long)shape[d]);
        if (used + len + sizeof ", ..]" > cap) {
            used += (size_t)snprintf(out + used, cap - used, d == 0 ? ".." : ", ..");
            break;
        }
        memcpy(out + used, number, len);
        used += len;
    }
    memcpy(out + used, "]", 2);
}

/* `a * b`, or the largest number when that does not fit. */
static uint64_t multiply(uint64_t a, uint64_t b)
{
    return a != 0 && b > UINT64_MAX / a ? UINT64_MAX : a * b;
}

bw_status bw_array_size(bw_ctx *ctx, bw_dtype dtype, uint32_t rank, const uint64_t *shape,
                        uint64_t *count, size_t *nbytes)
{
    uint64_t limit = ctx->limits.max_array_bytes;
    uint64_t elements = 1, bytes;

    limit = limit < SIZE_MAX ? limit : SIZE_MAX;
    if (rank > BW_MAX_RANK) {
        return bw_fail_limit(ctx, "dimensions of an array", rank, BW_MAX_RANK);
    }
    for (uint32_t d = 0; d < rank; d++) {
        elements = multiply(elements, shape[d]); /* a 0 behind a product too large makes it 0 */
    }
    bytes = multiply(elements, dtype.itemsize);
    if (bytes > limit) {
        char text[128], what[160];
        bw_shape_format(rank, shape, text, sizeof text);
        snprintf(what, sizeof what, "bytes of shape %s", text);
        return bw_fail_limit(ctx, what, bytes, limit);
    }
    *count = elements;
    *nbytes = (size_t)bytes;
    return BW_OK;
}

bw_status bw_array_new(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, uint32_t rank,
                       const uint64_t *shape, bw_array **out)
{
    bw_array *array;
    uint64_t count;
    size_t nbytes;

    BW_TRY(bw_array_size(ctx, dtype, rank, shape, &count, &nbytes));
    array = bw_arena_alloc_zeroed(ctx, arena, sizeof *array);
    if (array == NULL) {
        return BW_ERR_NOMEM;
    }
    array->data = bw_arena_alloc(ctx, arena, nbytes);
    if (array->data == NULL) {
        return BW_ERR_NOMEM;
    }
    array->dtype = dtype;
    array->dtype.big_endian = false;
    array->rank = rank;
    if (rank > 0) {
        memcpy(array->shape, shape, rank * sizeof *shape);
    }
    array->nbytes = nbytes;
    *out = array;
    return BW_OK;
}

static void swap2(uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint16_t v;
        memcpy(&v, data + 2 * i, 2);
        v = __builtin_bswap16(v);
        memcpy(data + 2 * i, &v, 2);
    }
}

static void swap4(uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t v;
        memcpy(&v, data + 4 * i, 4);
        v = __builtin_bswap32(v);
        memcpy(data + 4 * i, &v, 4);
    }
}

static void swap8(uint8_t *data, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t v;
        memcpy(&v, data + 8 * i, 8);
        v = __builtin_bswap64(v);
        memcpy(data + 8 * i, &v, 8);
    }
}

void bw_swap_bytes(uint8_t *data, size_t count, uint32_t size)
{
    assert(size == 1 || size == 2 || size == 4 || size == 8);
    if (size == 2) {
        swap2(data, count);
    } else if (size == 4) {
        swap4(data, count);
    } else if (size == 8) {
        swap8(data, count);
    }
}

void bw_fill_pattern(uint8_t *data, size_t nbytes, const uint8_t *pattern, uint32_t itemsize)
{
    size_t done = itemsize;

    assert(itemsize > 0 && nbytes % itemsize == 0);
    if (nbytes == 0) {
        return;
    }
    if (itemsize == 1 || memcmp(pattern, pattern + 1, itemsize - 1) == 0) {
        memset(data, pattern[0], nbytes); /* every byte equals its neighbour: zeros, most often */
        return;
    }
    memcpy(data, pattern, itemsize);
    while (done < nbytes) {
        size_t step = done < nbytes - done ? done : nbytes - done;
        memcpy(data + done, data, step);
        done += step;
    }
}
