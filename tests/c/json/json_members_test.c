/* SPDX-License-Identifier: MIT */
/** Objects taken apart without a tree: every member, its text, and what is refused. */
#include <string.h>

#include "bores/json.h"
#include "check.h"
#include "failing_allocator.h"

typedef struct split {
    bw_ctx ctx;
    bw_arena arena;
    bw_json_member *members;
    uint32_t count;
} split;

static bw_status take_apart(split *s, const char *text)
{
    memset(s, 0, sizeof *s);
    bw_ctx_init(&s->ctx);
    return bw_json_members(&s->ctx, &s->arena, bw_view_text(text), 1000, &s->members, &s->count);
}

static void test_members(void)
{
    split s;

    CHECK_OK(&s.ctx, take_apart(&s, " { \"a\" : 1,\n\"b\":[1, {\"x\": \"]}\"}] ,\"c\": \"}\\\"\" ,"
                                    "\"d\":-1.5e3,\"e\":null,\"f\":NaN,\"g\":{} }\n"));
    CHECK_UINT(s.count, 7);
    CHECK_VIEW(s.members[0].key, "a");
    CHECK_VIEW(s.members[0].value, "1");
    CHECK_VIEW(s.members[1].value, "[1, {\"x\": \"]}\"}]");
    CHECK_VIEW(s.members[2].value, "\"}\\\"\"");
    CHECK_VIEW(s.members[3].value, "-1.5e3");
    CHECK_VIEW(s.members[4].value, "null");
    CHECK_VIEW(s.members[5].value, "NaN");
    CHECK_VIEW(s.members[6].key, "g");
    CHECK_VIEW(s.members[6].value, "{}");
    bw_arena_free(&s.ctx, &s.arena);
}

static void test_keys(void)
{
    split s;

    CHECK_OK(&s.ctx, take_apart(&s, "{\"\": 1, \"a\\u2192b\\\"\": 2, \"a\": 3, \"a\": 4, "
                                    "\"\xC3\x86\": 5}"));
    CHECK_UINT(s.count, 5);
    CHECK_VIEW(s.members[0].key, "");
    CHECK_VIEW(s.members[1].key, "a\xE2\x86\x92" "b\"");
    CHECK_VIEW(s.members[2].value, "3"); /* each as often as it comes */
    CHECK_VIEW(s.members[3].key, "a");
    CHECK_VIEW(s.members[3].value, "4");
    CHECK_VIEW(s.members[4].key, "\xC3\x86");
    bw_arena_free(&s.ctx, &s.arena);

    CHECK_OK(&s.ctx, take_apart(&s, "{}"));
    CHECK_UINT(s.count, 0);
    bw_arena_free(&s.ctx, &s.arena);
}

static void test_refused(void)
{
    static const char *const wrong[] = {"", "[]", "1", "{", "{\"a\"}", "{\"a\": }", "{\"a\": 1,}",
                                        "{\"a\": 1} 2", "{a: 1}", "{\"a\": [1}", "{\"a\": \"b}"};
    static char deep[600];
    split s;

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        CHECK_STATUS(&s.ctx, take_apart(&s, wrong[i]), BW_ERR_METADATA);
        bw_arena_free(&s.ctx, &s.arena);
    }
    memcpy(deep, "{\"a\":", 5);
    memset(deep + 5, '[', 200);
    memset(deep + 205, ']', 200);
    deep[405] = '}';
    CHECK_STATUS(&s.ctx, take_apart(&s, deep), BW_ERR_LIMIT);
    bw_arena_free(&s.ctx, &s.arena);

    bw_ctx_init(&s.ctx);
    CHECK_STATUS(&s.ctx, bw_json_members(&s.ctx, &s.arena, BW_VIEW("{\"abcdef\": 1}"), 10,
                                         &s.members, &s.count), BW_ERR_LIMIT);
    CHECK_UINT(s.ctx.error.needed, 13);
    CHECK_UINT(s.ctx.error.limit, 10);
    bw_arena_free(&s.ctx, &s.arena);
}

static void test_out_of_memory(void)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_json_member *members;
        uint32_t count;

        st = bw_json_members(&ctx, &arena, BW_VIEW("{\"a\\n\": [1, 2], \"b\\u00e9\": {}}"), 1000,
                             &members, &count);
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_members);
    RUN(test_keys);
    RUN(test_refused);
    RUN(test_out_of_memory);
    return check_summary();
}
