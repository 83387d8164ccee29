/* SPDX-License-Identifier: MIT */
/**
 * Chunks into regions. tests/data/zarr/cases.txt lists arrays that zarr-python wrote and the bytes
 * that NumPy's slicing takes out of them; its make.py has the format.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/zarr.h"
#include "check.h"
#include "failing_allocator.h"
#include "array/strided_copy.h"
#include "test_data.h"

#define MAX_CHUNKS 64

typedef struct golden {
    char name[40];
    bw_view document;
    uint32_t chunk_count;
    struct {
        char key[40];
        bw_view bytes;
    } chunks[MAX_CHUNKS];
} golden;

static bw_view chunk_of(const golden *g, bw_view key)
{
    for (uint32_t i = 0; i < g->chunk_count; i++) {
        if (bw_view_equal(bw_view_text(g->chunks[i].key), key)) {
            return g->chunks[i].bytes;
        }
    }
    return (bw_view){NULL, 0};
}

/* Gives the chunks last to first, since any order must do. */
static bw_status read_chunks(bw_ctx *ctx, const golden *g, bw_chunk_read *read, uint64_t *visited)
{
    uint64_t coords[MAX_CHUNKS][BW_MAX_RANK];
    uint32_t count = 0;

    while (count < MAX_CHUNKS && bw_chunk_read_next(read, coords[count])) {
        count++;
    }
    *visited = count;
    while (count-- > 0) {
        bw_bytes key = {0};
        bw_status st = bw_zarr_chunk_key(ctx, read->meta, coords[count], &key);
        if (st == BW_OK) {
            st = bw_chunk_read_place(ctx, read, coords[count], chunk_of(g, bw_bytes_view(&key)));
        }
        bw_bytes_free(ctx, &key);
        BW_TRY(st);
    }
    return BW_OK;
}

static bw_status read_region(bw_ctx *ctx, bw_arena *arena, const golden *g,
                             const bw_region *region, bw_array **out, uint64_t *visited)
{
    bw_array_meta *meta;
    bw_chunk_read read = {0};
    bw_region all;
    bw_status st;

    BW_TRY(bw_zarr_meta_parse(ctx, arena, g->document, &meta));
    bw_region_all(meta, &all);
    BW_TRY(bw_chunk_read_begin(ctx, arena, meta, region == NULL ? &all : region, &read));
    memset(read.out->data, 0xEE, read.out->nbytes);
    st = read_chunks(ctx, g, &read, visited);
    *out = read.out;
    bw_chunk_read_end(ctx, &read);
    return st;
}

/* The chunks that hold an element of the region, counted one element at a time. */
static uint64_t expected_visits(const bw_region *region, const bw_array_meta *meta)
{
    uint64_t product = 1;

    for (uint32_t d = 0; d < region->rank; d++) {
        uint64_t distinct = 0, last = UINT64_MAX;
        for (uint64_t k = 0; k < region->count[d]; k++) {
            int64_t index = (int64_t)region->start[d] + (int64_t)k * region->step[d];
            uint64_t chunk = (uint64_t)index / meta->chunks[d];
            distinct += chunk != last;
            last = chunk;
        }
        product *= distinct;
    }
    return product;
}

static void check_slice(const golden *g, const bw_region *region, bw_view expected)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_array_meta *meta;
    bw_array *out = NULL;
    uint64_t visited = 0;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, read_region(&ctx, &arena, g, region, &out, &visited)) &&
        CHECK_UINT(out->nbytes, expected.len)) {
        if (!CHECK_BYTES(out->data, expected.ptr, expected.len)) {
            fprintf(stderr, "  in %s\n", g->name);
        }
        CHECK_OK(&ctx, bw_zarr_meta_parse(&ctx, &arena, g->document, &meta));
        CHECK_UINT(visited, expected_visits(region, meta));
    }
    bw_arena_free(&ctx, &arena);
}

/* "3,-1" as numbers; "-" as none. */
static void parse_numbers(const char *text, uint32_t rank, int64_t *out)
{
    for (uint32_t d = 0; d < rank; d++) {
        char *end;
        out[d] = strtoll(text, &end, 10);
        text = end + 1;
    }
}

static bw_view part(const bw_bytes *data, size_t offset, size_t len)
{
    CHECK(offset <= data->len && len <= data->len - offset);
    return (bw_view){data->ptr + offset, len};
}

/* Calls `visit` for each slice; returns how many there were. */
static int for_each_slice(void (*visit)(const golden *, const bw_region *, bw_view))
{
    bw_bytes list = bw_test_file("zarr/cases.txt"), data = bw_test_file("zarr/data.bin");
    char *text = malloc(list.len + 1);
    golden g = {0};
    uint32_t rank = 0;
    int count = 0;

    memcpy(text, list.ptr, list.len);
    text[list.len] = '\0';
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char starts[80], counts[80], steps[80], key[40];
        size_t offset, len;

        if (sscanf(line, "case %39s %u %zu %zu", g.name, &rank, &offset, &len) == 4) {
            g.document = part(&data, offset, len);
            g.chunk_count = 0;
        } else if (sscanf(line, "chunk %39s %zu %zu", key, &offset, &len) == 3) {
            strcpy(g.chunks[g.chunk_count].key, key);
            g.chunks[g.chunk_count++].bytes = part(&data, offset, len);
        } else if (sscanf(line, "slice %79s %79s %79s %zu %zu", starts, counts, steps, &offset,
                          &len) == 5) {
            bw_region region = {.rank = rank};
            parse_numbers(starts, rank, (int64_t *)region.start);
            parse_numbers(counts, rank, (int64_t *)region.count);
            parse_numbers(steps, rank, region.step);
            visit(&g, &region, part(&data, offset, len));
            count++;
        } else {
            CHECK_TEXT(line, "a line of cases.txt");
        }
    }
    free(text);
    free(list.ptr);
    free(data.ptr);
    return count;
}

static void test_goldens(void)
{
    CHECK(for_each_slice(check_slice) > 350);
}

static void check_without_memory(const golden *g, const bw_region *region, bw_view expected)
{
    bw_ctx ctx;
    bw_status st = BW_OK;

    (void)region;
    if (expected.len == 0) {
        return;
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_array *out = NULL;
        uint64_t visited;
        st = read_region(&ctx, &arena, g, NULL, &out, &visited);
        bw_arena_free(&ctx, &arena);
    }
}

static void check_some_without_memory(const golden *g, const bw_region *region, bw_view expected)
{
    static char last[40];

    if (strcmp(last, g->name) != 0) { /* the first slice of each case */
        check_without_memory(g, region, expected);
        strcpy(last, g->name);
    }
}

static void test_without_memory(void)
{
    CHECK(for_each_slice(check_some_without_memory) > 0);
}

/* A case written here. */
static golden simple(const char *document)
{
    golden g = {.document = bw_view_text(document)};
    return g;
}

static void add_chunk(golden *g, const char *key, const void *bytes, size_t len)
{
    strcpy(g->chunks[g->chunk_count].key, key);
    g->chunks[g->chunk_count++].bytes = (bw_view){bytes, len};
}

#define RAW "\"compressor\": null, \"filters\": null, \"fill_value\": 7, \"zarr_format\": 2"

static void test_wrong_chunk_lengths(void)
{
    static const char document[] =
        "{\"shape\": [3, 2], \"chunks\": [2, 2], \"dtype\": \"<i2\", \"order\": \"C\", " RAW "}";
    static const char big[] =
        "{\"shape\": [3], \"chunks\": [2], \"dtype\": \">i4\", \"order\": \"C\", " RAW "}";
    static const size_t lengths[] = {0, 7, 9};
    bw_ctx ctx;
    bw_array *out;
    uint64_t visited;

    bw_ctx_init(&ctx);
    for (size_t i = 0; i < 3; i++) {
        bw_arena arena = {0};
        golden g = simple(document);
        add_chunk(&g, "0.0", "abcdefghi", lengths[i]); /* decoded in place */
        CHECK_STATUS(&ctx, read_region(&ctx, &arena, &g, NULL, &out, &visited), BW_ERR_CORRUPT);
        g = simple(document);
        add_chunk(&g, "1.0", "abcdefghi", lengths[i]); /* cut by the edge */
        CHECK_STATUS(&ctx, read_region(&ctx, &arena, &g, NULL, &out, &visited), BW_ERR_CORRUPT);
        g = simple(big);
        add_chunk(&g, "1", "abcdefghi", lengths[i]); /* to be swapped */
        CHECK_STATUS(&ctx, read_region(&ctx, &arena, &g, NULL, &out, &visited), BW_ERR_CORRUPT);
        bw_arena_free(&ctx, &arena);
    }
    CHECK_CONTAINS(ctx.error.message, "9 bytes");
    CHECK_CONTAINS(ctx.error.message, "8");
}

static bw_status begin(bw_ctx *ctx, bw_arena *arena, const char *document,
                       const bw_region *region, bw_chunk_read *read)
{
    bw_array_meta *meta;
    CHECK_OK(ctx, bw_zarr_meta_parse(ctx, arena, bw_view_text(document), &meta));
    return bw_chunk_read_begin(ctx, arena, meta, region, read);
}

#define HUGE_SHAPE                                                             \
    "{\"shape\": [1099511627776, 1099511627776, 1099511627776], "              \
    "\"chunks\": [2, 549755813888, 4], \"dtype\": \"<f8\", \"order\": \"C\", " RAW "}"

static void test_regions_are_checked(void)
{
    static const char document[] =
        "{\"shape\": [10], \"chunks\": [3], \"dtype\": \"|i1\", \"order\": \"C\", " RAW "}";
    static const struct {
        uint64_t start, count;
        int64_t step;
        bw_status status;
    } rows[] = {
        {0, 10, 1, BW_OK},
        {0, 11, 1, BW_ERR_INDEX_RANGE},
        {9, 1, 1, BW_OK},
        {9, 2, 1, BW_ERR_INDEX_RANGE},
        {10, 1, 1, BW_ERR_INDEX_RANGE},
        {10, 0, 1, BW_OK},
        {UINT64_MAX, 0, -1, BW_OK},
        {UINT64_MAX, 1, 1, BW_ERR_INDEX_RANGE},
        {1, 4, 3, BW_ERR_INDEX_RANGE},
        {0, 4, 3, BW_OK},
        {9, 10, -1, BW_OK},
        {9, 11, -1, BW_ERR_INDEX_RANGE},
        {9, 4, -3, BW_OK},
        {8, 4, -3, BW_ERR_INDEX_RANGE},
        {5, 1, INT64_MIN, BW_OK},
        {5, 2, INT64_MIN, BW_ERR_INDEX_RANGE},
        {5, 1, INT64_MAX, BW_OK},
        {5, 2, INT64_MAX, BW_ERR_INDEX_RANGE},
        {5, UINT64_MAX, 1, BW_ERR_INDEX_RANGE},
        {0, 1, 0, BW_ERR_ARGUMENT},
    };
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_chunk_read read = {0};
    bw_region region = {.rank = 2};

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, begin(&ctx, &arena, document, &region, &read), BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "2 dimensions, the array has 1");
    region.rank = 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        region.start[0] = rows[i].start;
        region.count[0] = rows[i].count;
        region.step[0] = rows[i].step;
        CHECK_STATUS(&ctx, begin(&ctx, &arena, document, &region, &read), rows[i].status);
    }
    bw_arena_free(&ctx, &arena);
}

/* A region of a shape that overflows is read; the whole is refused at once. */
static void test_huge_shapes(void)
{
    bw_region corner = {3, {0, 0, 0}, {2, 2, 2}, {1, 1, 1}};
    bw_region edge = {3,
                      {1099511627775, 1099511627775, 1099511627775},
                      {2, 2, 2},
                      {-1099511627775, -1, -1099511627774}};
    bw_region all = {3, {0}, {1099511627776, 1099511627776, 1099511627776}, {1, 1, 1}};
    golden g = simple(HUGE_SHAPE);
    bw_ctx ctx;
    bw_test_heap heap = {0};
    bw_arena arena = {0};
    bw_chunk_read read = {0};
    bw_array *out = NULL;
    uint64_t visited = 0;

    bw_ctx_init_with(&ctx, bw_test_failing_allocator(&heap));
    CHECK_OK(&ctx, read_region(&ctx, &arena, &g, &corner, &out, &visited));
    CHECK_UINT(visited, 1);
    CHECK_NEAR(((double *)(void *)out->data)[7], 7.0, 0);
    CHECK_OK(&ctx, read_region(&ctx, &arena, &g, &edge, &out, &visited));
    CHECK_UINT(visited, 4);
    CHECK_NEAR(((double *)(void *)out->data)[7], 7.0, 0);
    CHECK_STATUS(&ctx, begin(&ctx, &arena, HUGE_SHAPE, &all, &read), BW_ERR_LIMIT);
    CHECK_CONTAINS(ctx.error.message, "shape [1099511627776, 1099511627776, 1099511627776]");
    add_chunk(&g, "0.0.0", "", 0); /* a chunk of 2^44 bytes that is there */
    CHECK_STATUS(&ctx, read_region(&ctx, &arena, &g, &corner, &out, &visited), BW_ERR_LIMIT);
    CHECK_CONTAINS(ctx.error.message, "[2, 549755813888, 4]");
    CHECK(heap.peak_bytes < 100000);
    bw_arena_free(&ctx, &arena);
}

static void test_too_many_chunks(void)
{
    static const char document[] = "{\"shape\": [100000, 1000], \"chunks\": [1, 1], "
                                   "\"dtype\": \"|i1\", \"order\": \"C\", " RAW "}";
    bw_region region = {2, {0, 0}, {100000, 1000}, {1, 1}};
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_chunk_read read = {0};

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, begin(&ctx, &arena, document, &region, &read), BW_ERR_LIMIT);
    CHECK_TEXT(ctx.error.message, "chunks of one read: 100000000 exceeds the limit of 16777216");
    region.count[0] = 10000;
    CHECK_OK(&ctx, begin(&ctx, &arena, document, &region, &read));
    bw_arena_free(&ctx, &arena);
}

static void test_chunks_outside_of_the_region(void)
{
    static const char document[] =
        "{\"shape\": [10], \"chunks\": [3], \"dtype\": \"|i1\", \"order\": \"C\", " RAW "}";
    bw_region region = {1, {1}, {2}, {5}}; /* elements 1 and 6, so chunks 0 and 2 */
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_chunk_read read = {0};
    uint64_t coord[BW_MAX_RANK] = {1};
    static const uint64_t outside[] = {1, 3, 4, UINT64_MAX / 3, UINT64_MAX};

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, begin(&ctx, &arena, document, &region, &read));
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        coord[0] = outside[i];
        CHECK_STATUS(&ctx, bw_chunk_read_place(&ctx, &read, coord, (bw_view){NULL, 0}),
                     BW_ERR_ARGUMENT);
    }
    coord[0] = 2;
    CHECK_OK(&ctx, bw_chunk_read_place(&ctx, &read, coord, BW_VIEW("abc")));
    CHECK_INT(read.out->data[1], 'a');
    bw_chunk_read_end(&ctx, &read);
    bw_arena_free(&ctx, &arena);
}

/* The source's fast axis is not the destination's: every tile boundary, both ways round. */
static void test_strided_copy_transposes(void)
{
    enum { ROWS = 67, COLUMNS = 41 };
    static const uint32_t sizes[] = {1, 2, 3, 4, 8, 16};
    uint8_t *src = malloc(ROWS * COLUMNS * 16), *dst = malloc(ROWS * COLUMNS * 16);

    for (size_t i = 0; i < ROWS * COLUMNS * 16; i++) {
        src[i] = (uint8_t)(i * 131 + i / 251);
    }
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        uint32_t size = sizes[s];
        ptrdiff_t step = (ptrdiff_t)size;
        bw__strided layout = {2, {ROWS, COLUMNS}, {step, ROWS * step}, {COLUMNS * step, step}};
        size_t wrong = 0;

        bw__strided_join(&layout);
        bw__strided_copy(&layout, size, src, dst);
        for (size_t r = 0; r < ROWS; r++) {
            for (size_t c = 0; c < COLUMNS; c++) {
                wrong += memcmp(dst + (r * COLUMNS + c) * size, src + (c * ROWS + r) * size,
                                size) != 0;
            }
        }
        CHECK_UINT(wrong, 0);
    }
    free(src);
    free(dst);
}

static void test_strided_join(void)
{
    /* [2, 1, 3, 4] in C order on both sides, but for a gap behind the first axis. */
    bw__strided layout = {4, {2, 1, 3, 4}, {1000, 7, 32, 8}, {96, 7, 32, 8}};
    bw__strided run = {3, {2, 3, 4}, {96, 32, 8}, {96, 32, 8}}, one = {2, {1, 1}, {5, 5}, {9, 9}};

    bw__strided_join(&layout);
    CHECK_UINT(layout.rank, 2);
    CHECK_UINT(layout.count[1], 12);
    CHECK_INT(layout.src[1], 8);
    CHECK_INT(layout.src[0], 1000);
    CHECK(!bw__strided_is_run(&layout, 8));
    bw__strided_join(&run);
    CHECK_UINT(run.rank, 1);
    CHECK_UINT(run.count[0], 24);
    CHECK(bw__strided_is_run(&run, 8));
    CHECK(!bw__strided_is_run(&run, 4));
    bw__strided_join(&one);
    CHECK_UINT(one.rank, 0);
    CHECK(bw__strided_is_run(&one, 8));
}

int main(void)
{
    RUN(test_goldens);
    RUN(test_without_memory);
    RUN(test_wrong_chunk_lengths);
    RUN(test_regions_are_checked);
    RUN(test_huge_shapes);
    RUN(test_too_many_chunks);
    RUN(test_chunks_outside_of_the_region);
    RUN(test_strided_copy_transposes);
    RUN(test_strided_join);
    return check_summary();
}
