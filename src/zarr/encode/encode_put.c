/* SPDX-License-Identifier: MIT */
/*
 * Keys and bytes: documents, groups and arrays of an entry being encoded.
 *
 * Chunk lengths of BORES, as seen in its stores (tests/data/bores, all versions): along each axis
 * the array's length, but not more than 20 and not less than 1. [32, 38, 15] is chunked as
 * [20, 20, 15], [10, 8, 3] as one, [0] as [1]. Axes above 20 are known of the newest version only;
 * the older ones' data have none. Of long arrays chunks are larger (chunk_lengths.h). With its option
 * chunks=(4,), [9, 7, 4] is chunked as [4, 7, 4],
 * [3] as [4] and [0] as [4]: as given, and the array's length along the axes that are left, which
 * is what zarr-python makes of it (normalize_chunks()).
 */
#include <string.h>

#include "bores/json.h"
#include "array/chunk_lengths.h"
#include "encode_zarr.h"
#include "entry/statistics.h"

bw_status bw__encode_result(bw_encoder *e, bw_op *op)
{
    bw_node *result = bw_node_map(e->ctx, e->arena);

    if (result == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(e->ctx, e->arena, result, BW_VIEW("puts"), e->puts));
    op->result = result;
    return BW_OK;
}

/* Keys -------------------------------------------------------------------------------------- */

static bw_status put_key(bw_encoder *e, bw_view folder, bw_view name)
{
    e->key.len = 0;
    BW_TRY(bw_bytes_append(e->ctx, &e->key, folder.ptr, folder.len));
    if (folder.len > 0) {
        BW_TRY(bw_bytes_append(e->ctx, &e->key, "/", 1));
    }
    return bw_bytes_append(e->ctx, &e->key, name.ptr, name.len);
}

/* Version 3 keeps `zarr.json` and what begins with "__" ("Node names"); zarr-python refuses both. */
static bool is_reserved_v3(bw_view name)
{
    return bw_view_equal(name, BW_VIEW("zarr.json")) ||
           (name.len >= 2 && memcmp(name.ptr, "__", 2) == 0);
}

/* What zarr-python takes as part of a path: it reads '\' as '/', and keeps names of its own. */
static bool is_folder_name(const bw_encoder *e, bw_view name)
{
    bool dots = name.len <= 2 && (name.len == 0 || memcmp(name.ptr, "..", name.len) == 0);

    return !dots && !(e->v3 && is_reserved_v3(name)) && (name.len < 2 || memcmp(name.ptr, ".z", 2) != 0) &&
           memchr(name.ptr, '/', name.len) == NULL && memchr(name.ptr, '\\', name.len) == NULL &&
           memchr(name.ptr, '\0', name.len) == NULL;
}

bw_status bw__encode_folder(bw_encoder *e, bw_view folder, bw_view name, bw_view *out)
{
    char *copy;

    if (!is_folder_name(e, name)) {
        return bw_fail(e->ctx, BW_ERR_UNSUPPORTED,
                       "'%.*s' cannot be the name of a Zarr group or array",
                       (int)(name.len < 100 ? name.len : 100), (const char *)name.ptr);
    }
    BW_TRY(put_key(e, folder, name));
    copy = bw_arena_copy(e->ctx, e->arena, e->key.ptr, e->key.len);
    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    *out = (bw_view){(const uint8_t *)copy, e->key.len};
    return BW_OK;
}

/* Values ------------------------------------------------------------------------------------ */

/* Puts `bytes` under the key in scratch. */
static bw_status put_bytes(bw_encoder *e, bw_view bytes)
{
    const uint64_t shape[] = {bytes.len};
    bw_array *array;
    bw_node *node;

    BW_TRY(bw_array_new(e->ctx, e->arena, (bw_dtype){.kind = 'u', .itemsize = 1}, 1, shape,
                        &array));
    if (bytes.len > 0) {
        memcpy(array->data, bytes.ptr, bytes.len);
    }
    node = bw_node_array(e->ctx, e->arena, array);
    return node == NULL ? BW_ERR_NOMEM
                        : bw_map_set(e->ctx, e->arena, e->puts, bw_bytes_view(&e->key), node);
}

bw_status bw__encode_put(bw_encoder *e, bw_view folder, const char *name, bw_view bytes)
{
    BW_TRY(put_key(e, folder, bw_view_text(name)));
    return put_bytes(e, bytes);
}

bw_status bw__encode_put_document(bw_encoder *e, bw_view folder, const char *name,
                                  const bw_node *document)
{
    e->bytes.len = 0;
    BW_TRY(bw_json_write(e->ctx, document, BW_JSON_ZARR, &e->bytes));
    return bw__encode_put(e, folder, name, bw_bytes_view(&e->bytes));
}

static bw_status put_group_v3(bw_encoder *e, bw_view folder, bw_node *attributes)
{
    bw_node *document = bw_node_map(e->ctx, e->arena);
    bw_node *format = bw_node_int(e->ctx, e->arena, 3);
    bw_node *type = bw_node_text(e->ctx, e->arena, BW_VIEW("group"));

    attributes = attributes != NULL ? attributes : bw_node_map(e->ctx, e->arena);
    if (document == NULL || format == NULL || type == NULL || attributes == NULL) {
        return BW_ERR_NOMEM;
    }
    BW_TRY(bw_map_set(e->ctx, e->arena, document, BW_VIEW("attributes"), attributes));
    BW_TRY(bw_map_set(e->ctx, e->arena, document, BW_VIEW("zarr_format"), format));
    BW_TRY(bw_map_set(e->ctx, e->arena, document, BW_VIEW("node_type"), type));
    return bw__encode_put_document(e, folder, "zarr.json", document);
}

bw_status bw__encode_put_group(bw_encoder *e, bw_view folder, bw_node *attributes)
{
    if (e->v3) {
        return put_group_v3(e, folder, attributes);
    }
    BW_TRY(bw__encode_put(e, folder, ".zgroup", BW_VIEW("{\n    \"zarr_format\": 2\n}")));
    return attributes == NULL || attributes->children.len == 0
               ? BW_OK
               : bw__encode_put_document(e, folder, ".zattrs", attributes);
}

bw_status bw__encode_put_statistics(bw_encoder *e, bw_node *attributes)
{
    bw_node *text;

    BW_TRY(bw__encode_statistics(e, &text));
    return text == NULL ? BW_OK : bw_map_set(e->ctx, e->arena, attributes, BW_VIEW(BW_STATISTICS), text);
}

static void choose_chunks(const bw_encoder *e, const bw_array *array, uint64_t *chunks)
{
    const bw_node *given = e->chunks;

    if (given == NULL) {
        bw__chunk_lengths(array->shape, array->rank, array->dtype.itemsize, chunks);
        return;
    }
    for (uint32_t d = 0; d < array->rank; d++) {
        uint64_t length = array->shape[d];

        if (d < given->children.len) {
            length = (uint64_t)given->children.items[d]->integer;
        }
        chunks[d] = length == 0 ? 1 : length;
    }
}

static bw_status put_chunks(bw_encoder *e, bw_view folder, bw_zarr_write *write)
{
    uint64_t coord[BW_MAX_RANK];

    while (bw_zarr_write_next(write, coord)) {
        e->bytes.len = 0;
        BW_TRY(bw_zarr_write_chunk(e->ctx, write, coord, &e->bytes));
        BW_TRY(put_key(e, folder, BW_VIEW("")));
        BW_TRY(bw_zarr_chunk_key(e->ctx, &write->meta, coord, &e->key));
        BW_TRY(put_bytes(e, bw_bytes_view(&e->bytes)));
    }
    return BW_OK;
}

/* The next chunk of the part in C order; false behind the last. */
static bool next_chunk(const bw_array_meta *meta, const bw_array *part, const uint64_t *start,
                       uint64_t *coord)
{
    for (uint32_t d = meta->rank; d-- > 0;) {
        coord[d]++;
        if (coord[d] * meta->chunks[d] < start[d] + part->shape[d]) {
            return true;
        }
        coord[d] = start[d] / meta->chunks[d];
    }
    return false;
}

bw_status bw__encode_put_chunks(bw_encoder *e, bw_view folder, const bw_array_meta *meta,
                                const bw_array *part, const uint64_t *start)
{
    uint64_t coord[BW_MAX_RANK];

    if (part->nbytes == 0) {
        return BW_OK;
    }
    for (uint32_t d = 0; d < meta->rank; d++) {
        coord[d] = start[d] / meta->chunks[d];
    }
    do {
        e->bytes.len = 0;
        BW_TRY(bw_chunk_encode(e->ctx, meta, part, start, coord, &e->bytes));
        BW_TRY(put_key(e, folder, BW_VIEW("")));
        BW_TRY(bw_zarr_chunk_key(e->ctx, meta, coord, &e->key));
        BW_TRY(put_bytes(e, bw_bytes_view(&e->bytes)));
    } while (next_chunk(meta, part, start, coord));
    return BW_OK;
}

static bw_status put_array_v3(bw_encoder *e, bw_view folder, const bw_array *array,
                              const uint64_t *chunks)
{
    uint64_t start[BW_MAX_RANK] = {0};
    bw_zarr_write checked; /* the same can be written in both versions */
    bw_node *document;
    bw_array_meta *meta;

    BW_TRY(bw_zarr_write_begin(e->ctx, array, chunks, &e->compressor, &checked));
    BW_TRY(bw__encode_document_v3(e, array, chunks, &document));
    BW_TRY(bw_zarr_meta_from_node(e->ctx, e->arena, document, &meta));
    BW_TRY(bw__encode_put_document(e, folder, "zarr.json", document));
    return bw__encode_put_chunks(e, folder, meta, array, start);
}

bw_status bw__encode_put_array(bw_encoder *e, bw_view folder, const bw_array *array)
{
    uint64_t chunks[BW_MAX_RANK];
    bw_zarr_write write = {.array = NULL};
    bw_status st;

    choose_chunks(e, array, chunks);
    if (e->v3) {
        return put_array_v3(e, folder, array, chunks);
    }
    BW_GO(bw_zarr_write_begin(e->ctx, array, chunks, &e->compressor, &write));
    e->bytes.len = 0;
    BW_GO(bw_zarr_write_document(e->ctx, &write, &e->bytes));
    BW_GO(bw__encode_put(e, folder, ".zarray", bw_bytes_view(&e->bytes)));
    BW_GO(put_chunks(e, folder, &write));

done:
    bw_zarr_write_end(e->ctx, &write);
    return st;
}
