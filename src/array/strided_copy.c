/* SPDX-License-Identifier: MIT */
/**
 * The strided copy. Axes are joined first, so that the common case (a C-ordered chunk into a
 * C-ordered array) is a few long memcpy calls. Where the fastest axes of the two sides differ (an
 * F-ordered chunk) the plane of these two is copied in tiles, which keep both sides in cache.
 */
#include "strided_copy.h"

#include <string.h>

/* Elements along the edge of a tile: 32 lines of 64 bytes a side are well within a first-level
 * cache. */
#define TILE 32u

static uint64_t magnitude(ptrdiff_t stride)
{
    return stride < 0 ? 0 - (uint64_t)stride : (uint64_t)stride;
}

void bw__strided_join(bw__strided *layout)
{
    uint32_t rank = 0;

    for (uint32_t d = 0; d < layout->rank; d++) {
        uint64_t count = layout->count[d];
        ptrdiff_t src = layout->src[d], dst = layout->dst[d];

        if (count == 1) {
            continue;
        }
        if (rank > 0 && layout->src[rank - 1] == (ptrdiff_t)count * src &&
            layout->dst[rank - 1] == (ptrdiff_t)count * dst) {
            rank--;
            count *= layout->count[rank];
        }
        layout->count[rank] = count;
        layout->src[rank] = src;
        layout->dst[rank] = dst;
        rank++;
    }
    layout->rank = rank;
}

bool bw__strided_is_run(const bw__strided *layout, uint32_t itemsize)
{
    return layout->rank == 0 ||
           (layout->rank == 1 && layout->src[0] == (ptrdiff_t)itemsize &&
            layout->dst[0] == (ptrdiff_t)itemsize);
}

/* With a constant itemsize the memcpy is one load and one store. */
#define COPY_ELEMENTS(itemsize)                                         \
    for (ptrdiff_t i = 0; i < (ptrdiff_t)count; i++) {                  \
        memcpy(dst + i * dst_stride, src + i * src_stride, (itemsize)); \
    }

static void copy_row(uint8_t *dst, ptrdiff_t dst_stride, const uint8_t *src, ptrdiff_t src_stride,
                     uint64_t count, uint32_t itemsize)
{
    if (dst_stride == (ptrdiff_t)itemsize && src_stride == (ptrdiff_t)itemsize) {
        memcpy(dst, src, (size_t)count * itemsize);
    } else if (dst_stride == (ptrdiff_t)itemsize && src_stride == 0) {
        bw_fill_pattern(dst, (size_t)count * itemsize, src, itemsize);
    } else if (itemsize == 8) {
        COPY_ELEMENTS(8)
    } else if (itemsize == 4) {
        COPY_ELEMENTS(4)
    } else if (itemsize == 2) {
        COPY_ELEMENTS(2)
    } else if (itemsize == 1) {
        COPY_ELEMENTS(1)
    } else {
        COPY_ELEMENTS(itemsize)
    }
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* `along` is the destination's fastest axis, `across` the source's. */
static void copy_plane(const bw__strided *l, uint32_t along, uint32_t across, uint32_t itemsize,
                       const uint8_t *src, uint8_t *dst)
{
    for (uint64_t a = 0; a < l->count[along]; a += TILE) {
        uint64_t width = smaller(TILE, l->count[along] - a);
        for (uint64_t b = 0; b < l->count[across]; b++) {
            const uint8_t *from = src + (ptrdiff_t)a * l->src[along];
            uint8_t *to = dst + (ptrdiff_t)a * l->dst[along];
            copy_row(to + (ptrdiff_t)b * l->dst[across], l->dst[along],
                     from + (ptrdiff_t)b * l->src[across], l->src[along], width, itemsize);
        }
    }
}

/* The axis with the smallest stride, the later of equal ones. */
static uint32_t fastest(const ptrdiff_t *strides, uint32_t rank)
{
    uint32_t axis = 0;
    for (uint32_t d = 1; d < rank; d++) {
        if (magnitude(strides[d]) <= magnitude(strides[axis])) {
            axis = d;
        }
    }
    return axis;
}

/* An odometer over all axes but two; false when it is through. Moves both places along. */
static bool next_plane(const bw__strided *l, uint32_t along, uint32_t across,
                       uint64_t index[BW_MAX_RANK], const uint8_t **src, uint8_t **dst)
{
    for (uint32_t d = l->rank; d-- > 0;) {
        if (d == along || d == across) {
            continue;
        }
        if (++index[d] < l->count[d]) {
            *src += l->src[d];
            *dst += l->dst[d];
            return true;
        }
        *src -= (ptrdiff_t)(l->count[d] - 1) * l->src[d];
        *dst -= (ptrdiff_t)(l->count[d] - 1) * l->dst[d];
        index[d] = 0;
    }
    return false;
}

void bw__strided_copy(const bw__strided *layout, uint32_t itemsize, const uint8_t *src,
                      uint8_t *dst)
{
    uint64_t index[BW_MAX_RANK] = {0};
    uint32_t along, across;

    if (layout->rank == 0) {
        memcpy(dst, src, itemsize);
        return;
    }
    along = fastest(layout->dst, layout->rank);
    across = fastest(layout->src, layout->rank);
    do {
        if (along == across) {
            copy_row(dst, layout->dst[along], src, layout->src[along], layout->count[along],
                     itemsize);
        } else {
            copy_plane(layout, along, across, itemsize, src, dst);
        }
    } while (next_plane(layout, along, across, index, &src, &dst));
}
