/* SPDX-License-Identifier: MIT */
/*
 * NumPy's basic slicing (NumPy reference, "Indexing on ndarrays"): per dimension null (all), an
 * integer (one element, the dimension is dropped) or [start, stop, step] with nulls for defaults.
 * Missing dimensions at the end are taken whole.
 */
#include <string.h>

#include "slice.h"

static bw_status resolve_index(bw_ctx *ctx, uint32_t dim, uint64_t extent, int64_t index,
                               bw_region *out)
{
    int64_t at = index < 0 ? index + (int64_t)extent : index;

    if (at < 0 || (uint64_t)at >= extent) {
        return bw_fail(ctx, BW_ERR_INDEX_RANGE,
                       "slice: index %lld in dimension %u, which has %llu elements",
                       (long long)index, (unsigned)dim, (unsigned long long)extent);
    }
    out->start[dim] = (uint64_t)at;
    out->count[dim] = 1;
    out->step[dim] = 1;
    return BW_OK;
}

/* One of [start, stop, step]; null leaves `fallback`. */
static bw_status slice_part(bw_ctx *ctx, const bw_node *part, uint32_t dim, int64_t *value)
{
    if (part->type == BW_NODE_INT) {
        *value = part->integer;
    } else if (part->type != BW_NODE_NULL) {
        return bw_fail(ctx, BW_ERR_ARGUMENT,
                       "slice: dimension %u has a start, stop or step that is no integer",
                       (unsigned)dim);
    }
    return BW_OK;
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static bw_status resolve_range(bw_ctx *ctx, uint32_t dim, uint64_t extent, const bw_node *range,
                               bw_region *out)
{
    int64_t n = (int64_t)extent, step = 1, start, stop;
    uint64_t span;

    if (range->children.len != 3) {
        return bw_fail(ctx, BW_ERR_ARGUMENT,
                       "slice: dimension %u needs [start, stop, step], got %u values",
                       (unsigned)dim, (unsigned)range->children.len);
    }
    BW_TRY(slice_part(ctx, range->children.items[2], dim, &step));
    if (step == 0 || step == INT64_MIN) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "slice: dimension %u has step %lld", (unsigned)dim,
                       (long long)step);
    }
    start = step > 0 ? 0 : n - 1;
    stop = step > 0 ? n : -1 - n; /* -1 - n is "before the first" once it is counted back */
    BW_TRY(slice_part(ctx, range->children.items[0], dim, &start));
    BW_TRY(slice_part(ctx, range->children.items[1], dim, &stop));
    start = start < 0 ? clamp(start, -n - 1, -1) + n : start;
    stop = stop < 0 ? clamp(stop, -n - 1, -1) + n : stop;
    start = step > 0 ? clamp(start, 0, n) : clamp(start, -1, n - 1);
    stop = step > 0 ? clamp(stop, 0, n) : clamp(stop, -1, n - 1);
    span = step > 0 ? (stop > start ? (uint64_t)(stop - start) : 0)
                    : (start > stop ? (uint64_t)(start - stop) : 0);
    out->count[dim] = span == 0 ? 0 : (span - 1) / (uint64_t)(step > 0 ? step : -step) + 1;
    out->start[dim] = out->count[dim] == 0 ? 0 : (uint64_t)start;
    out->step[dim] = step;
    return BW_OK;
}

bw_status bw__slice_resolve(bw_ctx *ctx, const bw_array_meta *meta, const bw_node *slice,
                            bw_region *out, uint32_t *dropped)
{
    bw_region_all(meta, out);
    *dropped = 0;
    if (slice == NULL || slice->type == BW_NODE_NULL) {
        return BW_OK;
    }
    if (slice->type != BW_NODE_LIST || slice->children.len > meta->rank) {
        return bw_fail(ctx, BW_ERR_ARGUMENT, "slice: %u dimensions for an array of rank %u",
                       slice->type == BW_NODE_LIST ? (unsigned)slice->children.len : 0,
                       (unsigned)meta->rank);
    }
    for (uint32_t d = 0; d < slice->children.len; d++) {
        const bw_node *part = slice->children.items[d];

        if (part->type == BW_NODE_INT) {
            BW_TRY(resolve_index(ctx, d, meta->shape[d], part->integer, out));
            *dropped |= 1u << d;
        } else if (part->type == BW_NODE_LIST) {
            BW_TRY(resolve_range(ctx, d, meta->shape[d], part, out));
        } else if (part->type != BW_NODE_NULL) {
            return bw_fail(ctx, BW_ERR_ARGUMENT,
                           "slice: dimension %u is neither null, an integer nor a range",
                           (unsigned)d);
        }
    }
    return BW_OK;
}

void bw__slice_drop(bw_array *array, uint32_t dropped)
{
    uint32_t kept = 0;

    for (uint32_t d = 0; d < array->rank; d++) {
        if ((dropped >> d & 1u) == 0) {
            array->shape[kept++] = array->shape[d];
        }
    }
    array->rank = kept;
}

/* The array is one uncompressed chunk of itself: the chunk reader does the rest. */
bw_status bw__slice_array(bw_ctx *ctx, bw_arena *arena, const bw_array *array,
                          const bw_node *slice, bw_array **out)
{
    uint8_t zeros[256] = {0};
    bw_array_meta meta = {.dtype = array->dtype, .rank = array->rank, .separator = '.'};
    bw_chunk_read read = {0};
    uint64_t coord[BW_MAX_RANK] = {0};
    uint32_t dropped;
    bw_region region;
    bw_status st;

    meta.fill = zeros;
    meta.dtype.big_endian = false; /* in memory none is */
    for (uint32_t d = 0; d < array->rank; d++) {
        meta.shape[d] = array->shape[d];
        meta.chunks[d] = array->shape[d] == 0 ? 1 : array->shape[d];
    }
    BW_TRY(bw__slice_resolve(ctx, &meta, slice, &region, &dropped));
    st = bw_chunk_read_begin(ctx, arena, &meta, &region, &read);
    if (st == BW_OK && bw_chunk_read_next(&read, coord)) {
        st = bw_chunk_read_place(ctx, &read, coord, (bw_view){array->data, array->nbytes});
    }
    if (st == BW_OK) {
        bw__slice_drop(read.out, dropped);
        *out = read.out;
    }
    bw_chunk_read_end(ctx, &read);
    return st;
}
