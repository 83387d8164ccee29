/* SPDX-License-Identifier: MIT */
/*
 * zarr.consolidate: all metadata documents of a hierarchy as one, `.zmetadata`, with the text that
 * zarr-python's consolidate_metadata() writes for documents of its own. Documents are checked and
 * then copied as they stand, so no number loses a digit on the way.
 */
#include <stdlib.h>
#include <string.h>

#include "bores/json.h"
#include "encode_zarr.h"

typedef struct document {
    bw_view key;
    bw_view text;
} document;

typedef struct consolidate_machine {
    document *documents; /* owned by the arena, as all views are */
    uint32_t len, cap;
    uint64_t nbytes;
} consolidate_machine;

static bw_status add_document(bw_ctx *ctx, bw_op *op, bw_view key, bw_view text)
{
    consolidate_machine *m = op->machine;
    char *copy = bw_arena_copy(ctx, &op->arena, text.ptr, text.len);

    if (copy == NULL) {
        return BW_ERR_NOMEM;
    }
    if (m->len == m->cap) {
        uint32_t cap = m->cap == 0 ? 256 : m->cap * 2;
        document *grown = bw_arena_alloc(ctx, &op->arena, cap * sizeof *grown);

        if (grown == NULL) {
            return BW_ERR_NOMEM;
        }
        if (m->len > 0) {
            memcpy(grown, m->documents, m->len * sizeof *grown);
        }
        m->documents = grown;
        m->cap = cap;
    }
    m->documents[m->len++] = (document){key, {(const uint8_t *)copy, text.len}};
    return BW_OK;
}

static bw_view trim(bw_view text)
{
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[text.len - 1]) != NULL) {
        text.len--;
    }
    while (text.len > 0 && strchr(" \t\r\n", text.ptr[0]) != NULL) {
        text.ptr++;
        text.len--;
    }
    return text;
}

static bw_status on_document(bw_ctx *ctx, bw_op *op, void *target, uint64_t cookie, bw_view bytes)
{
    consolidate_machine *m = op->machine;
    bw_view *key = target;
    bw_arena arena = {0};
    bw_node *node = NULL;
    bw_status st;

    (void)cookie;
    if (bytes.ptr == NULL) {
        return BW_OK; /* listed a moment ago, gone now */
    }
    st = bw_json_parse(ctx, &arena, bytes, &node);
    if (st == BW_OK && node->type != BW_NODE_MAP) {
        st = bw_fail(ctx, BW_ERR_METADATA, "a metadata document is no JSON object");
    }
    bw_arena_free(ctx, &arena);
    BW_TRY(st);
    m->nbytes += key->len + bytes.len;
    if (m->nbytes > ctx->limits.max_document_bytes) {
        return bw_fail_limit(ctx, "bytes of consolidated metadata", m->nbytes,
                             ctx->limits.max_document_bytes);
    }
    return add_document(ctx, op, *key, trim(bytes));
}

static bool is_document(bw_view name)
{
    return bw_view_equal(name, BW_VIEW(".zarray")) || bw_view_equal(name, BW_VIEW(".zgroup")) ||
           bw_view_equal(name, BW_VIEW(".zattrs"));
}

static bw_status on_listing(bw_ctx *ctx, bw_op *op, void *target, bw_view names)
{
    const bw_view *folder = target;
    bool array = bw__listing_has(names, ".zarray"), is_folder;
    bw_view name;

    if (names.ptr == NULL) {
        return bw_fail(ctx, BW_ERR_UNSUPPORTED, "this location cannot list folders");
    }
    while (bw__listing_next(&names, &name, &is_folder)) {
        bw_view *key;

        if (is_folder ? array : !is_document(name)) {
            continue; /* chunks, and the folders of an array, which hold chunks */
        }
        key = bw_arena_alloc(ctx, &op->arena, sizeof *key);
        if (key == NULL) {
            return BW_ERR_NOMEM;
        }
        BW_TRY(bw__key_join(ctx, op, *folder, name, key));
        BW_TRY(is_folder ? bw__want_list(ctx, op, *key, on_listing, key)
                         : bw__want_get(ctx, op, *key, on_document, key, 0));
    }
    return BW_OK;
}

static bw_status begin(bw_ctx *ctx, bw_op *op)
{
    bw_view *root = bw_arena_alloc(ctx, &op->arena, sizeof *root);

    if (root == NULL) {
        return BW_ERR_NOMEM;
    }
    *root = BW_VIEW("");
    return bw__want_list(ctx, op, *root, on_listing, root);
}

/* The result -------------------------------------------------------------------------------- */

/* For qsort: by bytes. */
static int compare_documents(const void *a, const void *b)
{
    const bw_view *x = &((const document *)a)->key, *y = &((const document *)b)->key;
    size_t shared = x->len < y->len ? x->len : y->len;
    int order = shared == 0 ? 0 : memcmp(x->ptr, y->ptr, shared);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* A text two levels deeper. In JSON a line break is never part of a string. */
static bw_status append_indented(bw_ctx *ctx, bw_bytes *out, bw_view text)
{
    size_t at = 0;

    while (at < text.len) {
        const uint8_t *end = memchr(text.ptr + at, '\n', text.len - at);
        size_t len = end == NULL ? text.len - at : (size_t)(end - text.ptr) + 1 - at;

        BW_TRY(bw_bytes_append(ctx, out, text.ptr + at, len));
        if (end != NULL) {
            BW_TRY(bw_bytes_append_text(ctx, out, "        "));
        }
        at += len;
    }
    return BW_OK;
}

static bw_status append_document(bw_ctx *ctx, bw_bytes *out, const document *d)
{
    bw_node key = {.type = BW_NODE_STRING, .text = d->key};

    BW_TRY(bw_bytes_append_text(ctx, out, "\n        "));
    BW_TRY(bw_json_write(ctx, &key, BW_JSON_ZARR, out));
    BW_TRY(bw_bytes_append_text(ctx, out, ": "));
    return append_indented(ctx, out, d->text);
}

static bw_status write_text(bw_ctx *ctx, const consolidate_machine *m, bw_bytes *out)
{
    BW_TRY(bw_bytes_append_text(ctx, out, "{\n    \"metadata\": {"));
    for (uint32_t i = 0; i < m->len; i++) {
        BW_TRY(bw_bytes_append_text(ctx, out, i == 0 ? "" : ","));
        BW_TRY(append_document(ctx, out, &m->documents[i]));
    }
    return bw_bytes_append_text(ctx, out, "\n    },\n    \"zarr_consolidated_format\": 1\n}");
}

static bw_status finish(bw_ctx *ctx, bw_op *op)
{
    consolidate_machine *m = op->machine;
    bw_bytes text = {0};
    bw_encoder e;
    bw_status st;

    if (m->len == 0) {
        return bw_fail(ctx, BW_ERR_NOT_FOUND, "there is no Zarr group or array here");
    }
    qsort(m->documents, m->len, sizeof *m->documents, compare_documents);
    BW_TRY(bw__encoder_begin(ctx, &op->arena, &e));
    BW_GO(write_text(ctx, m, &text));
    BW_GO(bw__encode_put(&e, BW_VIEW(""), ".zmetadata", bw_bytes_view(&text)));
    BW_GO(bw__encode_result(&e, op));

done:
    bw_bytes_free(ctx, &text);
    bw__encoder_end(&e);
    return st;
}

const bw_op_type bw__consolidate_op = {"zarr.consolidate", sizeof(consolidate_machine), begin,
                                       finish, NULL};
