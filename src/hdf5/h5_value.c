/* SPDX-License-Identifier: MIT */
/* Elements in memory (h5_type.c) as nodes. */
#include <string.h>

#include "base/half.h"
#include "h5.h"
#include "h5_type.h"

#define MAX_NAME 4096

bw_status bw__h5_put(bw_ctx *ctx, bw_arena *arena, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(ctx, arena, map, bw_view_text(key), value);
}

static bw_status give(bw_node *node, bw_node **out)
{
    *out = node;
    return node == NULL ? BW_ERR_NOMEM : BW_OK;
}

static uint64_t little(const uint8_t *at, size_t size)
{
    uint64_t value = 0;

    for (size_t i = size; i-- > 0;) {
        value = value << 8 | at[i];
    }
    return value;
}

static bw_status value_int(bw_ctx *ctx, bw_arena *arena, const bw_h5_plan *plan, const uint8_t *at,
                           bw_node **out)
{
    uint64_t bits = little(at, plan->size);

    if (plan->kind == BW_H5_UINT && bits > INT64_MAX) {
        BW_TRY(give(bw_node_float(ctx, arena, (double)bits), out));
        (*out)->natural = bits;
        return BW_OK;
    }
    if (plan->kind == BW_H5_INT && plan->size < 8) { /* sign */
        uint64_t top = UINT64_C(1) << (plan->size * 8 - 1);
        bits = (bits ^ top) - top;
    }
    return give(bw_node_int(ctx, arena, (int64_t)bits), out);
}

double bw__h5_number(const uint8_t *at, size_t size)
{
    double number;
    float single;

    if (size == 8) {
        memcpy(&number, at, 8);
        return number;
    }
    if (size == 4) {
        memcpy(&single, at, 4);
        return single;
    }
    return bw__half_to_double((uint16_t)(at[0] | at[1] << 8));
}

static bw_status value_bytes(bw_ctx *ctx, bw_arena *arena, const uint8_t *at, size_t len,
                             bw_node **out)
{
    bw_array *array;
    uint64_t shape = len;

    BW_TRY(bw_array_new(ctx, arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1, &shape, &array));
    memcpy(array->data, at, len);
    return give(bw_node_array(ctx, arena, array), out);
}

/* Text that is no UTF-8 comes as {bytes}. */
static bw_status value_text(bw_ctx *ctx, bw_arena *arena, const char *text, size_t len,
                            bw_node **out)
{
    bw_view view = {(const uint8_t *)text, len};
    bw_node *map, *bytes;

    if (bw_utf8_valid(view)) {
        return give(bw_node_text(ctx, arena, view), out);
    }
    map = bw_node_map(ctx, arena);
    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(value_bytes(ctx, arena, view.ptr, len, &bytes));
    *out = map;
    return bw__h5_put(ctx, arena, map, "bytes", bytes);
}

static bw_status value_reference(bw_ctx *ctx, bw_arena *arena, hid_t where, const bw_h5_plan *plan,
                                 const uint8_t *at, bw_node **out)
{
    bool region = plan->kind == BW_H5_REGION;
    union {
        hobj_ref_t object;
        hdset_reg_ref_t region;
    } reference;
    bw_node *map = bw_node_map(ctx, arena), *target;
    char name[MAX_NAME];
    bw_view shown;
    ssize_t len = 0;
    bool null = true;

    for (size_t i = 0; i < plan->size; i++) {
        null &= at[i] == 0;
    }
    memcpy(&reference, at, plan->size);
    if (!null) {
        len = H5Rget_name(where, region ? H5R_DATASET_REGION : H5R_OBJECT, &reference, name,
                          sizeof name);
        H5Eclear2(H5E_DEFAULT);
    }
    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    /* What it leads to may be gone: there is no name then. */
    if (len > 0 && len < MAX_NAME) {
        BW_TRY(bw__h5_name(ctx, arena, name, &shown));
        target = bw_node_text(ctx, arena, shown);
    } else {
        target = bw_node_null(ctx, arena);
    }
    *out = map;
    return bw__h5_put(ctx, arena, map, region ? "region_of" : "ref", target);
}

static bw_status value_compound(bw_ctx *ctx, bw_arena *arena, hid_t where, const bw_h5_plan *plan,
                                const uint8_t *at, bw_node **out)
{
    bw_node *map = bw_node_map(ctx, arena), *member;

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint32_t i = 0; i < plan->count; i++) {
        const bw_h5_plan *child = &plan->children[i];
        BW_TRY(bw__h5_value(ctx, arena, where, child, at + child->offset, &member));
        BW_TRY(bw_map_set(ctx, arena, map, child->name, member));
    }
    *out = map;
    return BW_OK;
}

static bw_status value_complex(bw_ctx *ctx, bw_arena *arena, const bw_h5_plan *plan,
                               const uint8_t *at, bw_node **out)
{
    bw_node *list = bw_node_list(ctx, arena);

    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (size_t part = 0; part < 2; part++) {
        bw_node *number =
            bw_node_float(ctx, arena, bw__h5_number(at + part * plan->size / 2, plan->size / 2));
        if (number == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, number));
    }
    *out = list;
    return BW_OK;
}

bw_status bw__h5_values(bw_ctx *ctx, bw_arena *arena, hid_t where, const bw_h5_plan *plan,
                        uint32_t rank, const uint64_t *shape, const uint8_t *at, bw_node **out)
{
    size_t stride = plan->size;
    bw_node *list, *item;

    if (rank == 0) {
        return bw__h5_value(ctx, arena, where, plan, at, out);
    }
    for (uint32_t d = 1; d < rank; d++) {
        stride *= (size_t)shape[d];
    }
    list = bw_node_list(ctx, arena);
    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t i = 0; i < shape[0]; i++) {
        BW_TRY(bw__h5_values(ctx, arena, where, plan, rank - 1, shape + 1, at + i * stride, &item));
        BW_TRY(bw_list_push(ctx, arena, list, item));
    }
    *out = list;
    return BW_OK;
}

bw_status bw__h5_value(bw_ctx *ctx, bw_arena *arena, hid_t where, const bw_h5_plan *plan,
                       const uint8_t *at, bw_node **out)
{
    uint64_t shape[BW_MAX_RANK];
    const char *text;
    hvl_t list;

    switch (plan->kind) {
    case BW_H5_INT:
    case BW_H5_UINT:
        return value_int(ctx, arena, plan, at, out);
    case BW_H5_FLOAT:
        return give(bw_node_float(ctx, arena, bw__h5_number(at, plan->size)), out);
    case BW_H5_BOOL:
        return give(bw_node_bool(ctx, arena, *at != 0), out);
    case BW_H5_COMPLEX:
        return value_complex(ctx, arena, plan, at, out);
    case BW_H5_TEXT: {
        size_t len = plan->size;
        while (len > 0 && at[len - 1] == 0) {
            len--;
        }
        return value_text(ctx, arena, (const char *)at, len, out);
    }
    case BW_H5_VTEXT:
        memcpy(&text, at, sizeof text);
        return value_text(ctx, arena, text == NULL ? "" : text, text == NULL ? 0 : strlen(text),
                          out);
    case BW_H5_COMPOUND:
        return value_compound(ctx, arena, where, plan, at, out);
    case BW_H5_LIST:
        for (uint32_t d = 0; d < plan->rank; d++) {
            shape[d] = plan->dims[d];
        }
        return bw__h5_values(ctx, arena, where, plan->children, plan->rank, shape, at, out);
    case BW_H5_VLIST:
        memcpy(&list, at, sizeof list);
        shape[0] = list.p == NULL ? 0 : list.len;
        return bw__h5_values(ctx, arena, where, plan->children, 1, shape, list.p, out);
    case BW_H5_REFERENCE:
    case BW_H5_REGION:
        return value_reference(ctx, arena, where, plan, at, out);
    default:
        return value_bytes(ctx, arena, at, plan->size, out);
    }
}
