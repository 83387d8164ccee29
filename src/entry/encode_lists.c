/* SPDX-License-Identifier: MIT */
/* Lists of numbers as the arrays that BORES makes of them (numpy.array()) before it stores them. */
#include <string.h>

#include "encode.h"

/* Whole numbers beyond it are not all doubles. */
#define EXACT_MAX (INT64_C(1) << 53)

typedef struct probe {
    uint32_t rank;
    uint64_t shape[BW_MAX_RANK];
    bool bools, ints, floats; /* kinds that were met */
    bool large;               /* an integer that no double holds */
    bool odd;                 /* anything else, or ragged */
    uint32_t list_rank;       /* of the lists alone: the items may be arrays, all alike */
    const bw_array *like;     /* the first of them */
} probe;

static bool has_array_form(bw_dtype dtype)
{
    return dtype.kind == 'b' || dtype.kind == 'i' || dtype.kind == 'u' ||
           (dtype.kind == 'f' && dtype.itemsize >= 4);
}

static void probe_array(probe *p, const bw_array *array)
{
    p->odd |= p->like == NULL || array->rank != p->like->rank ||
              !bw_dtype_equal(array->dtype, p->like->dtype) ||
              memcmp(array->shape, p->like->shape, array->rank * sizeof *array->shape) != 0;
}

static void probe_number(probe *p, const bw_node *node)
{
    p->odd |= p->like != NULL && node->type != BW_NODE_ARRAY;
    switch (node->type) {
    case BW_NODE_ARRAY:
        probe_array(p, node->array);
        break;
    case BW_NODE_BOOL:
        p->bools = true;
        break;
    case BW_NODE_INT:
        p->ints = true;
        p->large |= node->integer > EXACT_MAX || node->integer < -EXACT_MAX;
        break;
    case BW_NODE_FLOAT:
        p->floats = true;
        p->odd |= node->natural != 0;
        break;
    default:
        p->odd = true;
        break;
    }
}

/* Recursion is limited by the rank. */
static void probe_list(probe *p, const bw_node *list, uint32_t axis)
{
    p->odd |= list->children.len != p->shape[axis] || list->children.len == 0;
    for (uint32_t i = 0; i < list->children.len && !p->odd; i++) {
        const bw_node *item = list->children.items[i];

        if (axis + 1 == p->list_rank) {
            probe_number(p, item);
        } else if (item->type == BW_NODE_LIST) {
            probe_list(p, item, axis + 1);
        } else {
            p->odd = true;
        }
    }
}

/* What the first items say; the rest must agree. */
static void probe_shape(probe *p, const bw_node *list)
{
    while (list->type == BW_NODE_LIST) {
        if (p->rank == BW_MAX_RANK || list->children.len == 0) {
            p->odd = true;
            return;
        }
        p->shape[p->rank++] = list->children.len;
        list = list->children.items[0];
    }
    p->list_rank = p->rank;
    if (list->type == BW_NODE_ARRAY) {
        p->like = list->array;
        p->odd |= !has_array_form(list->array->dtype) ||
                  p->rank + list->array->rank > BW_MAX_RANK;
        for (uint32_t d = 0; d < list->array->rank && !p->odd; d++) {
            p->shape[p->rank++] = list->array->shape[d];
        }
    }
}

/* One kind, or integers among floats. */
static bool probe_dtype(const probe *p, bw_dtype *dtype)
{
    if (p->odd || (p->bools && (p->ints || p->floats)) || (p->floats && p->large)) {
        return false;
    }
    if (p->like != NULL) {
        *dtype = p->like->dtype;
        dtype->big_endian = false;
        return true;
    }
    *dtype = (bw_dtype){.kind = p->bools ? 'b' : p->floats ? 'f' : 'i',
                        .itemsize = p->bools ? 1 : 8};
    return true;
}

static void fill(const bw_node *node, bw_dtype dtype, uint8_t **at)
{
    double number;

    if (node->type == BW_NODE_LIST) {
        for (uint32_t i = 0; i < node->children.len; i++) {
            fill(node->children.items[i], dtype, at);
        }
        return;
    }
    if (node->type == BW_NODE_ARRAY) {
        if (node->array->nbytes > 0) {
            memcpy(*at, node->array->data, node->array->nbytes);
        }
        *at += node->array->nbytes;
        return;
    }
    if (dtype.kind == 'b') {
        **at = node->boolean;
    } else if (dtype.kind == 'i') {
        memcpy(*at, &node->integer, 8);
    } else {
        number = node->type == BW_NODE_INT ? (double)node->integer : node->number;
        memcpy(*at, &number, 8);
    }
    *at += dtype.itemsize;
}

bw_status bw__list_to_array(bw_ctx *ctx, bw_arena *arena, const bw_node *list, bw_array **out)
{
    probe p = {.rank = 0};
    bw_dtype dtype;
    bw_array *array;
    uint8_t *at;

    if (list->children.len == 0) {
        return bw_array_new(ctx, arena, (bw_dtype){.kind = 'i', .itemsize = 1}, 1,
                            (const uint64_t[]){0}, out);
    }
    *out = NULL;
    probe_shape(&p, list);
    if (!p.odd) {
        probe_list(&p, list, 0);
    }
    if (!probe_dtype(&p, &dtype)) {
        return BW_OK;
    }
    BW_TRY(bw_array_new(ctx, arena, dtype, p.rank, p.shape, &array));
    at = array->data;
    fill(list, dtype, &at);
    *out = array;
    return BW_OK;
}

bool bw__is_list_field(bw_view name)
{
    static const char *const names[] = {"grid_shape", "cell_dimension", "perforating_intervals",
                                        "failed_step_sizes", "recent_metrics"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (bw_view_equal(name, bw_view_text(names[i]))) {
            return true;
        }
    }
    return false;
}
