/* SPDX-License-Identifier: MIT */
/**
 * JSON stores: where entries are, whatever the blocks; what an entry is; what is refused and where.
 * Expected trees come from bw_json_parse(), which is cJSON.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/pack.h"
#include "check.h"
#include "failing_allocator.h"
#include "text/json_index.h"
#include "text/json_read.h"
#include "memory_host.h"

static const char store_text[] =
    "[\n"
    "  {\"_index\": 0, \"_group_name\": \"entry_0000000000\", \"_meta\": {\"step\": 3, \"a\": [1, {}]},\n"
    "   \"data\": {\"step\": 3, \"step_size\": 0.5, \"time\": 1e3, \"text\": \"{[,\\\"\\\\\", \"step2\": 9,\n"
    "            \"in\": {\"step\": 7, \"time\": 8}, \"null\": null}},\n"
    "  { \"data\" : { \"time\" :NaN , \"step\":4 } , \"_meta\":{}, \"_group_name\" : \"entry_0000000001\" ,"
    "\"_index\" :1 }\n,"
    "{\"_index\": 2, \"data\": {\"x\": {\"__ndarray__\": true, \"dtype\": \"<f8\", \"shape\": [2],"
    " \"encoding\": \"dense\", \"data\": \"AAAAAAAA8D8AAAAAAAAAQA==\"}, \"\xC3\x86\": 1},"
    " \"_group_name\": \"entry_0000000002\"}\n"
    "]\n";

static bw_status index_in_blocks(bw_ctx *ctx, bw__text_index *index, bw_view text, size_t block)
{
    bw__json_indexer *indexer = NULL;
    bw_status st;

    BW_GO(bw__json_indexer_new(ctx, index, &indexer));
    for (size_t at = 0; at < text.len; at += block) {
        size_t left = text.len - at;
        /* of its own, so that a sanitizer sees what reads past it */
        uint8_t *copy = malloc(left < block ? left : block);
        memcpy(copy, text.ptr + at, left < block ? left : block);
        st = bw__json_indexer_feed(ctx, indexer, (bw_view){copy, left < block ? left : block});
        free(copy);
        if (st != BW_OK) {
            goto done;
        }
    }
    st = bw__json_indexer_end(ctx, indexer);
done:
    bw__json_indexer_free(ctx, indexer);
    return st;
}

/* Finding ----------------------------------------------------------------------------------- */

static void check_entry(const bw__text_entry *entry, size_t offset, size_t length, const char *index,
                        const char *name, const char *meta, const char *step, const char *time)
{
    const struct {
        bw_view actual;
        const char *expected;
    } texts[] = {{entry->index, index}, {entry->name, name}, {entry->meta, meta},
                 {entry->step, step},   {entry->time, time}};

    CHECK_UINT(entry->at.offset, offset);
    CHECK_UINT(entry->length, length);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].expected == NULL) {
            CHECK(texts[i].actual.ptr == NULL);
        } else {
            CHECK_VIEW(texts[i].actual, texts[i].expected);
        }
    }
}

static void test_index(void)
{
    const char *second = strstr(store_text, "{ \"data\""), *third = strstr(store_text, "{\"_index\": 2");
    bw_view text = bw_view_text(store_text);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t block = 1; block <= text.len; block++) {
        bw__text_index index = {0};

        if (!CHECK_OK(&ctx, index_in_blocks(&ctx, &index, text, block)) ||
            !CHECK_UINT(index.count, 3)) {
            return;
        }
        check_entry(&index.entries[0], 4, (size_t)(strstr(store_text, "}},") - store_text) - 2, "0",
                    "\"entry_0000000000\"", "{\"step\": 3, \"a\": [1, {}]}", "3", "1e3");
        CHECK_VIEW(index.entries[0].step_size, "0.5");
        check_entry(&index.entries[1], (size_t)(second - store_text),
                    (size_t)(strstr(second, "\n,") - second), "1", "\"entry_0000000001\"", "{}", "4",
                    "NaN");
        check_entry(&index.entries[2], (size_t)(third - store_text),
                    (size_t)(strstr(third, "\n]") - third), "2", "\"entry_0000000002\"", NULL, NULL,
                    NULL);
        CHECK_UINT(index.entries[0].at.line, 2);
        CHECK_UINT(index.entries[0].at.column, 3);
        CHECK_UINT(index.entries[2].at.line, 6);
        CHECK_UINT(index.entries[2].at.column, 2);
        bw__text_index_free(&ctx, &index);
    }
}

static void test_nothing(void)
{
    static const char *const empty[] = {"", " \n", "[]", "[ ]\n", "\xEF\xBB\xBF[]"};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        bw__text_index index = {0};
        CHECK_OK(&ctx, index_in_blocks(&ctx, &index, bw_view_text(empty[i]), 1));
        CHECK_UINT(index.count, 0);
        bw__text_index_free(&ctx, &index);
    }
}

static void test_no_store(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"{}", "line 1, column 1: '{' where a list of entries is due"},
        {"5", "line 1, column 1: '5' where a list of entries is due"},
        {"\"a\"", "line 1, column 1: '\"' where a list of entries is due"},
        {"[\n 5]", "line 2, column 2: '5' where an entry or ']' is due"},
        {"[{},]", "line 1, column 5: ']' where an entry is due"},
        {"[{}{}]", "line 1, column 4: '{' where ',' or ']' is due"},
        {"[{}", "line 1, column 4: the file ends where ',' or ']' is due"},
        {"[{\"a\": [}]", "line 1, column 9: '}' where ']' is due"},
        {"[{\"a\": \"b]", "line 1, column 11: the file ends where the end of a string is due"},
        {"[{\"\xC3\x86\xC3\x86\": ]", "line 1, column 9: ']' where '}' is due"},
        {"[] []", "line 1, column 4: '[' where the end of the file is due"},
        {"[]\n\nx", "line 3, column 1: 'x' where the end of the file is due"},
        {"[{}]]", "line 1, column 5: ']' where the end of the file is due"},
        {"\xEF\xBB\xBFx", "line 1, column 1: 'x' where a list of entries is due"},
        {"[null]", "line 1, column 2: 'n' where an entry or ']' is due"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t block = 1; block <= strlen(cases[i].text); block++) {
            bw__text_index index = {0};
            CHECK_STATUS(&ctx, index_in_blocks(&ctx, &index, bw_view_text(cases[i].text), block),
                         BW_ERR_METADATA);
            CHECK_TEXT(ctx.error.message, cases[i].message);
            bw__text_index_free(&ctx, &index);
        }
    }
}

static void test_truncated(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t len = 1; len < strlen(store_text) - 1; len++) {
        bw__text_index index = {0};
        CHECK_STATUS(&ctx, index_in_blocks(&ctx, &index, (bw_view){(const uint8_t *)store_text, len},
                                           64), BW_ERR_METADATA);
        CHECK_CONTAINS(ctx.error.message, "the file ends where");
        bw__text_index_free(&ctx, &index);
    }
}

static void test_deep(void)
{
    enum { DEPTH = 100000 };
    char *text = malloc(DEPTH + 16);
    bw__text_index index = {0};
    bw_node *tree;
    bw__text_place at = {0, 1, 1};
    bw_arena arena = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    memset(text, '[', DEPTH);
    memcpy(text, "[{\"a\":", 6);
    CHECK_STATUS(&ctx, index_in_blocks(&ctx, &index, (bw_view){(uint8_t *)text, DEPTH}, 4096),
                 BW_ERR_LIMIT);
    CHECK_CONTAINS(ctx.error.message, "line 1, column 134: nesting depth of a document");
    CHECK_UINT(ctx.error.limit, ctx.limits.max_depth);
    bw__text_index_free(&ctx, &index);
    CHECK_STATUS(&ctx, bw__json_read(&ctx, &arena, (bw_view){(uint8_t *)text + 6, DEPTH - 6}, &at,
                                     NULL, &tree), BW_ERR_LIMIT);
    CHECK_CONTAINS(ctx.error.message, "line 1, column 129: nesting depth of a document");
    bw_arena_free(&ctx, &arena);
    free(text);
}

/* Reading ----------------------------------------------------------------------------------- */

static bw_status read_text(bw_ctx *ctx, bw_arena *arena, const char *text, bw_node **out)
{
    bw__text_place at = {0, 1, 1};
    uint8_t *copy = malloc(strlen(text) + 1);
    bw_view view = {copy, strlen(text)};
    bw_status st;

    memcpy(copy, text, view.len);
    st = bw__json_read(ctx, arena, view, &at, NULL, out);
    if (st == BW_OK) {
        st = bw__text_own(ctx, arena, view, *out);
    }
    free(copy);
    return st;
}

/* What is JSON (RFC 8259), and the three tokens of Python's json module. */
static void test_accepted(void)
{
    static const char *const texts[] = {
        "null", "true", "false", "0", "-0", "1", "-1", "12345678901234567890", "-9223372036854775808",
        "9223372036854775807", "18446744073709551615", "18446744073709551616", "-9223372036854775809",
        "0.0", "-0.0", "1.0", "1e5", "1E5", "1e+5", "1e-5", "0e0", "0.1", "0.30000000000000004",
        "2.2250738585072011e-308", "5e-324", "4.9e-324", "2e-324", "1e-400", "1.7976931348623157e308",
        "1e308", "1e400", "-1e400", "9007199254740993", "9007199254740993.0", "123456789012345678e-5",
        "1e22", "1e23", "8.5e22", "0.000001", "3.141592653589793", "1.00000000000000011102230246251565",
        "1.000000000000000111022302462515654042363166809082031251", "NaN", "Infinity", "-Infinity",
        "\"\"", "\"a\"", "\"\\u0041\\n\\t\\\"\\\\\\/\\b\\f\\r\"", "\"\\ud83d\\ude00\"",
        "\"\xF0\x9F\x98\x80 \xE2\x82\xAC \xC3\x86\"", "\"\\u00e6\"", "\"\x7F\"", "\"/\"",
        "[]", "[ ]", "{}", "{ }", "[1,2]", " [ 1 , [ ] , { } ] ", "\t\r\n[\t\r\n1\t\r\n]\t\r\n",
        "{\"a\":1,\"b\":{\"a\":[{}]}}", "{\"\":0}", "{\"a\\u0062\": {\"\\\"\": 1}}",
        "[1e0, 1.5, -2, \"x\", null, true, [false], {\"k\": \"v\"}]",
        "\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
        "12345678901234567890123456789012345678901234567890123456789 \\u00e6 \xC3\xA6\"",
        "[\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
        "12345678901234567890123456789012345678901234567890123456789\", \"\xC3\xA6\"]",
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bw_arena arena = {0};
        bw_bytes actual = {0}, expected = {0};
        bw_node *node, *other;

        if (CHECK_OK(&ctx, read_text(&ctx, &arena, texts[i], &node)) &&
            CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_view_text(texts[i]), &other))) {
            CHECK_OK(&ctx, bw_pack(&ctx, node, &actual));
            CHECK_OK(&ctx, bw_pack(&ctx, other, &expected));
            if (!CHECK(bw_view_equal(bw_bytes_view(&actual), bw_bytes_view(&expected)))) {
                printf("    %s\n", texts[i]);
            }
        }
        bw_bytes_free(&ctx, &actual);
        bw_bytes_free(&ctx, &expected);
        bw_arena_free(&ctx, &arena);
    }
}

static void test_rejected(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "line 1, column 1: the text ends where a value is due"},
        {"nul", "line 1, column 1: 'n' where a value is due"},
        {"True", "'T' where a value is due"},
        {"01", "line 1, column 2: '1' where the end of the text is due"},
        {"+1", "'+' where a value is due"},
        {"-", "line 1, column 2: the text ends where a digit is due"},
        {"-a", "line 1, column 2: 'a' where a digit is due"},
        {".5", "'.' where a value is due"},
        {"1.", "line 1, column 3: the text ends where a digit is due"},
        {"1.e5", "line 1, column 3: 'e' where a digit is due"},
        {"1e", "the text ends where a digit is due"},
        {"1e+", "the text ends where a digit is due"},
        {"0x1F", "line 1, column 2: 'x'"},
        {"-NaN", "line 1, column 2: 'N' where a digit is due"},
        {"nan", "'n' where a value is due"},
        {"inf", "'i' where a value is due"},
        {"'a'", "''' where a value is due"},
        {"\"a", "the text ends where the end of a string is due"},
        {"\"\n\"", "line 1, column 2: a control character in a string"},
        {"\"\t\"", "a control character in a string"},
        {"\"\\x41\"", "line 1, column 2: an escape that does not exist"},
        {"\"\\u00g0\"", "\\u without four hexadecimal digits"},
        {"\"\\u12", "\\u without four hexadecimal digits"},
        {"\"\\ud800\"", "half of a surrogate pair"},
        {"\"\\ud800\\u0041\"", "half of a surrogate pair"},
        {"\"\\udc00\"", "half of a surrogate pair"},
        {"\"\\\"", "the text ends where the end of a string is due"},
        {"\"\\", "an escape that does not exist"},
        {"\"\xFF\"", "line 1, column 2: a string is not UTF-8"},
        {"\"\xC3\"", "a string is not UTF-8"},
        {"\"\xC0\xAF\"", "a string is not UTF-8"},
        {"\"\xED\xA0\x80\"", "a string is not UTF-8"},
        {"\"\xF4\x90\x80\x80\"", "a string is not UTF-8"},
        {"[1,]", "line 1, column 4: ']' where a value is due"},
        {"[,1]", "',' where a value is due"},
        {"[1 2]", "line 1, column 4: '2' where ',' or ']' is due"},
        {"[1", "the text ends where ',' or ']' is due"},
        {"[", "the text ends where a value is due"},
        {"]", "']' where a value is due"},
        {"[}", "'}' where a value is due"},
        {"{\"a\":1,}", "line 1, column 8: '}' where a key is due"},
        {"{\"a\"}", "'}' where ':' is due"},
        {"{\"a\" 1}", "'1' where ':' is due"},
        {"{\"a\":}", "'}' where a value is due"},
        {"{a:1}", "'a' where a key is due"},
        {"{1:1}", "'1' where a key is due"},
        {"{\"a\":1 \"b\":2}", "'\"' where ',' or '}' is due"},
        {"{", "the text ends where a key is due"},
        {"{\"a\":1", "the text ends where ',' or '}' is due"},
        {"[1]]", "line 1, column 4: ']' where the end of the text is due"},
        {"1 2", "'2' where the end of the text is due"},
        {"[1] // no", "'/' where the end of the text is due"},
        {"/* no */ 1", "'/' where a value is due"},
        {"\xEF\xBB\xBF" "1", "byte 0xef where a value is due"},
        {"[1,\xC2\xA0" "2]", "byte 0xc2 where a value is due"},
        {"[\v1]", "byte 0x0b where a value is due"},
        {"{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}", "line 2, column 16: the key \"c\" comes twice"},
        {"{\"a\": 1, \"\\u0061\": 2}", "line 1, column 10: the key \"a\" comes twice"},
        {"[\n\n  \"\xC3\x86\", x]", "line 3, column 8: 'x' where a value is due"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bw_arena arena = {0};
        bw_node *node;

        if (!CHECK_STATUS(&ctx, read_text(&ctx, &arena, cases[i].text, &node), BW_ERR_METADATA) ||
            !CHECK_CONTAINS(ctx.error.message, cases[i].message)) {
            printf("    %s\n", cases[i].text);
        }
        CHECK_CONTAINS(ctx.error.message, "line ");
        bw_arena_free(&ctx, &arena);
    }
}

static void test_million_digits(void)
{
    enum { DIGITS = 1000000 };
    static const char *const leads[] = {"", "0.", "-", "1e"};
    char *text = malloc(DIGITS + 8);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        bw_arena arena = {0};
        bw_node *node;

        memset(text, '7', DIGITS);
        memcpy(text, leads[i], strlen(leads[i]));
        text[DIGITS] = '\0';
        CHECK_STATUS(&ctx, read_text(&ctx, &arena, text, &node), BW_ERR_LIMIT);
        CHECK_CONTAINS(ctx.error.message, "line 1, column 1: characters of a number");
        CHECK_UINT(ctx.error.needed, DIGITS);
        bw_arena_free(&ctx, &arena);
    }
    free(text);
}

static void test_nul(void)
{
    bw_arena arena = {0};
    bw_node *node;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, read_text(&ctx, &arena, "[\"a\\u0000b\", \"\\u0000\"]", &node));
    CHECK(bw_view_equal(node->children.items[0]->text, (bw_view){(const uint8_t *)"a\0b", 3}));
    CHECK_UINT(node->children.items[1]->text.len, 1);
    bw_arena_free(&ctx, &arena);
}

/* Operations -------------------------------------------------------------------------------- */

static const bw_node *params(bw_ctx *ctx, bw_arena *arena, const char *text)
{
    bw_node *node = NULL;
    return bw_json_parse(ctx, arena, bw_view_text(text), &node) == BW_OK ? node : NULL;
}

static bw_status run_one(bw_ctx *ctx, bw_host *host, bw_store *store, const char *name,
                         const char *text, bw_arena *arena, bw_bytes *packed)
{
    const bw_node *given = params(ctx, arena, text);
    bw_op *op = NULL;
    bw_status st;

    if (given == NULL) {
        return ctx->error.status;
    }
    BW_TRY(bw_host_run(ctx, host, store, name, given, &op));
    st = packed == NULL ? BW_OK : bw_pack(ctx, bw_op_result(op), packed);
    bw_op_free(ctx, op);
    return st;
}

/* Opens, lists, loads, reads, verifies and encodes. */
static bw_status run_all(bw_ctx *ctx, bw_arena *arena)
{
    bw_host host = {.file = bw_view_text(store_text)};
    bw_store *store = NULL;
    bw_bytes packed = {0};
    char text[100];
    bw_status st;

    BW_TRY(bw_store_new(ctx, &store));
    snprintf(text, sizeof text, "{\"format\": \"json\", \"size\": %zu}", strlen(store_text));
    BW_GO(run_one(ctx, &host, store, "text.open", text, arena, NULL));
    BW_GO(run_one(ctx, &host, store, "text.entries",
                  "{\"groups\": [\"entry_0000000000\", \"entry_0000000002\"]}", arena, NULL));
    BW_GO(run_one(ctx, &host, store, "text.load", "{\"group\": \"entry_0000000000\", \"fields\": null}",
                  arena, NULL));
    BW_GO(run_one(ctx, &host, store, "text.load",
                  "{\"group\": \"entry_0000000000\", \"fields\": [[\"in\", \"time\"]]}", arena, &packed));
    BW_GO(run_one(ctx, &host, store, "text.read",
                  "{\"group\": \"entry_0000000002\", \"path\": [\"x\"], \"slice\": [[1, null, null]]}",
                  arena, NULL));
    BW_GO(run_one(ctx, &host, store, "text.inventory", "{\"group\": \"entry_0000000002\"}", arena,
                  NULL));
    BW_GO(run_one(ctx, &host, store, "text.verify", "{\"group\": \"entry_0000000001\"}", arena,
                  NULL));
    BW_GO(run_one(ctx, &host, store, "text.encode",
                  "{\"format\": \"json\", \"entries\": [{\"idx\": 4, \"meta\": {}, \"data\": {\"a\": [1,"
                  " 2.5, NaN, \"\xC3\x86\"], \"b\": Infinity}}]}", arena, NULL));
done:
    bw_bytes_free(ctx, &packed);
    bw_store_free(ctx, store);
    return st;
}

static void test_operations(void)
{
    bw_arena arena = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, run_all(&ctx, &arena));
    bw_arena_free(&ctx, &arena);
}

static void test_failing_allocator(void)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        st = run_all(&ctx, &arena);
        bw_arena_free(&ctx, &arena);
    }
}

static void test_part_missing(void)
{
    static const char *const names[] = {"text.open", "text.load"};
    bw_arena arena = {0};
    bw_host host = {.file = bw_view_text(store_text)};
    bw_store *store = NULL;
    char text[100];
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < 2; i++) {
        CHECK_OK(&ctx, bw_store_new(&ctx, &store));
        snprintf(text, sizeof text, "{\"format\": \"json\", \"size\": %zu, \"location\": \"run.json\"}",
                 strlen(store_text) + (i == 0));
        host.file = bw_view_text(store_text);
        if (i == 1) {
            CHECK_OK(&ctx, run_one(&ctx, &host, store, "text.open", text, &arena, NULL));
            host.file.len = 40;
        }
        CHECK_STATUS(&ctx, run_one(&ctx, &host, store, names[i], i == 0 ? text
                                   : "{\"group\": \"entry_0000000000\"}", &arena, NULL),
                     BW_ERR_CORRUPT);
        CHECK_CONTAINS(ctx.error.message, i == 0 ? "run.json: the file gave 522 of 523 bytes"
                                                 : "entry_0000000000: the file gave 36 of 226 bytes");
        bw_store_free(&ctx, store);
    }
    bw_arena_free(&ctx, &arena);
}

int main(void)
{
    RUN(test_index);
    RUN(test_nothing);
    RUN(test_no_store);
    RUN(test_truncated);
    RUN(test_deep);
    RUN(test_accepted);
    RUN(test_rejected);
    RUN(test_million_digits);
    RUN(test_nul);
    RUN(test_operations);
    RUN(test_failing_allocator);
    RUN(test_part_missing);
    return check_summary();
}
