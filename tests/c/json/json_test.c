/* SPDX-License-Identifier: MIT */
/**
 * JSON. What a document means, and whether it is one, is what Python 3.11's json.loads() says of
 * it, but for lone surrogates, which trees do not hold.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "fixture.h"
#include "failing_allocator.h"

static void teardown(fixture *f)
{
    bw_arena_free(&f->ctx, &f->arena);
}

/* Parses text in memory of exactly its size, which a sanitizer watches. */
static bw_status parse(fixture *f, const void *text, size_t len, bw_node **out)
{
    uint8_t *copy = malloc(len > 0 ? len : 1);
    bw_status st;

    memcpy(copy, text, len);
    *out = NULL;
    st = bw_json_parse(&f->ctx, &f->arena, (bw_view){copy, len}, out);
    CHECK((st == BW_OK) == (*out != NULL));
    free(copy);
    return st;
}

static bw_node *parsed(fixture *f, const char *text)
{
    bw_node *out;
    return CHECK_OK(&f->ctx, parse(f, text, strlen(text), &out)) ? out : NULL;
}

static void test_leaves(void)
{
    fixture *f = setup();

    CHECK_INT(parsed(f, "null")->type, BW_NODE_NULL);
    CHECK(parsed(f, " true\n")->boolean);
    CHECK(!parsed(f, "false")->boolean);
    CHECK_INT(parsed(f, "[]")->type, BW_NODE_LIST);
    CHECK_UINT(parsed(f, "[ \t\r\n]")->children.len, 0);
    CHECK_INT(parsed(f, "{ }")->type, BW_NODE_MAP);
    CHECK_VIEW(parsed(f, "\"\"")->text, "");
    teardown(f);
}

static void test_integers(void)
{
    static const struct {
        const char *text;
        int64_t value;
    } rows[] = {{"0", 0},
                {"-0", 0},
                {"-1", -1},
                {"9007199254740993", INT64_C(9007199254740993)}, /* 2^53 + 1: not a double */
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    fixture *f = setup();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bw_node *node = parsed(f, rows[i].text);
        CHECK_INT(node->type, BW_NODE_INT);
        CHECK_INT(node->integer, rows[i].value);
    }
    teardown(f);
}

static void test_floats(void)
{
    static const struct {
        const char *text;
        double value;
        uint64_t natural;
    } rows[] = {
        {"1.0", 1.0, 0},
        {"-0.0", -0.0, 0},
        {"1e0", 1.0, 0},
        {"1E+2", 100.0, 0},
        {"0.1", 0.1, 0},
        {"5e-324", 5e-324, 0},
        {"1e-400", 0.0, 0},
        {"1e400", INFINITY, 0},
        {"-1e400", -INFINITY, 0},
        {"NaN", NAN, 0},
        {"Infinity", INFINITY, 0},
        {"-Infinity", -INFINITY, 0},
        {"9223372036854775808", 0x1p63, UINT64_C(1) << 63},
        {"18446744073709551615", 0x1p64, UINT64_MAX},
        {"18446744073709551616", 0x1p64, 0},
        {"-9223372036854775809", -0x1p63, 0},
        /* Longer than cJSON's buffer of 64 bytes, where it would cut. */
        {"0.10000000000000000000000000000000000000000000000000000000000000000000000000001", 0.1, 0},
        {"1000000000000000000000000000000000000000000000000000000000000000000000", 1e69, 0},
        {"0.00000000000000000000000000000000000000000000000000000000000000000001e68", 1.0, 0},
    };
    fixture *f = setup();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bw_node *node = parsed(f, rows[i].text);
        CHECK_INT(node->type, BW_NODE_FLOAT);
        CHECK_NEAR(node->number, rows[i].value, 0);
        CHECK_INT(signbit(node->number), signbit(rows[i].value));
        CHECK_UINT(node->natural, rows[i].natural);
    }
    teardown(f);
}

/* The numbers are read along from the text: each must meet its own node. */
static void test_numbers_meet_their_nodes(void)
{
    fixture *f = setup();
    bw_node *map = parsed(f, "{\"1, NaN\": [9007199254740993, \"-2 \\\" [3\", NaN, {\"I\": "
                             "-Infinity}, 4.0], \"N\": \"I\\\\\", \"x\": 5, \"1, NaN\": 6}");
    bw_node *node = bw_map_get_text(map, "1, NaN");

    CHECK_UINT(map->children.len, 3);
    CHECK_INT(node->integer, 6); /* the last of equal keys */
    CHECK_VIEW(map->children.keys[0], "1, NaN");
    CHECK_VIEW(bw_map_get_text(map, "N")->text, "I\\");
    CHECK_INT(bw_map_get_text(map, "x")->integer, 5);

    node = parsed(f, "[9007199254740993, \"-2 \\\" [3\", NaN, {\"I\": -Infinity}, 4.0]");
    CHECK_INT(node->children.items[0]->integer, INT64_C(9007199254740993));
    CHECK_VIEW(node->children.items[1]->text, "-2 \" [3");
    CHECK(isnan(node->children.items[2]->number));
    CHECK_NEAR(bw_map_get_text(node->children.items[3], "I")->number, -INFINITY, 0);
    CHECK_INT(node->children.items[4]->type, BW_NODE_FLOAT);
    CHECK_NEAR(node->children.items[4]->number, 4.0, 0);
    teardown(f);
}

static void test_strings(void)
{
    static const struct {
        const char *text, *value;
    } rows[] = {
        {"\"plain\"", "plain"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u0001\\u007f\\u00e9\\u2192\\uFFFF\"", "\x01\x7f\xC3\xA9\xE2\x86\x92\xEF\xBF\xBF"},
        {"\"\\ud83d\\uDE00\"", "\xF0\x9F\x98\x80"},
        {"\"\xC3\xA9\xF0\x9F\x98\x80\x7f\"", "\xC3\xA9\xF0\x9F\x98\x80\x7f"},
    };
    fixture *f = setup();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK_VIEW(parsed(f, rows[i].text)->text, rows[i].value);
    }
    CHECK_VIEW(parsed(f, "{\"\\u2192\": 1}")->children.keys[0], "\xE2\x86\x92");
    teardown(f);
}

#define REFUSED(text, where) {text, sizeof(text) - 1, where}

static void test_malformed(void)
{
    static const struct {
        const char *text;
        size_t len;
        const char *message;
    } rows[] = {
        REFUSED("", "line 1, column 1: the document ends where a value is due"),
        REFUSED(" \n ", "line 2, column 2: the document ends"),
        REFUSED("{} x", "line 1, column 4: 'x' where the end of the document is due"),
        REFUSED("1 2", "column 3: '2' where the end"),
        REFUSED("[1\0]", "column 3: byte 0x00 where ',' or ']' is due"),
        REFUSED("[\n  1,\n  2,\n]", "line 4, column 1: ']' where a value is due"),
        REFUSED("[\"\xC3\xA9\xE2\x86\x92\", x]", "line 1, column 8: 'x'"),
        REFUSED("[1 2]", "'2' where ',' or ']' is due"),
        REFUSED("[1}", "'}' where ',' or ']' is due"),
        REFUSED("[,1]", "',' where a value is due"),
        REFUSED("[1", "ends where ',' or ']' is due"),
        REFUSED("[", "ends where a value is due"),
        REFUSED("]", "']' where a value is due"),
        REFUSED("{", "ends where a key is due"),
        REFUSED("{1:2}", "'1' where a key is due"),
        REFUSED("{\"a\" 1}", "'1' where ':' is due"),
        REFUSED("{\"a\":}", "'}' where a value is due"),
        REFUSED("{\"a\":1,}", "'}' where a key is due"),
        REFUSED("{\"a\":1]", "']' where ',' or '}' is due"),
        REFUSED("{\"a\":1 \"b\"", "'\"' where ',' or '}' is due"),
        REFUSED("{'a':1}", "''' where a key is due"),
        REFUSED("nul", "'n' where a value is due"),
        REFUSED("True", "'T' where a value is due"),
        REFUSED("nan", "'n' where a value is due"),
        REFUSED("+1", "'+' where a value is due"),
        REFUSED(".5", "'.' where a value is due"),
        REFUSED("01", "column 2: '1' where the end"),
        REFUSED("-", "ends where a digit is due"),
        REFUSED("-NaN", "column 2: 'N' where a digit is due"),
        REFUSED("-Inf", "'I' where a digit is due"),
        REFUSED("1.", "ends where a digit is due"),
        REFUSED("1.e5", "'e' where a digit is due"),
        REFUSED("1e", "ends where a digit is due"),
        REFUSED("1e+", "ends where a digit is due"),
        REFUSED("0x10", "'x' where the end"),
        REFUSED("1_000", "'_' where the end"),
        REFUSED("Infinit", "'I' where a value is due"),
        REFUSED("\"abc", "ends where the end of a string is due"),
        REFUSED("\"abc\\", "an escape that does not exist"),
        REFUSED("\"\\x41\"", "column 2: an escape that does not exist"),
        REFUSED("\"\\\0\"", "an escape that does not exist"),
        REFUSED("\"\\u12g4\"", "\\u without four hexadecimal digits"),
        REFUSED("\"\\u12", "\\u without four hexadecimal digits"),
        REFUSED("\"\\ud83d\"", "half of a surrogate pair"),
        REFUSED("\"\\ud83dx\"", "half of a surrogate pair"),
        REFUSED("\"\\ud83d\\n\"", "half of a surrogate pair"),
        REFUSED("\"\\ud83d\\ud83d\"", "half of a surrogate pair"),
        REFUSED("\"\\ud83d\\u00", "half of a surrogate pair"),
        REFUSED("\"\\ude00\"", "half of a surrogate pair"),
        REFUSED("\"a\nb\"", "column 3: a control character in a string"),
        REFUSED("\"a\0b\"", "a control character in a string"),
        REFUSED("\"\xFF\"", "a string is not UTF-8"),
        REFUSED("\"\xC0\x80\"", "a string is not UTF-8"),
        REFUSED("\"\xED\xA0\x80\"", "a string is not UTF-8"),
        REFUSED("\"\xC3", "a string is not UTF-8"),
        REFUSED("{\"\xFF\": 1}", "a string is not UTF-8"),
    };
    fixture *f = setup();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bw_node *out;
        CHECK_STATUS(&f->ctx, parse(f, rows[i].text, rows[i].len, &out), BW_ERR_METADATA);
        CHECK_CONTAINS(f->ctx.error.message, rows[i].message);
    }
    teardown(f);
}

static bool is_text(const bw_node *node, const char *bytes, size_t len)
{
    return node != NULL && node->type == BW_NODE_STRING &&
           bw_view_equal(node->text, (bw_view){(const uint8_t *)bytes, len});
}

/* Attributes that were copied from netCDF end with U+0000. */
static void test_nul_characters_are_text(void)
{
    fixture *f = setup();
    bw_node *map = parsed(f, "{\"a\\u0000b\": \"julian\\u0000\", \"c\": [\"\\u0000\", \"\\u0000\\u0000x\", "
                             "\"\\\\u0000\", \"\\u0001\\u0000\\u00ff\", NaN, \"\"]}");
    const bw_node *list = bw_map_get_text(map, "c");

    CHECK(is_text(bw_map_get(map, (bw_view){(const uint8_t *)"a\0b", 3}), "julian", 7));
    CHECK(is_text(list->children.items[0], "", 1));
    CHECK(is_text(list->children.items[1], "\0\0x", 3));
    CHECK(is_text(list->children.items[2], "\\u0000", 6));
    CHECK(is_text(list->children.items[3], "\x01\0\xC3\xBF", 4));
    CHECK(is_text(list->children.items[5], "", 0));
    teardown(f);
}

/* One of UTF-8 is skipped (RFC 8259, 8.1, allows that), one of UTF-16 is told. */
static void test_byte_order_marks(void)
{
    fixture *f = setup();
    bw_node *out;

    CHECK_UINT(parsed(f, "\xEF\xBB\xBF{\"a\": 1}")->children.len, 1);
    CHECK_STATUS(&f->ctx, parse(f, "\xFF\xFE{\0}\0", 6, &out), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(f->ctx.error.message, "byte order mark of UTF-16");
    CHECK_STATUS(&f->ctx, parse(f, "\xFE\xFF\0{\0}", 6, &out), BW_ERR_UNSUPPORTED);
    CHECK_STATUS(&f->ctx, parse(f, "\xEF\xBB\xBF", 3, &out), BW_ERR_METADATA);
    CHECK_STATUS(&f->ctx, parse(f, "\xEF\xBB{}", 4, &out), BW_ERR_METADATA);
    teardown(f);
}

/* Every beginning of a document is refused, and read no further than it goes. */
static void test_truncations(void)
{
    static const char text[] = "{\"a\": [1.5e+3, -Infinity, \"\\ud83d\\ude00\xE2\x86\x92\", true], "
                               "\"b\": {\"c\": null, \"d\": NaN}}";
    fixture *f = setup();
    bw_node *out;

    for (size_t len = 0; len + 1 < sizeof text; len++) {
        CHECK_STATUS(&f->ctx, parse(f, text, len, &out), BW_ERR_METADATA);
    }
    CHECK_OK(&f->ctx, parse(f, text, sizeof text - 1, &out));
    teardown(f);
}

static void test_limits(void)
{
    fixture *f = setup();
    char *deep = malloc(200000);
    bw_node *out;

    memset(deep, '[', 100000);
    memset(deep + 100000, ']', 100000);
    CHECK_STATUS(&f->ctx, parse(f, deep, 200000, &out), BW_ERR_LIMIT);
    CHECK_UINT(f->ctx.error.needed, 129);
    CHECK_UINT(f->ctx.error.limit, 128);
    CHECK_OK(&f->ctx, parse(f, deep + 100000 - 128, 256, &out));
    CHECK_STATUS(&f->ctx, parse(f, deep + 100000 - 129, 258, &out), BW_ERR_LIMIT);

    f->ctx.limits.max_depth = 1000000; /* cJSON's own limit is 1000 */
    CHECK_STATUS(&f->ctx, parse(f, deep, 200000, &out), BW_ERR_LIMIT);
    CHECK_UINT(f->ctx.error.limit, 1000);
    CHECK_OK(&f->ctx, parse(f, deep + 100000 - 1000, 2000, &out));
    free(deep);

    f->ctx.limits.max_document_bytes = 4;
    CHECK_OK(&f->ctx, parse(f, "1234", 4, &out));
    CHECK_STATUS(&f->ctx, parse(f, "12345", 5, &out), BW_ERR_LIMIT);
    CHECK_TEXT(f->ctx.error.message, "bytes of a document: 5 exceeds the limit of 4");
    teardown(f);
}

/* Time grows as the text does, for shapes that invite more. */
static void test_long_documents(void)
{
    enum { LEN = 2000000 };
    fixture *f = setup();
    char *text = malloc(LEN);
    bw_node *out;

    memset(text, '1', LEN); /* one number */
    CHECK_OK(&f->ctx, parse(f, text, LEN, &out));
    CHECK_NEAR(out->number, INFINITY, 0);
    for (int i = 0; i < LEN; i += 2) { /* a million items */
        memcpy(text + i, ",7", 2);
    }
    text[0] = '[';
    text[LEN - 1] = ']';
    text[LEN - 2] = ' ';
    text[LEN - 3] = '7';
    CHECK_OK(&f->ctx, parse(f, text, LEN, &out));
    CHECK_UINT(out->children.len, LEN / 2 - 1);
    memset(text, ' ', LEN);
    CHECK_STATUS(&f->ctx, parse(f, text, LEN, &out), BW_ERR_METADATA);
    free(text);
    teardown(f);
}

/* The tree and cJSON's hold a long string once each, the text another time; not more. */
static void test_memory_is_a_small_multiple(void)
{
    enum { LEN = 1000000 };
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_arena arena = {0};
    bw_node *out;
    char *text = malloc(LEN);

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    memset(text, 'x', LEN);
    text[0] = text[LEN - 1] = '"';
    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, (bw_view){(uint8_t *)text, LEN}, &out));
    CHECK(heap.peak_bytes < 2 * LEN + 10000);
    CHECK(heap.live_bytes < LEN + 10000);
    CHECK_UINT(heap.live_bytes, arena.nbytes); /* nothing but the tree stays */
    bw_arena_free(&ctx, &arena);
    CHECK_UINT(heap.live, 0);
    free(text);
}

static void test_without_memory(void)
{
    static const char text[] =
        "{\"a\": [1, NaN, \"text\", {\"b\": null}], \"long\": "
        "0.10000000000000000000000000000000000000000000000000000000000000000000000000001,"
        "\"k1\":1,\"k2\":2,\"k3\":3,\"k4\":4,\"k5\":5,\"k6\":6,\"k7\":7,\"k8\":8}";
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_node *out = NULL;
        st = bw_json_parse(&ctx, &arena, BW_VIEW(text), &out);
        CHECK((st == BW_OK) == (out != NULL));
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_leaves);
    RUN(test_integers);
    RUN(test_floats);
    RUN(test_numbers_meet_their_nodes);
    RUN(test_strings);
    RUN(test_malformed);
    RUN(test_nul_characters_are_text);
    RUN(test_byte_order_marks);
    RUN(test_truncations);
    RUN(test_limits);
    RUN(test_long_documents);
    RUN(test_memory_is_a_small_multiple);
    RUN(test_without_memory);
    return check_summary();
}
