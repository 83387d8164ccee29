/* SPDX-License-Identifier: MIT */
/*
 * HDF5's szip filter, decoding: the extended-Rice coder of space agencies, over the samples of a chunk.
 *
 * Samples come in scanlines, and these in blocks; a scanline is filled up to whole blocks, which is
 * undone here. Numbers of 32 and 64 bits are coded byte by byte: all first bytes, then all second
 * ones. Each block says how it is coded: by nothing but zeros (for some blocks at a time), in pairs,
 * in a unary part and k low bits, or as it is. What is coded is, where the filter predicts, the
 * difference from the sample before, folded so that it is not negative, and the scanline's first
 * sample itself.
 *
 * Sources: CCSDS 121.0-B-3, "Lossless Data Compression", sections 3 and 4, the names are of there;
 * HDF5's reference, H5Pset_szip(). The size at the front is the filter's: a little-endian u32.
 */
#include <string.h>

#include "filter_codecs.h"

enum { BIG_ENDIAN_SAMPLES = 16, NEAREST_NEIGHBOUR = 32 }; /* SZ_MSB_OPTION_MASK, SZ_NN_OPTION_MASK */

enum {
    MAX_BLOCK = 32,
    MAX_BLOCKS = 128, /* of a scanline */
    SEGMENT = 64,     /* blocks: runs of zero blocks end with these at the latest */
    REST_OF_SEGMENT = 5
};

typedef struct reader {
    bw_ctx *ctx;
    bw_view in;
    size_t at;
    uint64_t bits; /* `count` of them, in the highest places */
    unsigned count;
    bool ended;    /* bits were asked for that are not there */
    uint32_t block, blocks; /* samples of a block, blocks of a scanline */
    unsigned width;         /* bits of a sample */
    bool predicts;
    uint32_t line[MAX_BLOCK * MAX_BLOCKS];
} reader;

static void refill(reader *r)
{
    while (r->count <= 56 && r->at < r->in.len) {
        r->bits |= (uint64_t)r->in.ptr[r->at++] << (56 - r->count);
        r->count += 8;
    }
}

/* Up to 32 bits. */
static uint32_t take(reader *r, unsigned width)
{
    uint32_t value;

    if (width == 0) {
        return 0;
    }
    if (r->count < width) {
        refill(r);
    }
    if (r->count < width) {
        r->ended = true;
        return 0;
    }
    value = (uint32_t)(r->bits >> (64 - width));
    r->bits <<= width;
    r->count -= width;
    return value;
}

/* The fundamental sequence: how many zeros are before the next one. */
static uint32_t take_unary(reader *r)
{
    uint32_t zeros = 0;

    for (;;) {
        if (r->bits != 0) {
            unsigned run = (unsigned)__builtin_clzll(r->bits);

            r->bits <<= run;
            r->bits <<= 1;
            r->count -= run + 1;
            return zeros + run;
        }
        zeros += r->count;
        r->count = 0;
        refill(r);
        if (r->count == 0) {
            r->ended = true;
            return 0;
        }
    }
}

/* Pairs of small numbers a, b: the unary number is (a + b) (a + b + 1) / 2 + b. */
static bool take_pairs(reader *r, uint32_t first, uint32_t *out)
{
    for (uint32_t i = first; i < r->block;) {
        uint32_t m = take_unary(r), sum = 0;

        if (m > 90) { /* longer than any other coding of a block's pairs */
            return false;
        }
        while ((sum + 1) * (sum + 2) / 2 <= m) {
            sum++;
        }
        m -= sum * (sum + 1) / 2;
        if (i % 2 == 0) {
            out[i++] = sum - m;
        }
        out[i++] = m;
    }
    return true;
}

static bool take_split(reader *r, uint32_t first, unsigned k, uint32_t *out)
{
    uint32_t most = (uint32_t)((UINT64_C(1) << r->width) - 1) >> k;

    for (uint32_t i = first; i < r->block; i++) {
        out[i] = take_unary(r);
        if (out[i] > most) {
            return false;
        }
    }
    for (uint32_t i = first; i < r->block; i++) {
        out[i] = out[i] << k | take(r, k);
    }
    return true;
}

/* The blocks of zeros that begin with block `at` of the scanline. */
static uint32_t take_zero_blocks(reader *r, uint32_t at)
{
    uint32_t run = take_unary(r) + 1, left = r->blocks - at, segment = SEGMENT - at % SEGMENT;

    if (run == REST_OF_SEGMENT) {
        return left < segment ? left : segment;
    }
    return run > REST_OF_SEGMENT ? run - 1 : run;
}

/* The blocks from `at` on that one identifier tells; how many, or 0 for damage. */
static uint32_t take_blocks(reader *r, uint32_t at)
{
    unsigned id_width = r->width > 16 ? 5 : r->width > 8 ? 4 : 3;
    uint32_t id = take(r, id_width), last = (1u << id_width) - 1, count = 1;
    uint32_t *out = r->line + (size_t)at * r->block, first = at == 0 && r->predicts;
    bool pairs = id == 0 && take(r, 1) != 0, fine = true;

    if (first != 0 && id != last) {
        out[0] = take(r, r->width);
    }
    if (id == last) {
        for (uint32_t i = 0; i < r->block; i++) {
            out[i] = take(r, r->width);
        }
    } else if (id > 0) {
        fine = take_split(r, first, id - 1, out);
    } else if (pairs) {
        fine = take_pairs(r, first, out);
    } else {
        count = take_zero_blocks(r, at);
        fine = count <= r->blocks - at;
        if (fine) {
            memset(out + first, 0, ((size_t)count * r->block - first) * sizeof *out);
        }
    }
    return fine && !r->ended ? count : 0;
}

/* Differences back to samples. */
static void sum_line(reader *r)
{
    uint32_t most = (uint32_t)((UINT64_C(1) << r->width) - 1), x = r->line[0];

    for (uint32_t i = 1; i < r->block * r->blocks; i++) {
        uint32_t d = r->line[i], room = x < most - x ? x : most - x;

        if (d / 2 + d % 2 <= room) { /* folded: 0, -1, 1, -2, 2 … */
            x = d % 2 == 0 ? x + d / 2 : x - d / 2 - 1;
        } else { /* only one side has that much room */
            x = room == x ? d : most - d;
        }
        r->line[i] = x & most;
    }
}

static bw_status read_line(reader *r)
{
    for (uint32_t at = 0; at < r->blocks;) {
        uint32_t count = take_blocks(r, at);

        if (count == 0) {
            return bw_fail(r->ctx, BW_ERR_CORRUPT, "szip: damaged at byte %zu of %zu", r->at,
                           r->in.len);
        }
        at += count;
    }
    if (r->predicts) {
        sum_line(r);
    }
    return BW_OK;
}

/* How samples lie in the result. */
typedef struct layout {
    size_t size;  /* bytes of a sample */
    size_t words; /* numbers that are coded byte by byte; 0: samples are as they are */
    size_t word_size;
    bool big_endian;
} layout;

static void put_samples(const layout *l, const uint32_t *line, size_t first, size_t count,
                        uint8_t *out)
{
    for (size_t i = 0; i < count; i++) {
        size_t number = first + i;

        if (l->words > 0) {
            out[number % l->words * l->word_size + number / l->words] = (uint8_t)line[i];
            continue;
        }
        for (size_t b = 0; b < l->size; b++) {
            size_t shift = 8 * (l->big_endian ? l->size - 1 - b : b);
            out[number * l->size + b] = (uint8_t)(line[i] >> shift);
        }
    }
}

bw_status bw__szip_decode(bw_ctx *ctx, const unsigned *cd, size_t cd_count, bw_view in,
                          uint64_t limit, bw_bytes *out)
{
    static const unsigned none[4];
    const unsigned *set = cd_count >= 4 ? cd : none; /* options, block, bits, scanline */
    bool bytewise = set[2] == 32 || set[2] == 64;
    unsigned width = bytewise ? 8 : set[2];
    layout l = {.size = width > 16 ? 4 : width > 8 ? 2 : 1, .word_size = set[2] / 8,
                .big_endian = (set[0] & BIG_ENDIAN_SAMPLES) != 0};
    uint32_t size = 0;
    size_t samples, done = 0;
    reader *r;
    bw_status st = BW_OK;

    if (set[1] < 2 || set[1] > MAX_BLOCK || set[1] % 2 != 0 || width == 0 || width > 24 ||
        set[3] == 0 || set[3] > set[1] * MAX_BLOCKS) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "szip: blocks of %u samples of %u bits, lines of %u",
                       set[1], set[2], set[3]);
    }
    for (unsigned i = 0; in.len >= 4 && i < 4; i++) {
        size |= (uint32_t)in.ptr[i] << (8 * i);
    }
    if (in.len < 4 || size > limit || size % (bytewise ? l.word_size : l.size) != 0) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "szip: %zu bytes, of which %lu are said to come", in.len,
                       (unsigned long)size);
    }
    BW_TRY(bw_bytes_reserve(ctx, out, size));
    r = bw_alloc(ctx, sizeof *r);
    if (r == NULL) {
        return BW_ERR_NOMEM;
    }
    *r = (reader){.ctx = ctx, .in = {in.ptr + 4, in.len - 4}, .block = set[1], .width = width,
                  .blocks = (set[3] - 1) / set[1] + 1,
                  .predicts = (set[0] & NEAREST_NEIGHBOUR) != 0};
    samples = size / l.size;
    l.words = bytewise ? size / l.word_size : 0;
    while (done < samples) {
        size_t count = samples - done < set[3] ? samples - done : set[3];

        BW_GO(read_line(r));
        put_samples(&l, r->line, done, count, out->ptr + out->len);
        done += count;
    }
    out->len += size;

done:
    bw_release(ctx, r);
    return st;
}
