/* SPDX-License-Identifier: MIT */
/**
 * Blosc2's contiguous frame: a header in MessagePack, chunks, a chunk of where they are, and a
 * trailer that is not needed. A metalayer named "b2nd" says that the chunks are those of an array:
 * each is a grid of blocks in C order, the blocks and the chunks at its ends padded to their whole
 * shape.
 *
 * What bounds hostile input: sizes are compared with what may come out before anything is taken; of
 * the array one block more; every chunk's bytes are used once.
 *
 * Source: c-blosc2, README_CFRAME_FORMAT.rst and README_B2ND_METALAYER.rst; MessagePack's
 * specification (its numbers are big-endian).
 */
#include <inttypes.h>
#include <string.h>

#include "codec/blosc2_chunk.h"

enum {
    FIXED_HEADER = 87, /* less metalayers */
    METALAYERS = FIXED_HEADER + 7, /* where the first name is */
    MAX_RANK = 15, /* the longest list that read_numbers() reads */
    WORK = 64 /* bytes that may be decoded for one that comes out: padding */
};

typedef struct frame {
    bw_ctx *ctx;
    bw_view in;
    size_t header_len, chunks_len; /* the chunks are behind the header */
    uint32_t itemsize, chunk_len;
    uint64_t nbytes, nchunks;
    uint8_t *offsets; /* owned: of the chunks, 8 bytes each */
    size_t unread;    /* bytes of chunks that may still be used */
} frame;

typedef struct grid {
    uint32_t rank;
    uint64_t shape[MAX_RANK];
    uint32_t chunk[MAX_RANK], block[MAX_RANK];
    size_t nbytes, block_len;
    bool in_place;  /* a whole block has its elements one behind the other in the result */
    uint8_t *plain; /* owned: a block */
} grid;

static uint64_t big(const uint8_t *at, size_t width)
{
    uint64_t value = 0;

    for (size_t i = 0; i < width; i++) {
        value = value << 8 | at[i];
    }
    return value;
}

static uint64_t little64(const uint8_t *at)
{
    uint64_t value = 0;

    for (unsigned i = 8; i-- > 0;) {
        value = value << 8 | at[i];
    }
    return value;
}

static bw_status damaged(bw_ctx *ctx, const char *what)
{
    return bw_fail(ctx, BW_ERR_CORRUPT, "Blosc2: the frame's %s cannot be read", what);
}

/* Header ------------------------------------------------------------------------------------ */

/* Where each field is, after its type in MessagePack: they have fixed places. */
static bw_status read_fields(frame *f)
{
    static const struct {
        uint8_t at, type;
    } fields[] = {{1, 0xa8}, {10, 0xd2}, {15, 0xcf}, {24, 0xa4}, {29, 0xd3},
                  {38, 0xd3}, {47, 0xd2}, {52, 0xd2}, {57, 0xd2}, {69, 0xd8}};
    const uint8_t *at = f->in.ptr;

    if (f->in.len < FIXED_HEADER || memcmp(at + 2, "b2frame\0", 8) != 0) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT, "Blosc2: no frame (%zu bytes)", f->in.len);
    }
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (at[fields[i].at] != fields[i].type) {
            return damaged(f->ctx, "header");
        }
    }
    if ((at[25] & 0x70) != 0x10 || (at[26] & 0x0f) != 0) {
        return bw_fail(f->ctx, BW_ERR_UNSUPPORTED, "Blosc2: a frame of flags %02x, type %u",
                       at[25], at[26] & 0x0fu);
    }
    return BW_OK;
}

static bw_status read_header(frame *f)
{
    const uint8_t *at = f->in.ptr;
    uint64_t frame_len, header_len, chunks_len;

    BW_TRY(read_fields(f));
    header_len = big(at + 11, 4);
    frame_len = big(at + 16, 8);
    f->nbytes = big(at + 30, 8);
    chunks_len = big(at + 39, 8);
    f->itemsize = (uint32_t)big(at + 48, 4);
    f->chunk_len = (uint32_t)big(at + 58, 4);
    if (header_len < FIXED_HEADER || header_len > frame_len || frame_len > f->in.len ||
        chunks_len > frame_len - header_len) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: a frame of %" PRIu64 " bytes, header %" PRIu64 ", chunks %" PRIu64
                       ", %zu are stored", frame_len, header_len, chunks_len, f->in.len);
    }
    if (f->itemsize == 0 || f->itemsize > INT32_MAX || f->chunk_len > INT32_MAX ||
        (f->chunk_len == 0 && f->nbytes > 0)) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: elements of %" PRIu32 " bytes, chunks of %" PRIu32, f->itemsize,
                       f->chunk_len);
    }
    f->in.len = (size_t)frame_len;
    f->header_len = (size_t)header_len;
    f->chunks_len = f->unread = (size_t)chunks_len;
    f->nchunks = f->nbytes == 0 ? 0 : (f->nbytes - 1) / f->chunk_len + 1;
    return BW_OK;
}

/* The content of the metalayer named `name`; absent where there is none. Names are a map to where
 * in the header a content is; that begins with its length. */
static bw_status find_metalayer(const frame *f, const char *name, bw_view *out)
{
    const uint8_t *head = f->in.ptr;
    size_t end = f->header_len, at = METALAYERS, count;

    *out = (bw_view){NULL, 0};
    if (end < METALAYERS) {
        return BW_OK;
    }
    if (head[FIXED_HEADER] != 0x93 || head[FIXED_HEADER + 1] != 0xcd ||
        head[FIXED_HEADER + 4] != 0xde) {
        return damaged(f->ctx, "map of metalayers");
    }
    for (count = (size_t)big(head + FIXED_HEADER + 5, 2); count > 0; count--) {
        size_t len = at < end ? head[at] & 0x1fu : 0, place;
        uint64_t content;

        if (at >= end || (head[at] & 0xe0) != 0xa0 || end - at < len + 6 ||
            head[at + 1 + len] != 0xd2) {
            return damaged(f->ctx, "map of metalayers");
        }
        place = (size_t)big(head + at + 2 + len, 4);
        if (len == strlen(name) && memcmp(head + at + 1, name, len) == 0) {
            if (place > end || end - place < 5 || head[place] != 0xc6 ||
                (content = big(head + place + 1, 4)) > end - place - 5) {
                return damaged(f->ctx, "metalayer");
            }
            *out = (bw_view){head + place + 5, (size_t)content};
            return BW_OK;
        }
        at += len + 6;
    }
    return BW_OK;
}

/* Chunks ------------------------------------------------------------------------------------ */

static bw_status read_offsets(frame *f)
{
    bw_view rest = {f->in.ptr + f->header_len + f->chunks_len,
                    f->in.len - f->header_len - f->chunks_len};
    bw__blosc2_chunk chunk;
    bw_status st;

    if (f->nchunks > f->ctx->limits.max_chunks || f->nchunks > SIZE_MAX / 8) {
        return bw_fail_limit(f->ctx, "Blosc2 chunks", f->nchunks, f->ctx->limits.max_chunks);
    }
    BW_TRY(bw__blosc2_chunk_begin(f->ctx, rest, &chunk));
    if (chunk.nbytes != f->nchunks * 8) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: the places of chunks take %" PRIu32 " bytes, there are %" PRIu64
                       " chunks", chunk.nbytes, f->nchunks);
    }
    f->offsets = bw_alloc(f->ctx, chunk.nbytes);
    st = f->offsets == NULL ? BW_ERR_NOMEM : bw__blosc2_chunk_all(&chunk, f->offsets);
    bw__blosc2_chunk_end(&chunk);
    return st;
}

/* An offset whose highest bit is set is no place, but a kind of special values. */
static bw_status open_chunk(frame *f, uint64_t index, bw__blosc2_chunk *chunk)
{
    uint64_t offset = little64(f->offsets + 8 * (size_t)index), left;
    uint64_t rest = f->nbytes - index * f->chunk_len;
    uint32_t due = rest < f->chunk_len ? (uint32_t)rest : f->chunk_len;
    bw_view stored;

    if (offset >> 63 != 0) {
        bw__blosc2_special kind = (bw__blosc2_special)(offset >> 56 & 0x7f);

        if (kind != BW__BLOSC2_ZEROS && kind != BW__BLOSC2_NANS && kind != BW__BLOSC2_UNINIT) {
            return bw_fail(f->ctx, BW_ERR_CORRUPT, "Blosc2: a chunk of special values %d",
                           (int)kind);
        }
        bw__blosc2_chunk_special(f->ctx, kind, f->itemsize, due, chunk);
        return BW_OK;
    }
    left = offset < f->chunks_len ? f->chunks_len - offset : 0;
    stored = (bw_view){f->in.ptr + f->header_len + (left > 0 ? offset : 0), (size_t)left};
    BW_TRY(bw__blosc2_chunk_begin(f->ctx, stored, chunk));
    if (chunk->nbytes != due || chunk->in.len > f->unread) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: chunk %" PRIu64 " has %" PRIu32 " bytes in %zu, %" PRIu32
                       " are due", index, chunk->nbytes, chunk->in.len, due);
    }
    f->unread -= chunk->in.len;
    return BW_OK;
}

static bw_status read_chunks(frame *f, uint64_t limit, bw_bytes *out)
{
    bw__blosc2_chunk chunk;

    if (f->nbytes > limit) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: %" PRIu64 " bytes are said to come out, at most %" PRIu64
                       " are due", f->nbytes, limit);
    }
    BW_TRY(bw_bytes_reserve(f->ctx, out, (size_t)f->nbytes));
    for (uint64_t i = 0; i < f->nchunks; i++) {
        bw_status st;

        BW_TRY(open_chunk(f, i, &chunk));
        st = bw__blosc2_chunk_all(&chunk, out->ptr + out->len);
        bw__blosc2_chunk_end(&chunk);
        BW_TRY(st);
        out->len += chunk.nbytes;
    }
    return BW_OK;
}

/* Arrays ------------------------------------------------------------------------------------ */

/* `count` numbers of `width` bytes, each behind `type`; moves `*at` behind them. */
static bool read_numbers(bw_view meta, size_t *at, uint32_t count, uint8_t type, size_t width,
                         uint64_t *out)
{
    if (*at >= meta.len || meta.ptr[*at] != (0x90u | count) ||
        meta.len - *at - 1 < count * (width + 1)) {
        return false;
    }
    *at += 1;
    for (uint32_t i = 0; i < count; i++, *at += width + 1) {
        out[i] = big(meta.ptr + *at + 1, width);
        if (meta.ptr[*at] != type || out[i] > INT64_MAX ||
            (width == 4 && (out[i] == 0 || out[i] > INT32_MAX))) {
            return false;
        }
    }
    return true;
}

static bool times(uint64_t *product, uint64_t factor, uint64_t limit)
{
    if (factor != 0 && *product > limit / factor) {
        return false;
    }
    *product *= factor;
    return true;
}

/* Sizes, and whether they agree with the frame's. */
static bw_status size_grid(const frame *f, uint64_t limit, grid *g)
{
    uint64_t all = f->itemsize, block = f->itemsize, chunk = f->itemsize, chunks = 1, work = 1;
    bool fits = true;

    g->in_place = true;
    for (uint32_t d = 0; d < g->rank; d++) {
        uint64_t blocks = (g->chunk[d] - 1) / g->block[d] + 1;
        uint64_t along = g->shape[d] == 0 ? 0 : (g->shape[d] - 1) / g->chunk[d] + 1;

        fits = fits && times(&all, g->shape[d], limit) && times(&block, g->block[d], limit) &&
               times(&chunk, blocks * g->block[d], INT32_MAX) &&
               times(&chunks, along, UINT32_MAX) && times(&work, along * blocks, UINT32_MAX);
        g->in_place = g->in_place && (d == 0 || g->block[d] == g->shape[d]);
    }
    if (!fits || (work > 0 && block > limit * WORK / work)) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: an array, or its blocks, of more than %" PRIu64 " bytes", limit);
    }
    if (all > 0 && (chunks != f->nchunks || chunk != f->chunk_len)) {
        return bw_fail(f->ctx, BW_ERR_CORRUPT,
                       "Blosc2: an array of %" PRIu64 " chunks of %" PRIu64 " bytes, the frame has %"
                       PRIu64 " of %" PRIu32, chunks, chunk, f->nchunks, f->chunk_len);
    }
    g->nbytes = (size_t)all;
    g->block_len = (size_t)block;
    return BW_OK;
}

static bw_status read_grid(const frame *f, bw_view meta, uint64_t limit, grid *g)
{
    uint64_t chunk[MAX_RANK], block[MAX_RANK];
    size_t at = 3;

    if (meta.len < 3 || (meta.ptr[0] & 0xf0) != 0x90 || meta.ptr[2] == 0 ||
        meta.ptr[2] > MAX_RANK) {
        return damaged(f->ctx, "array");
    }
    g->rank = meta.ptr[2];
    if (!read_numbers(meta, &at, g->rank, 0xd3, 8, g->shape) ||
        !read_numbers(meta, &at, g->rank, 0xd2, 4, chunk) ||
        !read_numbers(meta, &at, g->rank, 0xd2, 4, block)) {
        return damaged(f->ctx, "array");
    }
    for (uint32_t d = 0; d < g->rank; d++) {
        if (block[d] > chunk[d]) {
            return damaged(f->ctx, "array");
        }
        g->chunk[d] = (uint32_t)chunk[d];
        g->block[d] = (uint32_t)block[d];
    }
    return size_grid(f, limit, g);
}

/* The part of a block from axis `d` on that is within `extent`, to its place. */
static void place(const frame *f, const grid *g, uint32_t d, const uint64_t *extent,
                  const uint8_t *from, size_t from_step, uint8_t *to, size_t to_step)
{
    if (d + 1 == g->rank) {
        memcpy(to, from, (size_t)extent[d] * f->itemsize);
        return;
    }
    from_step /= g->block[d];
    to_step /= (size_t)g->shape[d];
    for (uint64_t i = 0; i < extent[d]; i++) {
        place(f, g, d + 1, extent, from + i * from_step, from_step, to + i * to_step, to_step);
    }
}

/* One block of the chunk whose first element is at `origin`; blocks of padding alone are passed
 * over. */
static bw_status read_block(frame *f, grid *g, bw__blosc2_chunk *chunk, const uint64_t *origin,
                            uint32_t index, uint8_t *out)
{
    uint64_t extent[MAX_RANK];
    uint32_t number = index;
    size_t step = f->itemsize, at = 0;
    bool whole = true;

    for (uint32_t d = g->rank; d-- > 0;) {
        uint32_t blocks = (g->chunk[d] - 1) / g->block[d] + 1;
        uint64_t start = (uint64_t)(number % blocks) * g->block[d];
        uint64_t left = g->chunk[d] - start;

        number /= blocks;
        if (origin[d] + start >= g->shape[d]) {
            return BW_OK;
        }
        left = left < g->shape[d] - origin[d] - start ? left : g->shape[d] - origin[d] - start;
        extent[d] = left < g->block[d] ? left : g->block[d];
        whole = whole && extent[d] == g->block[d];
        at += (size_t)(origin[d] + start) * step;
        step *= (size_t)g->shape[d];
    }
    if (whole && g->in_place) {
        return bw__blosc2_chunk_block(chunk, index, (uint32_t)g->block_len, out + at);
    }
    if (g->plain == NULL && (g->plain = bw_alloc(f->ctx, g->block_len)) == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw__blosc2_chunk_block(chunk, index, (uint32_t)g->block_len, g->plain));
    place(f, g, 0, extent, g->plain, g->block_len, out + at, g->nbytes);
    return BW_OK;
}

static bw_status read_array(frame *f, grid *g, uint8_t *out)
{
    uint64_t origin[MAX_RANK] = {0};
    bw__blosc2_chunk chunk;

    for (uint64_t i = 0; i < f->nchunks; i++) {
        uint32_t blocks = f->chunk_len / (uint32_t)g->block_len, d = g->rank;
        bw_status st;

        BW_TRY(open_chunk(f, i, &chunk));
        st = BW_OK;
        for (uint32_t b = 0; b < blocks && st == BW_OK; b++) {
            st = read_block(f, g, &chunk, origin, b, out);
        }
        bw__blosc2_chunk_end(&chunk);
        BW_TRY(st);
        while (d-- > 0 && (origin[d] += g->chunk[d]) >= g->shape[d]) {
            origin[d] = 0;
        }
    }
    return BW_OK;
}

bw_status bw__blosc2_decode(bw_ctx *ctx, bw_view in, uint64_t limit, bw_bytes *out)
{
    frame f = {.ctx = ctx, .in = in};
    grid g = {.rank = 0};
    bw_view meta;
    bw_status st = BW_OK;

    BW_GO(read_header(&f));
    BW_GO(find_metalayer(&f, "b2nd", &meta));
    if (meta.ptr == NULL) {
        BW_GO(find_metalayer(&f, "caterva", &meta)); /* its name before 2.5 */
    }
    if (meta.ptr != NULL) {
        BW_GO(read_grid(&f, meta, limit, &g));
    }
    if (f.nchunks > 0) {
        BW_GO(read_offsets(&f));
    }
    if (meta.ptr == NULL) {
        BW_GO(read_chunks(&f, limit, out));
    } else if (g.nbytes > 0) {
        BW_GO(bw_bytes_reserve(ctx, out, g.nbytes));
        BW_GO(read_array(&f, &g, out->ptr + out->len));
        out->len += g.nbytes;
    }

done:
    bw_release(ctx, f.offsets);
    bw_release(ctx, g.plain);
    return st;
}
