/* SPDX-License-Identifier: MIT */
/**
 * A tree out of any bytes, encoded in one of BORES's layouts and loaded again: it must be the same
 * tree, or have been refused.
 *
 * The first byte: bit 0 flat, bit 1 arrays as records, bits 2-3 the compressor, bits 4-5 chunks.
 * Then nodes, a byte of kind each; bytes beyond the end are 0.
 */
#include <math.h>
#include <string.h>

#include "bores/op.h"
#include "fuzz.h"
#include "memory_host.h"
#include "require.h"
#include "entry/encode.h"
#include "entry/entry.h"

#define MAX_NODES 200u
#define GROUP "entry_0000000007"

typedef struct maker {
    bw_ctx *ctx;
    bw_arena *arena;
    bw_view bytes;
    uint32_t nodes;
} maker;

static uint8_t next(maker *m)
{
    uint8_t byte = m->bytes.len > 0 ? *m->bytes.ptr : 0;

    m->bytes.ptr += m->bytes.len > 0;
    m->bytes.len -= m->bytes.len > 0;
    return byte;
}

static void fill(maker *m, void *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        ((uint8_t *)out)[i] = next(m);
    }
}

static const char *name(maker *m)
{
    static const char *const names[] = {
        "a", "b", "step", "time", "0", "1", "grid_shape", "failed_step_sizes", "", ".", "x/y",
        "p%q", BW_ARROW "b", "\xC3\x86r\xC3\xB8", "tab\t\"", "_meta", "_vtypes", ".zattrs",
        "shape", "dtype", "default", "keys", "values", "__NONE_SENTINEL__", "\xF0\x9D\x94\xB9"};

    return names[next(m) % (sizeof names / sizeof *names)];
}

static bw_node *filled_array(maker *m, const char *type, uint32_t rank, const uint64_t *shape)
{
    bw_array *array;
    bw_dtype dtype;

    require(bw_dtype_parse(m->ctx, bw_view_text(type), &dtype) == BW_OK);
    require(bw_array_new(m->ctx, m->arena, dtype, rank, shape, &array) == BW_OK);
    fill(m, array->data, array->nbytes);
    for (size_t i = 0; dtype.kind == 'b' && i < array->nbytes; i++) {
        array->data[i] &= 1;
    }
    return bw_node_array(m->ctx, m->arena, array);
}

static bw_node *make_array(maker *m)
{
    static const char *const dtypes[] = {"<f8", "<f4", "|b1", "|i1", "<i8", "<u2", "<u8", "<i4"};
    const char *type = dtypes[next(m) % 8];
    uint32_t rank = next(m) % 4;
    uint64_t shape[4];

    for (uint32_t d = 0; d < rank; d++) {
        shape[d] = next(m) % 6;
    }
    return filled_array(m, type, rank, shape);
}

static void set(maker *m, bw_node *map, const char *key, bw_node *value)
{
    require(value != NULL);
    require(bw_map_set(m->ctx, m->arena, map, bw_view_text(key), value) == BW_OK);
}

static bw_node *numbers(maker *m, int64_t first, int64_t second)
{
    bw_node *list = bw_node_list(m->ctx, m->arena);

    require(bw_list_push(m->ctx, m->arena, list, bw_node_int(m->ctx, m->arena, first)) == BW_OK);
    require(bw_list_push(m->ctx, m->arena, list, bw_node_int(m->ctx, m->arena, second)) == BW_OK);
    return list;
}

static bw_node *make_tensor(maker *m)
{
    bw_node *map = bw_node_map(m->ctx, m->arena);
    const uint64_t count = next(m) % 4, keys[] = {count, 2};

    set(m, map, "shape", numbers(m, next(m), 9));
    set(m, map, "dtype", bw_node_text(m->ctx, m->arena, BW_VIEW("<f8")));
    set(m, map, "default", bw_node_float(m->ctx, m->arena, (next(m) & 1) != 0 ? NAN : 0));
    set(m, map, "keys", filled_array(m, "<i8", 2, keys));
    set(m, map, "values", filled_array(m, "<f8", 1, keys));
    return map;
}

static bw_node *make_node(maker *m, uint32_t depth);

static bw_node *make_children(maker *m, uint32_t depth, bool map)
{
    bw_node *parent = map ? bw_node_map(m->ctx, m->arena) : bw_node_list(m->ctx, m->arena);

    for (uint32_t left = next(m) % 6; left > 0; left--) {
        bw_view key = map ? bw_view_text(name(m)) : BW_VIEW("");
        bw_node *child = make_node(m, depth + 1);

        require((map ? bw_map_set(m->ctx, m->arena, parent, key, child)
                     : bw_list_push(m->ctx, m->arena, parent, child)) == BW_OK);
    }
    return parent;
}

static bw_node *make_node(maker *m, uint32_t depth)
{
    uint8_t kind = depth > 6 || m->nodes++ > MAX_NODES ? 0 : (uint8_t)(next(m) % 10);
    int64_t integer;
    double number;

    switch (kind) {
    case 1:
        return bw_node_bool(m->ctx, m->arena, next(m) & 1);
    case 2:
        fill(m, &integer, sizeof integer);
        return bw_node_int(m->ctx, m->arena, integer);
    case 3:
        return bw_node_float(m->ctx, m->arena, (int8_t)next(m));
    case 4:
        fill(m, &number, sizeof number);
        return bw_node_float(m->ctx, m->arena, number);
    case 5:
        return bw_node_text(m->ctx, m->arena, bw_view_text(name(m)));
    case 6:
        return make_children(m, depth, false);
    case 7:
        return make_children(m, depth, true);
    case 8:
        return make_array(m);
    case 9:
        return make_tensor(m);
    default:
        return bw_node_null(m->ctx, m->arena);
    }
}

/* The same, as far as the layouts promise --------------------------------------------------- */

typedef struct comparer {
    bw_ctx *ctx;
    bw_arena *arena;
    bool flat;
} comparer;

static bool same(const comparer *c, const bw_node *a, const bw_node *b, bool json);

/* Without elements an array may be Python's [], the keys of an empty sparse tensor. */
static bool same_array(const bw_array *a, const bw_array *b)
{
    if (a->nbytes == 0 && b->nbytes == 0 && b->dtype.kind == 'i' && b->dtype.itemsize == 1) {
        return true;
    }
    return bw_dtype_equal(a->dtype, b->dtype) && a->rank == b->rank &&
           memcmp(a->shape, b->shape, a->rank * sizeof a->shape[0]) == 0 &&
           a->nbytes == b->nbytes && memcmp(a->data, b->data, a->nbytes) == 0;
}

static bool same_children(const comparer *c, const bw_node *a, const bw_node *b, bool json)
{
    if (a->type != b->type || a->children.len != b->children.len) {
        return false;
    }
    for (uint32_t i = 0; i < a->children.len; i++) {
        const bw_node *other = a->type == BW_NODE_MAP ? bw_map_get(b, a->children.keys[i])
                                                      : b->children.items[i];
        if (other == NULL || !same(c, a->children.items[i], other, json)) {
            return false;
        }
    }
    return true;
}

/* A list of numbers comes back as an array, a flat list of mappings out of JSON text. */
static bool same_list(const comparer *c, const bw_node *a, const bw_node *b, bool json)
{
    bool maps = a->children.len > 0;
    bw_array *array = NULL;

    if (!json) {
        require(bw__list_to_array(c->ctx, c->arena, a, &array) == BW_OK);
        if (array != NULL) {
            return b->type == BW_NODE_ARRAY && same_array(array, b->array);
        }
    }
    for (uint32_t i = 0; i < a->children.len; i++) {
        maps = maps && a->children.items[i]->type == BW_NODE_MAP;
    }
    return same_children(c, a, b, json || c->flat || !maps);
}

static bool same(const comparer *c, const bw_node *a, const bw_node *b, bool json)
{
    switch (a->type) {
    case BW_NODE_LIST:
        return same_list(c, a, b, json);
    case BW_NODE_MAP:
        return same_children(c, a, b, json);
    case BW_NODE_ARRAY:
        return b->type == BW_NODE_ARRAY && same_array(a->array, b->array);
    case BW_NODE_FLOAT:
        if (json && c->flat && !isfinite(a->number)) {
            return b->type == BW_NODE_NULL;
        }
        return b->type == BW_NODE_FLOAT &&
               (isnan(a->number) ? isnan(b->number)
                                 : memcmp(&a->number, &b->number, sizeof a->number) == 0);
    case BW_NODE_STRING:
        return b->type == BW_NODE_STRING && bw_view_equal(a->text, b->text);
    case BW_NODE_INT:
        return b->type == BW_NODE_INT && a->integer == b->integer;
    case BW_NODE_BOOL:
        return b->type == BW_NODE_BOOL && a->boolean == b->boolean;
    case BW_NODE_NULL:
        break;
    }
    return b->type == BW_NODE_NULL;
}

/* Running ----------------------------------------------------------------------------------- */

static bw_node *make_params(maker *m, uint8_t flags, bw_node *data)
{
    static const char *const codecs[] = {"zlib", "lz4", "gzip"};
    bw_node *params = bw_node_map(m->ctx, m->arena), *entry = bw_node_map(m->ctx, m->arena);
    bw_node *entries = bw_node_list(m->ctx, m->arena);
    bw_node *codec = bw_node_map(m->ctx, m->arena);

    set(m, params, "layout",
        bw_node_text(m->ctx, m->arena, bw_view_text((flags & 1) != 0 ? "flat" : "nested")));
    set(m, params, "arrays",
        bw_node_text(m->ctx, m->arena, bw_view_text((flags & 2) != 0 ? "record" : "raw")));
    if ((flags >> 2 & 3) != 3) {
        set(m, codec, "id",
            bw_node_text(m->ctx, m->arena, bw_view_text(codecs[flags >> 2 & 3])));
        set(m, params, "compressor", codec);
    }
    if ((flags >> 4 & 3) != 0) {
        set(m, params, "chunks", numbers(m, flags >> 4 & 3, 2));
    }
    set(m, entry, "idx", bw_node_int(m->ctx, m->arena, 7));
    set(m, entry, "data", data);
    require(bw_list_push(m->ctx, m->arena, entries, entry) == BW_OK);
    set(m, params, "entries", entries);
    return params;
}

static void load_again(maker *m, bw_store *store, bw_node *puts, const bw_node *data, bool flat)
{
    const comparer c = {m->ctx, m->arena, flat};
    bw_node *params = bw_node_map(m->ctx, m->arena);
    bw_host host = {.lists = true};
    bw_op *op = NULL;

    for (uint32_t i = 0; i < puts->children.len; i++) {
        const bw_array *bytes = puts->children.items[i]->array;
        bw_host_set(&host, (const char *)puts->children.keys[i].ptr,
                    (bw_view){bytes->data, bytes->nbytes});
    }
    set(m, params, "group", bw_node_text(m->ctx, m->arena, BW_VIEW(GROUP)));
    require(bw_host_run(m->ctx, &host, store, "zarr.load", params, &op) == BW_OK);
    require(same(&c, data, bw_map_get_text(bw_op_result(op), "data"), false));
    bw_op_free(m->ctx, op);
    bw_host_free(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bw_arena arena = {0};
    bw_store *store = NULL;
    bw_op *op = NULL;
    bw_node *tree;
    uint8_t flags;
    bw_status st;
    bw_ctx ctx;
    maker m = {&ctx, &arena, {data, size}, 0};

    bw_ctx_init(&ctx);
    flags = next(&m);
    tree = make_children(&m, 0, true);
    require(bw_store_new(&ctx, &store) == BW_OK);
    st = bw_op_begin(&ctx, store, "zarr.encode", make_params(&m, flags, tree), &op);
    if (st == BW_OK) {
        load_again(&m, store, bw_map_get_text(bw_op_result(op), "puts"), tree, (flags & 1) != 0);
    } else {
        require(st == BW_ERR_UNSUPPORTED && ctx.error.message[0] != '\0');
    }
    bw_op_free(&ctx, op);
    bw_store_free(&ctx, store);
    bw_arena_free(&ctx, &arena);
    return 0;
}
