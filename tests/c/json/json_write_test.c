/* SPDX-License-Identifier: MIT */
/**
 * JSON as zarr-python and orjson write it. Expected texts are Python's (tests/data/json/make.py)
 * and, for orjson's floats, those in BORES's own JSON files.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "failing_allocator.h"
#include "json/double_digits.h"
#include "test_data.h"

static bool check_written(bw_ctx *ctx, const bw_node *node, bw_json_style style,
                          const char *expected)
{
    bw_bytes out = {0};
    bool held = CHECK_OK(ctx, bw_json_write(ctx, node, style, &out)) &&
                CHECK_VIEW(bw_bytes_view(&out), expected);

    bw_bytes_free(ctx, &out);
    return held;
}

static bool check_float(double value, bw_json_style style, const char *expected)
{
    bw_ctx ctx;
    bw_node node = {.type = BW_NODE_FLOAT, .number = value};

    bw_ctx_init(&ctx);
    return check_written(&ctx, &node, style, expected);
}

/* Every line of floats.txt, and its negative. */
static void test_floats_as_python_repr(void)
{
    bw_bytes file = bw_test_file("json/floats.txt");
    size_t at = 0, lines = 0;

    while (at < file.len) {
        char line[80], bits_text[17];
        const char *end = memchr(file.ptr + at, '\n', file.len - at);
        size_t len = end == NULL ? file.len - at : (size_t)(end - (char *)file.ptr) - at;
        uint64_t bits;
        double value;

        if (!CHECK(len > 18 && len < sizeof line - 1)) {
            break;
        }
        line[0] = '-';
        memcpy(line + 1, file.ptr + at + 17, len - 17);
        line[len - 16] = '\0';
        memcpy(bits_text, file.ptr + at, 16);
        bits_text[16] = '\0';
        bits = strtoull(bits_text, NULL, 16);
        memcpy(&value, &bits, sizeof value);
        if (!check_float(value, BW_JSON_ZARR, line + 1) ||
            !check_float(-value, BW_JSON_ZARR, line)) {
            break;
        }
        at += len + 1;
        lines++;
    }
    CHECK(lines > 2500);
    free(file.ptr);
}

/* The fast way beside the one for all values, which Python's repr() was compared with: of values as runs have them,
 * of few digits, next to such, in the middle of two, and of any. */
static void test_digits_both_ways(void)
{
    uint64_t random = 88172645463325252u;

    for (uint32_t round = 0; round < 60000; round++) {
        uint8_t digits[BW__DOUBLE_DIGITS_MAX], expected[BW__DOUBLE_DIGITS_MAX];
        int32_t point, place;
        uint32_t count;
        double value;

        random ^= random << 13; /* G. Marsaglia, "Xorshift RNGs", 2003 */
        random ^= random >> 7;
        random ^= random << 17;
        value = ldexp((double)(random >> 11), (int)(round % 97) - 90);
        if (round % 4 == 1) {
            value = (double)(random % 100000) * pow(10, (int)(round % 23) - 15) + 1e-300;
        } else if (round % 4 == 2) {
            value = nextafter((double)(random % 1000000 + 1) / 64, round % 8 == 2 ? 0 : INFINITY);
        } else if (round % 4 == 3) {
            value = (double)(float)value;
        }
        count = bw__double_digits(value, digits, &point);
        if (!CHECK_UINT(count, bw__double_digits_long(value, expected, &place)) || !CHECK(point == place) ||
            !CHECK(memcmp(digits, expected, count) == 0)) {
            printf("of %.17g\n", value);
            break;
        }
    }
}

static void test_whole_numbers(void)
{
    const bw_node least = {.type = BW_NODE_INT, .integer = INT64_MIN}, zero = {.type = BW_NODE_INT};
    const bw_node most = {.type = BW_NODE_FLOAT, .number = 0x1p64, .natural = UINT64_MAX};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    check_written(&ctx, &least, BW_JSON_ZARR, "-9223372036854775808");
    check_written(&ctx, &zero, BW_JSON_ZARR, "0");
    check_written(&ctx, &most, BW_JSON_ZARR, "18446744073709551615");
}

/* orjson 3: from BORES's JSON files, and for large numbers its documented form. */
static void test_floats_as_orjson(void)
{
    check_float(7.409471436403692e-8, BW_JSON_COMPACT, "7.409471436403692e-8");
    check_float(3e-6, BW_JSON_COMPACT, "3e-6");
    check_float(2.009642499023745e-17, BW_JSON_COMPACT, "2.009642499023745e-17");
    check_float(0.00009892265964951754, BW_JSON_COMPACT, "0.00009892265964951754");
    check_float(-0.00016893115303960693, BW_JSON_COMPACT, "-0.00016893115303960693");
    check_float(518379.28635760094, BW_JSON_COMPACT, "518379.28635760094");
    check_float(86400, BW_JSON_COMPACT, "86400.0");
    check_float(1e16, BW_JSON_COMPACT, "1e16");
    check_float(NAN, BW_JSON_COMPACT, "null");
    check_float(-INFINITY, BW_JSON_COMPACT, "null");
    check_float(-0.0, BW_JSON_COMPACT, "-0.0");
}

/* Reading what Python wrote and writing it again gives what Python wrote. */
static void test_document_as_python(void)
{
    bw_bytes file = bw_test_file("json/document.json");
    bw_bytes out = {0};
    bw_arena arena = {0};
    bw_node *node;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_bytes_view(&file), &node)) &&
        CHECK_OK(&ctx, bw_json_write(&ctx, node, BW_JSON_ZARR, &out)) &&
        CHECK_UINT(out.len, file.len)) {
        CHECK_BYTES(out.ptr, file.ptr, file.len);
    }
    bw_bytes_free(&ctx, &out);
    bw_arena_free(&ctx, &arena);
    free(file.ptr);
}

/* orjson.dumps({"b": [], "a": {"name": "Ærø → 𝔹\t\"\x01\x7f", "n": [1, None]}, "e": {}}) */
static void test_compact_document(void)
{
    static const char text[] = "{\"b\":[],\"a\":{\"name\":\"\xC3\x86r\xC3\xB8 \xE2\x86\x92 "
                               "\xF0\x9D\x94\xB9\\t\\\"\\u0001\x7f\",\"n\":[1,null]},\"e\":{}}";
    bw_arena arena = {0};
    bw_node *node;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, BW_VIEW(text), &node))) {
        check_written(&ctx, node, BW_JSON_COMPACT, text);
    }
    bw_arena_free(&ctx, &arena);
}

/* json.dumps("a\0b") in Python. */
static void test_nul(void)
{
    bw_node nul = {.type = BW_NODE_STRING, .text = {(const uint8_t *)"a\0b", 3}};
    bw_bytes out = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_json_write(&ctx, &nul, BW_JSON_ZARR, &out));
    CHECK_VIEW(bw_bytes_view(&out), "\"a\\u0000b\"");
    bw_bytes_free(&ctx, &out);
}

static void test_refused(void)
{
    static const uint8_t lone_byte[] = {'a', 0xFF};
    bw_array array = {.dtype = {.kind = 'f', .itemsize = 8}};
    bw_node no_utf8 = {.type = BW_NODE_STRING, .text = {lone_byte, 2}};
    bw_node array_node = {.type = BW_NODE_ARRAY, .array = &array};
    bw_bytes out = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_bytes_append_text(&ctx, &out, "kept"));
    CHECK_STATUS(&ctx, bw_json_write(&ctx, &no_utf8, BW_JSON_ZARR, &out), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(ctx.error.message, "UTF-8");
    CHECK_STATUS(&ctx, bw_json_write(&ctx, &array_node, BW_JSON_ZARR, &out), BW_ERR_UNSUPPORTED);
    CHECK_VIEW(bw_bytes_view(&out), "kept");
    bw_bytes_free(&ctx, &out);
}

static void test_too_deep(void)
{
    bw_node lists[4] = {{.type = BW_NODE_LIST}, {.type = BW_NODE_LIST}, {.type = BW_NODE_LIST},
                        {.type = BW_NODE_LIST}};
    bw_node *items[4] = {&lists[0], &lists[1], &lists[2], &lists[3]};
    bw_bytes out = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    ctx.limits.max_depth = 3;
    for (size_t i = 0; i < 3; i++) {
        lists[i].children.items = &items[i + 1];
        lists[i].children.len = lists[i].children.cap = 1;
    }
    CHECK_STATUS(&ctx, bw_json_write(&ctx, &lists[0], BW_JSON_ZARR, &out), BW_ERR_LIMIT);
    CHECK_UINT(ctx.error.needed, 4);
    CHECK_OK(&ctx, bw_json_write(&ctx, &lists[1], BW_JSON_COMPACT, &out));
    CHECK_VIEW(bw_bytes_view(&out), "[[[]]]");
    bw_bytes_free(&ctx, &out);
}

static void test_out_of_memory(void)
{
    bw_bytes file = bw_test_file("json/document.json");
    bw_status st = BW_OK;
    bw_ctx ctx;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_bytes out = {0};
        bw_node *node;

        st = bw_json_parse(&ctx, &arena, bw_bytes_view(&file), &node);
        if (st == BW_OK) {
            st = bw_json_write(&ctx, node, BW_JSON_ZARR, &out);
            CHECK(st == BW_OK || out.len == 0);
        }
        bw_bytes_free(&ctx, &out);
        bw_arena_free(&ctx, &arena);
    }
    free(file.ptr);
}

int main(void)
{
    RUN(test_floats_as_python_repr);
    RUN(test_floats_as_orjson);
    RUN(test_digits_both_ways);
    RUN(test_whole_numbers);
    RUN(test_document_as_python);
    RUN(test_compact_document);
    RUN(test_nul);
    RUN(test_refused);
    RUN(test_too_deep);
    RUN(test_out_of_memory);
    return check_summary();
}
