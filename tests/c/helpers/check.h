/* SPDX-License-Identifier: MIT */
/**
 * Checks for C tests. A failed check prints file, line and both values and the test goes on;
 * each check also says whether it held, for `if (!CHECK_OK(…)) return;`. They do not depend on
 * NDEBUG. One executable per module:
 *
 *     int main(void)
 *     {
 *         RUN(test_first_thing);
 *         RUN(test_second_thing);
 *         return check_summary();
 *     }
 */
#ifndef BORES_CHECK_H
#define BORES_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bores/bytes.h"

#define CHECK(condition) check_true(__FILE__, __LINE__, #condition, (condition))
#define CHECK_INT(actual, expected) \
    check_int(__FILE__, __LINE__, #actual, (int64_t)(actual), (int64_t)(expected))
#define CHECK_UINT(actual, expected) \
    check_uint(__FILE__, __LINE__, #actual, (uint64_t)(actual), (uint64_t)(expected))
/** Equal within an absolute `tolerance`; NaN equals NaN. */
#define CHECK_NEAR(actual, expected, tolerance) \
    check_near(__FILE__, __LINE__, #actual, (actual), (expected), (tolerance))
#define CHECK_TEXT(actual, expected) \
    check_text(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_VIEW(actual, expected) \
    check_view(__FILE__, __LINE__, #actual, (actual), (expected))
#define CHECK_CONTAINS(text, part) check_contains(__FILE__, __LINE__, #text, (text), (part))
#define CHECK_BYTES(actual, expected, count) \
    check_bytes(__FILE__, __LINE__, #actual, (actual), (expected), (count))
/** `call` returns a bw_status; `ctx` supplies the message to print. */
#define CHECK_STATUS(ctx, call, expected) \
    check_status(__FILE__, __LINE__, #call, (ctx), (call), (expected))
#define CHECK_OK(ctx, call) CHECK_STATUS(ctx, call, BW_OK)

/** Runs one test function, naming it when it fails. */
#define RUN(test) check_run(#test, test)

bool check_true(const char *file, int line, const char *text, bool held);
bool check_int(const char *file, int line, const char *text, int64_t actual, int64_t expected);
bool check_uint(const char *file, int line, const char *text, uint64_t actual,
                uint64_t expected);
bool check_near(const char *file, int line, const char *text, double actual, double expected,
                double tolerance);
bool check_text(const char *file, int line, const char *text, const char *actual,
                const char *expected);
bool check_view(const char *file, int line, const char *text, bw_view actual,
                const char *expected);
bool check_contains(const char *file, int line, const char *text, const char *actual,
                    const char *part);
bool check_bytes(const char *file, int line, const char *text, const void *actual,
                 const void *expected, size_t count);
bool check_status(const char *file, int line, const char *text, const bw_ctx *ctx,
                  bw_status actual, bw_status expected);
void check_run(const char *name, void (*test)(void));
/** Prints the counts; the exit code: 0 when every check held. */
int check_summary(void);

#endif
