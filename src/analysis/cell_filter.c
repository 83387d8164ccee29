/* SPDX-License-Identifier: MIT */
/** The forms of the option `cells`: names of wells, cells, boxes of indices. */
#include <inttypes.h>
#include <math.h>

#include "question.h"

const bw__filter bw__everything = {.kind = BW__ALL};

uint32_t bw__region_of(const bw_analysis *a, uint32_t cell)
{
    return a->region == NULL ? (uint32_t)(cell % a->shape[2]) + 1 : a->region[cell];
}

bool bw__filter_names(const bw__filter *filter, bw_view name)
{
    for (size_t n = 0; n < filter->count; n++) {
        if (bw_view_equal(filter->names[n], name)) {
            return true;
        }
    }
    return false;
}

bool bw__filter_has(const bw_analysis *a, const bw__filter *filter, const bw__record *record,
                    uint32_t cell)
{
    uint64_t index[3] = {cell / (a->shape[1] * a->shape[2]), cell / a->shape[2] % a->shape[1],
                         cell % a->shape[2]};

    switch (filter->kind) {
    case BW__NAMED:
        for (uint32_t w = 0; w < record->wells->count; w++) {
            if (bw__filter_names(filter, record->wells->items[w].name) &&
                bw__well_holds(&record->wells->items[w], a->shape, cell)) {
                return true;
            }
        }
        return false;
    case BW__LISTED:
        for (size_t n = 0; n < filter->count; n++) {
            if (filter->cells[n] == cell) {
                return true;
            }
        }
        return false;
    case BW__BOXED:
        for (int d = 0; d < 3; d++) {
            if (index[d] < filter->low[d] || index[d] >= filter->high[d]) {
                return false;
            }
        }
        return true;
    case BW__REGION:
        return bw__region_of(a, cell) == filter->region;
    default:
        return true;
    }
}

static bw_status refuse(bw__question *q)
{
    return bw_fail(q->ctx, BW_ERR_ARGUMENT,
                   "%s: cells must be a well's name, a list of names, [i, j, k], a list of such, "
                   "or {i, j, k} of numbers and [start, stop]", q->row->name);
}

static bool any_well_is(const bw_analysis *a, bw_view name)
{
    const bw__wells *before = NULL;

    for (uint32_t n = 0; n < a->count; n++) {
        const bw__wells *wells = a->records[n]->wells;

        for (uint32_t w = 0; wells != before && w < wells->count; w++) {
            if (bw_view_equal(wells->items[w].name, name)) {
                return true;
            }
        }
        before = wells;
    }
    return false;
}

static bw_status add_name(bw__question *q, bw__filter *filter, const bw_node *node)
{
    if (node->type != BW_NODE_STRING) {
        return refuse(q);
    }
    if (!any_well_is(q->a, node->text)) {
        return bw_fail(q->ctx, BW_ERR_NOT_FOUND, "%s: no state has a well '%.*s'", q->row->name,
                       (int)(node->text.len < 100 ? node->text.len : 100),
                       (const char *)node->text.ptr);
    }
    filter->names[filter->count++] = node->text;
    return BW_OK;
}

/* An index below `limit` (inclusive for ends of ranges, with `limit` one more). */
static bw_status read_index(bw__question *q, const bw_node *node, int axis, uint64_t limit,
                            uint64_t *out)
{
    double number;

    if (!bw__to_number(node, &number) || number != floor(number)) {
        return refuse(q);
    }
    if (!(number >= 0 && number < (double)limit)) {
        return bw_fail(q->ctx, BW_ERR_INDEX_RANGE,
                       "%s: index %c = %.0f is outside of the grid's %" PRIu64 " cells",
                       q->row->name, "ijk"[axis], number, q->a->shape[axis]);
    }
    *out = (uint64_t)number;
    return BW_OK;
}

static bw_status add_cell(bw__question *q, bw__filter *filter, const bw_node *node)
{
    uint64_t index[3];

    if (node->type != BW_NODE_LIST || node->children.len != 3) {
        return refuse(q);
    }
    for (int d = 0; d < 3; d++) {
        BW_TRY(read_index(q, node->children.items[d], d, q->a->shape[d], &index[d]));
    }
    filter->cells[filter->count++] =
        (uint32_t)((index[0] * q->a->shape[1] + index[1]) * q->a->shape[2] + index[2]);
    return BW_OK;
}

static bw_status read_list(bw__question *q, const bw_node *node, bw__filter *filter)
{
    uint32_t len = node->children.len;
    bool single = len == 3 && node->children.items[0]->type != BW_NODE_STRING &&
                  node->children.items[0]->type != BW_NODE_LIST;

    filter->names = bw_arena_alloc(q->ctx, q->arena, (len + 1) * sizeof *filter->names);
    filter->cells = bw_arena_alloc(q->ctx, q->arena, (len + 1) * sizeof *filter->cells);
    if (filter->names == NULL || filter->cells == NULL) {
        return BW_ERR_NOMEM;
    }
    filter->kind = BW__LISTED;
    if (single) {
        return add_cell(q, filter, node);
    }
    if (len > 0 && node->children.items[0]->type == BW_NODE_STRING) {
        filter->kind = BW__NAMED;
    }
    for (uint32_t n = 0; n < len; n++) {
        BW_TRY(filter->kind == BW__NAMED ? add_name(q, filter, node->children.items[n])
                                         : add_cell(q, filter, node->children.items[n]));
    }
    return BW_OK;
}

static bw_status read_box(bw__question *q, const bw_node *node, bw__filter *filter)
{
    filter->kind = BW__BOXED;
    for (uint32_t n = 0; n < node->children.len; n++) {
        bw_view key = node->children.keys[n];

        if (key.len != 1 || key.ptr[0] < 'i' || key.ptr[0] > 'k') {
            return refuse(q);
        }
    }
    for (int d = 0; d < 3; d++) {
        const char key[2] = {"ijk"[d], '\0'};
        const bw_node *part = bw__find(node, key);

        filter->low[d] = 0;
        filter->high[d] = q->a->shape[d];
        if (part == NULL) {
            continue;
        }
        if (part->type == BW_NODE_LIST) {
            if (part->children.len != 2) {
                return refuse(q);
            }
            BW_TRY(read_index(q, part->children.items[0], d, q->a->shape[d] + 1,
                              &filter->low[d]));
            BW_TRY(read_index(q, part->children.items[1], d, q->a->shape[d] + 1,
                              &filter->high[d]));
        } else {
            BW_TRY(read_index(q, part, d, q->a->shape[d], &filter->low[d]));
            filter->high[d] = filter->low[d] + 1;
        }
    }
    return BW_OK;
}

bw_status bw__option_cells(bw__question *q, bw__filter *out)
{
    const bw_node *node = bw__find(q->params, "cells");

    *out = bw__everything;
    if (node == NULL) {
        return BW_OK;
    }
    switch (node->type) {
    case BW_NODE_STRING:
        out->names = bw_arena_alloc(q->ctx, q->arena, sizeof *out->names);
        if (out->names == NULL) {
            return BW_ERR_NOMEM;
        }
        out->kind = BW__NAMED;
        return add_name(q, out, node);
    case BW_NODE_LIST:
        return read_list(q, node, out);
    case BW_NODE_MAP:
        return read_box(q, node, out);
    default:
        return refuse(q);
    }
}
