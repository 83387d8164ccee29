/* SPDX-License-Identifier: MIT */
/** `.zarray` documents: every field, right and wrong, and fill values as NumPy makes them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "bores/zarr.h"
#include "check.h"
#include "fixture.h"
#include "failing_allocator.h"
#include "array/element.h"
#include "test_data.h"

static bw_status parse(fixture *f, const char *text, bw_array_meta **out)
{
    *out = NULL;
    return bw_zarr_meta_parse(&f->ctx, &f->arena, bw_view_text(text), out);
}

/* As BORES's newest version writes it (zarr 2.18). */
static const char grid[] =
    "{\"chunks\": [20, 20, 15], \"compressor\": {\"blocksize\": 0, \"clevel\": 1,"
    " \"cname\": \"lz4\", \"id\": \"blosc\", \"shuffle\": 2}, \"dtype\": \"<f8\","
    " \"fill_value\": 0.0, \"filters\": null, \"order\": \"C\", \"shape\": [32, 38, 15],"
    " \"zarr_format\": 2}";

static void test_grid(void)
{
    fixture *f = setup();
    bw_array_meta *meta;
    bw_region region;

    if (!CHECK_OK(&f->ctx, parse(f, grid, &meta))) {
        return;
    }
    CHECK_UINT(meta->rank, 3);
    CHECK_UINT(meta->shape[1], 38);
    CHECK_UINT(meta->chunks[2], 15);
    CHECK_INT(meta->dtype.kind, 'f');
    CHECK(!meta->fortran);
    CHECK_INT(meta->separator, '.');
    CHECK(meta->has_fill);
    CHECK_BYTES(meta->fill, "\0\0\0\0\0\0\0\0", 8);
    CHECK_UINT(meta->codecs.count, 1);
    CHECK(meta->codecs.codecs[0].type == &bw_codec_blosc);
    CHECK_INT(bw_map_get_text(meta->document, "zarr_format")->integer, 2);
    bw_region_all(meta, &region);
    CHECK_UINT(region.rank, 3);
    CHECK_UINT(region.start[0], 0);
    CHECK_UINT(region.count[1], 38);
    CHECK_INT(region.step[2], 1);
    bw_arena_free(&f->ctx, &f->arena);
}

/* The empty arrays of BORES, and what zarr-python does without. */
static void test_small_documents(void)
{
    fixture *f = setup();
    bw_array_meta *meta;
    bw_node *document;

    CHECK_OK(&f->ctx, parse(f,
                            "{\"chunks\": [1], \"compressor\": null, \"dtype\": \"|i1\", "
                            "\"fill_value\": 0, \"filters\": [], \"order\": \"F\", "
                            "\"shape\": [0], \"zarr_format\": 2, \"dimension_separator\": \"/\"}",
                            &meta));
    CHECK_UINT(meta->shape[0], 0);
    CHECK(meta->fortran);
    CHECK_INT(meta->separator, '/');
    CHECK_UINT(meta->codecs.count, 0);

    CHECK_OK(&f->ctx, parse(f,
                            "{\"chunks\": [], \"compressor\": null, \"dtype\": \">f4\", "
                            "\"order\": \"C\", \"shape\": [], \"zarr_format\": 2, "
                            "\"dimension_separator\": null}",
                            &meta));
    CHECK_UINT(meta->rank, 0);
    CHECK(meta->dtype.big_endian);
    CHECK(!meta->has_fill);
    CHECK_BYTES(meta->fill, "\0\0\0\0", 4);

    CHECK_OK(&f->ctx, bw_json_parse(&f->ctx, &f->arena, BW_VIEW(grid), &document));
    CHECK_OK(&f->ctx, bw_zarr_meta_from_node(&f->ctx, &f->arena, document, &meta));
    CHECK(meta->document == document);
    bw_arena_free(&f->ctx, &f->arena);
}

/* The grid above with one field's value replaced ("" takes the field out). */
static void with_field(char out[1024], const char *field, const char *value)
{
    const char *const fields[][2] = {{"chunks", "[2, 3]"},  {"compressor", "null"},
                                     {"dtype", "\"<f8\""},  {"fill_value", "0"},
                                     {"filters", "null"},   {"order", "\"C\""},
                                     {"shape", "[6, 5]"},   {"zarr_format", "2"},
                                     {"dimension_separator", "\".\""}};
    size_t used = (size_t)snprintf(out, 1024, "{\"other\": 1");

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        const char *text = strcmp(fields[i][0], field) == 0 ? value : fields[i][1];
        if (text[0] != '\0') {
            used += (size_t)snprintf(out + used, 1024 - used, ", \"%s\": %s", fields[i][0], text);
        }
    }
    snprintf(out + used, 1024 - used, "}");
}

static void test_wrong_fields(void)
{
    static const struct {
        const char *field, *value;
        bw_status status;
        const char *message;
    } rows[] = {
        {"zarr_format", "", BW_ERR_METADATA, "zarr_format: missing"},
        {"zarr_format", "3", BW_ERR_METADATA, "node_type: missing"},
        {"zarr_format", "\"2\"", BW_ERR_METADATA, "zarr_format: \"2\" is not 2"},
        {"zarr_format", "2.0", BW_ERR_METADATA, "zarr_format: 2 is not 2"},
        {"shape", "", BW_ERR_METADATA, "shape: missing"},
        {"shape", "[-6, 5]", BW_ERR_METADATA, "shape: -6 in dimension 0 is negative"},
        {"shape", "[6, 5.0]", BW_ERR_METADATA, "shape: 5 in dimension 1 is not an integer"},
        {"shape", "[\"6\", 5]", BW_ERR_METADATA, "shape: \"6\" in dimension 0 is not an integer"},
        {"shape", "[true, 5]", BW_ERR_METADATA, "shape: true in dimension 0 is not an integer"},
        {"shape", "[6, null]", BW_ERR_METADATA, "shape: null in dimension 1"},
        {"shape", "[6, 9223372036854775808]", BW_ERR_METADATA, "in dimension 1 is not an integer"},
        {"shape", "[6, NaN]", BW_ERR_METADATA, "shape: nan in dimension 1"},
        {"shape", "[6, [5]]", BW_ERR_METADATA, "shape: a list of 1 in dimension 1"},
        {"shape", "6", BW_ERR_METADATA, "shape: 6 is not a list of integers"},
        {"shape", "{}", BW_ERR_METADATA, "shape: a map of 0 is not a list of integers"},
        {"shape", "[6]", BW_ERR_METADATA, "chunks: 2 dimensions, shape has 1"},
        {"shape", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]",
         BW_ERR_UNSUPPORTED, "shape: 33 dimensions"},
        {"chunks", "", BW_ERR_METADATA, "chunks: missing"},
        {"chunks", "[2, 0]", BW_ERR_METADATA, "chunks: 0 in dimension 1 is not positive"},
        {"chunks", "[2, -3]", BW_ERR_METADATA, "chunks: -3 in dimension 1 is negative"},
        {"chunks", "[2, 3, 4]", BW_ERR_METADATA, "chunks: 3 dimensions, shape has 2"},
        {"chunks", "true", BW_ERR_METADATA, "chunks: true is not a list of integers"},
        {"dtype", "", BW_ERR_METADATA, "dtype: missing"},
        {"dtype", "8", BW_ERR_METADATA, "dtype: 8 is not a type string"},
        {"dtype", "\"|O\"", BW_ERR_UNSUPPORTED, "dtype: |O without a filter"},
        {"dtype", "[[\"a\", \"<i4\"], [\"b\", 8]]", BW_ERR_METADATA, "dtype: 8 is not a field's type"},
        {"dtype", "[[\"a\", \"<i4\", [-1]]]", BW_ERR_METADATA, "dtype: -1 is not a sub-array's length"},
        {"dtype", "[[\"a\", \"<i4\", [9999999999, 9999999999]]]", BW_ERR_LIMIT, "structured element"},
        {"dtype", "[[\"a\", \"<i4\"], [\"a\", \"|b1\"]]", BW_ERR_METADATA, "the field \"a\" comes twice"},
        {"dtype", "[]", BW_ERR_METADATA, "dtype: a list of 0 is not a list of fields"},
        {"order", "", BW_ERR_METADATA, "order: missing"},
        {"order", "\"A\"", BW_ERR_METADATA, "order: \"A\" is not \"C\" or \"F\""},
        {"order", "null", BW_ERR_METADATA, "order: null"},
        {"compressor", "", BW_ERR_METADATA, "compressor: missing"},
        {"compressor", "{\"id\": \"zfpy\", \"mode\": 1}", BW_ERR_UNSUPPORTED, "zfpy"},
        {"compressor", "5", BW_ERR_METADATA, "compressor"},
        {"filters", "{}", BW_ERR_METADATA, "filters: a map of 0 is not null or a list"},
        {"filters", "[{\"id\": \"delta\", \"dtype\": \"<f8\"}, 3]", BW_ERR_METADATA, "filters:"},
        {"filters", "[{\"id\": \"pickle\"}]", BW_ERR_UNSUPPORTED, "pickle"},
        {"filters", "[{\"id\": \"delta\", \"dtype\": 8}]", BW_ERR_METADATA, "dtype"},
        {"dimension_separator", "\"-\"", BW_ERR_METADATA,
         "dimension_separator: \"-\" is not \".\" or \"/\""},
        {"dimension_separator", "1", BW_ERR_METADATA, "dimension_separator: 1"},
        {"fill_value", "\"abc\"", BW_ERR_METADATA,
         "fill_value: \"abc\" is not a value of dtype <f8"},
    };
    fixture *f = setup();
    char text[1024];
    bw_array_meta *meta;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        with_field(text, rows[i].field, rows[i].value);
        CHECK_STATUS(&f->ctx, parse(f, text, &meta), rows[i].status);
        CHECK_CONTAINS(f->ctx.error.message, rows[i].message);
        CHECK(meta == NULL);
    }
    with_field(text, "filters", "");
    CHECK_OK(&f->ctx, parse(f, text, &meta));
    CHECK_STATUS(&f->ctx, parse(f, "[1]", &meta), BW_ERR_METADATA);
    CHECK_TEXT(f->ctx.error.message, "metadata: a list of 1 is not an object");
    CHECK_STATUS(&f->ctx, parse(f, "{\"shape\": [6, 5", &meta), BW_ERR_METADATA);
    CHECK_STATUS(&f->ctx, parse(f, "", &meta), BW_ERR_METADATA);
    bw_arena_free(&f->ctx, &f->arena);
}

/* What numpy.array(value, dtype) refuses, or would change beyond recognition. */
static void test_wrong_fills(void)
{
    static const struct {
        const char *dtype, *value;
    } rows[] = {
        {"|u1", "256"}, {"|u1", "-1"}, {"|u1", "256.0"}, {"|u1", "-1.0"}, {"|i1", "128"},
        {"|i1", "-129"}, {"<i2", "32768"}, {"<i4", "1e10"}, {"<i4", "NaN"}, {"<i4", "\"NaN\""},
        {"<i8", "9223372036854775808"}, {"<u4", "4294967296"}, {"<u8", "-1"},
        {"<u8", "18446744073709551616"}, {"<u8", "-18446744073709551615"}, {"<u8", "Infinity"},
        {"<f8", "\"1.5 m\""}, {"<f8", "\"\""}, {"<f8", "\"-\""}, {"<f8", "\".\""}, {"<f8", "\"1e\""},
        {"<i2", "\"1.5\""}, {"<i2", "\"32768\""}, {"<i2", "\"nan\""}, {"<f4", "\"0x7fc0\""},
        {"|u1", "\"0x100\""}, {"|b1", "\"inf\""}, {"|b1", "\"2\""}, {"|b1", "\"0x1\""},
        {"<f8", "[1]"}, {"<f8", "{}"}, {"|b1", "\"NaN\""}, {"|b1", "[]"},
        {"<c8", "\"x\""}, {"<c8", "[1]"}, {"<c8", "[1, 2, 3]"}, {"<c8", "[1, null]"},
        {"<M8[ns]", "\"now\""}, {"<m8[s]", "1e300"}, {"|S2", "5"}, {"|S2", "\"YWJj\""},
        {"|S2", "\"Y*==\""}, {"|V2", "[0]"}, {"|V2", "true"},
        {"<U2", "\"abc\""}, {"<U2", "7"},
    };
    fixture *f = setup();

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        bw_array_meta *meta;

        snprintf(text, sizeof text,
                 "{\"chunks\": [1], \"compressor\": null, \"dtype\": \"%s\", \"fill_value\": %s, "
                 "\"order\": \"C\", \"shape\": [1], \"zarr_format\": 2}",
                 rows[i].dtype, rows[i].value);
        if (!CHECK_STATUS(&f->ctx, parse(f, text, &meta), BW_ERR_METADATA)) {
            fprintf(stderr, "  for %s of %s\n", rows[i].value, rows[i].dtype);
        }
        CHECK_CONTAINS(f->ctx.error.message, "fill_value: ");
    }
    bw_arena_free(&f->ctx, &f->arena);
}

static int hex_digit(char c)
{
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static void check_fill(fixture *f, const char *dtype, const char *hex, const char *value)
{
    char text[256];
    bw_array_meta *meta;
    size_t nbytes = strlen(hex) / 2;
    uint8_t expected[32];

    for (size_t i = 0; i < nbytes; i++) {
        expected[i] = (uint8_t)(hex_digit(hex[2 * i]) * 16 + hex_digit(hex[2 * i + 1]));
    }
    snprintf(text, sizeof text,
             "{\"chunks\": [1], \"compressor\": null, \"dtype\": \"%s\", \"fill_value\": %s, "
             "\"order\": \"C\", \"shape\": [1], \"zarr_format\": 2}",
             dtype, value);
    if (CHECK_OK(&f->ctx, parse(f, text, &meta)) && CHECK_UINT(meta->dtype.itemsize, nbytes) &&
        !CHECK_BYTES(meta->fill, expected, nbytes)) {
        fprintf(stderr, "  for %s of %s\n", value, dtype);
    }
}

/* tests/data/zarr/fills.txt: what zarr-python and NumPy make of each value. */
static void test_fills(void)
{
    fixture *f = setup();
    bw_bytes list = bw_test_file("zarr/fills.txt");
    char *text = malloc(list.len + 1);
    int count = 0;

    memcpy(text, list.ptr, list.len);
    text[list.len] = '\0';
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        char dtype[16], hex[40], value[80];
        if (CHECK_INT(sscanf(line, "%15s %39s %79[^\n]", dtype, hex, value), 3)) {
            check_fill(f, dtype, hex, value);
            count++;
        }
    }
    CHECK(count > 70);
    free(text);
    free(list.ptr);
    bw_arena_free(&f->ctx, &f->arena);
}

/* Bits in hexadecimal, as Zarr version 3 has them (section "Data types", "fill_value list"). */
static void test_fills_in_bits(void)
{
    fixture *f = setup();

    check_fill(f, "<f4", "0000c07f", "\"0x7fc00000\"");
    check_fill(f, "<f8", "010000000000f87f", "\"0x7ff8000000000001\"");
    check_fill(f, ">f2", "0078", "\"0x7800\"");
    check_fill(f, "<u2", "ff00", "\"0xFF\"");
    check_fill(f, "<i2", "ffff", "\"0xffff\"");
    check_fill(f, "|b1", "01", "\"true\"");
    check_fill(f, "|b1", "00", "\"False\"");
    check_fill(f, "|b1", "01", "\"1\"");
    bw_arena_free(&f->ctx, &f->arena);
}

/* Chunks of an array without elements: writers take its shape for them. */
static void test_no_elements(void)
{
    fixture *f = setup();
    char text[1024];
    bw_array_meta *meta;

    with_field(text, "shape", "[0, 5]");
    CHECK_OK(&f->ctx, parse(f, text, &meta));
    CHECK_OK(&f->ctx, parse(f, "{\"chunks\": [0, 3], \"compressor\": null, \"dtype\": \"<f8\", "
                               "\"fill_value\": 0, \"order\": \"C\", \"shape\": [0, 3], "
                               "\"zarr_format\": 2}", &meta));
    CHECK_UINT(meta->shape[0], 0);
    CHECK_UINT(meta->chunks[0], 1);
    CHECK_UINT(meta->chunks[1], 3);
    bw_arena_free(&f->ctx, &f->arena);
}

/* Every half that exists comes back from the double it stands for (IEEE 754, 3.6). */
static void test_every_half(void)
{
    int wrong = 0;

    for (uint32_t bits = 0; bits < 0x7C00; bits++) {
        uint32_t exponent = bits >> 10, fraction = bits & 0x3FF;
        double value = exponent == 0 ? fraction * 0x1p-24 : (1024 + fraction) * 0x1p-25;
        uint8_t out[2];

        for (uint32_t e = 1; e < exponent + 1 && exponent != 0; e++) {
            value *= 2;
        }
        bw__element_put_float(value, 2, out);
        wrong += (out[0] | out[1] << 8) != (int)bits;
    }
    CHECK_INT(wrong, 0);
}

static void test_without_memory(void)
{
    static const char filtered[] =
        "{\"chunks\": [1], \"compressor\": null, \"dtype\": \"<f8\", \"order\": \"C\", "
        "\"shape\": [1], \"zarr_format\": 2, \"filters\": [{\"id\": \"zfpy\"}]}";
    bw_ctx ctx;
    bw_status st = BW_OK;

    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_array_meta *meta = NULL;
        st = bw_zarr_meta_parse(&ctx, &arena, BW_VIEW(grid), &meta);
        bw_arena_free(&ctx, &arena);
    }
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_array_meta *meta = NULL;
        st = bw_zarr_meta_parse(&ctx, &arena, BW_VIEW(filtered), &meta);
        if (st == BW_ERR_UNSUPPORTED) {
            st = BW_OK; /* the answer when there is memory */
        }
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_grid);
    RUN(test_small_documents);
    RUN(test_wrong_fields);
    RUN(test_wrong_fills);
    RUN(test_fills);
    RUN(test_fills_in_bits);
    RUN(test_no_elements);
    RUN(test_every_half);
    RUN(test_without_memory);
    return check_summary();
}
