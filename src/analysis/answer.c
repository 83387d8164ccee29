/* SPDX-License-Identifier: MIT */
/** Answers as trees. */
#include <math.h>
#include <string.h>

#include "question.h"

bw_status bw__answer_number(bw__question *q, double value, bw_node **out)
{
    *out = bw_node_float(q->ctx, q->arena, value);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__answer_map(bw__question *q, bw_node **out)
{
    *out = bw_node_map(q->ctx, q->arena);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__answer_list(bw__question *q, bw_node **out)
{
    *out = bw_node_list(q->ctx, q->arena);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

bw_status bw__put(bw__question *q, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(q->ctx, q->arena, map, bw_view_text(key), value);
}

bw_status bw__put_number(bw__question *q, bw_node *map, const char *key, double value)
{
    return bw__put(q, map, key, bw_node_float(q->ctx, q->arena, value));
}

bw_status bw__put_int(bw__question *q, bw_node *map, const char *key, int64_t value)
{
    return bw__put(q, map, key, bw_node_int(q->ctx, q->arena, value));
}

bw_status bw__put_text(bw__question *q, bw_node *map, const char *key, const char *text)
{
    return bw__put(q, map, key, bw_node_text(q->ctx, q->arena, bw_view_text(text)));
}

bw_status bw__put_bool(bw__question *q, bw_node *map, const char *key, bool value)
{
    return bw__put(q, map, key, bw_node_bool(q->ctx, q->arena, value));
}

bw_status bw__put_null(bw__question *q, bw_node *map, const char *key)
{
    return bw__put(q, map, key, bw_node_null(q->ctx, q->arena));
}

bw_status bw__push(bw__question *q, bw_node *list, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM : bw_list_push(q->ctx, q->arena, list, value);
}

bw_status bw__push_number(bw__question *q, bw_node *list, double value)
{
    return bw__push(q, list, bw_node_float(q->ctx, q->arena, value));
}

bw_status bw__put_numbers(bw__question *q, bw_node *map, const char *key, const double *values,
                          size_t count)
{
    bw_node *list;

    BW_TRY(bw__answer_list(q, &list));
    for (size_t n = 0; n < count; n++) {
        BW_TRY(bw__push_number(q, list, values[n]));
    }
    return bw__put(q, map, key, list);
}

bw_status bw__put_series(bw__question *q, bw_node *map, const char *key, const double *values,
                         size_t count)
{
    bw_array *array;

    BW_TRY(bw_array_new(q->ctx, q->arena, (bw_dtype){.kind = 'f', .itemsize = 8}, 1,
                        (const uint64_t[1]){count}, &array));
    if (count > 0) {
        memcpy(array->data, values, count * sizeof *values);
    }
    return bw__put(q, map, key, bw_node_array(q->ctx, q->arena, array));
}

bw_status bw__push_at(bw__question *q, bw_node *history, int64_t step, bw_node *value)
{
    bw_node *pair;

    BW_TRY(bw__answer_list(q, &pair));
    BW_TRY(bw__push(q, pair, bw_node_int(q->ctx, q->arena, step)));
    BW_TRY(bw__push(q, pair, value));
    return bw__push(q, history, pair);
}

bw_status bw__push_number_at(bw__question *q, bw_node *history, int64_t step, double value)
{
    return bw__push_at(q, history, step, bw_node_float(q->ctx, q->arena, value));
}

bw_status bw__put_grid(bw__question *q, bw_node *map, const char *key, char kind, bw_array **out)
{
    bw_dtype dtype = {.kind = kind, .itemsize = kind == 'b' ? 1 : 8};

    BW_TRY(bw_array_new(q->ctx, q->arena, dtype, 3, q->a->shape, out));
    return bw__put(q, map, key, bw_node_array(q->ctx, q->arena, *out));
}

bw_status bw__answer_needs(bw__question *q, int64_t step, bw_node **out)
{
    BW_TRY(bw__answer_map(q, out));
    return bw__put_int(q, *out, "needsState", step);
}

bw_status bw__answer_step(bw__question *q, bw__describe describe, bw_node **out)
{
    uint32_t at;

    BW_TRY(bw__option_step(q, &at));
    BW_TRY(bw__answer_map(q, out));
    return describe(q, at, *out);
}

bw_status bw__answer_history(bw__question *q, bw__describe describe, bw_node **out)
{
    bw__range range;

    BW_TRY(bw__option_range(q, &range));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t at = range.first; at < range.end; at++) {
        bw_node *map;

        if (!bw__range_has(&range, q->a->records[at])) {
            continue;
        }
        BW_TRY(bw__answer_map(q, &map));
        BW_TRY(describe(q, at, map));
        BW_TRY(bw__push_at(q, *out, q->a->records[at]->step, map));
    }
    return BW_OK;
}

bw_status bw__measure_step(bw__question *q, bw__measure measure, bw_node **out)
{
    uint32_t at;
    double value;

    BW_TRY(bw__option_step(q, &at));
    BW_TRY(measure(q, at, &value));
    return bw__answer_number(q, value, out);
}

bw_status bw__measure_history(bw__question *q, bw__measure measure, bw_node **out)
{
    bw__range range;

    BW_TRY(bw__option_range(q, &range));
    BW_TRY(bw__answer_list(q, out));
    for (uint32_t at = range.first; at < range.end; at++) {
        double value;

        if (bw__range_has(&range, q->a->records[at])) {
            BW_TRY(measure(q, at, &value));
            BW_TRY(bw__push_number_at(q, *out, q->a->records[at]->step, value));
        }
    }
    return BW_OK;
}
