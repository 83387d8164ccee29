/* SPDX-License-Identifier: MIT */
/** Structured element types: from Zarr's documents, and their bytes. */
#ifndef BORES_ARRAY_RECORD_TYPE_H
#define BORES_ARRAY_RECORD_TYPE_H

#include "bores/chunks.h"

/** NumPy's list of [name, type] or [name, type, shape], the type a type string or such a list. */
bw_status bw__record_from_descr(bw_ctx *ctx, bw_arena *arena, const bw_node *descr,
                                const bw_record **out);
/** Adds a field behind the others; `record` has room for it. `rank` and `shape` are the field's. */
bw_status bw__record_add(bw_ctx *ctx, bw_record *record, bw_field field);
/** Big-endian fields of `count` elements to little-endian, in place. */
void bw__record_swap(const bw_record *record, uint8_t *data, size_t count);
/** All fields big-endian, those inside fields as well. */
void bw__record_set_big_endian(bw_record *record);
/** One value that is no record: a number, a bool, text, a list of two for complex numbers. */
bw_status bw__element_value(bw_ctx *ctx, bw_arena *arena, bw_dtype dtype, const uint8_t *at,
                            bw_node **out);

#endif
