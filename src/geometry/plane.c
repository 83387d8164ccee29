/* SPDX-License-Identifier: MIT */
/** Planes of a 3-D array, as pictures want them: rows down, the horizontal axis fastest. */
#include <string.h>

#include "bores/geometry.h"
#include "numbers/numbers.h"

/* Rows and columns of the plane across each axis. */
static const uint32_t row_axis[3] = {2, 2, 1}, column_axis[3] = {1, 0, 0};

static bw_status check(bw_ctx *ctx, const bw_array *values, uint32_t axis, uint64_t index,
                       uint32_t itemsize)
{
    if (values->rank != 3) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "an array of rank %u has no planes of cells, 3 has",
                       (unsigned)values->rank);
    }
    if (axis > 2) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "axis %u is not 0, 1 or 2", (unsigned)axis);
    }
    if (itemsize != 4 && itemsize != 8) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "planes are f4 or f8, not f%u", (unsigned)itemsize);
    }
    if (index >= values->shape[axis]) {
        return bw_fail(ctx, BW_ERR_INDEX_RANGE, "plane %llu of axis %u, which has %llu",
                       (unsigned long long)index, (unsigned)axis,
                       (unsigned long long)values->shape[axis]);
    }
    return BW_OK;
}

bw_status bw_slice_plane(bw_ctx *ctx, bw_arena *arena, const bw_array *values, uint32_t axis,
                         uint64_t index, uint32_t itemsize, bw_array **out)
{
    bw_dtype dtype = {.kind = 'f', .itemsize = itemsize};
    size_t stride[3], rows, columns, count;
    uint64_t shape[2];
    bw__reader read;
    bw_array *plane;

    BW_TRY(bw__numbers_open(ctx, values, &read, &count));
    BW_TRY(check(ctx, values, axis, index, itemsize));
    shape[0] = values->shape[row_axis[axis]];
    shape[1] = values->shape[column_axis[axis]];
    BW_TRY(bw_array_new(ctx, arena, dtype, 2, shape, &plane));
    stride[2] = values->dtype.itemsize;
    stride[1] = stride[2] * (size_t)values->shape[2];
    stride[0] = stride[1] * (size_t)values->shape[1];
    rows = (size_t)shape[0];
    columns = (size_t)shape[1];
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *from = values->data + (size_t)index * stride[axis] +
                              row * stride[row_axis[axis]];

        for (size_t next = 0; next < columns; next += BW__BLOCK) {
            size_t n = columns - next < BW__BLOCK ? columns - next : BW__BLOCK;
            uint8_t *to = plane->data + (row * columns + next) * itemsize;
            double block[BW__BLOCK];
            float narrow[BW__BLOCK];

            read(from + next * stride[column_axis[axis]], stride[column_axis[axis]], n, block);
            for (size_t m = 0; m < n; m++) {
                narrow[m] = bw__narrow(block[m]);
            }
            memcpy(to, itemsize == 4 ? (const void *)narrow : (const void *)block, n * itemsize);
        }
    }
    *out = plane;
    return BW_OK;
}
