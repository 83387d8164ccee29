/* SPDX-License-Identifier: MIT */
/**
 * Packed bytes to trees. The format is described in pack.h.
 *
 * The bytes come from the host, and are still not believed: every count is checked against the
 * bytes that are left before anything of its size is allocated.
 */
#include <string.h>

#include "bores/pack.h"
#include "dtype_check.h"
#include "pack_tags.h"

typedef struct reader {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_view packed;
    size_t at;
    bool arrays;
} reader;

static size_t left(const reader *r)
{
    return r->packed.len - r->at;
}

static bw_status malformed(const reader *r, const char *what)
{
    return bw_fail(r->ctx, BW_ERR_ARGUMENT, "packed tree, byte %zu of %zu: %s", r->at,
                   r->packed.len, what);
}

static bw_status get_number(reader *r, unsigned nbytes, uint64_t *out)
{
    uint64_t value = 0;

    if (left(r) < nbytes) {
        *out = 0; /* gcc cannot know that malformed() never answers BW_OK */
        return malformed(r, "ends within a number");
    }
    for (unsigned i = 0; i < nbytes; i++) {
        value |= (uint64_t)r->packed.ptr[r->at + i] << (8 * i);
    }
    r->at += nbytes;
    *out = value;
    return BW_OK;
}

static bw_status get_text(reader *r, bw_view *out)
{
    uint64_t len;

    BW_TRY(get_number(r, 4, &len));
    if (len > left(r)) {
        return malformed(r, "a string is longer than what is left");
    }
    *out = (bw_view){r->packed.ptr + r->at, (size_t)len};
    if (!bw_utf8_valid(*out)) {
        return malformed(r, "a string is not UTF-8");
    }
    r->at += (size_t)len;
    return BW_OK;
}

static bw_status get_dtype(reader *r, bw_dtype *out)
{
    bw_dtype dtype = {0};
    uint64_t kind, itemsize, unit_len;

    BW_TRY(get_number(r, 1, &kind));
    BW_TRY(get_number(r, 4, &itemsize));
    BW_TRY(get_number(r, 1, &unit_len));
    if (unit_len >= sizeof dtype.unit || unit_len > left(r)) {
        return malformed(r, "a dtype's unit is too long");
    }
    memcpy(dtype.unit, r->packed.ptr + r->at, (size_t)unit_len);
    r->at += (size_t)unit_len;
    dtype.kind = (char)kind;
    dtype.itemsize = (uint32_t)itemsize;
    if (!bw__dtype_valid(dtype)) {
        return malformed(r, "a dtype does not exist");
    }
    *out = dtype;
    return BW_OK;
}

/* Dtype, rank and shape, with the byte count they ask for compared to the one that is claimed. */
static bw_status get_array_head(reader *r, bw_array *array)
{
    uint64_t rank, count, claimed;

    BW_TRY(get_dtype(r, &array->dtype));
    BW_TRY(get_number(r, 1, &rank));
    if (rank > BW_MAX_RANK) {
        return malformed(r, "an array has too many dimensions");
    }
    array->rank = (uint32_t)rank;
    for (uint32_t d = 0; d < array->rank; d++) {
        BW_TRY(get_number(r, 8, &array->shape[d]));
    }
    BW_TRY(bw_array_size(r->ctx, array->dtype, array->rank, array->shape, &count, &array->nbytes));
    BW_TRY(get_number(r, 8, &claimed));
    if (claimed != array->nbytes) {
        return malformed(r, "an array's byte count contradicts its shape");
    }
    return BW_OK;
}

static bw_status get_array(reader *r, bw_node **out)
{
    bw_array *array;
    uint64_t address;

    if (!r->arrays) {
        return malformed(r, "an array where none is accepted");
    }
    array = bw_arena_alloc_zeroed(r->ctx, r->arena, sizeof *array);
    if (array == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(get_array_head(r, array));
    BW_TRY(get_number(r, sizeof(uintptr_t), &address));
    if (array->nbytes == 0) {
        array->data = bw_arena_alloc(r->ctx, r->arena, 1);
        if (array->data == NULL) {
            return BW_ERR_NOMEM;
        }
    } else {
        if (address == 0 || address % bw_dtype_swap_size(array->dtype) != 0 ||
            array->nbytes > UINTPTR_MAX - address) {
            return malformed(r, "an array's address is null, unaligned or beyond memory");
        }
        array->data = (uint8_t *)(uintptr_t)address; /* borrowed, see pack.h */
    }
    *out = bw_node_array(r->ctx, r->arena, array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

static bw_status get_node(reader *r, uint32_t depth, bw_node **out);

static bw_status get_list(reader *r, uint32_t depth, bw_node **out)
{
    bw_node *list = bw_node_list(r->ctx, r->arena);
    uint64_t count;

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(get_number(r, 4, &count));
    if (count > left(r)) {
        return malformed(r, "a list has more items than bytes are left");
    }
    for (uint64_t i = 0; i < count; i++) {
        bw_node *item;
        BW_TRY(get_node(r, depth + 1, &item));
        BW_TRY(bw_list_push(r->ctx, r->arena, list, item));
    }
    *out = list;
    return BW_OK;
}

static bw_status get_map(reader *r, uint32_t depth, bw_node **out)
{
    bw_node *map = bw_node_map(r->ctx, r->arena);
    uint64_t count;

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(get_number(r, 4, &count));
    if (count > left(r)) {
        return malformed(r, "a map has more keys than bytes are left");
    }
    for (uint64_t i = 0; i < count; i++) {
        bw_view key;
        bw_node *item;
        BW_TRY(get_text(r, &key));
        BW_TRY(get_node(r, depth + 1, &item));
        BW_TRY(bw_map_set(r->ctx, r->arena, map, key, item));
    }
    *out = map;
    return BW_OK;
}

/* The leaves; `out` stays NULL when memory is out. */
static bw_status get_leaf(reader *r, uint64_t tag, bw_node **out)
{
    uint64_t bits;
    double number;
    bw_view text;

    switch (tag) {
    case BW__PACK_NULL:
        *out = bw_node_null(r->ctx, r->arena);
        return BW_OK;
    case BW__PACK_FALSE:
    case BW__PACK_TRUE:
        *out = bw_node_bool(r->ctx, r->arena, tag == BW__PACK_TRUE);
        return BW_OK;
    case BW__PACK_INT:
        BW_TRY(get_number(r, 8, &bits));
        *out = bw_node_int(r->ctx, r->arena, (int64_t)bits);
        return BW_OK;
    case BW__PACK_FLOAT:
        BW_TRY(get_number(r, 8, &bits));
        memcpy(&number, &bits, sizeof number);
        *out = bw_node_float(r->ctx, r->arena, number);
        return BW_OK;
    case BW__PACK_NATURAL:
        BW_TRY(get_number(r, 8, &bits));
        if (bits <= INT64_MAX) {
            return malformed(r, "a natural that is an int");
        }
        *out = bw_node_float(r->ctx, r->arena, (double)bits);
        if (*out != NULL) {
            (*out)->natural = bits;
        }
        return BW_OK;
    case BW__PACK_STRING:
        BW_TRY(get_text(r, &text));
        *out = bw_node_text(r->ctx, r->arena, text);
        return BW_OK;
    default:
        return malformed(r, "an unknown tag");
    }
}

static bw_status get_node(reader *r, uint32_t depth, bw_node **out)
{
    uint64_t tag;

    BW_TRY(get_number(r, 1, &tag));
    if (tag == BW__PACK_ARRAY) {
        return get_array(r, out);
    }
    if (tag == BW__PACK_LIST || tag == BW__PACK_MAP) {
        if (depth >= r->ctx->limits.max_depth) {
            return bw_fail_limit(r->ctx, "nesting depth of a packed tree", depth + UINT64_C(1),
                                 r->ctx->limits.max_depth);
        }
        return tag == BW__PACK_LIST ? get_list(r, depth, out) : get_map(r, depth, out);
    }
    *out = NULL;
    BW_TRY(get_leaf(r, tag, out));
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw_unpack(bw_ctx *ctx, bw_arena *arena, bw_view packed, bool arrays, bw_node **out)
{
    reader r = {ctx, arena, packed, 0, arrays};
    bw_node *node;

    BW_TRY(get_node(&r, 0, &node));
    if (left(&r) != 0) {
        return malformed(&r, "bytes behind the end");
    }
    *out = node;
    return BW_OK;
}
