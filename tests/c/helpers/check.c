/* SPDX-License-Identifier: MIT */
#include "check.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A broken loop must not fill the log. */
#define MAX_REPORTS 50

static uint64_t checks, failures;

static bool report(bool held, const char *file, int line, const char *fmt, ...)
    BW_PRINTF(4, 5);

static bool report(bool held, const char *file, int line, const char *fmt, ...)
{
    va_list args;

    checks++;
    if (held) {
        return true;
    }
    failures++;
    if (failures <= MAX_REPORTS) {
        fprintf(stderr, "%s:%d: ", file, line);
        va_start(args, fmt);
        vfprintf(stderr, fmt, args);
        va_end(args);
        fputc('\n', stderr);
    }
    return false;
}

bool check_true(const char *file, int line, const char *text, bool held)
{
    return report(held, file, line, "%s does not hold", text);
}

bool check_int(const char *file, int line, const char *text, int64_t actual, int64_t expected)
{
    return report(actual == expected, file, line, "%s is %" PRId64 ", expected %" PRId64, text,
                  actual, expected);
}

bool check_uint(const char *file, int line, const char *text, uint64_t actual,
                uint64_t expected)
{
    return report(actual == expected, file, line, "%s is %" PRIu64 ", expected %" PRIu64, text,
                  actual, expected);
}

bool check_near(const char *file, int line, const char *text, double actual, double expected,
                double tolerance)
{
    bool held = (isnan(actual) && isnan(expected)) || actual == expected ||
                fabs(actual - expected) <= tolerance;

    return report(held, file, line, "%s is %.17g, expected %.17g within %g", text, actual,
                  expected, tolerance);
}

bool check_text(const char *file, int line, const char *text, const char *actual,
                const char *expected)
{
    bool held = actual != NULL && expected != NULL && strcmp(actual, expected) == 0;

    return report(held, file, line, "%s is \"%s\", expected \"%s\"", text,
                  actual != NULL ? actual : "(null)", expected != NULL ? expected : "(null)");
}

bool check_view(const char *file, int line, const char *text, bw_view actual,
                const char *expected)
{
    size_t len = strlen(expected);
    bool held = actual.ptr != NULL && actual.len == len &&
                (len == 0 || memcmp(actual.ptr, expected, len) == 0);

    return report(held, file, line, "%s is \"%.*s\", expected \"%s\"", text,
                  actual.ptr != NULL ? (int)actual.len : 0,
                  actual.ptr != NULL ? (const char *)actual.ptr : "", expected);
}

bool check_contains(const char *file, int line, const char *text, const char *actual,
                    const char *part)
{
    bool held = actual != NULL && strstr(actual, part) != NULL;

    return report(held, file, line, "%s is \"%s\", expected to contain \"%s\"", text,
                  actual != NULL ? actual : "(null)", part);
}

bool check_bytes(const char *file, int line, const char *text, const void *actual,
                 const void *expected, size_t count)
{
    const uint8_t *a = actual;
    const uint8_t *b = expected;
    size_t at = 0;

    while (at < count && a[at] == b[at]) {
        at++;
    }
    return report(at == count, file, line, "%s: byte %zu of %zu is 0x%02x, expected 0x%02x",
                  text, at, count, at < count ? a[at] : 0u, at < count ? b[at] : 0u);
}

bool check_status(const char *file, int line, const char *text, const bw_ctx *ctx,
                  bw_status actual, bw_status expected)
{
    return report(actual == expected, file, line, "%s is %s (%s), expected %s", text,
                  bw_status_name(actual), actual != BW_OK ? ctx->error.message : "",
                  bw_status_name(expected));
}

void check_run(const char *name, void (*test)(void))
{
    uint64_t before = failures;

    test();
    if (failures != before) {
        fprintf(stderr, "%s: %" PRIu64 " checks failed\n", name, failures - before);
    }
}

int check_summary(void)
{
    printf("%" PRIu64 " checks, %" PRIu64 " failed\n", checks, failures);
    return failures != 0 || checks == 0;
}
