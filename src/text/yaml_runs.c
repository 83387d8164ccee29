/* SPDX-License-Identifier: MIT */
/* Long runs of base64 at the ends of lines; see yaml_runs.h. */
#include "yaml_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text_skip.h"

/* A run is worth its mark from here on; a key, which may not span so much, is shorter. */
#define MIN_RUN 1200u
/* U+E000, of private use. Where a text has it, nothing is replaced. */
#define MARK "\xEE\x80\x80"
#define MARK_BYTES 3u

static bool has_mark(bw_view text)
{
    const uint8_t *at = text.ptr, *end = text.ptr + text.len;

    while ((at = bw__find_either(at, end, MARK[0] & 0xFF, MARK[0] & 0xFF)) < end) {
        if (end - at >= (ptrdiff_t)MARK_BYTES && memcmp(at, MARK, MARK_BYTES) == 0) {
            return true;
        }
        at++;
    }
    return false;
}

/* Where the run at the end of a line begins; it is preceded by a space. */
static const uint8_t *run_begin(const uint8_t *line, const uint8_t *end)
{
    const uint8_t *at = bw__base64_run(line, end);

    return at > line && at[-1] == ' ' ? at : end;
}

static bw_status replace_run(bw_ctx *ctx, bw__yaml_runs *out, const uint8_t *begin, size_t len)
{
    bw_view run = {begin, len};
    char mark[32];
    int size = snprintf(mark, sizeof mark, MARK "%zu" MARK, out->runs.len / sizeof run);

    BW_TRY(bw_bytes_append(ctx, &out->runs, &run, sizeof run));
    return bw_bytes_append(ctx, &out->shortened, mark, (size_t)size);
}

bw_status bw__yaml_runs_find(bw_ctx *ctx, bw_view text, bw__yaml_runs *out)
{
    const uint8_t *at = text.ptr, *end = text.ptr + text.len, *copied = at;

    *out = (bw__yaml_runs){.text = text};
    if (text.len < MIN_RUN || has_mark(text)) {
        return BW_OK;
    }
    while (at < end) {
        const uint8_t *stop = bw__find_either(at, end, '\n', '\n'), *line_end, *run;
        line_end = stop > at && stop[-1] == '\r' ? stop - 1 : stop;
        if (line_end - at >= (ptrdiff_t)MIN_RUN) {
            run = run_begin(at, line_end);
            if (line_end - run >= (ptrdiff_t)MIN_RUN) {
                BW_TRY(bw_bytes_append(ctx, &out->shortened, copied, (size_t)(run - copied)));
                BW_TRY(replace_run(ctx, out, run, (size_t)(line_end - run)));
                copied = line_end;
            }
        }
        at = stop + (stop < end);
    }
    if (copied > text.ptr) {
        BW_TRY(bw_bytes_append(ctx, &out->shortened, copied, (size_t)(end - copied)));
        out->text = bw_bytes_view(&out->shortened);
    }
    return BW_OK;
}

void bw__yaml_runs_free(bw_ctx *ctx, bw__yaml_runs *runs)
{
    bw_bytes_free(ctx, &runs->shortened);
    bw_bytes_free(ctx, &runs->runs);
}

/* The next mark in `text` from `*at` on, which moves behind it; `*before` is where it begins. */
static bool next_mark(const bw__yaml_runs *runs, bw_view text, size_t *at, size_t *before,
                      bw_view *run)
{
    const uint8_t *found = NULL;
    size_t number = 0;

    for (size_t i = *at; found == NULL && i + 2 * MARK_BYTES < text.len; i++) {
        found = memcmp(text.ptr + i, MARK, MARK_BYTES) == 0 ? text.ptr + i : NULL;
    }
    if (found == NULL) {
        return false;
    }
    *before = (size_t)(found - text.ptr);
    for (found += MARK_BYTES; *found >= '0' && *found <= '9'; found++) {
        number = number * 10 + (size_t)(*found - '0');
    }
    memcpy(run, runs->runs.ptr + number * sizeof *run, sizeof *run);
    *at = (size_t)(found - text.ptr) + MARK_BYTES;
    return true;
}

bw_status bw__yaml_runs_restore(bw_ctx *ctx, bw_arena *arena, const bw__yaml_runs *runs,
                                bw_view text, bw_view *out, bool *whole)
{
    bw_bytes full = {0};
    size_t at = 0, copied = 0, before;
    bw_view run;
    char *copy;
    bw_status st = BW_OK;

    *whole = false;
    *out = text;
    if (runs->runs.len == 0 || !next_mark(runs, text, &at, &before, &run)) {
        return BW_OK;
    }
    if (before == 0 && at == text.len) {
        *whole = true;
        *out = run;
        return BW_OK;
    }
    do {
        BW_GO(bw_bytes_append(ctx, &full, text.ptr + copied, before - copied));
        BW_GO(bw_bytes_append(ctx, &full, run.ptr, run.len));
        copied = at;
    } while (next_mark(runs, text, &at, &before, &run));
    BW_GO(bw_bytes_append(ctx, &full, text.ptr + copied, text.len - copied));
    copy = bw_arena_copy(ctx, arena, full.ptr, full.len);
    st = copy == NULL ? BW_ERR_NOMEM : BW_OK;
    if (st == BW_OK) {
        *out = (bw_view){(const uint8_t *)copy, full.len};
    }
done:
    bw_bytes_free(ctx, &full);
    return st;
}
