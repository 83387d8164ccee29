/* SPDX-License-Identifier: MIT */
/**
 * YAML stores: where entries are, whatever the blocks; anchors across entries; documents that are
 * YAML to libyaml and PyYAML 6 or are not (what they mean was looked up there).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/pack.h"
#include "check.h"
#include "failing_allocator.h"
#include "text/yaml_index.h"
#include "text/yaml_read.h"
#include "memory_host.h"

static const char store_text[] =
    "# made by hand\n"
    "---\n"
    "- _index: 0\n"
    "  _group_name: entry_0000000000\n"
    "  _meta:\n"
    "    step: 3\n"
    "\n"
    "    tags:\n"
    "    - a\n"
    "  data:\n"
    "    step: 3\n"
    "    step_size: &s !np_scalar\n"
    "      dtype: float32\n"
    "      value: 0.5\n"
    "    time: 1.0e+3\n"
    "    in:\n"
    "      step: 7\n"
    "    x: &x !ndarray\n"
    "      dtype: float64\n"
    "      shape:\n"
    "      - 2\n"
    "      data: AAAAAAAA8D8AAAAAAAAAQA==\n"
    "    y: *x\n"
    "- _index: 1\r\n"
    "  _group_name: entry_0000000001\r\n"
    "  _meta: {}\r\n"
    "  data: {step: 4, x: *x, z: &z [1, 2]}\r\n"
    "-\n"
    "  data:\n"
    "    time: *s\n"
    "    w: &w\n"
    "    - *z\n"
    "    text: |\n"
    "      - not an entry\n"
    "      &no *anchor\n"
    "  _group_name: entry_0000000002\n"
    "  _index: 2\n"
    "- _index: 3\n"
    "  _group_name: entry_0000000003\n"
    "  _meta: {}\n"
    "  data:\n"
    "    v: *w\n";

static bw_status index_in_blocks(bw_ctx *ctx, bw__text_index *index, bw_view text, size_t block)
{
    bw__yaml_indexer *indexer = NULL;
    bw_status st;

    BW_GO(bw__yaml_indexer_new(ctx, index, &indexer));
    for (size_t at = 0; at < text.len; at += block) {
        size_t len = text.len - at < block ? text.len - at : block;
        uint8_t *copy = malloc(len);
        memcpy(copy, text.ptr + at, len);
        st = bw__yaml_indexer_feed(ctx, indexer, (bw_view){copy, len});
        free(copy);
        if (st != BW_OK) {
            goto done;
        }
    }
    st = bw__yaml_indexer_end(ctx, indexer);
done:
    bw__yaml_indexer_free(ctx, indexer);
    return st;
}

static void check_needs(const bw__text_entry *entry, uint32_t count, int64_t first)
{
    CHECK_UINT(entry->needs == NULL ? 0 : entry->needs->children.len, count);
    if (entry->needs != NULL && count > 0) {
        CHECK_INT(entry->needs->children.items[0]->integer, first);
    }
}

static void test_index(void)
{
    bw_view text = bw_view_text(store_text);
    const char *second = strstr(store_text, "- _index: 1"), *third = strstr(store_text, "-\n  data");
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t block = 1; block <= text.len; block++) {
        bw__text_index index = {0};
        bw__text_entry *e;

        if (!CHECK_OK(&ctx, index_in_blocks(&ctx, &index, text, block)) ||
            !CHECK_UINT(index.count, 4) || !CHECK(!index.unusual)) {
            return;
        }
        e = index.entries;
        CHECK_UINT(e[0].at.offset, 19);
        CHECK_UINT(e[0].at.line, 3);
        CHECK_UINT(e[1].at.offset, (size_t)(second - store_text));
        CHECK_UINT(e[0].length, e[1].at.offset - e[0].at.offset);
        CHECK_UINT(e[2].at.offset, (size_t)(third - store_text));
        CHECK_UINT(e[3].at.offset + e[3].length, text.len);
        CHECK_VIEW(e[0].index, " 0\n");
        CHECK_VIEW(e[0].name, " entry_0000000000\n");
        CHECK_VIEW(e[0].meta, "\n    step: 3\n\n    tags:\n    - a\n");
        CHECK_VIEW(e[0].step, " 3\n");
        CHECK_VIEW(e[0].step_size, " &s !np_scalar\n      dtype: float32\n      value: 0.5\n");
        CHECK_VIEW(e[0].time, " 1.0e+3\n");
        CHECK(!e[0].unclear);
        CHECK_VIEW(e[1].name, " entry_0000000001\r\n");
        CHECK_VIEW(e[2].time, " *s\n");
        CHECK(e[2].unclear);
        check_needs(&e[0], 0, 0);
        check_needs(&e[1], 1, 0);
        check_needs(&e[2], 2, 0);
        check_needs(&e[3], 1, 2);
        bw__text_index_free(&ctx, &index);
    }
}

/* A byte order mark is no part of the first entry, and characters that begin like a break are none. */
static void test_marks(void)
{
    static const char *const texts[] = {"\xEF\xBB\xBF- a: 1\n- b: 2\n",
                                        "- a: \xE2\x80\xA6\xE2\x86\x92\xC2\xA0\r\n- b: \xE2\xC2\n"};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t block = 3; block <= strlen(texts[i]); block++) {
            bw__text_index index = {0};

            CHECK_OK(&ctx, index_in_blocks(&ctx, &index, bw_view_text(texts[i]), block));
            CHECK(!index.unusual);
            if (CHECK_UINT(index.count, 2)) {
                CHECK_UINT(index.entries[0].at.offset, i == 0 ? 3 : 0);
            }
            bw__text_index_free(&ctx, &index);
        }
    }
}

static void test_unusual(void)
{
    static const char *const texts[] = {"[]", "{a: 1}", "a: 1\n", "  - a\n", "%YAML 1.1\n---\n- a\n",
                                        "- a\nb", "- a\n---\n- b\n", "\t- a\n",
                                        "--- []\n", "- a\n...\n- b\n", "'- a'", "- a\r- b",
                                        "- a\xC2\x85- b\n", "- a\n- b\xE2\x80\xA8- c\n",
                                        "- a\xE2\x80\xA9- b\n", "- a\r\r\n- b\n"};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t block = 1; block <= strlen(texts[i]); block++) {
            bw__text_index index = {0};
            CHECK_OK(&ctx, index_in_blocks(&ctx, &index, bw_view_text(texts[i]), block));
            if (!CHECK(index.unusual)) {
                printf("    %s\n", texts[i]);
            }
            bw__text_index_free(&ctx, &index);
        }
    }
}

/* Reading ----------------------------------------------------------------------------------- */

static bw_status read_text(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_node **out)
{
    const bw__text_place start = {0, 1, 1};
    bw__yaml_anchors anchors = {0};

    return bw__yaml_read(ctx, arena, text, &start, &anchors, out);
}

/* What PyYAML's safe_load() makes of a text, as JSON. */
static void test_valid(void)
{
    static const struct {
        const char *yaml, *json;
    } cases[] = {
        {"", "null"}, {"# nothing\n", "null"}, {"---\n", "null"}, {"~", "null"}, {"Null", "null"},
        {"nULL", "\"nULL\""}, {"yes", "true"}, {"Off", "false"}, {"y", "\"y\""}, {"oN", "\"oN\""},
        {"1", "1"}, {"+1", "1"}, {"-1", "-1"}, {"0", "0"}, {"-0", "0"}, {"017", "15"}, {"018", "\"018\""},
        {"0o17", "\"0o17\""}, {"0x1F", "31"}, {"-0x_1f", "-31"}, {"0b101", "5"}, {"1_000", "1000"},
        {"1:30", "90"}, {"-1:30:00", "-5400"}, {"1:60", "\"1:60\""}, {"1:30.5", "90.5"},
        {"12345678901234567890", "12345678901234567890"}, {"-9223372036854775808", "-9223372036854775808"},
        {"0xFFFFFFFFFFFFFFFF", "18446744073709551615"},
        {"1.5", "1.5"}, {"1.", "1.0"}, {".5", "0.5"}, {"-.5", "\"-.5\""}, {"1e5", "\"1e5\""},
        {"1.0e5", "\"1.0e5\""}, {"1.0e+5", "100000.0"}, {"1.e+5", "100000.0"}, {"1.5E-3", "0.0015"},
        {"1_0.5", "10.5"}, {"-0.0", "-0.0"}, {".inf", "Infinity"}, {"-.Inf", "-Infinity"},
        {"+.INF", "Infinity"}, {".nan", "NaN"}, {".NaN", "NaN"}, {".nAn", "\".nAn\""}, {"-.nan", "\"-.nan\""},
        {".", "\".\""}, {"1.2.3", "\"1.2.3\""}, {"-", "[null]"}, {"2001-01-01", "\"2001-01-01\""},
        {"=", "\"=\""}, {"'1'", "\"1\""}, {"\"a\\tb\\x41\\u00e6\\U0001F600\"", "\"a\\tbA\\u00e6\\ud83d\\ude00\""},
        {"'it''s'", "\"it's\""}, {"a\n b\n\n c\n", "\"a b\\nc\""}, {"'a\n  b'", "\"a b\""},
        {"\"a\\\n   b\"", "\"ab\""}, {"|\n a\n  b\n", "\"a\\n b\\n\""}, {">\n a\n b\n\n c\n", "\"a b\\nc\\n\""},
        {"|-\n a\n\n", "\"a\""}, {"|+\n a\n\n", "\"a\\n\\n\""}, {"|2\n   a\n", "\" a\\n\""},
        {"!!str 1", "\"1\""}, {"!!int 017", "15"}, {"!!float 1", "1.0"}, {"!!null ''", "null"},
        {"!!bool yes", "true"}, {"! 1", "\"1\""}, {"!!seq [a]", "[\"a\"]"}, {"!!map {a: 1}", "{\"a\": 1}"},
        {"[]", "[]"}, {"{}", "{}"}, {"[a, [b], {c: d},]", "[\"a\",[\"b\"],{\"c\":\"d\"}]"},
        {"- a\n- - b\n  - c\n-\n  d: e\n", "[\"a\",[\"b\",\"c\"],{\"d\":\"e\"}]"},
        {"a:\n- 1\n- 2\nb:\n  - 3\n", "{\"a\":[1,2],\"b\":[3]}"}, {"a: b: c", NULL},
        {"a:\nb: ", "{\"a\":null,\"b\":null}"}, {"? a\n: b\n", "{\"a\":\"b\"}"}, {"{a, b: }", "{\"a\":null,\"b\":null}"},
        {"1: a\ntrue: b\n~: c\n", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\"}"},
        {"a: &x 1\nb: *x\n", "{\"a\":1,\"b\":1}"}, {"- &x [1]\n- *x\n- [*x, *x]\n", "[[1],[1],[[1],[1]]]"},
        {"- &x {a: 1, b: 2}\n- {<<: *x, b: 3}\n", "[{\"a\":1,\"b\":2},{\"a\":1,\"b\":3}]"},
        {"<<: [{a: 1}, {a: 2, b: 2}]\nc: 3\n", "{\"a\":1,\"b\":2,\"c\":3}"},
        {"&k a: 1\nb: *k\n", "{\"a\":1,\"b\":\"a\"}"}, {"a: 1 # one\n#two\nb: 'x#y'\n", "{\"a\":1,\"b\":\"x#y\"}"},
        {"%YAML 1.1\n---\na\n...\n", "\"a\""}, {"%TAG !e! tag:yaml.org,2002:\n---\n!e!str 1\n", "\"1\""},
        {"\xC3\x86: \xF0\x9F\x98\x80", "{\"\\u00c6\":\"\\ud83d\\ude00\"}"}, {"a: http://b:80/#c", "{\"a\":\"http://b:80/#c\"}"},
        {"!np_scalar {dtype: int64, value: 5}", "5"}, {"!np_scalar\ndtype: float32\nvalue: .nan\n", "NaN"},
        {"!ndarray {dtype: bool, shape: [0], data: []}",
         "{\"dtype\":\"bool\",\"shape\":[0],\"data\":[],\"__ndarray__\":true,\"encoding\":\"list\"}"},
        {"!ndarray {dtype: int8, shape: [3], data: AQID}",
         "{\"dtype\":\"int8\",\"shape\":[3],\"data\":\"AQID\",\"__ndarray__\":true,\"encoding\":\"base64\"}"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bw_arena arena = {0};
        bw_bytes actual = {0}, expected = {0};
        bw_node *node, *other;
        bw_status st = read_text(&ctx, &arena, bw_view_text(cases[i].yaml), &node);

        if (cases[i].json == NULL) {
            CHECK_STATUS(&ctx, st, BW_ERR_METADATA);
        } else if (CHECK_OK(&ctx, st) &&
                   CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, bw_view_text(cases[i].json), &other))) {
            CHECK_OK(&ctx, bw_pack(&ctx, node, &actual));
            CHECK_OK(&ctx, bw_pack(&ctx, other, &expected));
            if (!CHECK(bw_view_equal(bw_bytes_view(&actual), bw_bytes_view(&expected)))) {
                bw_bytes text = {0};
                bw_json_write(&ctx, node, BW_JSON_ZARR, &text);
                printf("    %s gives %.*s\n", cases[i].yaml, (int)text.len, (const char *)text.ptr);
                bw_bytes_free(&ctx, &text);
            }
        }
        bw_bytes_free(&ctx, &actual);
        bw_bytes_free(&ctx, &expected);
        bw_arena_free(&ctx, &arena);
    }
}

static void test_invalid(void)
{
    static const struct {
        const char *yaml;
        bw_status status;
        const char *message;
    } cases[] = {
        {"a: b: c", BW_ERR_METADATA, "line 1, column 5: mapping values are not allowed"},
        {"[a", BW_ERR_METADATA, "line 2, column 1: while parsing a flow sequence"},
        {"{a: 1", BW_ERR_METADATA, "while parsing a flow mapping"},
        {"- a\nb", BW_ERR_METADATA, "line 3, column 1: while scanning a simple key"},
        {"'a", BW_ERR_METADATA, "while scanning a quoted scalar, found unexpected end of stream"},
        {"\"\\q\"", BW_ERR_METADATA, "line 1, column 2: while parsing a quoted scalar, found unknown"},
        {"a:\n\tb", BW_ERR_METADATA, "line 2, column 1: while scanning for the next token"},
        {"@a", BW_ERR_METADATA, "line 1, column 1: while scanning for the next token"},
        {"%", BW_ERR_METADATA, "line 1"},
        {"a: 1\na: 2\n", BW_ERR_METADATA, "line 2, column 1: a key that comes twice: 'a'"},
        {"{a: 1, 'a': 2}", BW_ERR_METADATA, "line 1, column 8: a key that comes twice: 'a'"},
        {"- *x", BW_ERR_METADATA, "line 1, column 3: there is no anchor for the alias 'x'"},
        {"&x [*x]", BW_ERR_METADATA, "line 1, column 5: an alias within what it stands for: 'x'"},
        {"a\n---\nb\n", BW_ERR_METADATA, "line 2, column 1: a second document"},
        {"{<<: 1}", BW_ERR_METADATA, "<< merges maps only"},
        {"!!int a", BW_ERR_METADATA, "line 1, column 1: not a value of its tag: 'a'"},
        {"!!bool 1", BW_ERR_METADATA, "not a value of its tag: '1'"},
        {"!np_scalar {value: 1}", BW_ERR_METADATA, "!np_scalar has dtype and value"},
        {"[1]: a", BW_ERR_UNSUPPORTED, "line 1, column 1: a key that is no text"},
        {"a: !!python/object/apply:os.system ['echo']", BW_ERR_UNSUPPORTED,
         "line 1, column 4: a list with the tag 'tag:yaml.org,2002:python/object/apply:os.system'"},
        {"!!python/name:os.system ''", BW_ERR_UNSUPPORTED, "a scalar with the tag"},
        {"a:\n  !custom {x: 1}", BW_ERR_UNSUPPORTED, "line 2, column 3: a map with the tag '!custom'"},
        {"!!binary SGVsbG8=", BW_ERR_UNSUPPORTED, "a scalar with the tag 'tag:yaml.org,2002:binary'"},
        {"!!set {a, b}", BW_ERR_UNSUPPORTED, "a map with the tag 'tag:yaml.org,2002:set'"},
        {"!ndarray [1]", BW_ERR_UNSUPPORTED, "a list with the tag '!ndarray'"},
        {"a: \xFF", BW_ERR_METADATA, "line 1, column 4: invalid leading UTF-8 octet"},
        {"a: \xC3", BW_ERR_METADATA, "line 1, column 4: incomplete UTF-8 octet sequence"},
        {"a\n\xED\xA0\x80", BW_ERR_METADATA, "line 2, column 1: invalid Unicode character"},
        {"\x01", BW_ERR_METADATA, "line 1, column 1: control characters are not allowed"},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bw_arena arena = {0};
        bw_node *node;

        if (!CHECK_STATUS(&ctx, read_text(&ctx, &arena, bw_view_text(cases[i].yaml), &node),
                          cases[i].status) ||
            !CHECK_CONTAINS(ctx.error.message, cases[i].message)) {
            printf("    %s\n", cases[i].yaml);
        }
        CHECK_CONTAINS(ctx.error.message, "line ");
        bw_arena_free(&ctx, &arena);
    }
}

/* Nine levels of ten aliases each: 10^9 values of 500 bytes of text. */
static void test_alias_bomb(void)
{
    bw_arena arena = {0};
    char text[2000];
    size_t len = 0;
    bw_node *node;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    len += (size_t)snprintf(text, sizeof text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 10; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len,
                                "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
                                i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    }
    CHECK_STATUS(&ctx, read_text(&ctx, &arena, (bw_view){(uint8_t *)text, len}, &node), BW_ERR_LIMIT);
    CHECK_CONTAINS(ctx.error.message, "line 6, column 42: values that aliases stand for");
    CHECK(arena.nbytes < 100000);
    bw_arena_free(&ctx, &arena);
}

static void test_sizes(void)
{
    enum { COUNT = 100000 };
    static const struct {
        const char *unit, *message;
        bw_status status;
    } cases[] = {{"[", "nesting depth", BW_ERR_LIMIT}, {"- ", "nesting depth", BW_ERR_LIMIT},
                 {"{a: ", "nesting depth", BW_ERR_LIMIT}, {"9", "characters of a number", BW_ERR_LIMIT},
                 {"? ", "nesting depth", BW_ERR_UNSUPPORTED}};
    char *text = malloc(COUNT * 4 + 1);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t unit = strlen(cases[i].unit), count = unit == 1 && *cases[i].unit == '9' ? COUNT : COUNT / 2;
        bw_arena arena = {0};
        bw_node *node;

        for (size_t c = 0; c < count; c++) {
            memcpy(text + c * unit, cases[i].unit, unit);
        }
        CHECK_STATUS(&ctx, read_text(&ctx, &arena, (bw_view){(uint8_t *)text, count * unit}, &node),
                     cases[i].status);
        CHECK_CONTAINS(ctx.error.message, "line 1, column ");
        bw_arena_free(&ctx, &arena);
    }
    free(text);
}

/* Long runs of base64 are read by another way; they come out as they went in wherever they stand. */
static void test_long_runs(void)
{
    enum { RUN_BYTES = 5000 };
    static const char *const forms[] = {"a: %s\n", "a: '%s'\n", "a: x\n  %s\n  y\n", "a: |\n  b %s\n  %s\n",
                                        "a: # %s\n", "a: \"%s\n  %s\"\n", "a:\n- %s\n- %s\n", "a: 1 %s\r\n"};
    char *run = malloc(RUN_BYTES + 1), *text = malloc(3 * RUN_BYTES), *small = malloc(3 * RUN_BYTES);
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    memset(run, 'B', RUN_BYTES);
    run[RUN_BYTES] = '\0';
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        bw_arena arena = {0};
        bw_bytes long_text = {0}, short_text = {0};
        bw_node *node, *other;

        /* the same with a run that is too short for the other way, lengthened in JSON */
        snprintf(text, 3 * RUN_BYTES, forms[i], run, run);
        snprintf(small, 3 * RUN_BYTES, forms[i], "QQQQ", "QQQQ");
        CHECK_OK(&ctx, read_text(&ctx, &arena, bw_view_text(text), &node));
        CHECK_OK(&ctx, read_text(&ctx, &arena, bw_view_text(small), &other));
        CHECK_OK(&ctx, bw_json_write(&ctx, node, BW_JSON_COMPACT, &long_text));
        CHECK_OK(&ctx, bw_json_write(&ctx, other, BW_JSON_COMPACT, &short_text));
        for (size_t at = 0, s = 0; s < short_text.len; s++) {
            if (s + 4 <= short_text.len && memcmp(short_text.ptr + s, "QQQQ", 4) == 0) {
                CHECK(at + RUN_BYTES <= long_text.len && memcmp(long_text.ptr + at, run, RUN_BYTES) == 0);
                at += RUN_BYTES;
                s += 3;
            } else {
                CHECK(at < long_text.len && long_text.ptr[at] == short_text.ptr[s]);
                at++;
            }
        }
        bw_bytes_free(&ctx, &long_text);
        bw_bytes_free(&ctx, &short_text);
        bw_arena_free(&ctx, &arena);
    }
    free(run);
    free(text);
    free(small);
}

/* The mark that stands for a run is a character; where an escape makes it, it is that character. */
static void test_escaped_marks(void)
{
    enum { RUN_BYTES = 1300 };
    static const struct {
        const char *escaped, *plain;
    } cases[] = {
        {"\\uE000999999999 xxxxxxxx", "\xEE\x80\x80" "999999999 xxxxxxxx"},
        {"\\ue0000\\uE000 ", "\xEE\x80\x80" "0" "\xEE\x80\x80 "},
        {"\\U0000E0000\\U0000e000", "\xEE\x80\x80" "0" "\xEE\x80\x80"},
        {"\\uE0000000000", "\xEE\x80\x80" "0000000"},
        {"\\uE00018446744073709551615\\uE000", "\xEE\x80\x80" "18446744073709551615" "\xEE\x80\x80"},
        {"\\uE001\\\\uE000 \\\\U", "\xEE\x80\x81\\uE000 \\U"},
    };
    char run[RUN_BYTES + 1], text[2 * RUN_BYTES];
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    memset(run, 'A', RUN_BYTES);
    run[RUN_BYTES] = '\0';
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bw_arena arena = {0};
        bw_view got = {0};
        bw_node *node;

        snprintf(text, sizeof text, "a: %s\nb: \"%s\"\n\"%s\": 1\n", run, cases[i].escaped, cases[i].escaped);
        if (CHECK_OK(&ctx, read_text(&ctx, &arena, bw_view_text(text), &node))) {
            CHECK(bw_map_get_string(node, "a", &got) && bw_view_equal(got, bw_view_text(run)));
            CHECK(bw_map_get_string(node, "b", &got) && bw_view_equal(got, bw_view_text(cases[i].plain)));
            CHECK(bw_map_get_text(node, cases[i].plain) != NULL);
        }
        bw_arena_free(&ctx, &arena);
    }
}

/* Operations -------------------------------------------------------------------------------- */

static bw_status run_one(bw_ctx *ctx, bw_host *host, bw_store *store, const char *name,
                         const char *text, bw_arena *arena, bw_bytes *json)
{
    bw_node *given = NULL;
    bw_op *op = NULL;
    bw_status st;

    BW_TRY(bw_json_parse(ctx, arena, bw_view_text(text), &given));
    BW_TRY(bw_host_run(ctx, host, store, name, given, &op));
    json->len = 0;
    st = strcmp(name, "text.load") == 0 || strcmp(name, "text.encode") == 0
             ? BW_OK : bw_json_write(ctx, bw_op_result(op), BW_JSON_COMPACT, json);
    bw_op_free(ctx, op);
    return st;
}

static bw_status run_all(bw_ctx *ctx, bw_arena *arena, bw_view text, bw_bytes *json, bool check)
{
    bw_host host = {.file = text};
    bw_store *store = NULL;
    char open[100], load[100];
    bw_status st;

    BW_TRY(bw_store_new(ctx, &store));
    snprintf(open, sizeof open, "{\"format\": \"yaml\", \"size\": %zu}", text.len);
    BW_GO(run_one(ctx, &host, store, "text.open", open, arena, json));
    BW_GO(run_one(ctx, &host, store, "text.entries", "{\"groups\": [\"entry_0000000000\", "
                  "\"entry_0000000001\", \"entry_0000000002\"]}", arena, json));
    if (check) {
        CHECK_VIEW(bw_bytes_view(json),
                   "[{\"idx\":0,\"group\":\"entry_0000000000\",\"meta\":{\"step\":3,\"tags\":[\"a\"]},"
                   "\"step\":3,\"time\":1000.0,\"step_size\":0.5,\"finished\":true},"
                   "{\"idx\":1,\"group\":\"entry_0000000001\",\"meta\":{},\"step\":4,\"finished\":true},"
                   "{\"idx\":2,\"group\":\"entry_0000000002\",\"meta\":{},\"time\":0.5,\"finished\":true}]");
    }
    for (int i = 0; i < 4; i++) {
        snprintf(load, sizeof load, "{\"group\": \"entry_%010d\", \"fields\": null}", i);
        BW_GO(run_one(ctx, &host, store, "text.load", load, arena, json));
    }
    BW_GO(run_one(ctx, &host, store, "text.read",
                  "{\"group\": \"entry_0000000003\", \"path\": [\"v\"]}", arena, json));
    if (check) {
        CHECK_VIEW(bw_bytes_view(json), "[[1,2]]");
    }
    BW_GO(run_one(ctx, &host, store, "text.verify", "{\"group\": \"entry_0000000002\"}", arena, json));
    BW_GO(run_one(ctx, &host, store, "text.encode",
                  "{\"format\": \"yaml\", \"entries\": [{\"idx\": 4, \"meta\": {}, \"data\": {\"a\": [1, 2.5, "
                  "NaN, \"\xC3\x86\", \"yes\", \"it's\", [[], {}]], \"b\": Infinity, \"\": {\"c\": null}}}]}",
                  arena, json));
done:
    bw_store_free(ctx, store);
    return st;
}

/* The same text, indented, so that it has to be read as a whole. */
static char *indented(void)
{
    char *text = malloc(2 * sizeof store_text), *at = text;

    for (const char *line = strstr(store_text, "- _index"); *line != '\0';) {
        const char *end = strchr(line, '\n') + 1;
        *at++ = ' ';
        memcpy(at, line, (size_t)(end - line));
        at += end - line;
        line = end;
    }
    *at = '\0';
    return text;
}

static void test_operations(void)
{
    char *whole = indented();
    bw_arena arena = {0};
    bw_bytes json = {0};
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, run_all(&ctx, &arena, bw_view_text(store_text), &json, true));
    CHECK_OK(&ctx, run_all(&ctx, &arena, bw_view_text(whole), &json, true));
    bw_bytes_free(&ctx, &json);
    bw_arena_free(&ctx, &arena);
    free(whole);
}

static void test_failing_allocator(void)
{
    char *whole = indented();
    bw_ctx ctx;
    bw_status st = BW_OK;

    for (int i = 0; i < 2; i++) {
        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            bw_arena arena = {0};
            bw_bytes json = {0};
            st = run_all(&ctx, &arena, bw_view_text(i == 0 ? store_text : whole), &json, false);
            bw_bytes_free(&ctx, &json);
            bw_arena_free(&ctx, &arena);
        }
    }
    free(whole);
}

/* Whatever is left of a store, every operation ends. */
static void test_truncated(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t len = 0; len < strlen(store_text); len += 3) {
        bw_arena arena = {0};
        bw_bytes json = {0};
        bw_status st = run_all(&ctx, &arena, (bw_view){(const uint8_t *)store_text, len}, &json, false);
        CHECK(st != BW_ERR_INTERNAL && (len > 600 || st != BW_OK));
        bw_bytes_free(&ctx, &json);
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_index);
    RUN(test_marks);
    RUN(test_unusual);
    RUN(test_valid);
    RUN(test_invalid);
    RUN(test_alias_bomb);
    RUN(test_sizes);
    RUN(test_long_runs);
    RUN(test_escaped_marks);
    RUN(test_operations);
    RUN(test_failing_allocator);
    RUN(test_truncated);
    return check_summary();
}
