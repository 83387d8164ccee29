/* SPDX-License-Identifier: MIT */
/*
 * The part of a scan that both forms share: which bytes are at hand, which are wanted, and the index.
 *
 * The window adapts: where headers follow each other closely it grows, so that small keywords cost
 * few reads; behind a jump over a large array it is small again, so that a file of large arrays is
 * opened by a thousandth of its bytes.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ecl_internal.h"

#define LEAST_WINDOW 4096u
#define MOST_WINDOW (256u * 1024u)

bw_status bw_ecl_scan_new(bw_ctx *ctx, uint64_t size, bw_ecl_scan **out)
{
    bw_ecl_scan *scan;

    if (size == 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "the file is empty (0 bytes), there is no keyword in it");
    }
    scan = bw_alloc_zeroed(ctx, sizeof *scan);
    if (scan == NULL) {
        return BW_ERR_NOMEM;
    }
    scan->index.size = size;
    scan->window = LEAST_WINDOW;
    bw__ecl_need(scan, 0, 1);
    *out = scan;
    return BW_OK;
}

bool bw_ecl_scan_wants(const bw_ecl_scan *scan, uint64_t *offset, size_t *length)
{
    *offset = scan->want_offset;
    *length = scan->want_length;
    return !scan->ended;
}

const uint8_t *bw__ecl_need(bw_ecl_scan *scan, uint64_t at, size_t length)
{
    uint64_t left = scan->index.size - at;

    if (at >= scan->from && at + length <= scan->to) {
        return scan->bytes + (at - scan->from);
    }
    if (at > scan->to + LEAST_WINDOW) {
        scan->window = LEAST_WINDOW;
    } else if (scan->window < MOST_WINDOW) {
        scan->window *= 2;
    }
    scan->want_offset = at;
    scan->want_length = length > scan->window ? length : scan->window;
    if (scan->want_length > left) {
        scan->want_length = (size_t)left;
    }
    return NULL;
}

bw_status bw__ecl_add(bw_ctx *ctx, bw_ecl_scan *scan, const bw_ecl_keyword *keyword)
{
    bw_ecl_index *index = &scan->index;

    if (index->count == index->cap) {
        uint32_t cap = index->cap == 0 ? 64 : index->cap * 2;
        bw_ecl_keyword *grown;
        if (index->count >= ctx->limits.max_chunks) {
            return bw_fail_limit(ctx, "keywords", (uint64_t)index->count + 1, ctx->limits.max_chunks);
        }
        grown = bw_resize(ctx, index->keywords, index->cap * sizeof *grown, cap * sizeof *grown);
        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        index->keywords = grown;
        index->cap = cap;
    }
    index->keywords[index->count++] = *keyword;
    return BW_OK;
}

void bw__ecl_stop(bw_ecl_scan *scan, const bw_ecl_keyword *keyword, bool cut, const char *fmt, ...)
{
    bw_ecl_problem *problem = &scan->index.problem;
    int head = snprintf(problem->message, sizeof problem->message, "%s%sat byte %" PRIu64 ": ",
                        keyword->name, keyword->name[0] == '\0' ? "" : " ", keyword->offset);
    va_list args;

    va_start(args, fmt);
    vsnprintf(problem->message + head, sizeof problem->message - (size_t)head, fmt, args);
    va_end(args);
    problem->status = BW_ERR_CORRUPT;
    problem->cut = cut;
    problem->offset = keyword->offset;
    memcpy(problem->name, keyword->name, sizeof problem->name);
    scan->ended = true;
}

/* Binary files begin with a marker of 16, formatted ones with a blank or a quote. */
static bw_status sniff(bw_ctx *ctx, bw_ecl_scan *scan, bw_view bytes)
{
    size_t at = 0;

    scan->sniffed = true;
    if (bytes.len >= BW__ECL_MARKER_BYTES) {
        if (bw__ecl_u32(bytes.ptr, BW_ECL_LITTLE_ENDIAN) == 16) {
            scan->index.form = BW_ECL_LITTLE_ENDIAN;
            return BW_OK;
        }
        if (bw__ecl_u32(bytes.ptr, BW_ECL_BIG_ENDIAN) == 16) {
            return BW_OK;
        }
    }
    while (at < bytes.len && (bytes.ptr[at] == ' ' || bytes.ptr[at] == '\n' ||
                              bytes.ptr[at] == '\r' || bytes.ptr[at] == '\t')) {
        at++;
    }
    if (at < bytes.len && bytes.ptr[at] == '\'') {
        scan->index.form = BW_ECL_FORMATTED;
        return BW_OK;
    }
    return bw_fail(ctx, BW_ERR_CORRUPT,
                   "no keyword at byte 0: a binary file begins with a marker of 16, text with a quoted "
                   "name (of %" PRIu64 " bytes)", scan->index.size);
}

bw_status bw_ecl_scan_give(bw_ctx *ctx, bw_ecl_scan *scan, bw_view bytes)
{
    bw_status st;

    if (bytes.len != scan->want_length) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%zu bytes at byte %" PRIu64 " where %zu were asked for",
                       bytes.len, scan->want_offset, scan->want_length);
    }
    if (!scan->sniffed) {
        BW_TRY(sniff(ctx, scan, bytes));
    }
    scan->bytes = bytes.ptr;
    scan->from = scan->want_offset;
    scan->to = scan->from + bytes.len;
    st = scan->index.form == BW_ECL_FORMATTED ? bw__ecl_scan_text(ctx, scan)
                                              : bw__ecl_scan_binary(ctx, scan);
    scan->bytes = NULL;
    scan->from = scan->to; /* nothing is at hand any more, the end is remembered for the window */
    return st;
}

bw_ecl_index bw_ecl_scan_take(bw_ecl_scan *scan)
{
    bw_ecl_index index = scan->index;

    scan->index = (bw_ecl_index){0};
    return index;
}

void bw_ecl_scan_free(bw_ctx *ctx, bw_ecl_scan *scan)
{
    if (scan != NULL) {
        bw_ecl_index_free(ctx, &scan->index);
        bw_release(ctx, scan);
    }
}
