/* SPDX-License-Identifier: MIT */
/**
 * Analyses natively: numbers by hand, allocation failures, and that every build answers the same to
 * the bit. Whole runs are compared with independent answers in tests/js/analysis.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/decline/decline_fit.h"
#include "bores/analysis.h"
#include "bores/json.h"
#include "bores/pack.h"
#include "bores/record.h"
#include "check.h"
#include "failing_allocator.h"
#include "numbers/elementary.h"
#include "numbers/line_fit.h"
#include "test_data.h"

/* A document of tests/data/analyst: options, states, questions. */
static const bw_node *load(bw_ctx *ctx, bw_arena *arena, const char *name)
{
    char path[96];
    bw_bytes text;
    bw_node *root = NULL;

    (void)snprintf(path, sizeof path, "../fuzz/corpus/analysis/%s.json", name);
    text = bw_test_file(path);
    if (!CHECK_OK(ctx, bw_json_parse(ctx, arena, bw_bytes_view(&text), &root)) ||
        !CHECK_OK(ctx, bw_record_expand(ctx, arena, &root))) {
        exit(1);
    }
    free(text.ptr);
    return root;
}

/* FNV-1a over the bits of every number, text and array of an answer. */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
    for (size_t n = 0; n < len; n++) {
        hash = (hash ^ ((const uint8_t *)data)[n]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static uint64_t hash_node(uint64_t hash, const bw_node *node)
{
    hash = hash_bytes(hash, &(uint8_t){(uint8_t)node->type}, 1);
    switch (node->type) {
    case BW_NODE_INT:
        return hash_bytes(hash, &node->integer, 8);
    case BW_NODE_FLOAT:
        return hash_bytes(hash, &node->number, 8);
    case BW_NODE_STRING:
        return hash_bytes(hash, node->text.ptr, node->text.len);
    case BW_NODE_ARRAY:
        for (size_t n = 0; n + 8 <= node->array->nbytes; n += 8) {
            double value;

            memcpy(&value, node->array->data + n, sizeof value);
            if (node->array->dtype.kind == 'f' && isnan(value)) {
                continue; /* which NaN is nobody's business */
            }
            hash = hash_bytes(hash, &value, sizeof value);
        }
        return hash;
    case BW_NODE_LIST:
    case BW_NODE_MAP:
        for (uint32_t n = 0; n < node->children.len; n++) {
            hash = hash_node(hash, node->children.items[n]);
        }
        return hash;
    default:
        return hash;
    }
}

/* Adds a state; `apart`: as a digest that another analysis makes, packed and unpacked on its way, where it is not
 * the reference. */
static bw_status add(bw_ctx *ctx, const bw_node *options, bw_analysis *analysis, const bw_node *state,
                     bool apart)
{
    bw_analysis *other = NULL;
    bw_node *reference, *digest, *arrived;
    bw_bytes packed = {0};
    bw_arena arena = {0};
    bool taken = false;
    bw_status st;

    BW_GO(bw_analysis_new(ctx, options, &other));
    st = apart ? bw_analysis_reference(ctx, analysis, &arena, &reference) : BW_ERR_NOT_FOUND;
    if (st == BW_OK) {
        BW_GO(bw_analysis_refer(ctx, other, reference));
        BW_GO(bw_analysis_digest(ctx, other, state, &arena, &digest));
        BW_GO(bw_pack(ctx, digest, &packed));
        BW_GO(bw_unpack(ctx, &arena, bw_bytes_view(&packed), true, &arrived));
        BW_GO(bw_analysis_take(ctx, analysis, arrived, &taken));
    }
    st = taken ? BW_OK : st == BW_ERR_NOMEM ? st : bw_analysis_add(ctx, analysis, state);
done:
    bw_bytes_free(ctx, &packed);
    bw_arena_free(ctx, &arena);
    bw_analysis_free(ctx, other);
    return st;
}

/* All answers of a document; what cannot be answered counts as its status. */
static bw_status run(bw_ctx *ctx, const bw_node *root, bool apart, bool tolerant, uint64_t *hash)
{
    const bw_node *states = bw_map_get_text(root, "states");
    const bw_node *questions = bw_map_get_text(root, "questions");
    const bw_node *last = states->children.items[states->children.len - 1];
    bw_analysis *analysis = NULL;
    bw_arena arena = {0};
    bw_status st;

    BW_GO(bw_analysis_new(ctx, bw_map_get_text(root, "options"), &analysis));
    for (uint32_t n = 0; n < states->children.len; n++) {
        BW_GO(add(ctx, bw_map_get_text(root, "options"), analysis, states->children.items[n], apart));
    }
    for (uint32_t n = 0; n < questions->children.len; n++) {
        const bw_node *question = questions->children.items[n];
        bw_node *answer = NULL;

        st = bw_analysis_ask(ctx, analysis,
                             (const char *)question->children.items[0]->text.ptr,
                             question->children.items[1], last, &arena, &answer);
        if (st == BW_ERR_NOMEM || (st != BW_OK && !tolerant)) {
            goto done;
        }
        *hash = st == BW_OK ? hash_node(*hash, answer) : hash_bytes(*hash, &st, sizeof st);
        st = BW_OK;
    }
done:
    bw_arena_free(ctx, &arena);
    bw_analysis_free(ctx, analysis);
    return st;
}

static const char *const documents[] = {"head", "guide", "wells", "compat", "decline"};

/* The number is what gcc on x86-64 gives; every other build must give it, too, from states and from digests. */
static void test_every_build_gives_the_same_bits(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};

    bw_ctx_init(&ctx);
    for (int apart = 0; apart < 2; apart++) {
        uint64_t hash = UINT64_C(0xcbf29ce484222325);

        for (size_t n = 0; n < sizeof documents / sizeof *documents; n++) {
            CHECK_OK(&ctx, run(&ctx, load(&ctx, &arena, documents[n]), apart, true, &hash));
        }
        CHECK_UINT(hash, UINT64_C(12881062942701646476));
    }
    bw_arena_free(&ctx, &arena);
}

/* Removes each member of a digest in turn, or puts something else there: it is refused and nothing breaks. */
static void test_what_is_no_digest_is_refused(void)
{
    static const char *const keys[] = {"step", "swept", "problem", "shape", "numbers", "zones", "flows",
                                       "perforations", "wells", "bhp"};
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_analysis *analysis = NULL;
    bw_node *digest = NULL, *zero, *reference = NULL;
    const bw_node *root, *const *states;
    bool taken;

    bw_ctx_init(&ctx);
    root = load(&ctx, &arena, "wells");
    states = (const bw_node *const *)bw_map_get_text(root, "states")->children.items;
    CHECK_OK(&ctx, bw_analysis_new(&ctx, bw_map_get_text(root, "options"), &analysis));
    CHECK_STATUS(&ctx, bw_analysis_reference(&ctx, analysis, &arena, &reference), BW_ERR_NOT_FOUND);
    CHECK_STATUS(&ctx, bw_analysis_refer(&ctx, analysis, states[0]), BW_ERR_ARGUMENT);
    CHECK_OK(&ctx, bw_analysis_add(&ctx, analysis, states[0]));
    CHECK_OK(&ctx, bw_analysis_digest(&ctx, analysis, states[0], &arena, &digest));
    CHECK_OK(&ctx, bw_analysis_take(&ctx, analysis, digest, &taken));
    CHECK(!taken);
    zero = bw_node_float(&ctx, &arena, 0.5);
    for (size_t n = 0; n < sizeof keys / sizeof *keys; n++) {
        CHECK_OK(&ctx, bw_analysis_digest(&ctx, analysis, states[1], &arena, &digest));
        CHECK_OK(&ctx, bw_map_set(&ctx, &arena, digest, bw_view_text(keys[n]), zero));
        CHECK_STATUS(&ctx, bw_analysis_take(&ctx, analysis, digest, &taken), BW_ERR_ARGUMENT);
        bw_map_remove(digest, bw_view_text(keys[n]));
        CHECK_STATUS(&ctx, bw_analysis_take(&ctx, analysis, digest, &taken), BW_ERR_ARGUMENT);
        CHECK_CONTAINS(ctx.error.message, "no digest of a state");
    }
    CHECK_OK(&ctx, bw_analysis_digest(&ctx, analysis, states[1], &arena, &digest));
    CHECK_OK(&ctx, bw_analysis_take(&ctx, analysis, digest, &taken));
    CHECK(taken);
    bw_analysis_free(&ctx, analysis);
    bw_arena_free(&ctx, &arena);
}

static void test_allocation_failures(void)
{
    bw_ctx plain;
    bw_arena arena = {0};

    bw_ctx_init(&plain);
    for (size_t n = 0; n < sizeof documents / sizeof *documents; n++) {
        const bw_node *root = load(&plain, &arena, documents[n]);
        uint64_t hash = 0;
        bw_status st = BW_OK;
        bw_ctx ctx;

        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            st = run(&ctx, root, false, true, &hash);
        }
        if (strcmp(documents[n], "wells") != 0) { /* one has all that a digest may have */
            continue;
        }
        FOR_EACH_FAILING_ALLOCATION(&ctx, st) {
            st = run(&ctx, root, true, true, &hash);
        }
    }
    bw_arena_free(&plain, &arena);
}

/* On error the analysis is as it was: it goes on after a state that is refused. */
static void test_a_refused_state_changes_nothing(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_analysis *analysis = NULL;
    bw_node *before = NULL, *after = NULL, *bad = NULL;
    const bw_node *root;

    bw_ctx_init(&ctx);
    root = load(&ctx, &arena, "guide");
    CHECK_OK(&ctx, bw_analysis_new(&ctx, NULL, &analysis));
    CHECK_OK(&ctx, bw_analysis_add(&ctx, analysis,
                                   bw_map_get_text(root, "states")->children.items[0]));
    CHECK_OK(&ctx, bw_analysis_ask(&ctx, analysis, "reservoirVolumetricsAnalysis", NULL, NULL,
                                   &arena, &before));
    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena,
                                 BW_VIEW("{\"step\":-5,\"time\":0,\"step_size\":1,\"model\":"
                                         "{\"grid_shape\":[1,1,2]}}"), &bad));
    CHECK_STATUS(&ctx, bw_analysis_add(&ctx, analysis, bad), BW_ERR_VALIDATION);
    CHECK_CONTAINS(ctx.error.message, "step -5: model.grid_shape is [1, 1, 2], that of step 0");
    CHECK_OK(&ctx, bw_analysis_ask(&ctx, analysis, "reservoirVolumetricsAnalysis", NULL, NULL,
                                   &arena, &after));
    CHECK_UINT(hash_node(1, before), hash_node(1, after));
    bw_analysis_free(&ctx, analysis);
    bw_arena_free(&ctx, &arena);
}

static void test_questions_that_are_refused(void)
{
    bw_ctx ctx;
    bw_arena arena = {0};
    bw_analysis *analysis = NULL;
    bw_node *options = NULL, *out = NULL;

    bw_ctx_init(&ctx);
    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, BW_VIEW("{\"compat\":\"flow\"}"), &options));
    CHECK_STATUS(&ctx, bw_analysis_new(&ctx, options, &analysis), BW_ERR_ARGUMENT);
    CHECK_OK(&ctx, bw_analysis_new(&ctx, NULL, &analysis));
    CHECK_STATUS(&ctx, bw_analysis_ask(&ctx, analysis, "oilInPlace", NULL, NULL, &arena, &out),
                 BW_ERR_NOT_FOUND);
    CHECK_CONTAINS(ctx.error.message, "no state has been read");
    CHECK_STATUS(&ctx, bw_analysis_ask(&ctx, analysis, "oilInPlaces", NULL, NULL, &arena, &out),
                 BW_ERR_ARGUMENT);
    CHECK_CONTAINS(ctx.error.message, "there is no question 'oilInPlaces'");
    CHECK_OK(&ctx, bw_json_parse(&ctx, &arena, BW_VIEW("{\"question\":\"oilInPlace\"}"), &options));
    CHECK_OK(&ctx, bw_analysis_ask(&ctx, analysis, "options", options, NULL, &arena, &out));
    CHECK_VIEW(out->text, "step method");
    CHECK_STATUS(&ctx, bw_analysis_ask(&ctx, analysis, "options", NULL, NULL, &arena, &out),
                 BW_ERR_ARGUMENT);
    bw_analysis_free(&ctx, analysis);
    bw_arena_free(&ctx, &arena);
}

/* The C library's functions are good to a unit or so in the last place. */
static void test_elementary_functions(void)
{
    for (int n = -2000; n <= 2000; n++) {
        double x = n / 3.0, y = exp(n / 37.0), u = n / 2100.0;

        CHECK_NEAR(bw__exp(x) / exp(x), 1, 5e-16);
        CHECK_NEAR(bw__log(y), log(y), 5e-16 * (1 + fabs(log(y))));
        CHECK_NEAR(bw__log1p(u), log1p(u), 5e-16 * (1e-3 + fabs(log1p(u))));
        CHECK_NEAR(bw__pow(y, 0.3) / pow(y, 0.3), 1, 1e-14);
    }
    CHECK(bw__exp(-800) == 0 && isinf(bw__exp(800)) && isinf(bw__log(0)) && isnan(bw__log(-1)));
    CHECK_NEAR(bw__exp(-740) / exp(-740), 1, 1e-2); /* subnormal: few digits are left */
    CHECK_NEAR(bw__log(4.9e-324), log(4.9e-324), 1e-12);
}

/* Rates made from a hyperbola, with and without its exponential and harmonic ends. */
static void test_declines_are_found_again(void)
{
    static const bw__decline made[] = {
        {1000, 0.05, 0.5}, {750, 0.002, 0}, {300, 0.3, 1}, {42, 1e-4, 1.7}, {5e6, 2, 0.9}};

    for (size_t n = 0; n < sizeof made / sizeof *made; n++) {
        double x[40], q[40];
        bw__decline found;

        for (int p = 0; p < 40; p++) {
            x[p] = p * (p + 3) / 2.0;
            q[p] = bw__decline_at(&made[n], x[p]);
        }
        bw__decline_fit(BW__HYPERBOLIC, x, q, 40, &found);
        CHECK_NEAR(found.initial / made[n].initial, 1, 1e-5);
        CHECK_NEAR(found.rate / made[n].rate, 1, 1e-5);
        CHECK_NEAR(found.b, made[n].b, 1e-5);
        CHECK_NEAR(bw__decline_r_squared(&found, x, q, 40), 1, 1e-12);
    }
}

/* The closed forms against Simpson's rule. */
static void test_decline_volumes(void)
{
    static const bw__decline curves[] = {
        {1000, 0.05, 0.5}, {1000, 0.05, 0}, {1000, 0.05, 1}, {1000, 0, 0.5}, {1000, 0.01, 2}};

    for (size_t n = 0; n < sizeof curves / sizeof *curves; n++) {
        double sum = 0, h = 100.0 / 20000;

        for (int p = 0; p <= 20000; p++) {
            sum += bw__decline_at(&curves[n], 7 + p * h) *
                   (p == 0 || p == 20000 ? 1 : p % 2 == 1 ? 4 : 2) * h / 3;
        }
        CHECK_NEAR(bw__decline_volume(&curves[n], 7, 107) / sum, 1, 1e-10);
    }
    CHECK_NEAR(bw__decline_at(&curves[0], bw__decline_meets(&curves[0], 17)), 17, 1e-10);
    CHECK(isinf(bw__decline_meets(&curves[3], 10)));
}

/* F. J. Anscombe's first set ("Graphs in Statistical Analysis", 1973): y = 3.0001 + 0.50009 x, R2
 * 0.66654, standard errors 1.12475 and 0.11791; Student's t of 9 degrees is 2.26216. */
static void test_lines_and_their_confidence(void)
{
    static const double x[] = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5, 1};
    static const double y[] = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68,
                               NAN};
    bw__line line;

    bw__line_fit(x, y, 12, &line); /* the last pair is none */
    CHECK_UINT(line.count, 11);
    CHECK_NEAR(line.intercept, 3.00009, 1e-5);
    CHECK_NEAR(line.slope, 0.500091, 1e-6);
    CHECK_NEAR(line.r_squared, 0.666542, 1e-6);
    CHECK_NEAR(line.intercept_half, 2.26216 * 1.12475, 1e-3);
    CHECK_NEAR(line.slope_half, 2.26216 * 0.11791, 1e-4);
    bw__line_fit(x, y, 1, &line);
    CHECK(isnan(line.slope) && isnan(line.intercept_half));
}

int main(void)
{
    RUN(test_every_build_gives_the_same_bits);
    RUN(test_what_is_no_digest_is_refused);
    RUN(test_allocation_failures);
    RUN(test_a_refused_state_changes_nothing);
    RUN(test_questions_that_are_refused);
    RUN(test_elementary_functions);
    RUN(test_declines_are_found_again);
    RUN(test_decline_volumes);
    RUN(test_lines_and_their_confidence);
    return check_summary();
}
