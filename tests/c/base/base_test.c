/* SPDX-License-Identifier: MIT */
/** Context, bytes, arena, element types and arrays. */
#include <string.h>

#include "bores/array.h"
#include "check.h"
#include "failing_allocator.h"

static void test_status_names(void)
{
    CHECK_TEXT(bw_status_name(BW_OK), "OK");
    CHECK_TEXT(bw_status_name(BW_ERR_LIMIT), "ERR_LIMIT");
    CHECK_TEXT(bw_status_name((bw_status)BW_STATUS_COUNT), "ERR_INTERNAL");
    CHECK_TEXT(bw_status_name((bw_status)-1), "ERR_INTERNAL");
}

static void test_fail_records_and_replaces(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_INT(bw_fail_limit(&ctx, "bytes", 10, 7), BW_ERR_LIMIT);
    CHECK_TEXT(ctx.error.message, "bytes: 10 exceeds the limit of 7");
    CHECK_UINT(ctx.error.needed, 10);
    CHECK_UINT(ctx.error.limit, 7);
    CHECK_INT(bw_fail(&ctx, BW_ERR_CORRUPT, "%d of %s", 3, "them"), BW_ERR_CORRUPT);
    CHECK_INT(ctx.error.status, BW_ERR_CORRUPT);
    CHECK_TEXT(ctx.error.message, "3 of them");
    CHECK_TEXT(ctx.error.key, "");
    CHECK_UINT(ctx.error.needed, 0);
    CHECK_UINT(ctx.error.limit, 0);
    bw_fail(&ctx, BW_ERR_CORRUPT, "data: %s", ctx.error.message); /* its own argument */
    CHECK_TEXT(ctx.error.message, "data: 3 of them");
}

static void test_fail_at_names_the_first_key(void)
{
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    bw_fail_limit(&ctx, "bytes", 10, 7);
    CHECK_INT(bw_fail_at(&ctx, "", 0), BW_ERR_LIMIT);
    CHECK_TEXT(ctx.error.message, "bytes: 10 exceeds the limit of 7");
    CHECK_INT(bw_fail_at(&ctx, "a/.zarray and more", 9), BW_ERR_LIMIT);
    CHECK_TEXT(ctx.error.message, "a/.zarray: bytes: 10 exceeds the limit of 7");
    CHECK_TEXT(ctx.error.key, "a/.zarray");
    CHECK_UINT(ctx.error.needed, 10);
    bw_fail_at(&ctx, "b", 1);
    CHECK_TEXT(ctx.error.key, "a/.zarray");
}

/* Text that is cut stays UTF-8, and what input smuggles in does not come out. */
static void test_error_text_is_clean(void)
{
    bw_ctx ctx;
    char key[400];

    bw_ctx_init(&ctx);
    bw_fail(&ctx, BW_ERR_METADATA, "a\nb\x1b[2Jc\x80\xC3 \x7f \xE2\x86\x92");
    CHECK_TEXT(ctx.error.message, "a?b?[2Jc?? ? \xE2\x86\x92");

    for (size_t i = 0; i + 3 <= sizeof key; i += 3) {
        memcpy(key + i, "\xE2\x86\x92", 3);
    }
    bw_fail_at(&ctx, key, 399);
    CHECK_UINT(strlen(ctx.error.key), 255);
    CHECK(bw_utf8_valid(bw_view_text(ctx.error.key)));
    CHECK_CONTAINS(ctx.error.message, "\xE2\x86\x92: a?b?[2Jc");

    bw_fail(&ctx, BW_ERR_METADATA, "xx%.399s%.399s", key, key);
    CHECK_UINT(strlen(ctx.error.message), 2 + 3 * 169);
    CHECK(bw_utf8_valid(bw_view_text(ctx.error.message)));
    bw_fail_at(&ctx, "k", 1);
    CHECK_UINT(strlen(ctx.error.message), 5 + 3 * 168);
    CHECK(bw_utf8_valid(bw_view_text(ctx.error.message)));
}

static void test_allocation(void)
{
    bw_ctx ctx;
    bw_test_heap heap = {.fail_at = 3};
    uint8_t *ptr;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    CHECK_UINT(ctx.limits.max_array_bytes, 2147418112u); /* 2^31 - 2^16 */
    CHECK_UINT(ctx.limits.max_chunks, 16777216u);
    CHECK_UINT(ctx.limits.max_document_bytes, 67108864u);
    CHECK_UINT(ctx.limits.max_depth, 128);
    ptr = bw_alloc_zeroed(&ctx, 5);
    CHECK_BYTES(ptr, "\0\0\0\0\0", 5);
    ptr = bw_resize(&ctx, ptr, 5, 9);
    CHECK(bw_resize(&ctx, ptr, 9, 100) == NULL);
    CHECK_INT(ctx.error.status, BW_ERR_NOMEM);
    CHECK_CONTAINS(ctx.error.message, "100 bytes");
    CHECK_CONTAINS(ctx.error.message, "9 held");
    bw_release(&ctx, ptr);
    bw_release(&ctx, NULL);
    ptr = bw_resize(&ctx, NULL, 0, 0);
    CHECK(ptr != NULL);
    bw_release(&ctx, ptr);
    CHECK_UINT(heap.live, 0);
}

/* Every boundary of RFC 3629's table; verdicts as Python's bytes.decode('utf-8') gives them. */
static void test_utf8(void)
{
    static const struct {
        const char *text;
        bool valid;
    } rows[] = {
        {"", true},
        {"plain \x7f", true},
        {"\xC2\x80 \xDF\xBF", true},
        {"\xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xEF\xBF\xBF", true},
        {"\xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", true},
        {"\x80", false},             /* a tail alone */
        {"\xBF", false},
        {"\xC0\x80", false},         /* overlong NUL */
        {"\xC1\xBF", false},
        {"\xC2", false},             /* cut */
        {"\xC2 ", false},
        {"\xE0\x9F\xBF", false},     /* overlong */
        {"\xE0\xA0", false},
        {"\xE1\x80 ", false},
        {"\xED\xA0\x80", false},     /* the first surrogate */
        {"\xED\xBF\xBF", false},     /* the last */
        {"\xF0\x8F\xBF\xBF", false}, /* overlong */
        {"\xF1\x80\x80", false},
        {"\xF1\x80\x80 ", false},
        {"\xF4\x90\x80\x80", false}, /* U+110000 */
        {"\xF5\x80\x80\x80", false},
        {"\xFF", false},
        {"\xC2\x80\xFF", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!CHECK_INT(bw_utf8_valid(bw_view_text(rows[i].text)), rows[i].valid)) {
            CHECK_INT(i, -1); /* says which row */
        }
    }
    CHECK(bw_utf8_valid((bw_view){NULL, 0}));
}

static void test_views(void)
{
    CHECK(bw_view_equal(BW_VIEW("abc"), bw_view_text("abc")));
    CHECK(!bw_view_equal(BW_VIEW("abc"), BW_VIEW("abd")));
    CHECK(!bw_view_equal(BW_VIEW("abc"), BW_VIEW("ab")));
    CHECK(bw_view_equal((bw_view){NULL, 0}, BW_VIEW("")));
    CHECK_UINT(BW_VIEW("a\0b").len, 3);
}

static void test_bytes(void)
{
    bw_ctx ctx;
    bw_bytes bytes = {0};
    size_t cap;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_bytes_append(&ctx, &bytes, NULL, 0));
    CHECK(bytes.ptr == NULL);
    CHECK_OK(&ctx, bw_bytes_append_text(&ctx, &bytes, "abc"));
    CHECK_OK(&ctx, bw_bytes_reserve(&ctx, &bytes, 1000));
    cap = bytes.cap;
    CHECK_OK(&ctx, bw_bytes_append(&ctx, &bytes, "\0d", 2));
    CHECK_UINT(bytes.cap, cap);
    CHECK_UINT(bw_bytes_view(&bytes).len, 5);
    CHECK_BYTES(bytes.ptr, "abc\0d", 5);
    CHECK_STATUS(&ctx, bw_bytes_reserve(&ctx, &bytes, SIZE_MAX - 1), BW_ERR_NOMEM);
    CHECK_UINT(bytes.len, 5);
    bw_bytes_free(&ctx, &bytes);
    CHECK(bytes.ptr == NULL && bytes.len == 0 && bytes.cap == 0);
}

/* A byte at a time must not cost a move a byte. */
static void test_bytes_grow_geometrically(void)
{
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_bytes bytes = {0};

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    for (int i = 0; i < 100000; i++) {
        bw_bytes_append(&ctx, &bytes, "x", 1);
    }
    CHECK_UINT(bytes.len, 100000);
    CHECK(heap.count <= 20);
    bw_bytes_free(&ctx, &bytes);
    CHECK_UINT(heap.live, 0);
}

static void test_bytes_without_memory(void)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_bytes bytes = {0};
        st = bw_bytes_append_text(&ctx, &bytes, "abc");
        if (st == BW_OK) {
            st = bw_bytes_append_text(&ctx, &bytes, "defghijk");
        }
        bw_bytes_free(&ctx, &bytes);
    }
}

static void test_arena_alignment_and_growth(void)
{
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_arena arena = {0};
    uint8_t *big;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    for (size_t i = 0; i < 3000; i++) {
        uint8_t *ptr = bw_arena_alloc(&ctx, &arena, i % 90);
        CHECK_UINT((uintptr_t)ptr % 16, 0);
        memset(ptr, 0x11, i % 90);
    }
    CHECK(heap.count <= 9); /* 1 KiB doubling to 64 KiB hold 160 kB */
    big = bw_arena_alloc(&ctx, &arena, 1000000);
    CHECK_UINT((uintptr_t)big % 16, 0);
    memset(big, 0x22, 1000000);
    CHECK_UINT(arena.nbytes, heap.live_bytes);
    CHECK_BYTES(bw_arena_alloc_zeroed(&ctx, &arena, 5), "\0\0\0\0\0", 5);
    CHECK_TEXT(bw_arena_copy(&ctx, &arena, "ab\0c", 2), "ab");
    CHECK_TEXT(bw_arena_copy(&ctx, &arena, NULL, 0), "");
    CHECK(bw_arena_alloc(&ctx, &arena, SIZE_MAX) == NULL);
    CHECK(bw_arena_alloc(&ctx, &arena, SIZE_MAX - 40) == NULL);
    CHECK(bw_arena_copy(&ctx, &arena, "", SIZE_MAX) == NULL);
    CHECK_INT(ctx.error.status, BW_ERR_NOMEM);
    bw_arena_free(&ctx, &arena);
    CHECK_UINT(heap.live, 0);
    CHECK_UINT(arena.nbytes, 0);
    bw_arena_free(&ctx, &arena);
}

/* Large objects must not end the block that small ones still fit in. */
static void test_arena_large_objects_go_behind(void)
{
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_arena arena = {0};
    uint64_t before;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    bw_arena_alloc(&ctx, &arena, 16);
    before = heap.count;
    for (int i = 0; i < 20; i++) {
        bw_arena_alloc(&ctx, &arena, 16);
        bw_arena_alloc(&ctx, &arena, 50000);
    }
    CHECK_UINT(heap.count - before, 20);
    bw_arena_free(&ctx, &arena);
}

static void test_arena_adopt(void)
{
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_arena into = {0}, from = {0}, none = {0};
    char *text;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    bw_arena_alloc(&ctx, &into, 10);
    bw_arena_alloc(&ctx, &from, 40000);
    text = bw_arena_copy(&ctx, &from, "stays", 5);
    bw_arena_adopt(&into, &from);
    CHECK(from.blocks == NULL);
    CHECK_UINT(from.nbytes, 0);
    bw_arena_alloc(&ctx, &from, 10);
    bw_arena_adopt(&into, &from);
    bw_arena_adopt(&into, &none);
    bw_arena_adopt(&none, &into); /* into an empty one */
    bw_arena_adopt(&into, &none);
    CHECK_TEXT(text, "stays");
    CHECK_UINT(into.nbytes, heap.live_bytes);
    bw_arena_free(&ctx, &into);
    CHECK_UINT(heap.live, 0);
}

static void test_arena_without_memory(void)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bool all = bw_arena_alloc(&ctx, &arena, 100) != NULL &&
                   bw_arena_alloc_zeroed(&ctx, &arena, 5000) != NULL &&
                   bw_arena_copy(&ctx, &arena, "abc", 3) != NULL &&
                   bw_arena_alloc(&ctx, &arena, 1000) != NULL;
        st = all ? BW_OK : ctx.error.status;
        bw_arena_free(&ctx, &arena);
    }
}

/* Itemsizes and canonical names as numpy.dtype(text) gives them. */
static void test_dtype_parse(void)
{
    static const struct {
        const char *text, *formatted;
        char kind;
        uint32_t itemsize, swap_size;
        bool big_endian;
    } rows[] = {
        {"|b1", "|b1", 'b', 1, 1, false},         {"<b1", "|b1", 'b', 1, 1, false},
        {"|i1", "|i1", 'i', 1, 1, false},         {">i1", "|i1", 'i', 1, 1, false},
        {"<i2", "<i2", 'i', 2, 2, false},         {">i4", "<i4", 'i', 4, 4, true},
        {"<i8", "<i8", 'i', 8, 8, false},         {"|u1", "|u1", 'u', 1, 1, false},
        {">u2", "<u2", 'u', 2, 2, true},          {"<u4", "<u4", 'u', 4, 4, false},
        {"<u8", "<u8", 'u', 8, 8, false},         {"<f2", "<f2", 'f', 2, 2, false},
        {">f4", "<f4", 'f', 4, 4, true},          {"<f8", "<f8", 'f', 8, 8, false},
        {"<c8", "<c8", 'c', 8, 4, false},         {">c16", "<c16", 'c', 16, 8, true},
        {"|S5", "|S5", 'S', 5, 1, false},         {"<S5", "|S5", 'S', 5, 1, false},
        {">S16777216", "|S16777216", 'S', 16777216, 1, false},
        {"<U5", "<U5", 'U', 20, 4, false},        {">U1", "<U1", 'U', 4, 4, true},
        {"|V6", "|V6", 'V', 6, 1, false},         {"<M8[ns]", "<M8[ns]", 'M', 8, 8, false},
        {">M8[D]", "<M8[D]", 'M', 8, 8, true},    {"<m8[25s]", "<m8[25s]", 'm', 8, 8, false},
        {"<m8", "<m8", 'm', 8, 8, false},         {"bool", "|b1", 'b', 1, 1, false},
        {"int64", "<i8", 'i', 8, 8, false},       {"uint8", "|u1", 'u', 1, 1, false},
        {"float16", "<f2", 'f', 2, 2, false},     {"float64", "<f8", 'f', 8, 8, false},
        {"complex128", "<c16", 'c', 16, 8, false},
    };
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bw_dtype dtype;
        char text[32];

        if (!CHECK_OK(&ctx, bw_dtype_parse(&ctx, bw_view_text(rows[i].text), &dtype))) {
            continue;
        }
        bw_dtype_format(dtype, text);
        CHECK_TEXT(text, rows[i].formatted);
        CHECK_INT(dtype.kind, rows[i].kind);
        CHECK_UINT(dtype.itemsize, rows[i].itemsize);
        CHECK_INT(dtype.big_endian, rows[i].big_endian);
        CHECK_UINT(bw_dtype_swap_size(dtype), rows[i].swap_size);
    }
}

static void test_dtype_refuses(void)
{
    static const char *const texts[] = {
        "",      "<",        "<f",       "f8",      "=f8",       "|f8",       "|U5",     "|M8",
        "<f3",   "<f16",     "<i16",     "<b2",     "<c4",       "<c32",      "|S0",     "<U0",
        "|V0",   "|O",       "<f8 ",     " <f8",    "<f8[ns]",   "<M4",       "<M8[]",   "<M8[0s]",
        "<M8[x]", "<M8[ns",  "<M8ns]",   "<M8[ns]]", "<M8[12345678901234567s]", "<M8[s/4]",
        "|S16777217", "<U4194305", "|S99999999999999999999", "<i-8", "float",  "Float64", "<a5",
        "<f8\"; a text that is much longer than what any message should quote of it, by far"};
    bw_ctx ctx;
    bw_dtype dtype = {.kind = 'x'};

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        bw_view text = bw_view_text(texts[i]);
        CHECK_STATUS(&ctx, bw_dtype_parse(&ctx, text, &dtype), BW_ERR_UNSUPPORTED);
        CHECK_INT(dtype.kind, 'x');
    }
    CHECK(strlen(ctx.error.message) < 100);
    CHECK_STATUS(&ctx, bw_dtype_parse(&ctx, BW_VIEW("|O"), &dtype), BW_ERR_UNSUPPORTED);
    CHECK_TEXT(ctx.error.message, "dtype \"|O\" is not supported");
    CHECK_STATUS(&ctx, bw_dtype_parse(&ctx, BW_VIEW("<M8[n\0s]"), &dtype), BW_ERR_UNSUPPORTED);
}

static void test_dtype_equal(void)
{
    bw_dtype a = {'M', false, 8, "[ns]"}, b = {'M', true, 8, "[ns]"}, c = {'M', false, 8, "[s]"};
    bw_dtype d = {'m', false, 8, "[ns]"}, e = {'S', false, 8, ""}, f = {'S', false, 9, ""};

    CHECK(bw_dtype_equal(a, b));
    CHECK(!bw_dtype_equal(a, c));
    CHECK(!bw_dtype_equal(a, d));
    CHECK(!bw_dtype_equal(e, f));
}

static void test_array_size(void)
{
    const uint64_t shape[] = {3, 4, 5}, empty[] = {UINT64_C(1) << 40, UINT64_C(1) << 40, 0};
    const uint64_t huge[] = {UINT64_C(1) << 40, UINT64_C(1) << 40, UINT64_C(1) << 40};
    const uint64_t wraps[] = {UINT64_C(1) << 33, UINT64_C(1) << 31}; /* 2^64 */
    bw_dtype f8 = {.kind = 'f', .itemsize = 8};
    uint64_t count = 7;
    size_t nbytes = 7;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_array_size(&ctx, f8, 3, shape, &count, &nbytes));
    CHECK_UINT(count, 60);
    CHECK_UINT(nbytes, 480);
    CHECK_OK(&ctx, bw_array_size(&ctx, f8, 0, NULL, &count, &nbytes));
    CHECK_UINT(count, 1);
    CHECK_OK(&ctx, bw_array_size(&ctx, f8, 3, empty, &count, &nbytes));
    CHECK_UINT(count, 0);
    CHECK_UINT(nbytes, 0);
    CHECK_STATUS(&ctx, bw_array_size(&ctx, f8, 3, huge, &count, &nbytes), BW_ERR_LIMIT);
    CHECK_CONTAINS(ctx.error.message, "shape [1099511627776, 1099511627776, 1099511627776]");
    CHECK_UINT(ctx.error.needed, UINT64_MAX);
    CHECK_STATUS(&ctx, bw_array_size(&ctx, f8, 2, wraps, &count, &nbytes), BW_ERR_LIMIT);
    CHECK_STATUS(&ctx, bw_array_size(&ctx, f8, 33, NULL, &count, &nbytes), BW_ERR_LIMIT);
    CHECK_UINT(ctx.error.needed, 33);
    ctx.limits.max_array_bytes = 480;
    CHECK_OK(&ctx, bw_array_size(&ctx, f8, 3, shape, &count, &nbytes));
    ctx.limits.max_array_bytes = 479;
    CHECK_STATUS(&ctx, bw_array_size(&ctx, f8, 3, shape, &count, &nbytes), BW_ERR_LIMIT);
    CHECK_TEXT(ctx.error.message, "bytes of shape [3, 4, 5]: 480 exceeds the limit of 479");
    CHECK_UINT(ctx.error.needed, 480);
    CHECK_UINT(ctx.error.limit, 479);
}

static void test_shape_format(void)
{
    const uint64_t shape[] = {UINT64_MAX, 2, 3};
    char text[64], small[8], middle[26];

    bw_shape_format(0, NULL, text, sizeof text);
    CHECK_TEXT(text, "[]");
    bw_shape_format(3, shape, text, sizeof text);
    CHECK_TEXT(text, "[18446744073709551615, 2, 3]");
    bw_shape_format(3, shape, small, sizeof small);
    CHECK_TEXT(small, "[..]");
    bw_shape_format(3, shape, middle, sizeof middle);
    CHECK_TEXT(middle, "[..]");
    bw_shape_format(2, shape + 1, small, sizeof small);
    CHECK(strlen(small) < sizeof small);
}

static void test_array_new(void)
{
    const uint64_t shape[] = {3, 0};
    bw_dtype big = {.kind = 'f', .itemsize = 8, .big_endian = true};
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_array *array = NULL, *scalar = NULL;

        st = bw_array_new(&ctx, &arena, big, 2, shape, &array);
        if (st == BW_OK) {
            st = bw_array_new(&ctx, &arena, big, 0, NULL, &scalar);
        }
        if (st == BW_OK) {
            CHECK(array->data != NULL && !array->dtype.big_endian);
            CHECK_UINT(array->nbytes, 0);
            CHECK_UINT(array->shape[0], 3);
            CHECK_UINT(scalar->nbytes, 8);
        }
        bw_arena_free(&ctx, &arena);
    }
}

static void test_swap_bytes(void)
{
    uint8_t raw[17] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

    bw_swap_bytes(raw + 1, 2, 8); /* at an odd address */
    CHECK_BYTES(raw, "\0\10\7\6\5\4\3\2\1\20\17\16\15\14\13\12\11", 17);
    bw_swap_bytes(raw + 1, 2, 8);
    bw_swap_bytes(raw, 4, 4);
    CHECK_BYTES(raw, "\3\2\1\0\7\6\5\4\13\12\11\10\17\16\15\14\20", 17);
    bw_swap_bytes(raw, 4, 4);
    bw_swap_bytes(raw, 1, 2);
    bw_swap_bytes(raw, 17, 1);
    CHECK_BYTES(raw, "\1\0\2\3", 4);
}

static void test_fill_pattern(void)
{
    uint8_t out[32];

    memset(out, 0xEE, sizeof out);
    bw_fill_pattern(out, 15, (const uint8_t *)"abc", 3);
    CHECK_BYTES(out, "abcabcabcabcabc\xEE", 16);
    bw_fill_pattern(out, 8, (const uint8_t *)"\0\0\0\0", 4);
    CHECK_BYTES(out, "\0\0\0\0\0\0\0\0cabcabc\xEE", 16);
    bw_fill_pattern(out, 3, (const uint8_t *)"z", 1);
    CHECK_BYTES(out, "zzz\0", 4);
    bw_fill_pattern(out, 5, (const uint8_t *)"qrstu", 5);
    CHECK_BYTES(out, "qrstu\0", 6);
    bw_fill_pattern(out, 0, (const uint8_t *)"ab", 2);
    CHECK_BYTES(out, "qr", 2);
}

int main(void)
{
    RUN(test_status_names);
    RUN(test_fail_records_and_replaces);
    RUN(test_fail_at_names_the_first_key);
    RUN(test_error_text_is_clean);
    RUN(test_allocation);
    RUN(test_utf8);
    RUN(test_views);
    RUN(test_bytes);
    RUN(test_bytes_grow_geometrically);
    RUN(test_bytes_without_memory);
    RUN(test_arena_alignment_and_growth);
    RUN(test_arena_large_objects_go_behind);
    RUN(test_arena_adopt);
    RUN(test_arena_without_memory);
    RUN(test_dtype_parse);
    RUN(test_dtype_refuses);
    RUN(test_dtype_equal);
    RUN(test_array_size);
    RUN(test_shape_format);
    RUN(test_array_new);
    RUN(test_swap_bytes);
    RUN(test_fill_pattern);
    return check_summary();
}
