/* SPDX-License-Identifier: MIT */
/* Rows of numbers to structs and back; rows.h says what is where. */
#include "wasm/rows.h"

#include "wasm/wasm_internal.h"

/* A length or an index: what is none becomes more than there ever is, for the checks to refuse. */
uint64_t bw__row_count(double number)
{
    return number >= 0 && number < 0x1p53 ? (uint64_t)number : UINT64_MAX;
}

uint8_t *bw__row_pointer(double number)
{
    return (uint8_t *)(uintptr_t)number;
}

double bw__row_address(const void *pointer)
{
    return (double)(uintptr_t)pointer;
}

bw_view bw__row_view(const double pointer_and_length[2])
{
    return (bw_view){bw__row_pointer(pointer_and_length[0]), (size_t)pointer_and_length[1]};
}

void bw__row_shape(const double lengths[3], bw_array *array)
{
    array->rank = 3;
    for (int d = 0; d < 3; d++) {
        array->shape[d] = bw__row_count(lengths[d]);
    }
}

/* `thickness` is the caller's, for the grid to borrow. */
bw_grid bw__row_grid(const double *row, bw_array *thickness)
{
    *thickness = (bw_array){.dtype = {.kind = 'f', .itemsize = (uint32_t)row[10]},
                            .data = bw__row_pointer(row[8]),
                            .nbytes = (size_t)row[9]};
    bw__row_shape(row, thickness);
    return (bw_grid){.thickness = thickness,
                     .dx = row[3],
                     .dy = row[4],
                     .datum_depth = row[5],
                     .dip_angle = row[6],
                     .dip_azimuth = row[7]};
}

bw_cell_filter bw__row_filter(const double *row)
{
    bw_cell_filter filter;

    for (int d = 0; d < 3; d++) {
        filter.lo[d] = bw__row_count(row[d]);
        filter.hi[d] = bw__row_count(row[3 + d]);
    }
    filter.mask = bw__row_view(row + 6);
    return filter;
}

bw_array bw__row_values(const double *row)
{
    uint32_t itemsize = (uint32_t)row[3];
    size_t nbytes = (size_t)row[1];

    return (bw_array){.dtype = {.kind = (char)row[2], .itemsize = itemsize},
                      .rank = 1,
                      .shape = {itemsize == 0 ? 0 : nbytes / itemsize},
                      .data = bw__row_pointer(row[0]),
                      .nbytes = nbytes};
}

/* Blocks ------------------------------------------------------------------------------------ */

void bw_wasm_block_free(void *block)
{
    if (block != NULL) {
        bw_arena_free(bw_wasm_ctx(), block);
        bw_release(bw_wasm_ctx(), block);
    }
}

/* Gives what was made to JavaScript, or frees it when making it failed. */
bw_status bw__block_end(bw_status st, bw_arena *block, double *out)
{
    if (st == BW_OK) {
        out[0] = bw__row_address(block);
    } else {
        bw_wasm_block_free(block);
    }
    return st;
}

/* The same for a single array, whose pointer and bytes are next in the row. */
bw_status bw__array_end(bw_status st, bw_arena *block, const bw_array *array, double *out)
{
    if (st == BW_OK) {
        out[1] = bw__row_address(array->data);
        out[2] = (double)array->nbytes;
    }
    return bw__block_end(st, block, out);
}

bw_arena *bw__block_new(void)
{
    return bw_alloc_zeroed(bw_wasm_ctx(), sizeof(bw_arena));
}
