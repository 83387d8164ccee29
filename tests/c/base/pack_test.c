/* SPDX-License-Identifier: MIT */
/** Packed trees: the bytes pack.h describes, both ways, and everything malformed. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bores/pack.h"
#include "check.h"
#include "failing_allocator.h"

static double elements[6] = {1, 2, 3, 4, 5, 6};
static bw_array array = {.dtype = {.kind = 'f', .itemsize = 8},
                         .rank = 2,
                         .shape = {2, 3},
                         .data = (uint8_t *)elements,
                         .nbytes = 48};
static bw_array none = {.dtype = {'M', false, 8, "[ns]"},
                        .rank = 1,
                        .data = (uint8_t *)elements};

/* {"a": [null, false, true, -2, 1.5, "é"], "": array, "none": array of 0} */
static bw_node *build(bw_ctx *ctx, bw_arena *arena)
{
    bw_node *map = bw_node_map(ctx, arena), *list = bw_node_list(ctx, arena);
    bw_node *items[6];

    if (map == NULL || list == NULL) {
        return NULL;
    }
    items[0] = bw_node_null(ctx, arena);
    items[1] = bw_node_bool(ctx, arena, false);
    items[2] = bw_node_bool(ctx, arena, true);
    items[3] = bw_node_int(ctx, arena, -2);
    items[4] = bw_node_float(ctx, arena, 1.5);
    items[5] = bw_node_text(ctx, arena, BW_VIEW("\xC3\xA9"));
    for (int i = 0; i < 6; i++) {
        if (items[i] == NULL || bw_list_push(ctx, arena, list, items[i]) != BW_OK) {
            return NULL;
        }
    }
    if (bw_map_set(ctx, arena, map, BW_VIEW("a"), list) != BW_OK ||
        bw_map_set(ctx, arena, map, BW_VIEW(""), bw_node_array(ctx, arena, &array)) != BW_OK ||
        bw_map_set(ctx, arena, map, BW_VIEW("none"), bw_node_array(ctx, arena, &none)) !=
            BW_OK) {
        return NULL;
    }
    return map;
}

/* Written out by hand from pack.h. */
static const char expected[] = "\x07\x03\0\0\0"
                               "\x01\0\0\0a"
                               "\x06\x06\0\0\0"
                               "\0\1\2"
                               "\3\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                               "\4\0\0\0\0\0\0\xF8\x3F"
                               "\5\2\0\0\0\xC3\xA9"
                               "\0\0\0\0"
                               "\x08"
                               "f\x08\0\0\0\0\2"
                               "\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0"
                               "\x30\0\0\0\0\0\0\0";
#define EXPECTED_LEN (sizeof expected - 1) /* up to the first address */

static void test_layout(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_bytes out = {0};
    uintptr_t address;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_bytes_append_text(&ctx, &out, "##"));
    CHECK_OK(&ctx, bw_pack(&ctx, build(&ctx, &arena), &out));
    CHECK_BYTES(out.ptr, "##", 2);
    CHECK_BYTES(out.ptr + 2, expected, EXPECTED_LEN);
    memcpy(&address, out.ptr + 2 + EXPECTED_LEN, sizeof address);
    CHECK(address == (uintptr_t)elements);
    bw_bytes_free(&ctx, &out);
    bw_arena_free(&ctx, &arena);
}

static void check_tree(const bw_node *map)
{
    const bw_node *list = bw_map_get_text(map, "a"), *grid = bw_map_get_text(map, "");
    const bw_node *dates = bw_map_get_text(map, "none");

    CHECK_UINT(map->children.len, 3);
    CHECK_UINT(list->children.len, 6);
    CHECK_INT(list->children.items[0]->type, BW_NODE_NULL);
    CHECK(!list->children.items[1]->boolean);
    CHECK(list->children.items[2]->boolean);
    CHECK_INT(list->children.items[3]->integer, -2);
    CHECK_NEAR(list->children.items[4]->number, 1.5, 0);
    CHECK_VIEW(list->children.items[5]->text, "\xC3\xA9");
    CHECK(bw_dtype_equal(grid->array->dtype, array.dtype));
    CHECK_UINT(grid->array->rank, 2);
    CHECK_UINT(grid->array->shape[1], 3);
    CHECK(grid->array->data == (uint8_t *)elements); /* borrowed, not copied */
    CHECK_TEXT(dates->array->dtype.unit, "[ns]");
    CHECK(dates->array->data != NULL);
    CHECK_UINT(dates->array->nbytes, 0);
}

static void test_round_trip(void)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_bytes out = {0};
        bw_node *back = NULL, *map = build(&ctx, &arena);

        st = map == NULL ? BW_ERR_NOMEM : bw_pack(&ctx, map, &out);
        CHECK(st == BW_OK || out.len == 0);
        if (st == BW_OK) {
            st = bw_unpack(&ctx, &arena, bw_bytes_view(&out), true, &back);
        }
        if (st == BW_OK) {
            check_tree(back);
        }
        bw_bytes_free(&ctx, &out);
        bw_arena_free(&ctx, &arena);
    }
}

/* As in tree_test.c: memory ends at every place in the arena's first block. */
static void test_memory_ends_anywhere(void)
{
    bw_ctx plain;
    bw_arena built = {0};
    bw_bytes packed = {0};

    bw_ctx_init(&plain);
    CHECK_OK(&plain, bw_pack(&plain, build(&plain, &built), &packed));
    for (size_t filler = 0; filler <= 1024; filler += 16) {
        bw_ctx ctx;
        bw_test_heap heap = {.fail_at = 2};
        bw_arena arena = {0};
        bw_node *out = NULL;

        bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
        CHECK(bw_arena_alloc(&ctx, &arena, filler) != NULL);
        CHECK_STATUS(&ctx, bw_unpack(&ctx, &arena, bw_bytes_view(&packed), true, &out),
                     BW_ERR_NOMEM);
        CHECK(out == NULL);
        bw_arena_free(&ctx, &arena);
        CHECK_UINT(heap.live, 0);
    }
    bw_bytes_free(&plain, &packed);
    bw_arena_free(&plain, &built);
}

static void test_numbers_keep_their_bits(void)
{
    static const double numbers[] = {0.0, -0.0, 1e308, 5e-324, INFINITY, -INFINITY};
    bw_ctx ctx;
    bw_arena arena = {0};

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        bw_bytes out = {0};
        bw_node *back = NULL;
        CHECK_OK(&ctx, bw_pack(&ctx, bw_node_float(&ctx, &arena, numbers[i]), &out));
        CHECK_OK(&ctx, bw_unpack(&ctx, &arena, bw_bytes_view(&out), false, &back));
        CHECK_BYTES(&back->number, &numbers[i], 8);
        bw_bytes_free(&ctx, &out);
    }
    bw_arena_free(&ctx, &arena);
}

/* Bytes in memory of exactly their size, which a sanitizer watches. */
static bw_status unpack(bw_ctx *ctx, const void *bytes, size_t len, bool arrays)
{
    bw_arena arena = {0};
    bw_node *out = NULL;
    uint8_t *copy = malloc(len > 0 ? len : 1);
    bw_status st;

    memcpy(copy, bytes, len);
    st = bw_unpack(ctx, &arena, (bw_view){copy, len}, arrays, &out);
    CHECK((st == BW_OK) == (out != NULL));
    bw_arena_free(ctx, &arena);
    free(copy);
    return st;
}

static void test_every_truncation_is_refused(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_bytes out = {0};

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_pack(&ctx, build(&ctx, &arena), &out));
    for (size_t len = 0; len < out.len; len++) {
        CHECK_STATUS(&ctx, unpack(&ctx, out.ptr, len, true), BW_ERR_ARGUMENT);
    }
    CHECK_OK(&ctx, unpack(&ctx, out.ptr, out.len, true));
    CHECK_STATUS(&ctx, unpack(&ctx, out.ptr, out.len, false), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "an array where none is accepted");
    bw_bytes_free(&ctx, &out);
    bw_arena_free(&ctx, &arena);
}

#define CHECK_REFUSED(text, part)                                                    \
    do {                                                                             \
        CHECK_STATUS(&ctx, unpack(&ctx, text, sizeof(text) - 1, true), BW_ERR_ARGUMENT); \
        CHECK_CONTAINS(ctx.error.message, part);                                     \
    } while (0)

static void test_malformed(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_REFUSED("\x0a", "an unknown tag");
    CHECK_REFUSED("\x09\xff\xff\xff\xff\xff\xff\xff\x7f", "a natural that is an int");
    CHECK_REFUSED("\0\0", "bytes behind the end");
    CHECK_REFUSED("\5\xFF\xFF\xFF\xFF", "longer than what is left");
    CHECK_REFUSED("\5\1\0\0\0\xFF", "not UTF-8");
    CHECK_REFUSED("\7\1\0\0\0\1\0\0\0\xFF\0", "not UTF-8");
    CHECK_REFUSED("\6\xFF\xFF\xFF\xFF\0", "more items");
    CHECK_REFUSED("\7\xFF\xFF\xFF\xFF\0", "more keys");
    CHECK_REFUSED("\x08" "f\x07\0\0\0\0\0", "a dtype does not exist");
    CHECK_REFUSED("\x08" "M\x08\0\0\0\4[xx]\0", "a dtype does not exist");
    CHECK_REFUSED("\x08" "S\0\0\0\0\0\0", "a dtype does not exist");
    CHECK_REFUSED("\x08" "M\x08\0\0\0\x10[ns]............\0", "unit is too long");
    CHECK_REFUSED("\x08" "f\x08\0\0\0\0\x21", "too many dimensions");
    CHECK_REFUSED("\x08" "f\x08\0\0\0\0\0\x09\0\0\0\0\0\0\0", "contradicts its shape");
    CHECK_REFUSED("\x08" "f\x08\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "null");
    CHECK_REFUSED("\x08" "f\x08\0\0\0\0\0\x08\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0", "unaligned");
    CHECK_REFUSED("\x08" "f\x08\0\0\0\0\0\x08\0\0\0\0\0\0\0\xF8\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
                  "beyond memory");
    CHECK_STATUS(&ctx,
                 unpack(&ctx, "\x08" "f\x08\0\0\0\0\1\0\0\0\0\0\0\0\x80", 16, true),
                 BW_ERR_LIMIT);
}

static void test_a_key_twice_keeps_its_last_value(void)
{
    static const char packed[] = "\7\2\0\0\0\1\0\0\0a\1\1\0\0\0a\2";
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_node *out = NULL;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_unpack(&ctx, &arena, BW_VIEW(packed), false, &out));
    CHECK_UINT(out->children.len, 1);
    CHECK(bw_map_get_text(out, "a")->boolean);
    bw_arena_free(&ctx, &arena);
}

/* Both ways stop at the same depth, and before the stack does. */
static void test_depth(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_bytes packed = {0}, out = {0};
    bw_node *node;

    bw_ctx_init(&ctx);
    for (int i = 0; i < 100000; i++) {
        bw_bytes_append(&ctx, &packed, "\6\1\0\0\0", 5);
    }
    bw_bytes_append(&ctx, &packed, "\0", 1);
    CHECK_STATUS(&ctx, unpack(&ctx, packed.ptr, packed.len, false), BW_ERR_LIMIT);
    CHECK_UINT(ctx.error.needed, 129);
    CHECK_UINT(ctx.error.limit, 128);
    CHECK_OK(&ctx, unpack(&ctx, packed.ptr + 5 * (100000 - 128), 5 * 128 + 1, false));
    CHECK_STATUS(&ctx, unpack(&ctx, packed.ptr + 5 * (100000 - 129), 5 * 129 + 1, false),
                 BW_ERR_LIMIT);

    node = bw_node_null(&ctx, &arena);
    for (int i = 0; i < 128; i++) {
        bw_node *list = bw_node_list(&ctx, &arena);
        bw_list_push(&ctx, &arena, list, node);
        node = list;
    }
    CHECK_OK(&ctx, bw_pack(&ctx, node, &out));
    ctx.limits.max_depth = 127;
    CHECK_STATUS(&ctx, bw_pack(&ctx, node, &out), BW_ERR_LIMIT);
    CHECK_UINT(ctx.error.needed, 128);
    CHECK_UINT(out.len, 128 * 5 + 1);
    bw_bytes_free(&ctx, &packed);
    bw_bytes_free(&ctx, &out);
    bw_arena_free(&ctx, &arena);
}

int main(void)
{
    RUN(test_layout);
    RUN(test_round_trip);
    RUN(test_memory_ends_anywhere);
    RUN(test_numbers_keep_their_bits);
    RUN(test_every_truncation_is_refused);
    RUN(test_malformed);
    RUN(test_a_key_twice_keeps_its_last_value);
    RUN(test_depth);
    return check_summary();
}
