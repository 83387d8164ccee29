/* SPDX-License-Identifier: MIT */
/* HDF5's error stack as our one error, and the library's set-up. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "h5.h"

/* What HDF5 calls for each of its errors (cmake/hdf5/CMakeLists.txt), and what it called before. */
herr_t bw_h5_report(const char *fmt, ...);
herr_t H5E_printf_stack(const char *file, const char *func, unsigned line, hid_t major, hid_t minor,
                        const char *fmt, ...);

static bw_ctx fallback_ctx; /* for callbacks outside of any call */
static bw_ctx *current_ctx;
static bw_error callback_error; /* `status` is BW_OK when there is none */

bw_ctx *bw__h5_ctx(void)
{
    if (current_ctx == NULL) {
        bw_ctx_init(&fallback_ctx);
        current_ctx = &fallback_ctx;
    }
    return current_ctx;
}

int bw__h5_callback_failed(void)
{
    if (callback_error.status == BW_OK) { /* the first is the reason of those that follow */
        callback_error = bw__h5_ctx()->error;
    }
    return -1;
}

bool bw__h5_has_failed(void)
{
    return callback_error.status != BW_OK;
}

bool bw__h5_take_failure(bw_ctx *ctx, bw_status *st)
{
    if (callback_error.status == BW_OK) {
        return false;
    }
    ctx->error = callback_error;
    *st = callback_error.status;
    callback_error.status = BW_OK;
    return true;
}

bw_status bw__h5_enter(bw_ctx *ctx)
{
    static bool ready;

    current_ctx = ctx;
    callback_error.status = BW_OK;
    if (ready) {
        H5Eclear2(H5E_DEFAULT);
        return BW_OK;
    }
    if (H5dont_atexit() < 0 || H5open() < 0 || H5Eset_auto2(H5E_DEFAULT, NULL, NULL) < 0 ||
        bw__h5_driver() < 0 || H5set_free_list_limits(0, 0, 0, 0, 0, 0) < 0) {
        return bw__h5_fail(ctx, "HDF5 cannot be set up");
    }
    BW_TRY(bw__h5_filters_register(ctx));
    BW_TRY(bw__h5_conversions_register(ctx));
    ready = true;
    return BW_OK;
}

herr_t bw_h5_report(const char *fmt, ...)
{
    char text[256];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return H5E_printf_stack("", "", 0, H5E_ERROR_g, H5E_BADVALUE_g, "%s", text);
}

/* What one entry of the stack says, less the phrases that say nothing. */
typedef struct reasons {
    char first[160]; /* the deepest */
    char next[160];  /* the one above that adds something */
} reasons;

static herr_t collect(unsigned n, const H5E_error2_t *entry, void *data)
{
    reasons *r = data;
    const char *text = entry->desc;

    (void)n;
    if (text == NULL || *text == '\0') {
        return 0;
    }
    if (r->first[0] == '\0') {
        snprintf(r->first, sizeof r->first, "%s", text);
    } else if (r->next[0] == '\0') {
        snprintf(r->next, sizeof r->next, "%s", text);
    }
    return 0;
}

/* HDF5 ends some of its texts with a line break, and a few with a copy of damaged bytes. */
static void tidy(char *text)
{
    size_t len = strlen(text);

    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' ' || text[len - 1] == '.')) {
        text[--len] = '\0';
    }
    for (char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e) {
            *c = '?';
        }
    }
}

bw_status bw__h5_fail(bw_ctx *ctx, const char *what)
{
    reasons r = {{0}, {0}};
    bw_status st;

    /* deepest first: where it happened */
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &r);
    H5Eclear2(H5E_DEFAULT);
    if (bw__h5_take_failure(ctx, &st)) {
        return st;
    }
    tidy(r.first);
    tidy(r.next);
    if (strstr(r.first, "nested too deep") != NULL || strstr(r.first, "too many links") != NULL) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "%s: too many soft links, a loop?", what);
    }
    if (strstr(r.first, "memory allocation failed") != NULL) {
        return bw_fail(ctx, BW_ERR_NOMEM, "%s: %s", what, r.first);
    }
    st = strstr(r.first, "bad version") != NULL || strstr(r.first, "unknown datatype class") != NULL
             ? BW_ERR_UNSUPPORTED
             : BW_ERR_CORRUPT;
    return bw_fail(ctx, st, "%s: %s%s%s", what,
                   r.first[0] != '\0' ? r.first : "HDF5 gives no reason",
                   r.next[0] != '\0' ? " / " : "", r.next);
}
