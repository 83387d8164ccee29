/* SPDX-License-Identifier: MIT */
/**
 * Arrays to records. Base64 texts are numpy.ndarray.tobytes() through Python's base64; the record
 * of test_sparse_of_bores is one that BORES wrote (head/wf_f64_wire, solution_gas_to_oil_ratio_grid
 * of entry 1). tests/js/formats/zarr/encode.test.js makes every record of BORES's stores again.
 */
#include <math.h>
#include <string.h>

#include "bores/json.h"
#include "bores/record.h"
#include "check.h"
#include "fixture.h"
#include "failing_allocator.h"

/* The record's text, and that it gives the array back bit for bit. */
static void check_record(const bw_array *array, const char *expected)
{
    bw_arena arena = {0};
    bw_bytes text = {0};
    bw_node *record;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    if (CHECK_OK(&ctx, bw_record_make(&ctx, &arena, array, &record)) &&
        CHECK_OK(&ctx, bw_json_write(&ctx, record, BW_JSON_COMPACT, &text)) &&
        CHECK_VIEW(bw_bytes_view(&text), expected) &&
        CHECK_OK(&ctx, bw_record_expand(&ctx, &arena, &record)) &&
        CHECK_INT(record->type, BW_NODE_ARRAY) &&
        CHECK(bw_dtype_equal(record->array->dtype, array->dtype)) &&
        CHECK_UINT(record->array->rank, array->rank) &&
        CHECK_UINT(record->array->nbytes, array->nbytes) && array->nbytes > 0) {
        CHECK_BYTES(record->array->data, array->data, array->nbytes);
    }
    bw_bytes_free(&ctx, &text);
    bw_arena_free(&ctx, &arena);
}

#define SHAPE(...) (const uint64_t[]){__VA_ARGS__}
#define HEAD(dtype, shape) "{\"__ndarray__\":true,\"dtype\":\"" dtype "\",\"shape\":" shape ","

static void test_empty(void)
{
    bw_array array = make_array("<f8", 2, SHAPE(0, 3), NULL);

    check_record(&array, HEAD("<f8", "[0,3]") "\"encoding\":\"empty\"}");
}

static void test_scalar(void)
{
    double same[4] = {4340.933478296276, 4340.933478296276, 4340.933478296276, 4340.933478296276};
    float tenth = 0.1f;
    uint8_t flags[2] = {1, 1};
    int16_t negative[2] = {-2, -2};
    uint64_t large = UINT64_C(18446744073709551615);
    bw_array array = make_array("<f8", 2, SHAPE(2, 2), same);

    check_record(&array,
                 HEAD("<f8", "[2,2]") "\"encoding\":\"scalar\",\"value\":4340.933478296276}");
    array = make_array("<f4", 0, NULL, &tenth);
    check_record(&array,
                 HEAD("<f4", "[]") "\"encoding\":\"scalar\",\"value\":0.10000000149011612}");
    array = make_array("|b1", 1, SHAPE(2), flags);
    check_record(&array, HEAD("|b1", "[2]") "\"encoding\":\"scalar\",\"value\":true}");
    array = make_array("<i2", 1, SHAPE(2), negative);
    check_record(&array, HEAD("<i2", "[2]") "\"encoding\":\"scalar\",\"value\":-2}");
    array = make_array("<u8", 1, SHAPE(1), &large);
    check_record(&array,
                 HEAD("<u8", "[1]") "\"encoding\":\"scalar\",\"value\":18446744073709551615}");
}

/* The last axis is tried first; an array of one axis is layered along it. */
static void test_layered(void)
{
    double line[3] = {1.5, -2.0, 3.25};
    double by_last[6] = {1.5, -2.0, 3.25, 1.5, -2.0, 3.25};
    int64_t by_middle[8] = {7, 7, 8, 8, 7, 7, 8, 8};
    float by_first[8] = {1, 1, 2, 2, 3, 3, 4, 4};
    bw_array array = make_array("<f8", 1, SHAPE(3), line);

    check_record(&array, HEAD("<f8", "[3]") "\"encoding\":\"layered\",\"axis\":0,"
                                            "\"data\":\"AAAAAAAA+D8AAAAAAAAAwAAAAAAAAApA\"}");
    array = make_array("<f8", 2, SHAPE(2, 3), by_last);
    check_record(&array, HEAD("<f8", "[2,3]") "\"encoding\":\"layered\",\"axis\":1,"
                                              "\"data\":\"AAAAAAAA+D8AAAAAAAAAwAAAAAAAAApA\"}");
    array = make_array("<i8", 3, SHAPE(2, 2, 2), by_middle);
    check_record(&array, HEAD("<i8", "[2,2,2]") "\"encoding\":\"layered\",\"axis\":1,"
                                                "\"data\":\"BwAAAAAAAAAIAAAAAAAAAA==\"}");
    array = make_array("<f4", 3, SHAPE(4, 1, 2), by_first);
    check_record(&array, HEAD("<f4", "[4,1,2]") "\"encoding\":\"layered\",\"axis\":0,"
                                                "\"data\":\"AACAPwAAAEAAAEBAAACAQA==\"}");
}

static void test_sparse_of_bores(void)
{
    static const uint8_t odd[8] = {0xec, 0x3f, 0x8b, 0xfe, 0x71, 0xb0, 0x93, 0x40};
    double grid[240];
    bw_array array = make_array("<f8", 3, SHAPE(10, 8, 3), grid);

    for (size_t i = 0; i < 240; i++) {
        grid[i] = 1270.0;
    }
    memcpy(&grid[237], odd, 8);
    check_record(&array, HEAD("<f8", "[10,8,3]") "\"encoding\":\"sparse\",\"fill\":1270.0,"
                                                 "\"indices\":\"7QAAAA==\","
                                                 "\"values\":\"7D+L/nGwk0A=\"}");
}

/* 2 of 41 are less than 5 %, 2 of 40 are not; the first element need not be the fill. */
static void test_sparse_boundary(void)
{
    double line[42] = {0};
    bw_array array = make_array("<f8", 2, SHAPE(1, 41), line);
    bw_arena arena = {0};
    bw_view encoding = {0};
    bw_node *record;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    line[3] = 5.0;
    line[19] = 6.0;
    array = make_array("<f8", 2, SHAPE(2, 21), line);
    check_record(&array, HEAD("<f8", "[2,21]") "\"encoding\":\"sparse\",\"fill\":0.0,"
                                               "\"indices\":\"AwAAABMAAAA=\","
                                               "\"values\":\"AAAAAAAAFEAAAAAAAAAYQA==\"}");
    array = make_array("<f8", 2, SHAPE(2, 20), line);
    if (CHECK_OK(&ctx, bw_record_make(&ctx, &arena, &array, &record)) &&
        CHECK(bw_map_get_string(record, "encoding", &encoding))) {
        CHECK_VIEW(encoding, "dense");
    }
    bw_arena_free(&ctx, &arena);
}

static void test_dense(void)
{
    uint16_t numbers[4] = {1, 2, 3, 4};
    bw_array array = make_array("<u2", 2, SHAPE(2, 2), numbers);

    check_record(&array, HEAD("<u2", "[2,2]") "\"encoding\":\"dense\",\"data\":\"AQACAAMABAA=\"}");
}

/* NaN and -0 would be lost by comparing as numbers. */
static void test_every_bit_is_kept(void)
{
    double with_nan[2] = {1.0, 0}, zeros[4] = {0.0, -0.0, -0.0, 0.0};
    static const uint8_t nan_bits[8] = {0, 0, 0, 0, 0, 0, 0xf8, 0x7f};
    bw_array array = make_array("<f8", 1, SHAPE(2), with_nan);

    memcpy(&with_nan[1], nan_bits, 8);
    check_record(&array, HEAD("<f8", "[2]") "\"encoding\":\"dense\","
                                            "\"data\":\"AAAAAAAA8D8AAAAAAAD4fw==\"}");
    array = make_array("<f8", 1, SHAPE(1), &with_nan[1]);
    check_record(&array, HEAD("<f8", "[1]") "\"encoding\":\"dense\",\"data\":\"AAAAAAAA+H8=\"}");
    array = make_array("<f8", 1, SHAPE(2), zeros);
    check_record(&array, HEAD("<f8", "[2]") "\"encoding\":\"layered\",\"axis\":0,"
                                            "\"data\":\"AAAAAAAAAAAAAAAAAAAAgA==\"}");
}

static void test_no_form(void)
{
    uint8_t text[8] = {0};
    bw_array array = make_array("<U2", 1, SHAPE(1), text);
    bw_arena arena = {0};
    bw_node *record = NULL;
    bw_ctx ctx;

    bw_ctx_init(&ctx);
    CHECK_STATUS(&ctx, bw_record_make(&ctx, &arena, &array, &record), BW_ERR_UNSUPPORTED);
    CHECK_CONTAINS(ctx.error.message, "<U2");
    bw_arena_free(&ctx, &arena);
}

static void test_out_of_memory(void)
{
    double grid[240] = {0};
    bw_array array = make_array("<f8", 3, SHAPE(10, 8, 3), grid);
    bw_status st = BW_OK;
    bw_ctx ctx;

    grid[17] = 1.0;
    FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
        bw_arena arena = {0};
        bw_node *record;

        st = bw_record_make(&ctx, &arena, &array, &record);
        bw_arena_free(&ctx, &arena);
    }
}

int main(void)
{
    RUN(test_empty);
    RUN(test_scalar);
    RUN(test_layered);
    RUN(test_sparse_of_bores);
    RUN(test_sparse_boundary);
    RUN(test_dense);
    RUN(test_every_bit_is_kept);
    RUN(test_no_form);
    RUN(test_out_of_memory);
    return check_summary();
}
