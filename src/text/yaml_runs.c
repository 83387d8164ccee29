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

static bool is_mark(const uint8_t *at, const uint8_t *end)
{
    return end - at >= (ptrdiff_t)MARK_BYTES && memcmp(at, MARK, MARK_BYTES) == 0;
}

/* The mark as a double-quoted scalar may write it, \uE000 or \U0000E000, which libyaml makes one. */
static bool is_escaped_mark(const uint8_t *at, const uint8_t *end)
{
    ptrdiff_t digits = end - at < 2 ? 0 : at[1] == 'u' ? 4 : at[1] == 'U' ? 8 : 0;
    const uint8_t *last = at + 2 + digits - 4;

    if (digits == 0 || end - at < 2 + digits || (digits == 8 && memcmp(at + 2, "0000", 4) != 0)) {
        return false;
    }
    return (last[0] == 'E' || last[0] == 'e') && memcmp(last + 1, "000", 3) == 0;
}

/* True also for an escape that is none, behind a backslash or without quotes: nothing is lost. */
static bool has_mark(bw_view text)
{
    const uint8_t *at = text.ptr, *end = text.ptr + text.len;

    while ((at = bw__find_either(at, end, MARK[0] & 0xFF, '\\')) < end) {
        if (is_mark(at, end) || (*at == '\\' && is_escaped_mark(at, end))) {
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

/* Behind the two marks at `at` and the number between them; NULL where it is the number of no run. */
static const uint8_t *read_mark(const bw__yaml_runs *runs, const uint8_t *at, const uint8_t *end,
                                bw_view *run)
{
    size_t number = 0, count = runs->runs.len / sizeof *run;

    if (!is_mark(at, end)) {
        return NULL;
    }
    at += MARK_BYTES;
    if (at == end || *at < '0' || *at > '9') {
        return NULL;
    }
    for (; at < end && *at >= '0' && *at <= '9'; at++) {
        number = number * 10 + (size_t)(*at - '0');
        if (number >= count) {
            return NULL;
        }
    }
    if (!is_mark(at, end)) {
        return NULL;
    }
    memcpy(run, runs->runs.ptr + number * sizeof *run, sizeof *run);
    return at + MARK_BYTES;
}

/* The next mark in `text` from `*at` on, which moves behind it; `*before` is where it begins. */
static bool next_mark(const bw__yaml_runs *runs, bw_view text, size_t *at, size_t *before,
                      bw_view *run)
{
    const uint8_t *end = text.ptr + text.len;

    for (size_t i = *at; i < text.len; i++) {
        const uint8_t *behind = read_mark(runs, text.ptr + i, end, run);

        if (behind != NULL) {
            *before = i;
            *at = (size_t)(behind - text.ptr);
            return true;
        }
    }
    return false;
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
