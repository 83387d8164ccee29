/* SPDX-License-Identifier: MIT */
/*
 * Chunks from the host straight into place: HDF5 is asked where a chunk lies, the bytes are read
 * past its caches, the filters undone here (libdeflate is twice as fast as zlib), and the elements
 * placed by the code that places Zarr's chunks. Chunks that lie next to one another are read at once.
 */
#include <stdlib.h>
#include <string.h>

#include "h5.h"

#define MAX_RUN (4u << 20) /* bytes of neighbouring chunks that are read at once */
#define MAX_INFLATION 1040u /* more cannot come out of a byte of gzip (RFC 1951: 258 in 2 bits) */

typedef struct place {
    uint64_t at; /* number of the chunk in C order */
    uint64_t address, size;
    uint32_t mask;
} place;

typedef struct chunk_list {
    bw_ctx *ctx;
    bw_arena *arena;
    const bw_h5_dataset *dataset;
    place *places;
    size_t count, cap;
    bw_status status;
} chunk_list;

typedef struct reader {
    const bw_h5_dataset *dataset;
    bw_bytes stored; /* a run of chunks */
    uint64_t run_at;
    bw_bytes buffers[2];
    size_t due; /* bytes of a whole chunk */
} reader;

/* Where one axis has no limit and it is not the first, HDF5 1.14.5 numbers the chunks of its extensible
 * array with that axis slowest, and H5Dchunk_iter() tells their places as if it were not. */
static bool places_are_wrong(const bw_h5_dataset *d)
{
    uint32_t unlimited = 0;

    for (uint32_t i = 0; i < d->rank; i++) {
        unlimited += d->limits[i] == H5S_UNLIMITED;
    }
    return unlimited == 1 && d->limits[0] != H5S_UNLIMITED;
}

bool bw__h5_chunks_ours(const bw_h5_dataset *d)
{
    if (d->layout != H5D_CHUNKED || d->rank == 0 || !d->uniform_fill || places_are_wrong(d)) {
        return false;
    }
    for (uint32_t i = 0; i < d->filter_count; i++) {
        if (!bw__h5_filter_known(d->filters[i].id)) {
            return false;
        }
    }
    return true;
}

/* Where chunks are -------------------------------------------------------------------------- */

static uint64_t chunk_number(const bw_h5_dataset *d, const uint64_t *coord)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < d->rank; i++) {
        uint64_t chunks = (d->meta.shape[i] - 1) / d->meta.chunks[i] + 1;
        number = number * chunks + coord[i];
    }
    return number;
}

static int add_place(const hsize_t *offset, unsigned mask, haddr_t address, hsize_t size,
                     void *data)
{
    chunk_list *list = data;
    const bw_h5_dataset *d = list->dataset;
    uint64_t coord[BW_MAX_RANK];

    for (uint32_t i = 0; i < d->rank; i++) {
        if (offset[i] >= d->meta.shape[i]) {
            return H5_ITER_CONT; /* of a dataset that has been shrunk */
        }
        coord[i] = offset[i] / d->meta.chunks[i];
    }
    if (list->count == list->cap) {
        size_t cap = list->cap == 0 ? 16 : list->cap * 2;
        place *grown = bw_resize(list->ctx, list->places, list->cap * sizeof *grown,
                                 cap * sizeof *grown);
        if (grown == NULL) {
            list->status = BW_ERR_NOMEM;
            return H5_ITER_ERROR;
        }
        list->places = grown;
        list->cap = cap;
    }
    list->places[list->count++] = (place){chunk_number(d, coord), address, size, mask};
    if (list->count > list->ctx->limits.max_chunks) {
        list->status = bw_fail_limit(list->ctx, "chunks of a dataset", list->count,
                                     list->ctx->limits.max_chunks);
        return H5_ITER_ERROR;
    }
    return H5_ITER_CONT;
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = ((const place *)a)->at, right = ((const place *)b)->at;

    return left < right ? -1 : left > right;
}

static bw_status list_chunks(bw_ctx *ctx, chunk_list *list)
{
    if (H5Dchunk_iter(list->dataset->id, H5P_DEFAULT, add_place, list) < 0) {
        bw_status st = list->status;
        return st != BW_OK ? (H5Eclear2(H5E_DEFAULT), st)
                           : bw__h5_fail(ctx, "its chunks cannot be found");
    }
    if (list->count > 1) {
        qsort(list->places, list->count, sizeof *list->places, by_number);
    }
    return BW_OK;
}

/* Bytes ------------------------------------------------------------------------------------- */

/* The stored bytes of a chunk, read with those that follow it in the file. */
static bw_status stored_bytes(bw_ctx *ctx, reader *r, const chunk_list *list, const place *chunk,
                              bw_view *out)
{
    uint64_t end = chunk->address + chunk->size;

    if (r->stored.len > 0 && chunk->address >= r->run_at && end >= chunk->address &&
        end - r->run_at <= r->stored.len) {
        *out = (bw_view){r->stored.ptr + (chunk->address - r->run_at), (size_t)chunk->size};
        return BW_OK;
    }
    for (const place *next = chunk + 1; next < list->places + list->count; next++) {
        if (next->address != end || next->size > MAX_RUN ||
            end + next->size - chunk->address > MAX_RUN) {
            break;
        }
        end += next->size;
    }
    if (end - chunk->address > UINT32_MAX) {
        return bw_fail_limit(ctx, "stored bytes of a chunk", end - chunk->address, UINT32_MAX);
    }
    r->stored.len = 0;
    BW_TRY(bw__h5_host_check(ctx, r->dataset->file->host, chunk->address, end - chunk->address));
    BW_TRY(bw_bytes_reserve(ctx, &r->stored, (size_t)(end - chunk->address)));
    BW_TRY(bw__h5_host_read(ctx, r->dataset->file->host, chunk->address,
                            (size_t)(end - chunk->address), r->stored.ptr));
    r->stored.len = (size_t)(end - chunk->address);
    r->run_at = chunk->address;
    *out = (bw_view){r->stored.ptr, (size_t)chunk->size};
    return BW_OK;
}

/* How much comes out of filter `at` (of those not skipped): what the ones before it made of a chunk;
 * 0 when that depends on the data. */
static size_t due_behind(const reader *r, uint32_t at, uint32_t mask)
{
    size_t due = r->due;

    for (uint32_t i = 0; i < at; i++) {
        if ((mask >> i & 1u) != 0 || r->dataset->filters[i].id == H5Z_FILTER_SHUFFLE) {
            continue;
        }
        if (r->dataset->filters[i].id != H5Z_FILTER_FLETCHER32) {
            return 0;
        }
        due += 4;
    }
    return due;
}

static bw_status undo_filters(bw_ctx *ctx, reader *r, uint32_t mask, bw_view *bytes)
{
    for (uint32_t i = r->dataset->filter_count, turn = 0; i-- > 0;) {
        const bw_h5_filter *filter = &r->dataset->filters[i];
        size_t due = due_behind(r, i, mask);

        if ((mask >> i & 1u) != 0) {
            continue;
        }
        if (filter->id == H5Z_FILTER_DEFLATE && due / MAX_INFLATION > bytes->len) {
            return bw_fail(ctx, BW_ERR_CORRUPT, "gzip: %zu bytes cannot come out of %zu", due,
                           bytes->len);
        }
        BW_TRY(bw__h5_filter_decode(ctx, filter, *bytes, due, r->due, &r->buffers[turn]));
        *bytes = bw_bytes_view(&r->buffers[turn]);
        turn ^= 1u;
    }
    if (bytes->len != r->due) {
        return bw_fail(ctx, BW_ERR_CORRUPT, "%zu bytes are stored, the chunk's shape needs %zu",
                       bytes->len, r->due);
    }
    return BW_OK;
}

static bw_status name_chunk(bw_ctx *ctx, const bw_h5_dataset *d, const uint64_t *coord)
{
    bw_error error = ctx->error;
    uint64_t offset[BW_MAX_RANK];
    char text[200];

    for (uint32_t i = 0; i < d->rank; i++) {
        offset[i] = coord[i] * d->meta.chunks[i];
    }
    bw_shape_format(d->rank, offset, text, sizeof text);
    return bw_fail(ctx, error.status, "the chunk at %s: %s", text, error.message);
}

static bw_status read_chunk(bw_ctx *ctx, reader *r, const chunk_list *list, bw_chunk_read *read,
                            const uint64_t *coord)
{
    place key = {.at = chunk_number(r->dataset, coord)};
    const place *found = list->count == 0 ? NULL
                                          : bsearch(&key, list->places, list->count,
                                                    sizeof *list->places, by_number);
    bw_view bytes = {NULL, 0};

    if (found != NULL) {
        BW_TRY(stored_bytes(ctx, r, list, found, &bytes));
        BW_TRY(undo_filters(ctx, r, found->mask, &bytes));
    }
    return bw_chunk_read_place(ctx, read, coord, bytes);
}

bw_status bw__h5_chunks_read(bw_ctx *ctx, bw_arena *arena, const bw_h5_dataset *d,
                             const bw_region *region, bw_array **out)
{
    chunk_list list = {.ctx = ctx, .arena = arena, .dataset = d};
    reader r = {.dataset = d};
    uint64_t coord[BW_MAX_RANK], elements;
    bw_chunk_read read = {0};
    bw_status st;

    BW_TRY(bw_array_size(ctx, d->meta.dtype, d->meta.rank, d->meta.chunks, &elements, &r.due));
    BW_TRY(bw_chunk_read_begin(ctx, arena, &d->meta, region, &read));
    st = BW_OK;
    if (!read.finished) {
        BW_GO(list_chunks(ctx, &list));
    }
    while (bw_chunk_read_next(&read, coord)) {
        st = read_chunk(ctx, &r, &list, &read, coord);
        if (st != BW_OK) {
            st = name_chunk(ctx, d, coord);
            goto done;
        }
    }
    *out = read.out;
    (*out)->dtype.big_endian = false;

done:
    bw_chunk_read_end(ctx, &read);
    bw_release(ctx, list.places);
    bw_bytes_free(ctx, &r.stored);
    bw_bytes_free(ctx, &r.buffers[0]);
    bw_bytes_free(ctx, &r.buffers[1]);
    return st;
}
