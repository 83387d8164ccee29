/* SPDX-License-Identifier: MIT */
/*
 * Headers of a binary file. Elements are skipped without being read: a keyword whose first block
 * has the length that writers give it is taken to end where all such blocks end. If no header
 * is there, its blocks are walked one by one, which finds the odd cut or the damage.
 */
#include <inttypes.h>
#include <string.h>

#include "ecl_internal.h"

#define NO_BLOCK UINT64_MAX
#define MOST_ELEMENTS (UINT64_C(1) << 48)

static uint64_t elements_bytes(const bw_ecl_keyword *keyword)
{
    return keyword->count * keyword->width;
}

/* Bytes behind the header when the elements are cut as usual. */
static uint64_t usual_bytes(const bw_ecl_keyword *keyword)
{
    uint64_t per_block = bw__ecl_block_elements(keyword);
    uint64_t blocks = (keyword->count + per_block - 1) / per_block;

    return elements_bytes(keyword) + blocks * 2 * BW__ECL_MARKER_BYTES;
}

static bw_status finish_keyword(bw_ctx *ctx, bw_ecl_scan *scan, uint64_t end, bool checked)
{
    scan->current.end = end;
    scan->pos = end;
    scan->state = BW__ECL_AT_HEADER;
    scan->checked = checked;
    return bw__ecl_add(ctx, scan, &scan->current);
}

/* A header where a block should be means that the blocks before hold too little. */
static bool is_header(const uint8_t *at, bw_ecl_form form)
{
    bw_ecl_keyword found = {0};

    if (bw__ecl_u32(at, form) != 16 || bw__ecl_u32(at + 20, form) != 16) {
        return false;
    }
    for (int i = 4; i < 12; i++) {
        if (at[i] < 0x20 || at[i] >= 0x7f) {
            return false;
        }
    }
    return bw__ecl_set_type(&found, at + 16);
}

static void begin_walk(bw_ecl_scan *scan)
{
    scan->state = BW__ECL_IN_BLOCKS;
    scan->pos = scan->current.data;
    scan->before = 0;
    scan->block = NO_BLOCK;
    scan->checked = false;
}

/* The keyword added last was skipped, but no header is where it was thought to end. */
static void walk_last(bw_ecl_scan *scan)
{
    scan->current = scan->index.keywords[--scan->index.count];
    begin_walk(scan);
}

/* Elements begin behind the header at hand: skip them, or walk them. */
static bw_status begin_elements(bw_ctx *ctx, bw_ecl_scan *scan, const uint8_t *first_marker)
{
    bw_ecl_keyword *k = &scan->current;
    uint64_t left = scan->index.size - k->data, bytes, usual;
    bool usual_cut, one_block;
    uint32_t marker;

    if (k->count > MOST_ELEMENTS) { /* so the products below cannot wrap */
        bw__ecl_stop(scan, k, false, "the header counts %" PRIu64 " elements of %u bytes, the file "
                     "has %" PRIu64 " bytes behind it", k->count, (unsigned)k->width, left);
        return BW_OK;
    }
    bytes = elements_bytes(k);
    usual = usual_bytes(k);
    if (first_marker == NULL) {
        bw__ecl_stop(scan, k, true, "the header counts %" PRIu64 " elements (%" PRIu64 " bytes), and "
                     "the file ends behind it: truncated", k->count, bytes);
        return BW_OK;
    }
    marker = bw__ecl_u32(first_marker, scan->index.form);
    one_block = marker == bytes;
    usual_cut = marker == bw__ecl_block_elements(k) * k->width && marker < bytes;
    if (!one_block && !usual_cut) {
        begin_walk(scan);
        return BW_OK;
    }
    if (one_block) {
        usual = bytes + 2 * BW__ECL_MARKER_BYTES;
    }
    if (usual > left) {
        bw__ecl_stop(scan, k, true, "the header counts %" PRIu64 " elements (%" PRIu64 " bytes with "
                     "markers), and the file ends %" PRIu64 " bytes behind it: truncated", k->count,
                     usual, left);
        return BW_OK;
    }
    return finish_keyword(ctx, scan, k->data + usual, true);
}

/* Name, count and type; `at` has the 24 bytes. False: the scan has stopped. */
static bool read_header(bw_ecl_scan *scan, const uint8_t *at)
{
    bw_ecl_keyword *k = &scan->current;
    int32_t count = (int32_t)bw__ecl_u32(at + 12, scan->index.form);
    uint32_t tail = bw__ecl_u32(at + 20, scan->index.form);

    bw__ecl_set_name(k, at + 4, 8);
    if (tail != 16) {
        bw__ecl_stop(scan, k, false, "the header's closing marker says %" PRIu32 ", not 16", tail);
        return false;
    }
    if (memcmp(at + 16, "X231", 4) == 0 && count <= 0) {
        /* Adds 2^31 elements, as often as its count says, to the header that follows. */
        scan->high_offset = scan->high == 0 ? scan->pos : scan->high_offset;
        scan->high += (uint64_t)(-(int64_t)count) << 31;
        scan->pos += BW__ECL_HEADER_BYTES;
        return false;
    }
    if (!bw__ecl_set_type(k, at + 16)) {
        char type[5] = {0};
        for (int i = 0; i < 4; i++) {
            type[i] = at[16 + i] >= 0x20 && at[16 + i] < 0x7f ? (char)at[16 + i] : '?';
        }
        bw__ecl_stop(scan, k, false, "there is no element type \"%s\"", type);
        return false;
    }
    if (count < 0) {
        bw__ecl_stop(scan, k, false, "the header counts %" PRId32 " elements", count);
        return false;
    }
    k->count = (uint64_t)(uint32_t)count + scan->high;
    k->offset = scan->high > 0 ? scan->high_offset : scan->pos;
    scan->high = 0;
    k->data = scan->pos + BW__ECL_HEADER_BYTES;
    return true;
}

/* Some writers put an empty block behind a count of 0, where usually nothing is. */
static bool skip_empty_block(bw_ecl_scan *scan, const uint8_t *at)
{
    const bw_ecl_index *index = &scan->index;

    if (index->count == 0 || index->keywords[index->count - 1].count != 0 ||
        bw__ecl_u32(at, index->form) != 0 || bw__ecl_u32(at + 4, index->form) != 0) {
        return false;
    }
    scan->pos += 2 * BW__ECL_MARKER_BYTES;
    return true;
}

static bw_status at_header(bw_ctx *ctx, bw_ecl_scan *scan, bool *wait)
{
    uint64_t left = scan->index.size - scan->pos;
    size_t wanted = left >= 28 ? 28 : left >= 24 ? 24 : (size_t)left;
    const uint8_t *at = bw__ecl_need(scan, scan->pos, wanted);
    uint32_t lead;

    if (at == NULL) {
        *wait = true;
        return BW_OK;
    }
    if (left >= 8 && skip_empty_block(scan, at)) {
        return BW_OK;
    }
    scan->current = (bw_ecl_keyword){.offset = scan->pos};
    if (left < BW__ECL_HEADER_BYTES) {
        if (left >= 12) {
            bw__ecl_set_name(&scan->current, at + 4, 8);
        }
        bw__ecl_stop(scan, &scan->current, true,
                     "the file ends within the header, %" PRIu64 " of 24 bytes are there: truncated", left);
        return BW_OK;
    }
    lead = bw__ecl_u32(at, scan->index.form);
    if (lead != 16) {
        if (scan->checked) {
            walk_last(scan);
            return BW_OK;
        }
        bw__ecl_stop(scan, &scan->current, false,
                     "a header of 16 bytes should begin here, its marker says %" PRIu32, lead);
        return BW_OK;
    }
    if (!read_header(scan, at)) {
        return BW_OK;
    }
    if (scan->current.count == 0 || scan->current.type == BW_ECL_MESS) {
        return finish_keyword(ctx, scan, scan->current.data, false);
    }
    return begin_elements(ctx, scan, left >= 28 ? at + 24 : NULL);
}

/* One block: its leading marker, then its closing one. */
static bw_status in_blocks(bw_ctx *ctx, bw_ecl_scan *scan, bool *wait)
{
    bw_ecl_keyword *k = &scan->current;
    uint64_t left = scan->index.size - scan->pos, missing = elements_bytes(k) - scan->before;
    const uint8_t *at;
    uint32_t tail;

    if (scan->block == NO_BLOCK) {
        uint32_t lead;
        if (left < 2 * BW__ECL_MARKER_BYTES) {
            bw__ecl_stop(scan, k, true, "%" PRIu64 " bytes of its elements are missing where the file "
                         "ends: truncated", missing);
            return BW_OK;
        }
        at = bw__ecl_need(scan, scan->pos, left >= 24 ? 24 : (size_t)left);
        if (at == NULL) {
            *wait = true;
            return BW_OK;
        }
        lead = bw__ecl_u32(at, scan->index.form);
        if (lead % k->width != 0 || lead > missing ||
            (left >= 24 && lead < missing && is_header(at, scan->index.form))) {
            bw__ecl_stop(scan, k, false, "the block at byte %" PRIu64 " has %" PRIu32 " bytes, %" PRIu64
                         " bytes of %" PRIu64 " elements of %u bytes are missing", scan->pos, lead, missing,
                         k->count, (unsigned)k->width);
            return BW_OK;
        }
        if (lead > left - 2 * BW__ECL_MARKER_BYTES) {
            bw__ecl_stop(scan, k, true, "the block at byte %" PRIu64 " has %" PRIu32 " bytes, the file "
                         "ends %" PRIu64 " bytes on: truncated", scan->pos, lead, left);
            return BW_OK;
        }
        scan->block = lead;
    }
    at = bw__ecl_need(scan, scan->pos + BW__ECL_MARKER_BYTES + scan->block, BW__ECL_MARKER_BYTES);
    if (at == NULL) {
        *wait = true;
        return BW_OK;
    }
    tail = bw__ecl_u32(at, scan->index.form);
    if (tail != scan->block) {
        bw__ecl_stop(scan, k, false, "the block at byte %" PRIu64 " begins with a marker of %" PRIu64
                     " and ends with one of %" PRIu32, scan->pos, scan->block, tail);
        return BW_OK;
    }
    scan->before += scan->block;
    scan->pos += scan->block + 2 * BW__ECL_MARKER_BYTES;
    scan->block = NO_BLOCK;
    if (scan->before == elements_bytes(k)) {
        return finish_keyword(ctx, scan, scan->pos, false);
    }
    return BW_OK;
}

bw_status bw__ecl_scan_binary(bw_ctx *ctx, bw_ecl_scan *scan)
{
    bool wait = false;

    while (!scan->ended && !wait) {
        if (scan->state == BW__ECL_IN_BLOCKS) {
            BW_TRY(in_blocks(ctx, scan, &wait));
        } else if (scan->pos == scan->index.size && scan->high == 0) {
            scan->ended = true;
        } else {
            BW_TRY(at_header(ctx, scan, &wait));
        }
    }
    return BW_OK;
}
