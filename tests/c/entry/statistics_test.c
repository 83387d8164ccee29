/* SPDX-License-Identifier: MIT */
/**
 * Statistics beside the data: which arrays have them, that what was written is read again, and that text which
 * anybody may have written is believed as far as it agrees with itself.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "entry/encode.h"
#include "entry/statistics.h"
#include "failing_allocator.h"

static bw_array doubles(double *values, uint64_t n)
{
    return (bw_array){.dtype = {.kind = 'f', .itemsize = 8}, .rank = 1, .shape = {n}, .data = (uint8_t *)values,
                      .nbytes = (size_t)n * 8};
}

/* Encodes `array` as `name` in the groups a and b. */
static bw_status note(bw_encoder *e, const bw_node *parent, const char *name, const bw_array *array)
{
    size_t before[3];
    bw_status st = BW_OK;

    BW_TRY(bw__encode_enter(e, BW_VIEW("a"), &before[0]));
    BW_TRY(bw__encode_enter(e, BW_VIEW("b.c"), &before[1]));
    BW_TRY(bw__encode_enter(e, bw_view_text(name), &before[2]));
    st = bw__encode_tally(e, parent, bw_view_text(name), array);
    for (int level = 3; level-- > 0;) {
        bw__encode_leave(e, before[level]);
    }
    return st;
}

/* The text of four arrays. */
static bw_status write_some(bw_ctx *ctx, bw_arena *arena, bw_node **out)
{
    double values[] = {1, 2, -3, 0.5, NAN, INFINITY}, none[] = {NAN}, same[] = {0.1, 0.1};
    bw_array all = doubles(values, 6), missing = doubles(none, 1), constant = doubles(same, 2);
    bw_array empty = doubles(none, 0);
    bw_node parent = {.type = BW_NODE_MAP};
    bw_encoder e;
    bw_status st;

    BW_TRY(bw__encoder_begin(ctx, arena, &e));
    e.keeps_statistics = true;
    BW_GO(note(&e, &parent, "all", &all));
    BW_GO(note(&e, &parent, "missing", &missing));
    BW_GO(note(&e, &parent, "constant", &constant));
    BW_GO(note(&e, &parent, "empty", &empty));
    BW_GO(note(&e, &parent, "grid_shape", &all)); /* a list of BORES's */
    BW_GO(bw__encode_statistics(&e, out));

done:
    bw__encoder_end(&e);
    return st;
}

static void test_what_is_written_is_read(void)
{
    bw_arena arena = {0};
    bw_node *text = NULL, *rows = NULL, *row;
    int64_t count;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, write_some(&ctx, &arena, &text));
    /* Bins of an eighth: -3 is the first, 2 the one that begins there. */
    CHECK_VIEW(text->text,
               "{\"version\":1,\"arrays\":{\"a\":{\"b.c\":{\"all\":[4,1,1,-3.0,2.0,0.125,-2,-12,"
               "[1,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,1,0,0,0,1],0.5],\"missing\":[0,1,0],\"constant\":[2,0,0,0.1],"
               "\"empty\":[0,0,0]}}}}");
    CHECK_OK(&ctx, bw__read_statistics(&ctx, &arena, text, NULL, &rows));
    CHECK_UINT(rows->children.len, 4);
    row = rows->children.items[0];
    CHECK_UINT(bw_map_get_text(row, "path")->children.len, 3);
    CHECK_VIEW(bw_map_get_text(row, "path")->children.items[1]->text, "b.c");
    CHECK(bw_map_get_int(row, "count", &count) && count == 4);
    CHECK_NEAR(bw_map_get_text(row, "minPositive")->number, 0.5, 0);
    CHECK_UINT(bw_map_get_text(row, "counts")->children.len, 21);
    CHECK(bw_map_get_text(rows->children.items[1], "min")->type == BW_NODE_NULL);
    CHECK_NEAR(bw_map_get_text(rows->children.items[2], "max")->number, 0.1, 0);
    CHECK_NEAR(bw_map_get_text(rows->children.items[2], "mean")->number, 0.1, 0);
    bw_arena_free(&ctx, &arena);
}

/* Only the values of a sparse tensor: its keys are no property of cells. */
static void test_sparse_tensors(void)
{
    static const char *const fields[] = {"shape", "dtype", "default", "keys", "values"};
    double values[] = {1, 2};
    bw_array array = doubles(values, 2), odd = array;
    bw_arena arena = {0};
    bw_node *tensor, *text = NULL;
    bw_encoder e;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    tensor = bw_node_map(&ctx, &arena);
    for (size_t i = 0; i < 5; i++) {
        CHECK_OK(&ctx, bw_map_set(&ctx, &arena, tensor, bw_view_text(fields[i]), bw_node_null(&ctx, &arena)));
    }
    CHECK_OK(&ctx, bw__encoder_begin(&ctx, &arena, &e));
    e.keeps_statistics = true;
    odd.dtype.kind = 'c';
    CHECK_OK(&ctx, note(&e, tensor, "keys", &array));
    CHECK_OK(&ctx, note(&e, tensor, "shape", &array));
    CHECK_OK(&ctx, note(&e, tensor, "values", &odd));
    CHECK_OK(&ctx, bw__encode_statistics(&e, &text));
    CHECK(text == NULL);
    CHECK_OK(&ctx, note(&e, tensor, "values", &array));
    e.keeps_statistics = false;
    CHECK_OK(&ctx, note(&e, NULL, "more", &array));
    CHECK_OK(&ctx, bw__encode_statistics(&e, &text));
    CHECK_VIEW(text->text, "{\"version\":1,\"arrays\":{\"a\":{\"b.c\":{\"values\":[2,0,0,1.0,2.0,1.5,-4,16,"
                           "[1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]]}}}}");
    bw__encoder_end(&e);
    bw_arena_free(&ctx, &arena);
}

static uint32_t believed(const char *row)
{
    bw_arena arena = {0};
    bw_bytes text = {0};
    bw_node *attribute, *rows = NULL;
    uint32_t count;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_bytes_append(&ctx, &text, "{\"version\":1,\"arrays\":{\"x\":", 27));
    CHECK_OK(&ctx, bw_bytes_append(&ctx, &text, row, strlen(row)));
    CHECK_OK(&ctx, bw_bytes_append(&ctx, &text, "}}", 2));
    attribute = bw_node_text(&ctx, &arena, bw_bytes_view(&text));
    CHECK_OK(&ctx, bw__read_statistics(&ctx, &arena, attribute, NULL, &rows));
    count = rows->children.len;
    bw_bytes_free(&ctx, &text);
    bw_arena_free(&ctx, &arena);
    return count;
}

static void test_contradictions_are_not_believed(void)
{
    static const char *const good[] = {
        "[0,3,0]", "[2,0,0,7]", "[2,0,0,1,2,1.5,-1,2,[1,0,1]]", "[2,0,0,1,2,null,-1,2,[1,0,1]]",
        "[2,0,0,-1,1,0,0,-1,[1,0,1],1]", "[2,0,0,-2,-1,-1.5,0,-2,[1,1],null]",
    };
    static const char *const bad[] = {
        "7", "null", "\"\"", "{}", "[]", "[2]", "[2,0]", "[0,0,0,1]", "[2,0,0]", "[2,0,0,1,2]", "[2,0,0,1,2,1.5]",
        "[-1,0,0]", "[0,-3,0]", "[0,0.5,0]", "[0,null,0]", "[9007199254740993,0,0,1]", "[1e300,0,0,1]",
        "[1,0,0,null]", "[1,0,0,\"7\"]", "[1,0,0,NaN]", "[1,0,0,Infinity]", "[1,0,0,[]]",
        "[2,0,0,2,1,1.5,-1,2,[1,0,1]]",    /* turned round */
        "[2,0,0,1,2,3,-1,2,[1,0,1]]",      /* the mean is no mean */
        "[2,0,0,1,1e9,5e8,-1,2,[1,0,1]]",  /* max is in no bin */
        "[2,0,0,0.2,2,1.1,-1,2,[1,0,1]]",  /* nor min */
        "[3,0,0,1,2,1.5,-1,2,[1,0,1]]",    /* too few */
        "[2,0,0,1,2,1.5,-1,2,[0,0,2]]", "[2,0,0,1,2,1.5,-1,2,[2,0,0]]", "[2,0,0,1,2,1.5,-1,2,[3,-2,1]]",
        "[2,0,0,1,2,1.5,-1,2,[1,\"0\",1]]", "[2,0,0,1,2,1.5,-1,2,2]", "[2,0,0,1,2,1.5,-1,2,[2]]",
        "[2,0,0,1,2,1.5,-1,2,[]]", "[2,0,0,1,2,1.5,-1,1e400,[1,0,1]]", "[2,0,0,1,2,1.5,-1,2.0,[1,0,1]]",
        "[2,0,0,1,2,1.5,-9999,2,[1,0,1]]", "[2,0,0,1,2,1.5,99999999999,2,[1,0,1]]", "[2,0,0,1,2,1.5,-1,3,[1,0,1]]",
        "[9,0,0,1,2,1,-1,2,[1,0,8]]",      /* the mean is where hardly any are */
        "[2,0,0,1,2,1.5,-1,2,[1,0,1],1]",  /* not asked for */
        "[2,0,0,-1,1,0,0,-1,[1,0,1]]", "[2,0,0,-1,1,0,0,-1,[1,0,1],null]", "[2,0,0,-1,1,0,0,-1,[1,0,1],2]",
        "[2,0,0,-1,1,0,0,-1,[1,0,1],-1]", "[2,0,0,-1,1,0,0,-1,[1,0,1],0]", "[2,0,0,1,2,1.5,-1,2,[1,0,1],1,1]",
        ("[65,0,0,0,64,32,0,0,[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
         "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],1]"),
    };

    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!CHECK_UINT(believed(good[i]), 1)) {
            printf("  %s\n", good[i]);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (!CHECK_UINT(believed(bad[i]), 0)) {
            printf("  %s\n", bad[i]);
        }
    }
}

static void test_other_attributes_are_none(void)
{
    static const char *const texts[] = {
        "", "{", "[]", "7", "{}", "{\"version\":1}", "{\"version\":2,\"arrays\":{\"x\":[0,0,0]}}",
        "{\"version\":\"1\",\"arrays\":{\"x\":[0,0,0]}}", "{\"version\":1,\"arrays\":[[0,0,0]]}",
        "{\"version\":1,\"arrays\":null}",
    };
    bw_arena arena = {0};
    bw_node *rows, *number;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        CHECK_OK(&ctx, bw__read_statistics(&ctx, &arena, bw_node_text(&ctx, &arena, bw_view_text(texts[i])), NULL,
                                           &rows));
        CHECK_UINT(rows->children.len, 0);
    }
    number = bw_node_int(&ctx, &arena, 7);
    CHECK_OK(&ctx, bw__read_statistics(&ctx, &arena, number, NULL, &rows));
    CHECK_UINT(rows->children.len, 0);
    CHECK_OK(&ctx, bw__read_statistics(&ctx, &arena, NULL, NULL, &rows));
    CHECK_UINT(rows->children.len, 0);
    bw_arena_free(&ctx, &arena);
}

static void test_asked_for_by_path(void)
{
    bw_arena arena = {0};
    bw_node *text = NULL, *paths = NULL, *rows = NULL;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, write_some(&ctx, &arena, &text));
    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena,
                                 BW_VIEW("[[\"a\",\"b.c\",\"constant\"],[\"a\",\"b.c\"],[\"a\"],[],7,[7],[\"x\",\"y\"],"
                                         "[\"a\",\"b.c\",\"all\",\"0\"],[\"a\",\"b.c\",\"missing\"]]"),
                                 &paths));
    CHECK_OK(&ctx, bw__read_statistics(&ctx, &arena, text, paths, &rows));
    CHECK_UINT(rows->children.len, 2);
    CHECK_VIEW(bw_map_get_text(rows->children.items[1], "path")->children.items[2]->text, "missing");
    bw_arena_free(&ctx, &arena);
}

static void test_out_of_memory(void)
{
    bw_status st = BW_OK;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_node *text = NULL, *rows;

        st = write_some(&ctx, &arena, &text);
        if (st == BW_OK) {
            st = bw__read_statistics(&ctx, &arena, text, NULL, &rows);
        }
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_what_is_written_is_read);
    RUN(test_sparse_tensors);
    RUN(test_contradictions_are_not_believed);
    RUN(test_other_attributes_are_none);
    RUN(test_asked_for_by_path);
    RUN(test_out_of_memory);
    return check_summary();
}
