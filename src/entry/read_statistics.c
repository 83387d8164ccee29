/* SPDX-License-Identifier: MIT */
/** What statistics beside the data say, as far as they do not contradict themselves. */
#include <math.h>
#include <string.h>

#include "bores/json.h"
#include "entry.h"
#include "statistics.h"

#define MOST_ELEMENTS (INT64_C(1) << 53)

enum { COUNT, MISSING, INFINITE, MIN, MAX, MEAN, EXPONENT, FIRST, BINS, POSITIVE };

static bool count_at(const bw_node *row, uint32_t at, uint64_t *out)
{
    const bw_node *node = row->children.items[at];

    if (node->type != BW_NODE_INT || node->integer < 0 || node->integer > MOST_ELEMENTS) {
        return false;
    }
    *out = (uint64_t)node->integer;
    return true;
}

static bool number_of(const bw_node *node, double *out)
{
    if (node->type == BW_NODE_INT) {
        *out = (double)node->integer;
        return true;
    }
    *out = node->type == BW_NODE_FLOAT ? node->number : (double)NAN;
    return isfinite(*out);
}

/* The bins hold all elements, the first `min` and the last `max`, and between their edges lies the mean. */
static bool read_bins(const bw_node *row, bw_tally *t)
{
    const bw_node *exponent = row->children.items[EXPONENT], *first = row->children.items[FIRST];
    const bw_node *list = row->children.items[BINS];
    double last, scale, moment = 0;
    uint64_t sum = 0;

    if (exponent->type != BW_NODE_INT || exponent->integer < -1022 || exponent->integer > 1022 ||
        first->type != BW_NODE_INT || list->type != BW_NODE_LIST || list->children.len < 2 ||
        list->children.len > BW_TALLY_BINS) {
        return false;
    }
    t->exponent = (int32_t)exponent->integer;
    t->first = first->integer;
    t->bins = list->children.len;
    last = (double)t->first + (double)(t->bins - 1);
    scale = ldexp(1, -t->exponent);
    for (uint32_t bin = 0; bin < t->bins; bin++) {
        if (!count_at(list, bin, &t->counts[bin])) {
            return false;
        }
        sum += t->counts[bin];
        moment += (double)t->counts[bin] * bin;
    }
    moment = moment / (double)t->count + (double)t->first; /* of lower edges, in bins */
    return sum == t->count && t->counts[0] > 0 && t->counts[t->bins - 1] > 0 &&
           fabs(t->min * scale - (double)t->first - 0.5) <= 0.5 && fabs(t->max * scale - last - 0.5) <= 0.5 &&
           (isnan(t->mean) || fabs(t->mean * scale - moment - 0.5) <= 1);
}

static bool read_positive(const bw_node *row, bw_tally *t)
{
    bool given = row->children.len > POSITIVE;

    t->min_positive = t->min > 0 ? t->min : (double)NAN;
    if (given == (t->min > 0)) {
        return false;
    }
    if (!given || row->children.items[POSITIVE]->type == BW_NODE_NULL) {
        return t->min > 0 || t->max <= 0;
    }
    return number_of(row->children.items[POSITIVE], &t->min_positive) && t->min_positive > 0 &&
           t->min_positive <= t->max;
}

static bool read_row(const bw_node *row, bw_tally *out)
{
    bw_tally t = {.min = NAN, .max = NAN, .mean = NAN, .min_positive = NAN};
    uint32_t len = row->children.len;

    if ((len < INFINITE + 1 || len > MIN + 1) && len != BINS + 1 && len != POSITIVE + 1) {
        return false;
    }
    if (!count_at(row, COUNT, &t.count) || !count_at(row, MISSING, &t.nan_count) ||
        !count_at(row, INFINITE, &t.inf_count) || (t.count == 0) != (len == INFINITE + 1)) {
        return false;
    }
    if (len > MIN && !number_of(row->children.items[MIN], &t.min)) {
        return false;
    }
    t.max = t.mean = t.min;
    t.min_positive = t.min > 0 ? t.min : (double)NAN;
    if (len > MAX && (!number_of(row->children.items[MAX], &t.max) || !(t.min < t.max) ||
                      (!number_of(row->children.items[MEAN], &t.mean) &&
                       row->children.items[MEAN]->type != BW_NODE_NULL) ||
                      t.mean < t.min || t.mean > t.max || !read_bins(row, &t) || !read_positive(row, &t))) {
        return false;
    }
    *out = t;
    return true;
}

/* The result -------------------------------------------------------------------------------- */

typedef struct reader {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_node *list;
} reader;

static bw_status set(reader *r, bw_node *map, const char *name, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM : bw_map_set(r->ctx, r->arena, map, bw_view_text(name), value);
}

static bw_status set_number(reader *r, bw_node *map, const char *name, double number)
{
    return set(r, map, name, isnan(number) ? bw_node_null(r->ctx, r->arena)
                                           : bw_node_float(r->ctx, r->arena, number));
}

static bw_status set_count(reader *r, bw_node *map, const char *name, uint64_t count)
{
    return set(r, map, name, bw_node_int(r->ctx, r->arena, (int64_t)count));
}

static bw_status set_bins(reader *r, bw_node *map, const bw_tally *t)
{
    bw_node *counts = bw_node_list(r->ctx, r->arena);

    BW_TRY(set(r, map, "counts", counts));
    for (uint32_t bin = 0; bin < t->bins; bin++) {
        bw_node *count = bw_node_int(r->ctx, r->arena, (int64_t)t->counts[bin]);

        if (count == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(r->ctx, r->arena, counts, count));
    }
    BW_TRY(set(r, map, "exponent", bw_node_int(r->ctx, r->arena, t->exponent)));
    return set_number(r, map, "first", (double)t->first); /* a plain number in JavaScript */
}

static bw_status make_map(reader *r, const bw_node *path, const bw_tally *t, bw_node **out)
{
    bw_node *map = bw_node_map(r->ctx, r->arena), *copy;

    if (map == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = map;
    BW_TRY(bw_node_copy(r->ctx, r->arena, path, &copy));
    BW_TRY(set(r, map, "path", copy));
    BW_TRY(set_count(r, map, "count", t->count));
    BW_TRY(set_count(r, map, "missing", t->nan_count));
    BW_TRY(set_count(r, map, "infinite", t->inf_count));
    BW_TRY(set_number(r, map, "min", t->min));
    BW_TRY(set_number(r, map, "max", t->max));
    BW_TRY(set_number(r, map, "mean", t->mean));
    BW_TRY(set_number(r, map, "minPositive", t->min_positive));
    return set_bins(r, map, t);
}

/* What a row says, unless it cannot be so. */
static bw_status take_row(reader *r, const bw_node *path, const bw_node *row)
{
    bw_node *map;
    bw_tally t;

    if (row->type != BW_NODE_LIST || !read_row(row, &t)) {
        return BW_OK;
    }
    BW_TRY(make_map(r, path, &t, &map));
    return bw_list_push(r->ctx, r->arena, r->list, map);
}

static bw_status tally_array(reader *r, const bw_node *path, const bw_array *array, bw_node **out)
{
    bw_tally tally;

    BW_TRY(bw_tally_take(r->ctx, array, BW_TALLY_BINS, &tally));
    return make_map(r, path, &tally, out);
}

/* A list of what is along the first axis, one by one. */
static bw_status tally_steps(reader *r, const bw_node *path, const bw_array *array, bw_node **out)
{
    bw_array part = *array;

    *out = bw_node_list(r->ctx, r->arena);
    if (*out == NULL) {
        return BW_ERR_NOMEM;
    }
    part.rank--;
    memmove(part.shape, part.shape + 1, part.rank * sizeof *part.shape);
    for (uint64_t step = 0; step < array->shape[0]; step++) {
        bw_node *row;

        part.nbytes = array->nbytes / (size_t)array->shape[0];
        part.data = array->data + (size_t)step * part.nbytes;
        BW_TRY(tally_array(r, path, &part, &row));
        BW_TRY(bw_list_push(r->ctx, r->arena, *out, row));
    }
    return BW_OK;
}

bw_status bw__read_tally(bw_ctx *ctx, bw_arena *arena, const bw_node *params, bw_node **result)
{
    reader r = {ctx, arena, NULL};
    const bw_node *found = *result, *path = bw_map_get_text(params, "path");
    bw_view each = BW_VIEW("");
    bool wanted = false;

    if (!bw_map_get_string(params, "statistics", &each) &&
        (!bw_map_get_bool(params, "statistics", &wanted) || !wanted)) {
        return BW_OK;
    }
    if (found->type == BW_NODE_MAP && bw__is_sparse_tensor(found)) {
        found = bw_map_get_text(found, "values");
    }
    if (found->type != BW_NODE_ARRAY) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "this is no array, and so has no statistics");
    }
    if (wanted) {
        return tally_array(&r, path, found->array, result);
    }
    return bw_view_equal(each, BW_VIEW("steps")) && found->array->rank > 0
               ? tally_steps(&r, path, found->array, result)
               : bw_fail(ctx, BW_ERR_ARGUMENT, "parameter 'statistics' must be true, or 'steps' of an array with axes");
}

/* Everything below a group's map; `path` is of it. The text's depth is limited. */
static bw_status take_all(reader *r, bw_node *path, const bw_node *map)
{
    for (uint32_t i = 0; i < map->children.len; i++) {
        const bw_node *child = map->children.items[i];
        bw_node *name = bw_node_text(r->ctx, r->arena, map->children.keys[i]);

        if (name == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(r->ctx, r->arena, path, name));
        BW_TRY(child->type == BW_NODE_MAP ? take_all(r, path, child) : take_row(r, path, child));
        path->children.len--;
    }
    return BW_OK;
}

static bw_status take_paths(reader *r, const bw_node *arrays, const bw_node *paths)
{
    for (uint32_t i = 0; i < paths->children.len; i++) {
        const bw_node *path = paths->children.items[i], *found = arrays;

        if (path->type != BW_NODE_LIST || path->children.len == 0) {
            continue;
        }
        for (uint32_t n = 0; n < path->children.len && found != NULL; n++) {
            const bw_node *name = path->children.items[n];
            found = name->type == BW_NODE_STRING ? bw_map_get(found, name->text) : NULL;
        }
        if (found != NULL) {
            BW_TRY(take_row(r, path, found));
        }
    }
    return BW_OK;
}

bw_status bw__read_statistics(bw_ctx *ctx, bw_arena *arena, const bw_node *attribute, const bw_node *paths,
                              bw_node **out)
{
    reader r = {ctx, arena, bw_node_list(ctx, arena)};
    bw_node *document = NULL, *path = bw_node_list(ctx, arena);
    const bw_node *arrays;
    int64_t version = 0;
    bw_status st;

    if (r.list == NULL || path == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = r.list;
    if (attribute == NULL || attribute->type != BW_NODE_STRING) {
        return BW_OK;
    }
    st = bw_json_parse(ctx, arena, attribute->text, &document);
    if (st != BW_OK) {
        return st == BW_ERR_NOMEM ? st : BW_OK;
    }
    arrays = bw_map_get_text(document, "arrays");
    if (!bw_map_get_int(document, "version", &version) || version != 1 || arrays == NULL ||
        arrays->type != BW_NODE_MAP) {
        return BW_OK;
    }
    return paths == NULL || paths->type != BW_NODE_LIST ? take_all(&r, path, arrays) : take_paths(&r, arrays, paths);
}
