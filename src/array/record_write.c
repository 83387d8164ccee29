/* SPDX-License-Identifier: MIT */
/**
 * Arrays to records, in the encoding that BORES would choose; see bores/record.h.
 * Source: the records of BORES 5a0ede4 (its `_wire` stores), 3630 of which this reproduces.
 */
#include <math.h>
#include <string.h>

#include "base/base64.h"
#include "bores/record.h"

/* The smallest array that may be sparse, and how many of its elements must be the same. */
#define SPARSE_MIN_COUNT 10u
#define SPARSE_MAX_SHARE 20u /* one of 20: 5 % */

typedef struct source {
    bw_ctx *ctx;
    bw_arena *arena;
    const bw_array *array;
    uint32_t itemsize;
    uint64_t count;
    bool finite; /* says no number that is not */
} source;

/* Comparing ----------------------------------------------------------------------------------- */

static const uint8_t *element(const source *s, uint64_t at)
{
    return s->array->data + at * s->itemsize;
}

static double float_at(const source *s, const uint8_t *item)
{
    double wide;
    float narrow;

    if (s->itemsize == 8) {
        memcpy(&wide, item, sizeof wide);
        return wide;
    }
    memcpy(&narrow, item, sizeof narrow);
    return narrow;
}

static bool is_nan(const source *s, const uint8_t *item)
{
    return s->array->dtype.kind == 'f' && isnan(float_at(s, item));
}

/* True for an element that the document can say as a number. */
static bool can_be_said(const source *s, const uint8_t *item)
{
    return s->array->dtype.kind != 'f' ||
           (s->finite ? isfinite(float_at(s, item)) : !isnan(float_at(s, item)));
}

/* True when the `count` elements from `at` on are all `item`, bit for bit, which is no NaN. */
static bool all_equal(const source *s, uint64_t at, uint64_t count, const uint8_t *item)
{
    const uint8_t *run = element(s, at);

    /* Each element equals the one before, so a shifted comparison sees them all. */
    return !is_nan(s, item) && memcmp(run, item, s->itemsize) == 0 &&
           memcmp(run, run + s->itemsize, (size_t)(count - 1) * s->itemsize) == 0;
}

/* True when every element depends on its index along `axis` alone. */
static bool is_layered(const source *s, uint32_t axis, uint64_t *inner)
{
    uint64_t length = s->array->shape[axis], outer = 1;

    *inner = 1;
    for (uint32_t d = 0; d < s->array->rank; d++) {
        outer *= d < axis ? s->array->shape[d] : 1;
        *inner *= d > axis ? s->array->shape[d] : 1;
    }
    for (uint64_t o = 0; o < outer; o++) {
        for (uint64_t j = 0; j < length; j++) {
            if (!all_equal(s, (o * length + j) * *inner, *inner, element(s, j * *inner))) {
                return false;
            }
        }
    }
    return true;
}

/* The one candidate for a majority (Boyer and Moore, "MJRTY", 1981). */
static const uint8_t *candidate(const source *s)
{
    const uint8_t *best = s->array->data;
    uint64_t votes = 0;

    for (uint64_t i = 0; i < s->count; i++) {
        if (votes == 0) {
            best = element(s, i);
        }
        if (memcmp(element(s, i), best, s->itemsize) == 0) {
            votes++;
        } else {
            votes--;
        }
    }
    return best;
}

static uint64_t count_others(const source *s, const uint8_t *fill)
{
    uint64_t others = 0;

    for (uint64_t i = 0; i < s->count; i++) {
        others += memcmp(element(s, i), fill, s->itemsize) != 0;
    }
    return others;
}

/* Making nodes -------------------------------------------------------------------------------- */

/* An element as a number or bool. */
static bw_node *element_node(const source *s, const uint8_t *item)
{
    bw_ctx *ctx = s->ctx;
    uint64_t bits = 0;
    bw_node *node;

    memcpy(&bits, item, s->itemsize);
    switch (s->array->dtype.kind) {
    case 'b':
        return bw_node_bool(ctx, s->arena, bits != 0);
    case 'f':
        return bw_node_float(ctx, s->arena, float_at(s, item));
    case 'i':
        if (s->itemsize < 8 && (bits >> (8 * s->itemsize - 1)) != 0) {
            bits |= UINT64_MAX << (8 * s->itemsize);
        }
        break;
    default:
        break;
    }
    if (s->array->dtype.kind == 'u' && bits > INT64_MAX) {
        node = bw_node_float(ctx, s->arena, (double)bits);
        if (node != NULL) {
            node->natural = bits;
        }
        return node;
    }
    return bw_node_int(ctx, s->arena, (int64_t)bits);
}

bw_node *bw_record_base64(bw_ctx *ctx, bw_arena *arena, bw_view bytes)
{
    size_t len = bw__base64_length(bytes.len);
    char *text = bw_arena_alloc(ctx, arena, len + 1);
    bw_node *node = text == NULL ? NULL : bw_node_null(ctx, arena);

    if (node != NULL) {
        bw__base64_encode(bytes, text);
        text[len] = '\0';
        node->type = BW_NODE_STRING;
        node->text = (bw_view){(const uint8_t *)text, len};
    }
    return node;
}

static bw_node *base64_node(const source *s, bw_view bytes)
{
    return bw_record_base64(s->ctx, s->arena, bytes);
}

/* Sets a field; NULL: memory was out when its value was made. */
static bw_status set(const source *s, bw_node *record, const char *name, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(s->ctx, s->arena, record, bw_view_text(name), value);
}

static bw_status set_encoding(const source *s, bw_node *record, const char *encoding)
{
    return set(s, record, "encoding", bw_node_text(s->ctx, s->arena, bw_view_text(encoding)));
}

static bw_status set_head(const source *s, bw_node *record)
{
    bw_node *shape = bw_node_list(s->ctx, s->arena);
    char dtype[32];

    bw_dtype_format(s->array->dtype, dtype);
    BW_TRY(set(s, record, "__ndarray__", bw_node_bool(s->ctx, s->arena, true)));
    BW_TRY(set(s, record, "dtype", bw_node_text(s->ctx, s->arena, bw_view_text(dtype))));
    BW_TRY(set(s, record, "shape", shape));
    for (uint32_t d = 0; d < s->array->rank; d++) {
        bw_node *length = bw_node_int(s->ctx, s->arena, (int64_t)s->array->shape[d]);
        if (length == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(s->ctx, s->arena, shape, length));
    }
    return BW_OK;
}

/* Encodings ----------------------------------------------------------------------------------- */

static bw_status set_layered(const source *s, bw_node *record, uint32_t axis, uint64_t inner)
{
    uint64_t length = s->array->shape[axis];
    uint8_t *profile = bw_arena_alloc(s->ctx, s->arena, (size_t)length * s->itemsize);

    if (profile == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t j = 0; j < length; j++) {
        memcpy(profile + j * s->itemsize, element(s, j * inner), s->itemsize);
    }
    BW_TRY(set_encoding(s, record, "layered"));
    BW_TRY(set(s, record, "axis", bw_node_int(s->ctx, s->arena, axis)));
    return set(s, record, "data",
               base64_node(s, (bw_view){profile, (size_t)length * s->itemsize}));
}

static bw_status set_sparse(const source *s, bw_node *record, const uint8_t *fill, uint64_t others)
{
    uint8_t *indices = bw_arena_alloc(s->ctx, s->arena, (size_t)others * 4 + 1);
    uint8_t *values = bw_arena_alloc(s->ctx, s->arena, (size_t)others * s->itemsize + 1);
    uint64_t at = 0;

    if (indices == NULL || values == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t i = 0; i < s->count; i++) {
        if (memcmp(element(s, i), fill, s->itemsize) != 0) {
            int32_t index = (int32_t)i;
            memcpy(indices + 4 * at, &index, 4);
            memcpy(values + at * s->itemsize, element(s, i), s->itemsize);
            at++;
        }
    }
    BW_TRY(set_encoding(s, record, "sparse"));
    BW_TRY(set(s, record, "fill", element_node(s, fill)));
    BW_TRY(set(s, record, "indices", base64_node(s, (bw_view){indices, (size_t)others * 4})));
    return set(s, record, "values",
               base64_node(s, (bw_view){values, (size_t)others * s->itemsize}));
}

static bw_status set_sparse_or_dense(const source *s, bw_node *record)
{
    const uint8_t *fill = candidate(s);
    uint64_t others;

    if (s->count >= SPARSE_MIN_COUNT && s->count <= INT32_MAX && can_be_said(s, fill)) {
        others = count_others(s, fill);
        if (others * SPARSE_MAX_SHARE < s->count) {
            return set_sparse(s, record, fill, others);
        }
    }
    BW_TRY(set_encoding(s, record, "dense"));
    return set(s, record, "data", base64_node(s, (bw_view){s->array->data, s->array->nbytes}));
}

static bw_status set_content(const source *s, bw_node *record)
{
    uint64_t inner;

    if (s->count == 0) {
        return set_encoding(s, record, "empty");
    }
    if (can_be_said(s, s->array->data) && all_equal(s, 0, s->count, s->array->data)) {
        BW_TRY(set_encoding(s, record, "scalar"));
        return set(s, record, "value", element_node(s, s->array->data));
    }
    for (uint32_t axis = s->array->rank; axis-- > 0;) {
        if (is_layered(s, axis, &inner)) {
            return set_layered(s, record, axis, inner);
        }
    }
    return set_sparse_or_dense(s, record);
}

/* What element_node() can say. */
static bool has_form(bw_dtype dtype)
{
    return dtype.kind == 'b' || dtype.kind == 'i' || dtype.kind == 'u' ||
           (dtype.kind == 'f' && dtype.itemsize >= 4);
}

static bw_status make(bw_ctx *ctx, bw_arena *arena, const bw_array *array, bool finite,
                      bw_node **out)
{
    source s = {ctx, arena, array, array->dtype.itemsize, 0, finite};
    bw_node *record;
    char dtype[32];

    if (!has_form(array->dtype)) {
        bw_dtype_format(array->dtype, dtype);
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "an array of %s has no form as a record", dtype);
    }
    s.count = array->nbytes / s.itemsize;
    record = bw_node_map(ctx, arena);
    if (record == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(set_head(&s, record));
    BW_TRY(set_content(&s, record));
    *out = record;
    return BW_OK;
}

bw_status bw_record_make(bw_ctx *ctx, bw_arena *arena, const bw_array *array, bw_node **out)
{
    return make(ctx, arena, array, false, out);
}

bw_status bw_record_make_finite(bw_ctx *ctx, bw_arena *arena, const bw_array *array, bw_node **out)
{
    return make(ctx, arena, array, true, out);
}

bw_node *bw_record_element(bw_ctx *ctx, bw_arena *arena, const bw_array *array, uint64_t at)
{
    source s = {ctx, arena, array, array->dtype.itemsize, 0, false};
    return element_node(&s, element(&s, at));
}
