/* SPDX-License-Identifier: MIT */
/*
 * Arrays and numbers as JSON and YAML documents have them. Source of the forms: BORES's own files
 * (tests/data/bores): a sparse tensor has lists for `shape` and `keys` and a record for `values`.
 */
#include <math.h>
#include <string.h>

#include "bores/record.h"
#include "entry/entry.h"
#include "text_encode.h"

/* BORES writes arrays of fewer elements, and at most two axes, as lists. */
#define LIST_MAX_COUNT 50u
#define LIST_MAX_RANK 2u

typedef struct former {
    bw_ctx *ctx;
    bw_arena *arena;
    const bw_text_form *form;
    bw_bytes path; /* "a.b.c", for messages */
    uint32_t depth;
} former;

static bw_status form_node(former *f, const bw_node *node, bw_node **out);

static bw_status set(former *f, bw_node *map, const char *key, bw_node *value)
{
    return value == NULL ? BW_ERR_NOMEM
                         : bw_map_set(f->ctx, f->arena, map, bw_view_text(key), value);
}

/* Lists of an array's elements, one in the other, from element `*at` on. */
static bw_status lists(former *f, const bw_array *array, uint32_t axis, uint64_t *at, bw_node **out)
{
    bw_node *list, *item;

    if (axis == array->rank) {
        *out = bw_record_element(f->ctx, f->arena, array, (*at)++);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    list = bw_node_list(f->ctx, f->arena);
    if (list == NULL) {
        return BW_ERR_NOMEM;
    }
    for (uint64_t i = 0; i < array->shape[axis]; i++) {
        BW_TRY(lists(f, array, axis + 1, at, &item));
        BW_TRY(bw_list_push(f->ctx, f->arena, list, item));
    }
    *out = list;
    return BW_OK;
}

static bool all_finite(const bw_array *array)
{
    for (size_t at = 0; array->dtype.kind == 'f' && at < array->nbytes;
         at += array->dtype.itemsize) {
        uint64_t bits = 0;
        memcpy(&bits, array->data + at, array->dtype.itemsize);
        if (array->dtype.itemsize == 8 ? (bits >> 52 & 0x7FF) == 0x7FF
                                       : (bits >> 23 & 0xFF) == 0xFF) {
            return false;
        }
    }
    return true;
}

/* "float64", "bool": NumPy's name of a number type. */
static bw_node *dtype_name(former *f, bw_dtype dtype)
{
    static const char *const names[] = {"int8",  "int16",  "int32",  "int64",   "uint8",  "uint16",
                                        "uint32", "uint64", "float16", "float32", "float64"};
    size_t size = dtype.itemsize == 1 ? 0 : dtype.itemsize == 2 ? 1 : dtype.itemsize == 4 ? 2 : 3;
    size_t first = dtype.kind == 'i' ? 0 : dtype.kind == 'u' ? 4 : 7;
    const char *name = dtype.kind == 'b' ? "bool" : names[first + size];

    return bw_node_text(f->ctx, f->arena, bw_view_text(name));
}

static bw_status raw_record(former *f, const bw_array *array, bw_node **out)
{
    uint64_t count = array->nbytes / array->dtype.itemsize, at = 0;
    bool list = array->rank <= LIST_MAX_RANK && count < LIST_MAX_COUNT && all_finite(array);
    bw_node *record = bw_node_map(f->ctx, f->arena), *shape, *data, *like;

    if (record == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_record_make(f->ctx, f->arena, array, &like)); /* refuses what has no form */
    shape = bw_map_get_text(like, "shape");
    BW_TRY(set(f, record, "__ndarray__", bw_node_bool(f->ctx, f->arena, true)));
    BW_TRY(set(f, record, "encoding",
               bw_node_text(f->ctx, f->arena, list ? BW_VIEW("list") : BW_VIEW("base64"))));
    BW_TRY(set(f, record, "dtype", dtype_name(f, array->dtype)));
    BW_TRY(set(f, record, "shape", shape));
    if (list) {
        BW_TRY(lists(f, array, 0, &at, &data));
    } else {
        data = bw_record_base64(f->ctx, f->arena, (bw_view){array->data, array->nbytes});
    }
    BW_TRY(set(f, record, "data", data));
    *out = record;
    return BW_OK;
}

static bw_status form_array(former *f, const bw_node *node, bool record, bw_node **out)
{
    if (f->form->arrays == BW_TEXT_STORE) {
        return raw_record(f, node->array, out);
    }
    if (record || f->form->arrays == BW_TEXT_RECORDS) {
        return f->form->finite ? bw_record_make_finite(f->ctx, f->arena, node->array, out)
                               : bw_record_make(f->ctx, f->arena, node->array, out);
    }
    if (f->form->arrays == BW_TEXT_RAW) {
        return raw_record(f, node->array, out);
    }
    *out = bw_node_array(f->ctx, f->arena, node->array);
    return *out == NULL ? BW_ERR_NOMEM : BW_OK;
}

/* What is not finite as an array without axes. */
static bw_status form_float(former *f, const bw_node *node, bw_node **out)
{
    const bw_dtype float64 = {.kind = 'f', .itemsize = 8};
    const uint64_t none = 0;
    bw_array *array;

    if (!f->form->finite || isfinite(node->number)) {
        return bw_node_copy(f->ctx, f->arena, node, out);
    }
    BW_TRY(bw_array_new(f->ctx, f->arena, float64, 0, &none, &array));
    memcpy(array->data, &node->number, sizeof node->number);
    return f->form->arrays == BW_TEXT_STORE
               ? raw_record(f, array, out)
               : bw_record_make_finite(f->ctx, f->arena, array, out);
}

static bw_status form_tensor_field(former *f, bw_view name, const bw_node *node, bw_node **out)
{
    uint64_t at = 0;

    if (node->type == BW_NODE_ARRAY) {
        return bw_view_equal(name, BW_VIEW("values")) ? form_array(f, node, true, out)
                                                      : lists(f, node->array, 0, &at, out);
    }
    if (f->form->finite && node->type == BW_NODE_FLOAT && isnan(node->number)) {
        *out = bw_node_null(f->ctx, f->arena);
        return *out == NULL ? BW_ERR_NOMEM : BW_OK;
    }
    return form_node(f, node, out);
}

static bw_status form_children(former *f, const bw_node *node, bw_node *copy)
{
    bool map = node->type == BW_NODE_MAP, tensor = map && bw__is_sparse_tensor(node);

    for (uint32_t i = 0; i < node->children.len; i++) {
        bw_view name = map ? node->children.keys[i] : BW_VIEW("[]");
        const bw_node *item = node->children.items[i];
        size_t before = f->path.len;
        bw_node *child;

        BW_TRY(bw_bytes_append(f->ctx, &f->path, ".", before > 0));
        BW_TRY(bw_bytes_append(f->ctx, &f->path, name.ptr, name.len));
        BW_TRY(tensor ? form_tensor_field(f, name, item, &child) : form_node(f, item, &child));
        f->path.len = before;
        BW_TRY(map ? bw_map_set(f->ctx, f->arena, copy, name, child)
                   : bw_list_push(f->ctx, f->arena, copy, child));
    }
    return BW_OK;
}

static bw_status form_node(former *f, const bw_node *node, bw_node **out)
{
    bw_node *copy;

    if (node->type == BW_NODE_ARRAY) {
        return form_array(f, node, false, out);
    }
    if (node->type == BW_NODE_FLOAT && node->natural == 0) {
        return form_float(f, node, out);
    }
    if (node->type != BW_NODE_LIST && node->type != BW_NODE_MAP) {
        return bw_node_copy(f->ctx, f->arena, node, out);
    }
    if (++f->depth >= f->ctx->limits.max_depth) {
        return bw_fail_limit(f->ctx, "nesting depth of a tree", f->depth + UINT64_C(1),
                             f->ctx->limits.max_depth);
    }
    copy = node->type == BW_NODE_LIST ? bw_node_list(f->ctx, f->arena)
                                      : bw_node_map(f->ctx, f->arena);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(form_children(f, node, copy));
    f->depth--;
    *out = copy;
    return BW_OK;
}

bw_status bw__text_form_tree(bw_ctx *ctx, bw_arena *arena, const bw_text_form *form,
                             const bw_node *node, bw_node **out)
{
    enum { SHOWN = 200 };
    former f = {.ctx = ctx, .arena = arena, .form = form};
    bw_status st = form_node(&f, node, out);

    if (st != BW_OK && st != BW_ERR_NOMEM && f.path.len > 0) {
        bw_error inner = ctx->error;
        size_t len = f.path.len < SHOWN ? f.path.len : SHOWN;
        while (len < f.path.len && len > 0 && (f.path.ptr[len] & 0xC0) == 0x80) {
            len--; /* not within a character */
        }
        (void)bw_fail(ctx, st, "%.*s: %s", (int)len, (const char *)f.path.ptr, inner.message);
        ctx->error.needed = inner.needed;
        ctx->error.limit = inner.limit;
    }
    bw_bytes_free(ctx, &f.path);
    return st;
}
