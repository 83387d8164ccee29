/* SPDX-License-Identifier: MIT */
/** Nodes, lists and maps; above all maps large enough to be indexed. */
#include <stdio.h>
#include <string.h>

#include "bores/tree.h"
#include "check.h"
#include "fixture.h"
#include "failing_allocator.h"

static void set_int(fixture *f, bw_node *map, bw_view key, int64_t value)
{
    CHECK_OK(&f->ctx, bw_map_set(&f->ctx, &f->arena, map, key,
                                 bw_node_int(&f->ctx, &f->arena, value)));
}

static int64_t get_int(const bw_node *map, bw_view key)
{
    const bw_node *node = bw_map_get(map, key);
    return node == NULL ? -1 : node->integer;
}

static bw_view numbered(char out[32], const char *format, int number)
{
    int len = snprintf(out, 32, format, number);
    return (bw_view){(const uint8_t *)out, (size_t)len};
}

static void test_leaves(void)
{
    fixture *f = setup();
    bw_array array = {0};

    CHECK_INT(bw_node_null(&f->ctx, &f->arena)->type, BW_NODE_NULL);
    CHECK(bw_node_bool(&f->ctx, &f->arena, true)->boolean);
    CHECK_INT(bw_node_int(&f->ctx, &f->arena, INT64_MIN)->integer, INT64_MIN);
    CHECK_NEAR(bw_node_float(&f->ctx, &f->arena, 0.1)->number, 0.1, 0);
    CHECK_VIEW(bw_node_text(&f->ctx, &f->arena, BW_VIEW("abc"))->text, "abc");
    CHECK_INT(bw_node_text(&f->ctx, &f->arena, BW_VIEW("abc"))->text.ptr[3], 0);
    CHECK_VIEW(bw_node_text(&f->ctx, &f->arena, (bw_view){0})->text, "");
    CHECK(bw_node_array(&f->ctx, &f->arena, &array)->array == &array);
    bw_arena_free(&f->ctx, &f->arena);
}

static void test_list(void)
{
    fixture *f = setup();
    bw_node *list = bw_node_list(&f->ctx, &f->arena);

    for (int i = 0; i < 100; i++) {
        bw_node *item = bw_node_int(&f->ctx, &f->arena, i);
        CHECK_OK(&f->ctx, bw_list_push(&f->ctx, &f->arena, list, item));
    }
    CHECK_UINT(list->children.len, 100);
    CHECK_INT(list->children.items[99]->integer, 99);
    CHECK(bw_map_get(list, BW_VIEW("0")) == NULL);
    CHECK_STATUS(&f->ctx, bw_map_set(&f->ctx, &f->arena, list, BW_VIEW("k"), list),
                 BW_ERR_ARGUMENT);
    CHECK_STATUS(&f->ctx,
                 bw_list_push(&f->ctx, &f->arena, bw_node_map(&f->ctx, &f->arena), list),
                 BW_ERR_ARGUMENT);
    bw_arena_free(&f->ctx, &f->arena);
}

static void test_map_keeps_order_and_replaces(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    char text[32];

    for (int i = 0; i < 1000; i++) {
        set_int(f, map, numbered(text, "key %d", i * 7919 % 1000), i);
    }
    set_int(f, map, BW_VIEW("key 7"), -7);
    CHECK_UINT(map->children.len, 1000);
    CHECK_VIEW(map->children.keys[1], "key 919"); /* 7919 mod 1000 */
    CHECK_INT(get_int(map, BW_VIEW("key 919")), 1);
    CHECK_INT(get_int(map, BW_VIEW("key 7")), -7);
    CHECK(bw_map_get(map, BW_VIEW("key")) == NULL);
    CHECK(bw_map_get(map, BW_VIEW("key 1000")) == NULL);
    CHECK(bw_map_get_text(map, "") == NULL);
    CHECK(bw_map_get_text(NULL, "key 1") == NULL);
    for (int i = 0; i < 1000; i++) {
        bw_view key = map->children.keys[i];
        CHECK(bw_map_get(map, key) == map->children.items[i]);
    }
    bw_arena_free(&f->ctx, &f->arena);
}

/* Keys that are prefixes of one another, or differ in a NUL byte, are different keys. */
static void test_map_of_prefixes(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    uint8_t zeros[40] = {0};

    for (int i = 0; i < 40; i++) {
        set_int(f, map, (bw_view){zeros, (size_t)i}, i);
    }
    set_int(f, map, BW_VIEW("\1"), 100);
    set_int(f, map, BW_VIEW("\xFF"), 101);
    CHECK_UINT(map->children.len, 42);
    for (int i = 0; i < 40; i++) {
        CHECK_INT(get_int(map, (bw_view){zeros, (size_t)i}), i);
    }
    CHECK_INT(get_int(map, BW_VIEW("\1")), 100);
    CHECK_INT(get_int(map, BW_VIEW("\xFF")), 101);
    CHECK_INT(get_int(map, (bw_view){NULL, 0}), 0);
    bw_arena_free(&f->ctx, &f->arena);
}

static void test_map_remove(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    char text[32];

    for (int i = 0; i < 50; i++) {
        set_int(f, map, numbered(text, "k%d", i), i);
    }
    bw_map_remove(map, BW_VIEW("absent"));
    for (int i = 0; i < 50; i += 3) {
        bw_map_remove(map, numbered(text, "k%d", i));
    }
    CHECK_UINT(map->children.len, 33);
    CHECK_VIEW(map->children.keys[0], "k1");
    CHECK_VIEW(map->children.keys[2], "k4");
    for (int i = 0; i < 50; i++) {
        CHECK_INT(get_int(map, numbered(text, "k%d", i)), i % 3 == 0 ? -1 : i);
    }
    for (int i = 0; i < 50; i++) {
        bw_map_remove(map, numbered(text, "k%d", i));
    }
    CHECK_UINT(map->children.len, 0);
    for (int i = 0; i < 50; i++) { /* an index that was emptied is started again */
        set_int(f, map, numbered(text, "n%d", i), i);
        CHECK_INT(get_int(map, numbered(text, "n%d", i)), i);
    }
    bw_map_remove(map, BW_VIEW("n49"));
    CHECK(bw_map_get_text(map, "n49") == NULL);
    bw_arena_free(&f->ctx, &f->arena);
}

/* Few keys that are left of many keep their index up to date. */
static void test_map_shrinks_and_grows(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    char text[32];

    for (int i = 0; i < 20; i++) {
        set_int(f, map, numbered(text, "k%d", i), i);
    }
    for (int i = 0; i < 18; i++) {
        bw_map_remove(map, numbered(text, "k%d", i));
    }
    set_int(f, map, BW_VIEW("new"), 99);
    CHECK_INT(get_int(map, BW_VIEW("new")), 99);
    CHECK_INT(get_int(map, BW_VIEW("k18")), 18);
    CHECK_INT(get_int(map, BW_VIEW("k19")), 19);
    CHECK_UINT(map->children.len, 3);
    bw_arena_free(&f->ctx, &f->arena);
}

static void test_typed_reads(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    int64_t integer = 5;
    bool flag = true;
    bw_view text = BW_VIEW("untouched");

    set_int(f, map, BW_VIEW("int"), 3);
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("bool"),
               bw_node_bool(&f->ctx, &f->arena, false));
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("text"),
               bw_node_text(&f->ctx, &f->arena, BW_VIEW("t")));
    CHECK(!bw_map_get_int(map, "bool", &integer));
    CHECK(!bw_map_get_int(map, "absent", &integer));
    CHECK_INT(integer, 5);
    CHECK(bw_map_get_int(map, "int", &integer));
    CHECK_INT(integer, 3);
    CHECK(!bw_map_get_bool(map, "int", &flag));
    CHECK(flag);
    CHECK(bw_map_get_bool(map, "bool", &flag));
    CHECK(!flag);
    CHECK(!bw_map_get_string(map, "int", &text));
    CHECK_VIEW(text, "untouched");
    CHECK(bw_map_get_string(map, "text", &text));
    CHECK_VIEW(text, "t");
    bw_arena_free(&f->ctx, &f->arena);
}

/* 200 000 keys with long common beginnings; a search that compared them all would take hours. */
static void test_map_of_many_keys(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    bw_node *item = bw_node_null(&f->ctx, &f->arena);
    char text[32];
    int found = 0;

    for (int i = 0; i < 200000; i++) {
        bw_view key = numbered(text, "aaaaaaaaaaaaaaaa%d", i);
        bw_map_set(&f->ctx, &f->arena, map, key, item);
    }
    for (int i = 0; i < 200000; i++) {
        found += bw_map_get(map, numbered(text, "aaaaaaaaaaaaaaaa%d", i)) == item;
    }
    CHECK_UINT(map->children.len, 200000);
    CHECK_INT(found, 200000);
    bw_arena_free(&f->ctx, &f->arena);
}

static bw_status build_all(bw_ctx *ctx, bw_arena *arena)
{
    bw_node *list = bw_node_list(ctx, arena), *map = bw_node_map(ctx, arena);
    uint8_t big[600] = {0};
    char text[32];

    if (list == NULL || map == NULL || bw_node_null(ctx, arena) == NULL ||
        bw_node_bool(ctx, arena, true) == NULL || bw_node_float(ctx, arena, 1) == NULL ||
        bw_node_text(ctx, arena, (bw_view){big, sizeof big}) == NULL ||
        bw_node_array(ctx, arena, NULL) == NULL) {
        return BW_ERR_NOMEM;
    }
    for (int i = 0; i < 200; i++) {
        bw_node *item = bw_node_int(ctx, arena, i);
        if (item == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw_list_push(ctx, arena, list, item));
        BW_TRY(bw_map_set(ctx, arena, map, numbered(text, "%d", i), item));
    }
    return BW_OK;
}

static void test_without_memory(void)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        st = build_all(&ctx, &arena);
        bw_arena_free(&ctx, &arena);
    }
}

/* A map that a failed bw_map_set() leaves behind is the map before. */
static void test_failed_set_changes_nothing(void)
{
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_arena arena = {0};
    bw_node *map, *item;
    char text[32];
    int count = 0;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    map = bw_node_map(&ctx, &arena);
    item = bw_node_null(&ctx, &arena);
    for (int i = 0; i < 500; i++) {
        heap.fail_at = i % 2 == 0 ? heap.count + 1 : 0; /* fails if it needs a block */
        count += bw_map_set(&ctx, &arena, map, numbered(text, "key %d", i), item) == BW_OK;
        CHECK_UINT(map->children.len, count);
    }
    CHECK(count < 500);
    for (uint32_t i = 0; i < map->children.len; i++) {
        CHECK(bw_map_get(map, map->children.keys[i]) == item);
    }
    bw_arena_free(&ctx, &arena);
    CHECK_UINT(heap.live, 0);
}

/* The first block is filled up to some place, and there is no second one: so that every
 * allocation fails that an arena usually answers from what it has. */
static void test_memory_ends_anywhere(void)
{
    for (size_t filler = 0; filler < 1024; filler += 16) {
        bw_ctx ctx;
        bw_test_heap heap = {.fail_at = 2};
        bw_arena arena = {0};

        bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
        CHECK(bw_arena_alloc(&ctx, &arena, filler) != NULL);
        CHECK_STATUS(&ctx, build_all(&ctx, &arena), BW_ERR_NOMEM);
        bw_arena_free(&ctx, &arena);
        CHECK_UINT(heap.live, 0);
    }
}

static void test_copy(void)
{
    double elements[2] = {1, 2};
    bw_array array = {.dtype = {.kind = 'f', .itemsize = 8},
                      .rank = 1,
                      .shape = {2},
                      .data = (uint8_t *)elements,
                      .nbytes = sizeof elements};
    fixture *f = setup();
    bw_arena target = {0};
    bw_node *map = bw_node_map(&f->ctx, &f->arena), *list = bw_node_list(&f->ctx, &f->arena);
    bw_node *copy = NULL, *grid;

    bw_list_push(&f->ctx, &f->arena, list, bw_node_float(&f->ctx, &f->arena, 1.5));
    bw_list_push(&f->ctx, &f->arena, list, bw_node_null(&f->ctx, &f->arena));
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("list"), list);
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("text"),
               bw_node_text(&f->ctx, &f->arena, BW_VIEW("abc")));
    bw_map_set(&f->ctx, &f->arena, map, BW_VIEW("grid"),
               bw_node_array(&f->ctx, &f->arena, &array));
    CHECK_OK(&f->ctx, bw_node_copy(&f->ctx, &target, map, &copy));
    bw_arena_free(&f->ctx, &f->arena); /* the copy owes it nothing */

    CHECK_UINT(copy->children.len, 3);
    CHECK_VIEW(copy->children.keys[1], "text");
    CHECK_VIEW(bw_map_get_text(copy, "text")->text, "abc");
    CHECK_NEAR(bw_map_get_text(copy, "list")->children.items[0]->number, 1.5, 0);
    CHECK_INT(bw_map_get_text(copy, "list")->children.items[1]->type, BW_NODE_NULL);
    grid = bw_map_get_text(copy, "grid");
    CHECK(grid->array->data == (uint8_t *)elements); /* shared */
    bw_arena_free(&f->ctx, &target);
}

static void test_copy_is_limited(void)
{
    fixture *f = setup();
    bw_node *node = bw_node_null(&f->ctx, &f->arena), *copy = NULL;

    for (int i = 0; i < 129; i++) {
        bw_node *list = bw_node_list(&f->ctx, &f->arena);
        bw_list_push(&f->ctx, &f->arena, list, node);
        node = list;
        if (i == 127) {
            CHECK_OK(&f->ctx, bw_node_copy(&f->ctx, &f->arena, node, &copy));
        }
    }
    CHECK_STATUS(&f->ctx, bw_node_copy(&f->ctx, &f->arena, node, &copy), BW_ERR_LIMIT);
    CHECK_UINT(f->ctx.error.needed, 129);
    bw_arena_free(&f->ctx, &f->arena);
}

static void test_copy_without_memory(void)
{
    fixture *f = setup();
    bw_node *map = bw_node_map(&f->ctx, &f->arena);
    bw_ctx ctx;
    bw_status st = BW_OK;
    char text[32];

    for (int i = 0; i < 100; i++) {
        bw_node *list = bw_node_list(&f->ctx, &f->arena);
        bw_list_push(&f->ctx, &f->arena, list,
                     bw_node_text(&f->ctx, &f->arena, BW_VIEW("some text")));
        bw_map_set(&f->ctx, &f->arena, map, numbered(text, "%d", i), list);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena target = {0};
        bw_node *copy = NULL;
        st = bw_node_copy(&ctx, &target, map, &copy);
        bw_arena_free(&ctx, &target);
    }
    bw_arena_free(&f->ctx, &f->arena);
}

int main(void)
{
    RUN(test_leaves);
    RUN(test_list);
    RUN(test_map_keeps_order_and_replaces);
    RUN(test_map_of_prefixes);
    RUN(test_map_remove);
    RUN(test_map_shrinks_and_grows);
    RUN(test_typed_reads);
    RUN(test_map_of_many_keys);
    RUN(test_without_memory);
    RUN(test_failed_set_changes_nothing);
    RUN(test_memory_ends_anywhere);
    RUN(test_copy);
    RUN(test_copy_is_limited);
    RUN(test_copy_without_memory);
    return check_summary();
}
