/* SPDX-License-Identifier: MIT */
/** Reads tests/data/geometry/cases.json, which make.py beside it wrote by NumPy and brute force. */
#ifndef BORES_GEOMETRY_CASES_H
#define BORES_GEOMETRY_CASES_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bores/geometry.h"
#include "bores/json.h"
#include "check.h"
#include "test_data.h"

/** The list under `key` of a file; lives in `arena`. */
static inline const bw_node *cases_load_from(bw_ctx *ctx, bw_arena *arena, const char *file, const char *key)
{
    bw_bytes text = bw_test_file(file);
    bw_node *root = NULL;

    if (!CHECK_OK(ctx, bw_json_parse(ctx, arena, bw_bytes_view(&text), &root))) {
        exit(1);
    }
    free(text.ptr);
    return bw_map_get_text(root, key);
}

static inline const bw_node *cases_load(bw_ctx *ctx, bw_arena *arena, const char *key)
{
    return cases_load_from(ctx, arena, "geometry/cases.json", key);
}

static inline double case_number_of(const bw_node *node)
{
    return node->type == BW_NODE_INT     ? (double)node->integer
           : node->type == BW_NODE_FLOAT ? node->number
                                         : (double)NAN;
}

/** A number; NaN where the case has null. */
static inline double case_number(const bw_node *row, const char *key)
{
    return case_number_of(bw_map_get_text(row, key));
}

static inline bool case_has(const bw_node *row, const char *key)
{
    return bw_map_get_text(row, key)->type != BW_NODE_NULL;
}

static inline void case_numbers(const bw_node *row, const char *key, double *out, size_t n)
{
    const bw_node *list = bw_map_get_text(row, key);

    for (size_t m = 0; m < n; m++) {
        out[m] = case_number_of(list->children.items[m]);
    }
}

/** A list of lengths; returns how many. */
static inline uint32_t case_shape(const bw_node *row, const char *key, uint64_t *out)
{
    const bw_node *list = bw_map_get_text(row, key);

    for (uint32_t m = 0; m < list->children.len; m++) {
        out[m] = (uint64_t)list->children.items[m]->integer;
    }
    return list->children.len;
}

/** Bytes of a hex string, in `arena`, in a block of exactly their size; absent for null. */
static inline bw_view case_bytes(bw_ctx *ctx, bw_arena *arena, const bw_node *row, const char *key)
{
    bw_view text;
    uint8_t *bytes;

    if (!bw_map_get_string(row, key, &text)) {
        return (bw_view){NULL, 0};
    }
    bytes = bw_arena_alloc(ctx, arena, text.len / 2);
    for (size_t m = 0; m < text.len / 2; m++) {
        char pair[3] = {(char)text.ptr[2 * m], (char)text.ptr[2 * m + 1], '\0'};
        bytes[m] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return (bw_view){bytes, text.len / 2};
}

/** An array over the bytes under `key`. */
static inline bw_array case_array(bw_ctx *ctx, bw_arena *arena, const bw_node *row,
                                  const char *key, bw_dtype dtype)
{
    bw_view bytes = case_bytes(ctx, arena, row, key);
    bw_array out = {.dtype = dtype, .data = (uint8_t *)(uintptr_t)bytes.ptr, .nbytes = bytes.len};

    out.rank = case_shape(row, "shape", out.shape);
    return out;
}

/** Prints the case's name when anything in it failed. */
static inline void case_result(const bw_node *row, bool held)
{
    bw_view name;

    if (!held && bw_map_get_string(row, "name", &name)) {
        printf("  in case \"%.*s\"\n", (int)name.len, (const char *)name.ptr);
    }
}

#endif
